//! Conversations told to a person: one line for each, and for each failure what it means and what to do.

mod outcome_line;
mod style;
mod summary;
mod words;

pub use outcome_line::seconds;
pub use style::Style;
pub use summary::Summary;

use crate::causes::{Explanation, Language, diagnose};
use crate::conversation::{Beginning, Conversation, Ending, Outcome, Trouble, Wait};
use crate::plain::safe;
use serde::Serialize;
use std::io::{self, Write};
use words::{Words, say};

/// Columns that explanations are folded to.
const WIDTH: usize = 100;

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
pub fn explanation(told: &Conversation, trouble: &Trouble, language: Language) -> Explanation {
    diagnose(&trouble.failure(told)).explain(language)
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
                let text = format!("{} {number}: {}", self.say(words::MAIL), outcome_line::mail(mail, self.language));
                writeln!(out, "    {text}")?;
            }
        }
        for place in &told.failures {
            if let Some(trouble) = told.troubles.get(*place) {
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
            writeln!(out, "    {}", self.style.with("33", &text))?;
        }
        for remark in self.remarks(told) {
            writeln!(out, "    {}", self.style.with("2", &remark))?;
        }
        Ok(())
    }

    fn outcome_line(&self, told: &Conversation, out: &mut impl Write) -> io::Result<()> {
        let outcome = told.outcome();
        let code = match outcome {
            Outcome::Accepted | Outcome::Checked => "1;32",
            Outcome::Partly | Outcome::Unfinished => "1;33",
            Outcome::Failed | Outcome::Unknown => "1;31",
        };
        let word = format!("{:10}", self.say(words::outcome(outcome)));
        let when = told.started().map_or_else(|| "?".to_owned(), |stamp| stamp.to_string().replacen('T', " ", 1));
        let mails = match &told.mails[..] {
            [] => self.say(words::NO_MAIL).to_owned(),
            [mail] => outcome_line::mail(mail, self.language),
            mails => format!("{} {}", mails.len(), self.say(words::MAILS)),
        };
        let duration = told.duration_ms().map(|ms| format!("; {}", seconds(ms))).unwrap_or_default();
        let connection = outcome_line::connection(told, self.language);
        let number = self.style.with("1", &format!("#{}", told.number));
        writeln!(out, "{number} {when} {} {connection}; {mails}{duration}", self.style.with(code, word.trim_end()))
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
                format!("{} {} {} {}", self.say(words::LINE), trouble.at.number, self.say(words::FILE), safe(file))
            }
            None => format!("{} {}", self.say(words::LINE), trouble.at.number),
        };
        writeln!(out, "    {place}: {}", self.style.with("31", &safe(&trouble.text)))?;
        let mut title = explained.title.to_owned();
        if let Some(recipient) =
            trouble.recipient.as_ref().filter(|_| told.mails.iter().any(|mail| mail.recipients.len() > 1))
        {
            title = format!("{title} ({} {})", self.say(words::RECIPIENT), safe(recipient));
        }
        writeln!(out, "      {}", self.style.with("1", &title))?;
        for meaning in &explained.meaning {
            fold(meaning, "      ", out)?;
        }
        let source = explained.source.map(|source| format!(" ({} {source})", self.say(words::SEE))).unwrap_or_default();
        if let Some(provider) = explained.provider.filter(|_| !source.is_empty()) {
            writeln!(out, "      {} {provider}{source}", self.say(words::WORDS_OF))?;
        }
        fold(&format!("{}: {}", self.say(words::TO_DO), explained.advice), "      ", out)
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

/// Writes a paragraph in lines of at most [`WIDTH`] columns.
fn fold(text: &str, indent: &str, out: &mut impl Write) -> io::Result<()> {
    let mut column = 0;
    for word in text.split_whitespace() {
        let width = unicode_width::UnicodeWidthStr::width(word);
        if column > 0 && column + 1 + width > WIDTH - indent.len() {
            writeln!(out)?;
            column = 0;
        }
        write!(out, "{}{word}", if column == 0 { indent } else { " " })?;
        column += width + usize::from(column > 0);
    }
    writeln!(out)
}

#[cfg(test)]
mod tests;
