//! A report as a table for spreadsheets (RFC 4180): a row a mail, and one for each conversation without a mail.

use super::entry::{Causes, Entry, MailEntry};
use super::summary::outcome_name;
use crate::Conversation;
use crate::causes::Language;
use std::io::{self, Write};

const HEADER: &str = "conversation,started,duration_ms,process,server,port,tls,login,outcome,sender,recipients_accepted,\
                      recipients_refused,subject,message_id,size,delivery,reply,cause,title,advice,retry,line\r\n";

/// Writes the table, conversation by conversation.
pub struct Csv<W> {
    out: W,
    causes: Causes,
}

impl<W: Write> Csv<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn new(mut out: W, language: Language) -> io::Result<Csv<W>> {
        out.write_all(HEADER.as_bytes())?;
        Ok(Csv { out, causes: Causes::new(language) })
    }

    /// The next conversation.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn add(&mut self, conversation: &Conversation) -> io::Result<()> {
        let entry = Entry::new(conversation, &mut self.causes);
        if entry.mails.is_empty() {
            return self.row(&entry, None, conversation.decisive.and(entry.failures.last()));
        }
        for (mail, told) in conversation.mails.iter().zip(&entry.mails) {
            let decisive = mail.decisive.or(conversation.decisive.filter(|_| conversation.mails.len() == 1));
            let place = conversation.failures.iter().position(|place| Some(*place) == decisive);
            self.row(&entry, Some(told), place.and_then(|place| entry.failures.get(place)))?;
        }
        Ok(())
    }

    /// Ends it.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn end(mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn row(
        &mut self,
        entry: &Entry,
        mail: Option<&MailEntry>,
        failure: Option<&super::entry::FailureEntry>,
    ) -> io::Result<()> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        let delivery = mail.and_then(|mail| serde_json::to_value(mail.delivery).ok());
        let cause = failure.map(|failure| &self.causes.list()[failure.cause]);
        let retry = cause.and_then(|cause| serde_json::to_value(cause.retry).ok());
        let word = |value: Option<serde_json::Value>| value.and_then(|value| value.as_str().map(str::to_owned));
        let cells = [
            entry.number.to_string(),
            text(&entry.started),
            number(entry.duration),
            entry.process.clone(),
            text(&entry.server),
            number(entry.port.map(u64::from)),
            entry.tls.clone(),
            entry.login.as_ref().map(|(mechanism, state)| format!("{mechanism} {state}")).unwrap_or_default(),
            outcome_name(entry.outcome).to_owned(),
            mail.and_then(|mail| mail.sender.clone()).unwrap_or_default(),
            number(mail.map(|mail| mail.accepted)),
            number(mail.map(|mail| mail.refused)),
            mail.and_then(|mail| mail.subject.clone()).unwrap_or_default(),
            mail.and_then(|mail| mail.message_id.clone()).unwrap_or_default(),
            number(mail.and_then(|mail| mail.size)),
            word(delivery).unwrap_or_default(),
            failure
                .map(|failure| failure.words.clone())
                .or(mail.and_then(|mail| mail.reply.clone()))
                .unwrap_or_default(),
            cause.map(|cause| cause.class.to_owned()).unwrap_or_default(),
            cause.map(|cause| cause.title.to_owned()).unwrap_or_default(),
            cause.map(|cause| cause.advice.to_owned()).unwrap_or_default(),
            word(retry).unwrap_or_default(),
            number(failure.map(|failure| failure.line)),
        ];
        let row: Vec<_> = cells.iter().map(|cell| quoted(cell)).collect();
        self.out.write_all(row.join(",").as_bytes())?;
        self.out.write_all(b"\r\n")
    }
}

/// A cell. A spreadsheet would run what begins with one of these as a formula: a quote before it makes it text.
fn quoted(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if !is_formula && !cell.contains([',', '"', '\n', '\r']) {
        return cell.to_owned();
    }
    format!("\"{}{}\"", if is_formula { "'" } else { "" }, cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells() {
        for (cell, written) in [
            ("plain", "plain"),
            ("", ""),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("a\nb", "\"a\nb\""),
            ("=HYPERLINK(1)", "\"'=HYPERLINK(1)\""),
            ("@x", "\"'@x\""),
        ] {
            assert_eq!(quoted(cell), written);
        }
    }
}
