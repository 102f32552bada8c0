//! What a file that somebody else wrote ends with: the last counter, the last stamp, a torn line.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use super::stamp::Stamp;

/// The first look is this many bytes long; each further one eight times as many.
const FIRST_LOOK: u64 = 4096;
/// No line of ours is longer than half of this (`extended::LONGEST_STATEMENT`), so the last one is always found.
pub(super) const FARTHEST_LOOK: u64 = 16 << 20;

/// How a file ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tail {
    /// The counter of the last line; 0 where there is none.
    pub(super) counter: u64,
    pub(super) stamp: Option<Stamp>,
    /// The last line has no LF: its writer died, or the disk was full.
    pub(super) torn: bool,
}

/// Reads backwards until a line of a log is found.
pub(super) fn read(mut file: &File, length: u64) -> io::Result<Tail> {
    let mut look = FIRST_LOOK;
    loop {
        let from = length.saturating_sub(look);
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(from))?;
        file.take(length - from).read_to_end(&mut bytes)?;
        let whole = from == 0;
        if let Some(tail) = Tail::of(&bytes, whole) {
            return Ok(tail);
        }
        if whole || look >= FARTHEST_LOOK {
            let torn = bytes.last().is_some_and(|&last| last != b'\n');
            return Ok(Tail { counter: u64::from(torn), stamp: None, torn });
        }
        look *= 8;
    }
}

impl Tail {
    /// `None` where no line of a log is among these bytes. `whole`: they begin where a line begins.
    fn of(bytes: &[u8], whole: bool) -> Option<Self> {
        let torn = bytes.last().is_some_and(|&last| last != b'\n');
        let complete = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        let mut lines = bytes[..complete].split_inclusive(|&byte| byte == b'\n');
        let mut found = None;
        while let Some(line) = lines.next_back() {
            if lines.clone().next().is_none() && !whole {
                break;
            }
            found = head(line);
            if found.is_some() {
                break;
            }
        }
        let (counter, stamp) = found?;
        if !torn {
            return Some(Self { counter, stamp: Some(stamp), torn });
        }
        // The torn line had its number, whether or not enough of it is left to read that; the next must not repeat it.
        let stamp = head(&bytes[complete..]).map_or(stamp, |(_, stamp)| stamp);
        Some(Self { counter: counter.saturating_add(1), stamp: Some(stamp), torn })
    }
}

/// Counter and stamp of a line.
fn head(line: &[u8]) -> Option<(u64, Stamp)> {
    let mut fields = line.splitn(3, |&byte| byte == b' ');
    let (counter, stamp, _) = (fields.next()?, fields.next()?, fields.next()?);
    if counter.is_empty() || counter.len() > 19 || !counter.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some((std::str::from_utf8(counter).ok()?.parse().ok()?, Stamp::parse(stamp)?))
}
