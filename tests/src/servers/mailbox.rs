//! What a server received, byte for byte.

use super::fixture::{FIRST, lines};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// Waits until the folder has a file with this text in it, and returns it.
#[track_caller]
pub fn arrived(folder: &Path, text: &str) -> Vec<u8> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(20) {
        if let Some(found) = find(folder, text) {
            return found;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("nothing with {text} arrived in {}", folder.display());
}

/// The files of a folder, as they are now.
pub fn files(folder: &Path) -> Vec<Vec<u8>> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.flatten().filter_map(|entry| fs::read(entry.path()).ok()).collect()
}

fn find(folder: &Path, text: &str) -> Option<Vec<u8>> {
    let mut found =
        files(folder).into_iter().find(|file| file.windows(text.len()).any(|part| part == text.as_bytes()))?;
    // smtp-sink puts an empty line behind a mail, as in an mbox.
    if found.starts_with(b"X-Client-Addr: ") && found.ends_with(b"\n\n") {
        found.pop();
    }
    Some(found)
}

/// The stored mail is the message under the server's trace; servers keep lines with LF or CRLF.
#[track_caller]
pub fn assert_same(stored: &[u8], message: &[u8]) {
    let stored = lines(stored);
    let start = stored.iter().position(|line| *line == FIRST.as_bytes()).expect("the sender's first line");
    for (number, pair) in stored[start..].iter().zip(lines(message)).enumerate() {
        let (stored, sent) = (String::from_utf8_lossy(pair.0), String::from_utf8_lossy(pair.1));
        assert!(*pair.0 == pair.1, "line {number} was changed:\nsent   {sent:?}\nstored {stored:?}");
    }
    assert_eq!(stored.len() - start, lines(message).len(), "lines were lost or added");
}
