//! Colour for what goes to standard output: only on a terminal, and not where NO_COLOR is set.

use std::io::IsTerminal;

/// Whether to colour.
#[derive(Clone, Copy)]
pub struct Paint(bool);

impl Paint {
    pub fn of_stdout() -> Paint {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Paint(std::io::stdout().is_terminal() && !unwanted)
    }

    pub fn heading(self, text: &str) -> String {
        self.with("1", text)
    }

    pub fn sentence(self, text: &str) -> String {
        self.with("3", text)
    }

    /// A line of a conversation log: who speaks has a colour, and a refusal has one of its own.
    pub fn log_line(self, line: &str) -> String {
        let Some((at, _)) = line.match_indices(' ').nth(3) else { return line.to_owned() };
        let (stamp, statement) = line.split_at(at + 1);
        let code = match statement.as_bytes() {
            [b'C', ..] => "36",
            [b'S', b' ', b'<', b' ', b'"', b'4' | b'5', ..] => "31",
            [b'S', ..] => "32",
            _ => "33",
        };
        format!("{}{}", self.with("2", stamp), self.with(code, statement))
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.0 { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colour_nothing_changes() {
        let line = r#"16 2019-02-06T15:03:12.234 5 7 S < "535 5.7.8 no""#;
        assert_eq!(Paint(false).log_line(line), line);
        assert_eq!(
            Paint(true).log_line(line),
            "\x1b[2m16 2019-02-06T15:03:12.234 5 7 \x1b[0m\x1b[31mS < \"535 5.7.8 no\"\x1b[0m"
        );
        assert_eq!(Paint(true).log_line("torn"), "torn");
    }
}
