//! What all conversations of a log come to.

use super::words::{Words, say};
use crate::causes::Language;
use crate::conversation::{Conversation, Delivery, Ending, Outcome};
use crate::reader::{Entry, Item};
use serde::Serialize;

/// Counts of conversations, of mails, and of what is wrong with the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct Summary {
    /// Conversations by outcome; one that is told in several parts counts once for each.
    pub conversations: u64,
    pub accepted: u64,
    pub partly: u64,
    pub failed: u64,
    pub unknown: u64,
    pub checked: u64,
    pub unfinished: u64,
    /// Mails by what became of them.
    pub mails_accepted: u64,
    pub mails_not_accepted: u64,
    pub mails_unknown: u64,
    /// Lines of text by what they are.
    pub lines: u64,
    pub mended: u64,
    pub torn: u64,
    pub leftover: u64,
    pub foreign: u64,
}

impl Summary {
    /// Counts a conversation.
    pub fn conversation(&mut self, told: &Conversation) {
        let outcome = told.outcome();
        // The first parts of a long conversation are told because of its length alone.
        if told.ending == Ending::Continued && outcome == Outcome::Unfinished {
            return;
        }
        self.conversations += 1;
        *match outcome {
            Outcome::Accepted => &mut self.accepted,
            Outcome::Partly => &mut self.partly,
            Outcome::Failed => &mut self.failed,
            Outcome::Unknown => &mut self.unknown,
            Outcome::Checked => &mut self.checked,
            Outcome::Unfinished => &mut self.unfinished,
        } += 1;
        for mail in &told.mails {
            match mail.delivery {
                Delivery::Accepted => self.mails_accepted += 1,
                Delivery::NotAccepted => self.mails_not_accepted += 1,
                Delivery::Unknown => self.mails_unknown += 1,
                Delivery::MovedOn | Delivery::Unfinished => {}
            }
        }
    }

    /// Counts a line of text.
    #[inline]
    pub fn item(&mut self, item: &Item<'_>) {
        self.lines += 1;
        match item.entry {
            Entry::Line(_) => {}
            Entry::Mended(_) => self.mended += 1,
            Entry::Torn(_) => self.torn += 1,
            Entry::Leftover => self.leftover += 1,
            Entry::Foreign if item.text.is_empty() => {}
            Entry::Foreign => self.foreign += 1,
        }
    }

    /// Whether nothing went wrong, as far as the log tells.
    pub fn is_well(&self) -> bool {
        self.conversations == self.accepted + self.checked
    }

    /// In words: a sentence or two.
    pub fn told(&self, language: Language) -> Vec<String> {
        let count = |number: u64, one: Words, many: Words| {
            (number > 0).then(|| format!("{number} {}", say(if number == 1 { one } else { many }, language)))
        };
        let list = |parts: Vec<Option<String>>| parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        let outcomes = list(vec![
            count(self.accepted, ("accepted", "aceptada"), ("accepted", "aceptadas")),
            count(self.checked, ("checked", "comprobada"), ("checked", "comprobadas")),
            count(self.partly, ("accepted in part", "aceptada en parte"), ("accepted in part", "aceptadas en parte")),
            count(self.failed, ("failed", "fallida"), ("failed", "fallidas")),
            count(
                self.unknown,
                ("of unknown outcome", "de resultado incierto"),
                ("of unknown outcome", "de resultado incierto"),
            ),
            count(self.unfinished, ("unfinished", "inacabada"), ("unfinished", "inacabadas")),
        ]);
        let mails = list(vec![
            count(self.mails_accepted, ("mail accepted", "correo aceptado"), ("mails accepted", "correos aceptados")),
            count(self.mails_not_accepted, ("not accepted", "no aceptado"), ("not accepted", "no aceptados")),
            count(self.mails_unknown, ("unknown", "incierto"), ("unknown", "inciertos")),
        ]);
        let conversations =
            count(self.conversations, ("conversation", "conversación"), ("conversations", "conversaciones"));
        let mut told = Vec::new();
        if let Some(conversations) = conversations {
            let mails = if mails.is_empty() { String::new() } else { format!("; {mails}") };
            told.push(format!("{conversations}: {outcomes}{mails}."));
        }
        let odd = list(vec![
            count(
                self.mended,
                ("line was broken in two", "línea estaba partida en dos"),
                ("lines were broken in two", "líneas estaban partidas en dos"),
            ),
            count(self.torn, ("line is torn", "línea está cortada"), ("lines are torn", "líneas están cortadas")),
            count(
                self.leftover,
                ("line is left over from another log", "línea es resto de otro registro"),
                ("lines are left over from other logs", "líneas son restos de otros registros"),
            ),
            count(
                self.foreign,
                ("line is of no log", "línea no es de un registro"),
                ("lines are of no log", "líneas no son de un registro"),
            ),
        ]);
        if !odd.is_empty() {
            told.push(format!("{} {odd}.", say(("Of the text,", "Del texto,"), language)));
        }
        told
    }
}
