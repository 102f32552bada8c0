//! A report as sequence diagrams for Mermaid (<https://mermaid.js.org/syntax/sequenceDiagram.html>), each in a fenced block
//! of a Markdown document: what GitHub, GitLab and many editors show as a picture.

use super::entry::{Causes, Entry};
use super::lines::{Lines, Said};
use super::summary::outcome_name;
use crate::Conversation;
use crate::causes::Language;
use std::io::{self, Read, Seek, Write};

/// Characters of a line that a diagram shows.
const LONGEST: usize = 100;

/// Writes the diagrams, conversation by conversation.
pub struct Diagrams<W> {
    out: W,
    causes: Causes,
}

impl<W: Write> Diagrams<W> {
    /// None yet.
    pub fn new(out: W, language: Language) -> Diagrams<W> {
        Diagrams { out, causes: Causes::new(language) }
    }

    /// The next conversation; its lines are read from `files`.
    ///
    /// # Errors
    /// Those of `files` and of the output.
    pub fn add<F: Read + Seek>(&mut self, conversation: &Conversation, files: &mut [F]) -> io::Result<()> {
        let entry = Entry::new(conversation, &mut self.causes);
        let mut lines = Lines::new(&conversation.steps, conversation.steps_left_out);
        lines.read(files, &mut (1 << 20))?;
        let out = &mut self.out;
        let title = entry.started.as_deref().unwrap_or("?");
        writeln!(out, "## {} · {title} · {}\n", entry.number, outcome_name(entry.outcome))?;
        for failure in &entry.failures {
            let cause = &self.causes.list()[failure.cause];
            writeln!(out, "**{}** {}\n", cause.title, cause.advice)?;
        }
        let server = entry.server.as_deref().unwrap_or("server");
        writeln!(out, "```mermaid\nsequenceDiagram")?;
        writeln!(out, "    participant C as {}", if self.causes.is_spanish() { "Cliente" } else { "Client" })?;
        writeln!(out, "    participant S as {}", escaped(server))?;
        for Said(mark, _, text, _) in lines.said() {
            match mark {
                'C' => writeln!(out, "    C->>S: {}", escaped(text))?,
                'S' => writeln!(out, "    S-->>C: {}", escaped(text))?,
                '=' => writeln!(out, "    C->>S: (… {text})")?,
                _ => writeln!(out, "    Note over C,S: {}", escaped(text))?,
            }
        }
        if lines.left_out() > 0 {
            writeln!(out, "    Note over C,S: … +{}", lines.left_out())?;
        }
        writeln!(out, "```\n")
    }

    /// Ends the document.
    ///
    /// # Errors
    /// Those of the output.
    pub fn end(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A text within a diagram. Everything that Mermaid or Markdown may take for more than text becomes an entity.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    let mut chars = text.chars();
    for char in chars.by_ref().take(LONGEST) {
        match char {
            'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' | '.' | ',' | '-' | '@' | '/' | '+' | '=' | '?' | '!' | '\'' => {
                escaped.push(char)
            }
            _ if char.is_alphanumeric() => escaped.push(char),
            '\n' => escaped.push(' '),
            _ => escaped.push_str(&format!("#{};", u32::from(char))),
        }
    }
    if chars.next().is_some() {
        escaped.push('…');
    }
    // An empty text is a syntax error.
    if escaped.trim().is_empty() { "#160;".to_owned() } else { escaped }
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_in_a_text_is_more_than_text() {
        assert_eq!(escaped("MAIL FROM:<a@b.c>"), "MAIL FROM#58;#60;a@b.c#62;");
        assert_eq!(escaped("a;b #quot; %%{init} ```"), "a#59;b #35;quot#59; #37;#37;#123;init#125; #96;#96;#96;");
        assert_eq!(escaped(" "), "#160;");
        assert_eq!(escaped(&"x".repeat(200)).chars().count(), 101);
    }
}
