//! How a person calls a character.

/// `a line end`, `'x'`.
pub fn name(c: char) -> String {
    match c {
        '\r' | '\n' => "a line end".to_owned(),
        '\t' => "a tab".to_owned(),
        '\0' => "a NUL".to_owned(),
        c if c.is_control() => format!("the control character U+{:04X}", u32::from(c)),
        c if c.is_whitespace() => "a blank".to_owned(),
        c => format!("'{c}'"),
    }
}
