//! Mailboxes in every form that they may have.

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use smtp_host::types::Mailbox;
use std::fmt;

use super::object::{self, Object, value};
use crate::mailbox;

/// `a@b`, `Name <a@b>`, `{name, email}`, a list of these, a text with commas or semicolons.
#[derive(Default)]
pub struct Mailboxes(pub Vec<Mailbox>);

/// The same, where there can be one only.
pub struct OneMailbox(pub Mailbox);

impl<'de> Deserialize<'de> for Mailboxes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Mailboxes, D::Error> {
        deserializer.deserialize_any(MailboxesVisitor)
    }
}

impl<'de> Deserialize<'de> for OneMailbox {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<OneMailbox, D::Error> {
        let mut all = Mailboxes::deserialize(deserializer)?.0;
        match (all.pop(), all.len()) {
            (Some(one), 0) => Ok(OneMailbox(one)),
            (None, _) => Err(Error::custom("no mailbox stands here")),
            (Some(_), others) => Err(Error::custom(format_args!("one mailbox can stand here, not {}", others + 1))),
        }
    }
}

struct MailboxesVisitor;

impl<'de> Visitor<'de> for MailboxesVisitor {
    type Value = Mailboxes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mailbox: `a@b`, `Name <a@b>`, {\"name\", \"email\"}, or a list of these")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Mailboxes, E> {
        mailbox::parse_list(text).map(Mailboxes).map_err(|wrong| E::custom(in_words(text, &wrong)))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Mailboxes, A::Error> {
        let NameAndEmail { name, email } = object::read_map(map)?;
        let Mailbox { email, .. } = parse_alone(&email).map_err(Error::custom)?;
        Ok(Mailboxes(vec![Mailbox { name: name.filter(|name| !name.is_empty()), email }]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Mailboxes, A::Error> {
        let mut all = Vec::with_capacity(list.size_hint().unwrap_or_default());
        while let Some(some) = list.next_element::<Mailboxes>()? {
            all.extend(some.0);
        }
        Ok(Mailboxes(all))
    }
}

/// An address without a name.
pub fn parse_alone(email: &str) -> Result<Mailbox, String> {
    let found = mailbox::parse(email).map_err(|wrong| in_words(email, &wrong))?;
    if found.name.is_some() { Err("only the address stands in `email`".to_owned()) } else { Ok(found) }
}

/// The longest piece of an address that an error repeats.
const SHOWN: usize = 60;

pub fn in_words(text: &str, wrong: &mailbox::Wrong) -> String {
    let before = text.get(..wrong.at).map_or(0, |before| before.chars().count());
    let from = before.saturating_sub(SHOWN / 2);
    let harmless = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    let shown: String = text.chars().skip(from).take(SHOWN).map(harmless).collect();
    format!("'{shown}' is no mailbox: {} (character {})", wrong.why, before + 1)
}

#[derive(Default)]
struct NameAndEmail {
    name: Option<String>,
    email: String,
}

impl Object for NameAndEmail {
    const WHAT: &'static str = "a mailbox";
    const NAMES: &'static [&'static str] = &["name", "email"];

    fn property<'de, A: MapAccess<'de>>(&mut self, name: &'static str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "name" => self.name = value(map)?,
            "email" => self.email = value(map)?.unwrap_or_default(),
            _ => drop(map.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }

    fn check(&self) -> Result<(), String> {
        if self.email.is_empty() { Err("the mailbox has no `email`".to_owned()) } else { Ok(()) }
    }
}
