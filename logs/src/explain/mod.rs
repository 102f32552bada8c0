//! Conversations told to a person: one line for each, and for each failure what it means and what to do.

mod outcome_line;
mod style;
mod summary;
mod words;

pub use outcome_line::seconds;
pub use style::Style;
pub use summary::Summary;

use crate::causes::{self, Class, Explanation, Language, diagnose};
use crate::conversation::{Beginning, Cause, Conversation, Delivery, Ending, Outcome, Trouble, Wait};
use crate::event::Event;
use crate::plain::safe;
use serde::Serialize;
use std::io::{self, Write};
use words::{Words, say};

/// Columns that explanations are folded to.
const WIDTH: usize = 100;
/// The column where they begin.
const PROSE: usize = 6;

/// Tells conversations.
#[derive(Clone, Copy, Debug)]
pub struct Teller {
    /// The language of what is told; what the log says stays as it is.
    pub language: Language,
    /// Colours or none.
    pub style: Style,
}

/// A conversation for programs: everything that is known, and the explanations.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Told<'a> {
    /// How it went.
    pub outcome: Outcome,
    /// From the first line to the last.
    pub duration_ms: Option<u64>,
    /// All that is known.
    #[serde(flatten)]
    pub conversation: &'a Conversation,
    /// One for each of the conversation's `failures`.
    pub explanations: Vec<Explained>,
    /// Waits that were longer than is usual.
    pub slow: Vec<Wait>,
}

/// A failure, explained.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explained {
    /// Its place in the conversation's `troubles`.
    pub trouble: usize,
    /// The line that shows it.
    pub line: u64,
    /// What that line says.
    pub statement: String,
    /// What it means.
    #[serde(flatten)]
    pub explanation: Explanation,
}

/// What a trouble of this conversation means.
///
/// Where a mail may have arrived all the same, to send it again is no advice.
pub fn explanation(told: &Conversation, trouble: &Trouble, language: Language) -> Explanation {
    let explained = diagnose(&trouble.failure(told)).explain(language);
    let mail = trouble.mail.and_then(|place| told.mails.get(place));
    if mail.is_none_or(|mail| mail.delivery != Delivery::Unknown) {
        return explained;
    }
    let unknown = Class::of_event(causes::Event::OutcomeUnknown);
    Explanation { advice: unknown.advice.of(language), ..explained }
}

impl<'a> Told<'a> {
    /// With the explanations in this language.
    pub fn new(conversation: &'a Conversation, language: Language) -> Told<'a> {
        let explained = conversation.failures.iter().filter_map(|place| {
            let trouble = conversation.troubles.get(*place)?;
            Some(Explained {
                trouble: *place,
                line: trouble.at.number,
                statement: trouble.text.clone(),
                explanation: explanation(conversation, trouble, language),
            })
        });
        Told {
            outcome: conversation.outcome(),
            duration_ms: conversation.duration_ms(),
            conversation,
            explanations: explained.collect(),
            slow: slow(conversation).copied().collect(),
        }
    }
}

/// The waits of a conversation that stand out.
fn slow(told: &Conversation) -> impl Iterator<Item = &Wait> {
    told.waits.iter().filter(|wait| wait.stands_out())
}

impl Teller {
    /// Writes what there is to tell of a conversation. `file` names its file where there are several.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn tell(&self, told: &Conversation, file: Option<&str>, out: &mut impl Write) -> io::Result<()> {
        self.outcome_line(told, out)?;
        if told.mails.len() > 1 {
            for (number, mail) in (1..).zip(&told.mails) {
                let mut text =
                    format!("{} {number}: {}", self.say(words::MAIL), outcome_line::mail(mail, self.language));
                if let Some(Trouble {
                    phase, cause: Cause::Event(Event::Lost { .. } | Event::TimedOut { .. }), ..
                }) = mail.decisive.and_then(|place| told.troubles.get(place))
                {
                    let waited = self.say(words::waited(*phase));
                    text.push_str(&format!(", {} {waited}", self.say(words::WAS_WAITING)));
                }
                self.line(4, &[("", &text)], out)?;
            }
        }
        let mut shown = None;
        for trouble in told.failures.iter().filter_map(|place| told.troubles.get(*place)) {
            // Of one event, several mails may have failed.
            if shown.replace(trouble.at) != Some(trouble.at) {
                self.failure(told, trouble, file, out)?;
            }
        }
        for wait in slow(told) {
            let text = format!(
                "{} {} {}; {} {} ({} {})",
                self.say(words::WAITED),
                seconds(wait.ms),
                self.say(words::waited(wait.phase)),
                self.say(words::USUAL),
                format_args!("{} s", wait.phase.usual_ms() / 1000),
                self.say(words::LINE),
                wait.at.number
            );
            self.line(4, &[("33", &text)], out)?;
        }
        for remark in self.remarks(told) {
            self.line(4, &[("2", &remark)], out)?;
        }
        Ok(())
    }

