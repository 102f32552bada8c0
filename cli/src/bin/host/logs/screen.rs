//! Lines of a log on a screen: aligned, coloured, folded.

use smtp_logs::Stamp;
use smtp_logs::explain::{Style, seconds};
use smtp_logs::line::{Line, Statement};
use smtp_logs::plain::safe_bytes;
use std::io::{self, Write};
use unicode_width::UnicodeWidthChar;

/// From so many milliseconds on, the time since the line before is shown.
const LONG: u64 = 1000;

/// Columns before the statement.
const MARGIN: usize = 33;

/// Writes lines.
#[derive(Clone, Copy)]
pub struct Screen {
    pub style: Style,
    pub width: Option<usize>,
}

impl Screen {
    /// A rule with words on it.
    pub fn rule(&self, words: &str, out: &mut impl Write) -> io::Result<()> {
        let width = self.width.unwrap_or(80).min(100);
        let used: usize = words.chars().filter_map(UnicodeWidthChar::width).sum::<usize>() + 4;
        let line = format!("── {words} {}", "─".repeat(width.saturating_sub(used)));
        writeln!(out, "{}", self.style.with("1", &line))
    }

    /// A line of the log, and how long after the one before of its conversation it came.
    pub fn line(&self, line: &Line<'_>, since: Option<u64>, out: &mut impl Write) -> io::Result<()> {
        let time = Stamp::parse(line.stamp).map_or_else(|| "?".to_owned(), |stamp| stamp.to_string()[11..].to_owned());
        let since = since.filter(|ms| *ms >= LONG).map(|ms| format!("+{}", seconds(ms))).unwrap_or_default();
        let margin = format!("{:>7} {time:13}", line.counter);
        let (code, mark, text, end) = match line.statement {
            Statement::Client(text) => ("36", "C > \"", text, "\""),
            Statement::Server(text) => (of_code(text), "S < \"", text, "\""),
            Statement::Event(text) => ("33", "### ", text, ""),
            Statement::Unknown(text) => ("35", "", text, ""),
        };
        let text = format!("{mark}{}{end}", safe_bytes(text));
        write!(out, "{} {} ", self.style.with("2", &margin), self.style.with("1;35", &format!("{since:>10}")))?;
        self.folded(&text, code, out)
    }

    /// Something that the log does not say itself.
    pub fn remark(&self, text: &str, out: &mut impl Write) -> io::Result<()> {
        write!(out, "{:MARGIN$}", "")?;
        self.folded(text, "2", out)
    }

    /// Text beside the margin, in as many lines as it takes.
    fn folded(&self, text: &str, code: &str, out: &mut impl Write) -> io::Result<()> {
        let Some(room) = self.width.map(|width| width.saturating_sub(MARGIN).max(20)) else {
            return writeln!(out, "{}", self.style.with(code, text));
        };
        let (mut from, mut column) = (0, 0);
        for (at, c) in text.char_indices() {
            let wide = c.width().unwrap_or(0);
            if column + wide > room {
                write!(out, "{}\n{:MARGIN$}", self.style.with(code, &text[from..at]), "")?;
                (from, column) = (at, 0);
            }
            column += wide;
        }
        writeln!(out, "{}", self.style.with(code, &text[from..]))
    }
}

/// The colour of a reply.
fn of_code(text: &[u8]) -> &'static str {
    match text.first() {
        Some(b'2' | b'3') => "32",
        Some(b'4') => "1;33",
        _ => "1;31",
    }
}
