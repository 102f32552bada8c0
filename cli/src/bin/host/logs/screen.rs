//! Lines of a log on a screen: aligned, coloured, folded.

use smtp_logs::Stamp;
use smtp_logs::explain::{Style, seconds};
use smtp_logs::line::{Line, Statement};
use smtp_logs::plain::safe_bytes;
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// From so many milliseconds on, the time since the line before is shown.
const LONG: u64 = 1000;

/// Columns of the longest rule.
const RULE: usize = 100;

/// What stands beside the statements.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Margin {
    /// Counter, time, and the time since the line before.
    Whole,
    /// Counter and time; the time since then has a line of its own.
    Narrow,
    /// Nothing but the time.
    Time,
}

impl Margin {
    /// What leaves the statements room enough.
    fn of(width: Option<usize>) -> Margin {
        match width {
            Some(..60) => Margin::Time,
            Some(60..100) => Margin::Narrow,
            _ => Margin::Whole,
        }
    }

    fn columns(self) -> usize {
        match self {
            Margin::Whole => 33,
            Margin::Narrow => 22,
            Margin::Time => 14,
        }
    }
}

/// Writes lines.
#[derive(Clone, Copy)]
pub struct Screen {
    pub style: Style,
}

impl Screen {
    /// A rule with words on it, the last ones in a colour of their own.
    pub fn rule(&self, words: &str, (code, last): (&str, &str), out: &mut impl Write) -> io::Result<()> {
        let width = self.style.width().unwrap_or(80).min(RULE);
        let start = format!("── {words}");
        let rest = format!(" {}", "─".repeat(width.saturating_sub(start.width() + last.width() + 1)));
        let rest = if rest == " " { "" } else { &rest };
        self.style.paragraph(&[("1", &start), (code, last), ("1", rest)], 0, 3, out)
    }

    /// A line of the log, and how long after the one before of its conversation it came.
    pub fn line(&self, line: &Line<'_>, since: Option<u64>, out: &mut impl Write) -> io::Result<()> {
        let margin = Margin::of(self.style.width());
        let time = Stamp::parse(line.stamp).map_or_else(|| "?".to_owned(), |stamp| stamp.to_string()[11..].to_owned());
        let since = since.filter(|ms| *ms >= LONG).map(|ms| format!("+{}", seconds(ms))).unwrap_or_default();
        let (code, mark, text, end) = match line.statement {
            Statement::Client(text) => ("36", "C > \"", text, "\""),
            Statement::Server(text) => (of_code(text), "S < \"", text, "\""),
            Statement::Event(text) => ("33", "### ", text, ""),
            Statement::Unknown(text) => ("35", "", text, ""),
        };
        let beside = match margin {
            Margin::Time => format!("{time:13}"),
            Margin::Narrow | Margin::Whole => format!("{:>7} {time:13}", line.counter),
        };
        let beside = self.style.with("2", &beside);
        match margin {
            Margin::Whole => write!(out, "{beside} {} ", self.style.with("1;35", &format!("{since:>10}")))?,
            _ if since.is_empty() => write!(out, "{beside} ")?,
            _ => {
                let since = format!("{since:>0$}", margin.columns() - 2);
                write!(out, "{}\n{beside} ", self.style.with("1;35", &since))?;
            }
        }
        let text = format!("{mark}{}{end}", safe_bytes(text));
        self.style.paragraph(&[(code, &text)], margin.columns(), margin.columns() + mark.len(), out)
    }

    /// Something that the log does not say itself.
    pub fn remark(&self, text: &str, out: &mut impl Write) -> io::Result<()> {
        let margin = Margin::of(self.style.width()).columns();
        write!(out, "{:margin$}", "")?;
        self.style.paragraph(&[("2", text)], margin, margin + 2, out)
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
