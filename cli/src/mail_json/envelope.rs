//! The envelope, where it differs from the header.

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use smtp_host::types::Recipient;
use std::fmt;

use super::address::{in_words, parse_alone};
use super::delivery::NotifyWords;
use super::letter::LetterEnvelope;
use super::object::{self, Object, value};
use crate::mailbox;

#[derive(Default)]
pub struct EnvelopeJson(pub LetterEnvelope);

impl<'de> Deserialize<'de> for EnvelopeJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<EnvelopeJson, D::Error> {
        object::read(deserializer)
    }
}

impl Object for EnvelopeJson {
    const WHAT: &'static str = "an envelope";
    const NAMES: &'static [&'static str] = &["from", "recipients"];

    fn property<'de, A: MapAccess<'de>>(&mut self, name: &'static str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "from" => self.0.from = value::<ReversePath, A>(map)?.map(|path| path.0),
            "recipients" => self.0.recipients = value::<Recipients, A>(map)?.map(|list| list.0),
            _ => drop(map.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}

/// An address; the empty text and `<>` are the sender of notifications.
struct ReversePath(String);

impl<'de> Deserialize<'de> for ReversePath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ReversePath, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_empty() || text == "<>" {
            return Ok(ReversePath(String::new()));
        }
        let found = mailbox::parse(&text).map_err(|wrong| D::Error::custom(in_words(&text, &wrong)))?;
        Ok(ReversePath(found.email))
    }
}

struct Recipients(Vec<Recipient>);

impl<'de> Deserialize<'de> for Recipients {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Recipients, D::Error> {
        deserializer.deserialize_any(RecipientsVisitor)
    }
}

struct RecipientsVisitor;

impl<'de> Visitor<'de> for RecipientsVisitor {
    type Value = Recipients;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("recipients: `a@b`, {\"email\", \"notify\", \"original\"}, or a list of these")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Recipients, E> {
        let found = mailbox::parse_list(text).map_err(|wrong| E::custom(in_words(text, &wrong)))?;
        let recipient = |email| Recipient { email, notify: None, original: None };
        Ok(Recipients(found.into_iter().map(|mailbox| recipient(mailbox.email)).collect()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Recipients, A::Error> {
        let One { email, notify, original } = object::read_map(map)?;
        let email = parse_alone(&email).map_err(Error::custom)?.email;
        Ok(Recipients(vec![Recipient { email, notify: notify.map(|words| words.0), original }]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Recipients, A::Error> {
        let mut all = Vec::new();
        while let Some(some) = list.next_element::<Recipients>()? {
            all.extend(some.0);
        }
        Ok(Recipients(all))
    }
}

#[derive(Default)]
struct One {
    email: String,
    notify: Option<NotifyWords>,
    original: Option<String>,
}

impl Object for One {
    const WHAT: &'static str = "a recipient";
    const NAMES: &'static [&'static str] = &["email", "notify", "original"];

    fn property<'de, A: MapAccess<'de>>(&mut self, name: &'static str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "email" => self.email = value(map)?.unwrap_or_default(),
            "notify" => self.notify = value(map)?,
            "original" => self.original = value(map)?,
            _ => drop(map.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}
