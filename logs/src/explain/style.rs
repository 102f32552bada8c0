//! Colours of a terminal, or none; and where its lines end.

use std::io::{self, Write};
use std::ops::Range;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that a terminal has at least, whatever it says.
const NARROWEST: usize = 20;

/// How text is set off, and folded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    colour: bool,
    columns: Option<usize>,
}

impl Style {
    /// Colours, for a terminal that wants them.
    pub fn coloured() -> Style {
        Style { colour: true, columns: None }
    }

    /// Nothing but text.
    pub fn plain() -> Style {
        Style { colour: false, columns: None }
    }

    /// The same, with lines folded at so many columns; `None` does not fold.
    #[must_use]
    pub fn columns(self, columns: Option<usize>) -> Style {
        Style { columns: columns.map(|columns| columns.max(NARROWEST)), ..self }
    }

    /// Whether it has colours.
    pub fn is_coloured(self) -> bool {
        self.colour
    }

    /// Where lines are folded.
    pub fn width(self) -> Option<usize> {
        self.columns
    }

    /// With this colour: the number of SGR, `1;31`; empty for none.
    pub fn with(self, code: &str, text: &str) -> String {
        if self.colour && !code.is_empty() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// Writes texts, each with its colour, as one paragraph: it begins at `column`, where something stands before it, and
    /// goes on at the column `indent` in further lines. It is folded at blanks where there are any, and by the width that
    /// characters have on a terminal.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn paragraph(
        self,
        parts: &[(&str, &str)],
        column: usize,
        indent: usize,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let text: String = parts.iter().map(|(_, text)| *text).collect();
        let lines = folded(&text, column, indent, self.columns.unwrap_or(usize::MAX));
        for (number, line) in lines.into_iter().enumerate() {
            if number > 0 {
                write!(out, "\n{:indent$}", "")?;
            }
            let mut start = 0;
            for (code, part) in parts {
                let (from, to) = (line.start.max(start), line.end.min(start + part.len()));
                if from < to {
                    write!(out, "{}", self.with(code, &text[from..to]))?;
                }
                start += part.len();
            }
        }
        writeln!(out)
    }
}

/// Which bytes stand in which line. A blank at which a line is folded stands in none.
fn folded(text: &str, column: usize, indent: usize, edge: usize) -> Vec<Range<usize>> {
    // No character is wider than its bytes are many.
    if text.len() <= edge.saturating_sub(column) {
        return std::iter::once(0..text.len()).collect();
    }
    // However narrow it is, some letters have room.
    let edge = edge.max(indent + NARROWEST / 2);
    let mut lines = Vec::new();
    let (mut start, mut at_column, mut blank) = (0, column, None);
    for (at, c) in text.char_indices() {
        let wide = c.width().unwrap_or(0);
        if at_column + wide > edge {
            // A word that takes more than half of a line is cut.
            let word = |blank: &usize| text[blank + 1..at].width() <= (edge - indent) / 2;
            let (end, next) = match blank.filter(word) {
                _ if c == ' ' => (at, at + 1),
                Some(blank) => (blank, blank + 1),
                None => (at, at),
            };
            lines.push(start..end);
            (start, blank) = (next, None);
            at_column = indent + text.get(next..at).map_or(0, UnicodeWidthStr::width);
            if c == ' ' {
                continue;
            }
        }
        if c == ' ' {
            blank = Some(at);
        }
        at_column += wide;
    }
    lines.push(start..text.len());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, column: usize, indent: usize, edge: usize) -> String {
        let mut out = Vec::new();
        let style = Style::plain().columns(Some(edge));
        style.paragraph(&[("1", text)], column, indent, &mut out).expect("memory");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn paragraphs_are_folded_at_blanks_and_long_words_are_cut() {
        assert_eq!(lines("one two three four five six", 0, 2, 20), "one two three four\n  five six\n");
        assert_eq!(lines("one two three four a", 0, 2, 20), "one two three four a\n");
        assert_eq!(lines("one two three fours b", 0, 2, 20), "one two three fours\n  b\n");
        assert_eq!(lines("abcdefghijklmnopqrstuvwxyz", 4, 4, 20), "abcdefghijklmnop\n    qrstuvwxyz\n");
        assert_eq!(lines("", 4, 4, 20), "\n");
        // What is as narrow as nothing at all ends, too.
        assert_eq!(lines("abc", 19, 30, 20).lines().count(), 1);
    }

    #[test]
    fn wide_characters_count_twice_and_marks_not_at_all() {
        assert_eq!(lines("日本語日本語日本語日本語", 0, 0, 20), "日本語日本語日本語日\n本語\n");
        assert_eq!(lines("e\u{301}".repeat(20).as_str(), 0, 0, 20).lines().count(), 1);
        assert_eq!(lines("📧📧📧📧📧📧📧📧📧📧📧", 0, 0, 21), "📧📧📧📧📧📧📧📧📧📧\n📧\n");
    }

    #[test]
    fn colours_end_with_the_line() {
        let mut out = Vec::new();
        let style = Style::coloured().columns(Some(20));
        style.paragraph(&[("1", "bold "), ("31", "red and longer than that")], 0, 0, &mut out).expect("memory");
        let text = String::from_utf8(out).expect("text");
        assert_eq!(text, "\x1b[1mbold \x1b[0m\x1b[31mred and longer\x1b[0m\n\x1b[31mthan that\x1b[0m\n");
    }
}
