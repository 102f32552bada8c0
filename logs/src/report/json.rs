//! A report as one JSON document: `{"conversations":[…],"summary":{…}}`, written as the log is read.

use super::entry::{Causes, Entry};
use super::summary::Summary;
use crate::Conversation;
use crate::causes::Language;
use serde_json::{Value, json};
use std::io::{self, Write};

/// Writes the document, conversation by conversation.
pub struct Document<W> {
    out: W,
    summary: Summary,
    causes: Causes,
    is_first: bool,
}

impl<W: Write> Document<W> {
    /// Begins it.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn new(mut out: W, language: Language) -> io::Result<Document<W>> {
        out.write_all(b"{\"conversations\":[")?;
        Ok(Document { out, summary: Summary::default(), causes: Causes::new(language), is_first: true })
    }

    /// The next conversation: everything that the log tells of it, and the explanation of what failed.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn add(&mut self, conversation: &Conversation) -> io::Result<()> {
        let entry = Entry::new(conversation, &mut self.causes);
        self.summary.add(conversation, &entry, &self.causes);
        let failures: Vec<Value> = entry
            .failures
            .iter()
            .map(|failure| {
                let mut value = json!(self.causes.list()[failure.cause]);
                value["phase"] = json!(failure.phase);
                value["line"] = failure.line.into();
                value["words"] = failure.words.as_str().into();
                value["recipient"] = json!(failure.recipient);
                value
            })
            .collect();
        let mut value = serde_json::to_value(&entry)?;
        value["failures"] = failures.into();
        value["lines"] = json!({ "first": entry.lines.0, "last": entry.lines.1, "count": entry.lines.2 });
        if let Some(fields) = value.as_object_mut() {
            fields.remove("leftOut");
        }
        self.out.write_all(if self.is_first { b"\n" } else { b",\n" })?;
        self.is_first = false;
        serde_json::to_writer(&mut self.out, &value)?;
        Ok(())
    }

    /// Ends it.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn end(mut self) -> io::Result<()> {
        self.out.write_all(b"\n],\"summary\":")?;
        serde_json::to_writer(&mut self.out, &self.summary.numbers())?;
        self.out.write_all(b"}\n")?;
        self.out.flush()
    }
}
