//! One line, from its five fields to bytes.

use std::io::Write;

/// Who a line is about: fields 3 and 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Who {
    pub(super) slot: u32,
    pub(super) unique: u64,
}

/// A line that is to be written: all of it but its counter, which the file decides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub(super) who: Who,
    /// In the digits of this log's stamps.
    pub(super) stamp: i64,
    pub(super) statement: &'a str,
}

/// Appends `counter date slot unique statement\n`. A statement is the guest's word, so what could forge a line or
/// move a reader's terminal is escaped here, and one of more than `at_most` bytes is cut.
pub(super) fn push(into: &mut Vec<u8>, counter: u64, stamp: &[u8], who: Who, statement: &str, at_most: usize) {
    // Writing into a Vec can't fail.
    let _ = write!(into, "{counter} ");
    into.extend_from_slice(stamp);
    let _ = write!(into, " {} {} ", who.slot, who.unique);
    push_statement(into, statement, at_most);
    into.push(b'\n');
}

fn push_statement(into: &mut Vec<u8>, statement: &str, at_most: usize) {
    if statement.len() <= at_most && is_safe(statement.as_bytes()) {
        into.extend_from_slice(statement.as_bytes());
        return;
    }
    let end = into.len() + at_most;
    for (at, character) in statement.char_indices() {
        let before = into.len();
        let mut bytes = [0; 4];
        let bytes = character.encode_utf8(&mut bytes).as_bytes();
        if character.is_control() {
            for byte in bytes {
                let _ = write!(into, "\\x{byte:02x}");
            }
        } else {
            into.extend_from_slice(bytes);
        }
        if into.len() > end {
            into.truncate(before);
            let _ = write!(into, "… (+{} bytes)", statement.len() - at);
            // The mark of the cut stands inside the quotes, as the guest's own does.
            if statement.ends_with('"') {
                into.push(b'"');
            }
            return;
        }
    }
}

/// No control character: below 0x20, 0x7f, and C1, which UTF-8 writes as 0xc2 0x80 to 0xc2 0x9f.
fn is_safe(text: &[u8]) -> bool {
    let mut before = 0;
    for &byte in text {
        if byte < 0x20 || byte == 0x7f || (before == 0xc2 && byte < 0xa0) {
            return false;
        }
        before = byte;
    }
    true
}
