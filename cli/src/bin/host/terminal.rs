//! Text of others on a terminal: nothing in it moves the cursor, changes colours or the order of what is shown.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write as _};

use crate::exit::Failure;

/// The text with its control characters, C1 controls, bidirectional controls and line separators as `\xNN`.
pub fn safe(text: &str) -> String {
    replaced(text, |c, safe| {
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            // Writing into a `String` can't fail.
            let _ = write!(safe, "\\x{byte:02x}");
        }
    })
}

/// The same within JSON, whose own escape means the same character.
pub fn safe_json(json: &str) -> String {
    replaced(json, |c, safe| {
        for unit in c.encode_utf16(&mut [0; 2]) {
            let _ = write!(safe, "\\u{unit:04x}");
        }
    })
}

fn replaced(text: &str, replace: impl Fn(char, &mut String)) -> String {
    // Nearly every text. All bytes are looked at, so that many are at once.
    if text.bytes().fold(true, |plain, byte| plain & (b' '..=b'~').contains(&byte)) {
        return text.to_owned();
    }
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_harmful(c) {
            replace(c, &mut safe);
        } else {
            safe.push(c);
        }
    }
    safe
}

fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A result: one line on standard output.
pub fn result(line: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(unwritable)
}

/// A result that is more than a line.
pub fn document(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(unwritable)
}

fn unwritable(error: io::Error) -> Failure {
    Failure::cant_create(format!("standard output can't be written: {error}"))
}

/// Prose on standard error: `warning: …`. Not `eprintln!`, which panics where standard error is closed.
pub fn say(kind: &str, text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}{}", mark(kind), safe(text));
}

/// An error, and the place of it.
pub fn say_failure(failure: &Failure) {
    say("error", &failure.message);
    for line in failure.place.iter().flat_map(|place| place.lines()) {
        let _ = writeln!(io::stderr().lock(), "  {line}");
    }
}

fn mark(kind: &str) -> String {
    let coloured = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    match (coloured, kind) {
        (true, "error") => "\x1b[1;31merror\x1b[0m: ".to_owned(),
        (true, "warning") => "\x1b[1;33mwarning\x1b[0m: ".to_owned(),
        _ => format!("{kind}: "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_the_terminal() {
        assert_eq!(safe("ok\x1b[2J\u{9b}1m\u{202e}ñ\n"), "ok\\x1b[2J\\xc2\\x9b1m\\xe2\\x80\\xaeñ\\x0a");
        assert_eq!(safe_json("\"\u{7f}\u{202e}ñ\""), "\"\\u007f\\u202eñ\"");
    }
}