    fn outcome_line(&self, told: &Conversation, out: &mut impl Write) -> io::Result<()> {
        let outcome = told.outcome();
        let when = told.started().map_or_else(|| "?".to_owned(), |stamp| stamp.to_string().replacen('T', " ", 1));
        let mails = match &told.mails[..] {
            [] => self.say(words::NO_MAIL).to_owned(),
            [mail] => outcome_line::mail(mail, self.language),
            mails => format!("{} {}", mails.len(), self.say(words::MAILS)),
        };
        let duration = told.duration_ms().map(|ms| format!("; {}", seconds(ms))).unwrap_or_default();
        let connection = outcome_line::connection(told, self.language);
        let number = format!("#{}", told.number);
        let rest = format!(" {connection}; {mails}{duration}");
        let parts = [
            ("1", &number[..]),
            ("", &format!(" {when} ")),
            (colour(outcome), self.say(words::outcome(outcome))),
            ("", &rest),
        ];
        self.style.paragraph(&parts, 0, 4, out)
    }

    fn failure(
        &self,
        told: &Conversation,
        trouble: &Trouble,
        file: Option<&str>,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let explained = explanation(told, trouble, self.language);
        let place = match file {
            Some(file) => {
                format!("{} {} {} {}: ", self.say(words::LINE), trouble.at.number, self.say(words::FILE), safe(file))
            }
            None => format!("{} {}: ", self.say(words::LINE), trouble.at.number),
        };
        self.line(4, &[("", &place), ("31", &safe(&trouble.text))], out)?;
        let mut title = explained.title.to_owned();
        if let Some(recipient) =
            trouble.recipient.as_ref().filter(|_| told.mails.iter().any(|mail| mail.recipients.len() > 1))
        {
            title = format!("{title} ({} {})", self.say(words::RECIPIENT), safe(recipient));
        }
        self.line(6, &[("1", &title)], out)?;
        for meaning in &explained.meaning {
            self.prose(&[("", meaning)], out)?;
        }
        let source = explained.source.map(|source| format!(" ({} {source})", self.say(words::SEE))).unwrap_or_default();
        if let Some(provider) = explained.provider.filter(|_| !source.is_empty()) {
            let words = format!("{} {provider}{source}", self.say(words::WORDS_OF));
            self.line(6, &[("", &words)], out)?;
        }
        let to_do = format!("{}:", self.say(words::TO_DO));
        self.prose(&[("1;36", &to_do), ("", &format!(" {}", explained.advice))], out)
    }

    /// Something under the line of the outcome.
    fn line(&self, indent: usize, parts: &[(&str, &str)], out: &mut impl Write) -> io::Result<()> {
        write!(out, "{:indent$}", "")?;
        self.style.paragraph(parts, indent, indent + 2, out)
    }

    /// Text to read: lines of at most [`WIDTH`] columns, even where nothing else is folded.
    fn prose(&self, parts: &[(&str, &str)], out: &mut impl Write) -> io::Result<()> {
        let width = self.style.width().unwrap_or(WIDTH).min(WIDTH);
        write!(out, "{:1$}", "", PROSE)?;
        self.style.columns(Some(width)).paragraph(parts, PROSE, PROSE, out)
    }

    /// What is out of the ordinary about the log itself.
    fn remarks(&self, told: &Conversation) -> Vec<String> {
        let mut remarks = Vec::new();
        if told.beginning == Beginning::Middle {
            remarks.push(self.say(words::MIDDLE).to_owned());
        }
        let ending = match told.ending {
            Ending::Closed => None,
            Ending::LogEnds => Some(words::LOG_ENDS),
            Ending::Overtaken => Some(words::OVERTAKEN),
            Ending::Continued => Some(words::CONTINUED),
            Ending::SetAside => Some(words::SET_ASIDE),
        };
        remarks.extend(ending.map(|words| self.say(words).to_owned()));
        if told.damaged {
            remarks.push(self.say(words::DAMAGED).to_owned());
        }
        if told.lines_lost > 0 {
            remarks.push(format!("{} {}", told.lines_lost, self.say(words::LINES_LOST)));
        }
        remarks
    }

    fn say(&self, words: Words) -> &'static str {
        say(words, self.language)
    }
}

/// The colour of an outcome: the number of SGR.
pub fn colour(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted | Outcome::Checked => "1;32",
        Outcome::Partly | Outcome::Unfinished => "1;33",
        Outcome::Failed | Outcome::Unknown => "1;31",
    }
}

#[cfg(test)]
mod tests;
