//! The properties of a mail.

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess};

use super::address::{Mailboxes, OneMailbox};
use super::attachment::Files;
use super::delivery::Delivery;
use super::envelope::EnvelopeJson;
use super::headers::Headers;
use super::letter::Letter;
use super::list::{Commas, Words};
use super::object::{self, Object, value};

impl<'de> Deserialize<'de> for Letter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Letter, D::Error> {
        object::read(deserializer)
    }
}

impl Object for Letter {
    const WHAT: &'static str = "a mail";
    const NAMES: &'static [&'static str] = &[
        "from",
        "sender",
        "to",
        "cc",
        "bcc",
        "replyTo",
        "subject",
        "textBody",
        "htmlBody",
        "attachments",
        "headers",
        "inReplyTo",
        "references",
        "messageId",
        "sendAt",
        "keywords",
        "comments",
        "envelope",
        "options",
    ];

    fn property<'de, A: MapAccess<'de>>(&mut self, name: &'static str, map: &mut A) -> Result<(), A::Error> {
        let mailboxes = |map: &mut A| Ok(value::<Mailboxes, A>(map)?.unwrap_or_default().0);
        match name {
            "from" => self.from = mailboxes(map)?,
            "sender" => self.sender = value::<OneMailbox, A>(map)?.map(|one| one.0),
            "to" => self.to = mailboxes(map)?,
            "cc" => self.cc = mailboxes(map)?,
            "bcc" => self.bcc = mailboxes(map)?,
            "replyTo" => self.reply_to = mailboxes(map)?,
            "subject" => self.subject = value(map)?,
            "textBody" => self.text_body = value(map)?,
            "htmlBody" => self.html_body = value(map)?,
            "attachments" => self.attachments = value::<Files, A>(map)?.unwrap_or_default().0,
            "headers" => self.headers = value::<Headers, A>(map)?.unwrap_or_default().0,
            "inReplyTo" => self.in_reply_to = value::<Words, A>(map)?.unwrap_or_default().0,
            "references" => self.references = value::<Words, A>(map)?.unwrap_or_default().0,
            "messageId" => self.message_id = value(map)?,
            "sendAt" => self.send_at = value(map)?,
            "keywords" => self.keywords = value::<Commas, A>(map)?.unwrap_or_default().0,
            "comments" => self.comments = value(map)?,
            "envelope" => self.envelope = value::<EnvelopeJson, A>(map)?.map(|envelope| envelope.0),
            "options" => self.options = value::<Delivery, A>(map)?.map(|delivery| delivery.0),
            _ => drop(map.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}
