//! The outcome of a conversation in one word.

use super::{Beginning, Conversation, Delivery, Ending};
use serde::Serialize;

/// How a conversation went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every mail was accepted for all its recipients.
    Accepted,
    /// Mails were accepted, but not all, or not for all recipients.
    Partly,
    /// No mail was accepted, or none could be begun.
    Failed,
    /// Whether a mail was accepted is not known: it may arrive, and sent again it may arrive twice.
    Unknown,
    /// No mail was to be sent, and nothing went wrong: a check of the connection.
    Checked,
    /// The log ends before anything was decided, or begins after it.
    Unfinished,
}

impl Outcome {
    /// Whether somebody has to look at it.
    pub fn is_well(self) -> bool {
        matches!(self, Outcome::Accepted | Outcome::Checked)
    }

    /// Whether something failed, or may have.
    pub fn is_failure(self) -> bool {
        matches!(self, Outcome::Partly | Outcome::Failed | Outcome::Unknown)
    }
}

impl Conversation {
    /// How it went.
    pub fn outcome(&self) -> Outcome {
        let has = |delivery| self.mails.iter().any(|mail| mail.delivery == delivery);
        let decided = self.mails.iter().filter(|mail| !matches!(mail.delivery, Delivery::MovedOn)).count();
        let somebody_refused = self.mails.iter().any(|mail| mail.delivery == Delivery::Accepted && (mail.refused > 0));
        if has(Delivery::Unknown) {
            Outcome::Unknown
        } else if has(Delivery::Accepted) {
            let all = !has(Delivery::NotAccepted) && !somebody_refused && self.decisive.is_none();
            match (all, has(Delivery::Unfinished)) {
                (true, false) => Outcome::Accepted,
                (true, true) => Outcome::Unfinished,
                (false, _) => Outcome::Partly,
            }
        } else if has(Delivery::NotAccepted) || self.decisive.is_some() {
            Outcome::Failed
        } else if decided > 0 || self.ending != Ending::Closed {
            Outcome::Unfinished
        } else if self.beginning == Beginning::Middle && self.greeting.is_none() && self.ehlo_name.is_none() {
            // Only the end of it is here.
            Outcome::Unfinished
        } else {
            Outcome::Checked
        }
    }
}
