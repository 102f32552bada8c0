//! What a script does with its transporter, one `do:` after the other.

use smtp_guest::Error;
use smtp_guest::session::{
    Address, DeliverBy, Envelope, EnvelopeId, Notify, Options, Original, Priority, Recipient, ReturnContent,
    ReversePath,
};

/// One `do:`.
pub enum Operation {
    Check,
    Close,
    Mail(MailWords),
    /// Many, whether they overlap.
    Mails(Vec<MailWords>, bool),
}

/// A mail, as its line has it.
#[derive(Default)]
pub struct MailWords {
    from: String,
    recipients: Vec<String>,
    options: Vec<(String, String)>,
}

impl Operation {
    pub fn parse(text: &str) -> Result<Operation, String> {
        match text.split_once(' ').unwrap_or((text, "")) {
            ("check", "") => Ok(Operation::Check),
            ("close", "") => Ok(Operation::Close),
            (word @ ("overlap" | "one-by-one"), rest) => {
                let mails = rest.split(" | ").map(MailWords::parse).collect::<Option<Vec<_>>>();
                mails.map(|mails| Operation::Mails(mails, word == "overlap")).ok_or(format!("no mails: {rest}"))
            }
            ("mail", rest) => MailWords::parse(rest).map(Operation::Mail).ok_or(format!("no mail: {rest}")),
            _ => Err(format!("no operation: {text}")),
        }
    }
}

impl MailWords {
    fn parse(text: &str) -> Option<MailWords> {
        let (who, with) = text.split_once(" with ").unwrap_or((text, ""));
        let (from, to) = who.split_once("->")?;
        Some(MailWords {
            from: from.trim().to_owned(),
            recipients: to.split(',').map(|address| address.trim().to_owned()).filter(|to| !to.is_empty()).collect(),
            options: with
                .split_whitespace()
                .map(|word| word.split_once('=').unwrap_or((word, "")))
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect(),
        })
    }

    pub fn option(&self, key: &str) -> Option<&str> {
        self.options.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    pub fn envelope(&self) -> Result<Envelope, Error> {
        let from = if self.from == "<>" { "" } else { &self.from };
        let recipients = self.recipients.iter().map(|address| {
            Ok(Recipient {
                address: Address::parse(address)?,
                notify: None,
                original: self.option("orcpt").map(Original::parse).transpose()?,
            })
        });
        let recipients = recipients.collect::<Result<Vec<_>, Error>>()?;
        Envelope::new(ReversePath::parse(from)?, recipients, self.extensions()?)
    }

    fn extensions(&self) -> Result<Options, Error> {
        let number = |key| self.option(key).and_then(|value| value.parse::<i32>().ok());
        Ok(Options {
            require_all: self.option("require-all").is_some(),
            return_content: self
                .option("ret")
                .map(|ret| if ret == "full" { ReturnContent::Full } else { ReturnContent::Headers }),
            envelope_id: self.option("envid").map(EnvelopeId::parse).transpose()?,
            notify: self.option("notify").map(notify),
            require_tls: self.option("requiretls").is_some(),
            priority: number("priority").map(|value| Priority::new(value as i8)).transpose()?,
            deliver_by: number("by").map(|seconds| DeliverBy::new(seconds, seconds <= 0, false)).transpose()?,
            hold_for: number("hold").map(|seconds| seconds as u32),
        })
    }
}

fn notify(words: &str) -> Notify {
    if words == "never" {
        return Notify::Never;
    }
    let on = |word| words.split(',').any(|each| each == word);
    Notify::On { success: on("success"), failure: on("failure"), delay: on("delay") }
}
