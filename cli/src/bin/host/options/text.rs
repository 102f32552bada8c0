//! Values that are text: what can't stand in one line, and texts that lie in files.

use std::io::Read;
use std::path::Path;

pub use smtp_cli::mailbox::character::name;

use crate::exit::Failure;

/// Refuses control characters: they would end the line that the text is to stand in.
pub fn one_line(option: &str, text: &str) -> Result<(), Failure> {
    match text.char_indices().find(|(_, c)| c.is_control()) {
        None => Ok(()),
        Some((at, c)) => Err(Failure::data(format!("{option}: {} can't stand here", name(c))).at(text, at)),
    }
}

/// A text as an option gives it: itself, `@FILE`, or `-` for standard input.
pub fn read(option: &str, value: &str) -> Result<String, Failure> {
    let (path, bytes) = match (value, value.strip_prefix('@')) {
        ("-", _) => {
            let path = Path::new("standard input");
            let mut bytes = Vec::new();
            std::io::stdin().lock().read_to_end(&mut bytes).map_err(|error| Failure::unreadable(path, &error))?;
            (path, bytes)
        }
        (_, Some(file)) => {
            let path = Path::new(file);
            (path, std::fs::read(path).map_err(|error| Failure::unreadable(path, &error))?)
        }
        _ => return Ok(value.to_owned()),
    };
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::data(format!("{option}: '{}' is not UTF-8 text from byte {at} on", path.display()))
    })
}
