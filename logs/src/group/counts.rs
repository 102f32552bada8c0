//! Lines of content, counted: nearly all of a long log is content. With thousands of conversations open at once, what is
//! kept of them is too much for the processor's near memory, so that each line would wait for the far one. Here a line
//! touches one slot of 64 bytes; what was counted goes to its conversation when that is needed.

use super::content::{Passing, SHORTEST_PIECE, Way};
use crate::Stamp;
use crate::conversation::{LineRef, Process};
use crate::line::{Line, Statement};
use crate::quoted::unescaped_length;

/// As many conversations as a [`Grouper`](super::Grouper) has open by default; 1 MiB.
const SLOTS: usize = 16 << 10;
/// Bytes of a mail that has no announced end.
const ENDLESS: u64 = 1 << 63;

/// What was counted of one conversation's content since its own memory was last touched.
#[derive(Clone, Copy, Default)]
#[repr(align(64))]
struct Slot {
    process: Process,
    /// Bytes until the announced end.
    left: u64,
    /// The last line.
    number: u64,
    counter: u64,
    start: u64,
    /// Its stamp, as [`packed`].
    stamp: i64,
    /// The conversation's number; 0 where the slot is free.
    conversation: u32,
    /// Bytes of the last line.
    length: u16,
    lines: u16,
}

/// Finds a slot by field 4. Of two conversations with the same one, the second does without.
#[derive(Default)]
pub(super) struct Counts {
    /// Empty until it is needed.
    slots: Vec<Slot>,
    file: u32,
}

impl Counts {
    /// Counts the line, if it is content that needs no second look: its conversation's number.
    #[inline(always)]
    pub fn count(&mut self, line: &Line<'_>, missing: u64, at: LineRef) -> Option<u64> {
        let Statement::Client(text) = line.statement else { return None };
        let slot = self.slots.get_mut(place(line.process))?;
        let is_chunk = slot.left < ENDLESS / 2;
        let is_special = match text.first() {
            Some(b'.') => !is_chunk,
            Some(b'B') => is_chunk && text.starts_with(b"BDAT "),
            _ => false,
        };
        let length =
            if memchr::memchr(b'\\', text).is_none() { text.len() as u64 + 2 } else { escaped(text, is_chunk) };
        if slot.process != line.process
            || slot.conversation == 0
            || is_special
            || text.len() >= SHORTEST_PIECE
            || missing > 0
            || length > slot.left
            || slot.lines == u16::MAX
        {
            return None;
        }
        slot.left -= length;
        slot.lines += 1;
        slot.number = at.number;
        slot.counter = at.counter;
        slot.start = at.start;
        // A statement shorter than a piece makes no line longer than this holds.
        slot.length = (at.end - at.start) as u16;
        slot.stamp = packed(at.stamp);
        Some(u64::from(slot.conversation))
    }

    /// From now on the lines of this content are counted here, if there is room.
    pub fn put(&mut self, process: Process, conversation: u64, passing: &Passing, last: LineRef) {
        let (Ok(conversation), Ok(length)) = (conversation.try_into(), (last.end - last.start).try_into()) else {
            return;
        };
        if self.slots.is_empty() {
            self.slots.resize(SLOTS, Slot::default());
        }
        let slot = &mut self.slots[place(process)];
        if slot.conversation == 0 {
            let LineRef { file, number, counter, start, stamp, .. } = last;
            self.file = file;
            let left = match passing.way {
                Way::Lines => ENDLESS,
                // A mail of half of all bytes that there are is endless, too.
                Way::Chunks { announced, .. } => announced.saturating_sub(passing.size).min(ENDLESS / 2 - 1),
            };
            let stamp = packed(stamp);
            *slot = Slot { process, left, number, counter, start, stamp, conversation, length, lines: 0 };
        }
    }

    /// What was counted of the content goes into `passing`, and the slot is free.
    #[inline]
    pub fn settle(&mut self, process: Process, passing: Option<&mut Passing>) {
        if let Some(slot) = self.slots.get_mut(place(process))
            && slot.conversation != 0
            && slot.process == process
        {
            let slot = std::mem::take(slot);
            if let Some(passing) = passing.filter(|_| slot.lines > 0) {
                slot.add_to(passing, self.file);
            }
        }
    }

    /// Whose content is counted here.
    pub fn processes(&self) -> Vec<Process> {
        self.slots.iter().filter(|slot| slot.conversation != 0).map(|slot| slot.process).collect()
    }
}

impl Slot {
    fn add_to(&self, passing: &mut Passing, file: u32) {
        let size = match passing.way {
            Way::Lines => passing.size.saturating_add(ENDLESS - self.left),
            Way::Chunks { announced, .. } => announced.saturating_sub(self.left),
        };
        let end = self.start + u64::from(self.length);
        let (number, counter, start, stamp) = (self.number, self.counter, self.start, unpacked(self.stamp));
        passing.size = size;
        passing.lines += u64::from(self.lines);
        passing.last = Some(LineRef { file, number, counter, start, end, stamp });
    }
}

#[inline(always)]
fn place(process: Process) -> usize {
    process.unique as usize % SLOTS
}

/// The length of a line with a backslash in it. A line of a chunk that ended with LF alone has it, escaped.
#[cold]
fn escaped(text: &[u8], is_chunk: bool) -> u64 {
    let end = if is_chunk && text.ends_with(br"\x0a") { 0 } else { 2 };
    unescaped_length(text) + end
}

#[inline(always)]
fn packed(stamp: Option<Stamp>) -> i64 {
    stamp.map_or(i64::MIN, |stamp| stamp.ms << 1 | i64::from(stamp.utc))
}

fn unpacked(stamp: i64) -> Option<Stamp> {
    (stamp != i64::MIN).then_some(Stamp { ms: stamp >> 1, utc: stamp & 1 == 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_one_touch_of_memory() {
        assert_eq!(size_of::<Slot>(), 64);
    }

    #[test]
    fn stamps_there_and_back() {
        for text in ["2019-02-06T15:03:11.586", "2019-02-06T15:03:11.586Z", "0001-01-01T00:00:00.000", "none"] {
            let stamp = Stamp::parse(text.as_bytes());
            assert_eq!(unpacked(packed(stamp)), stamp, "{text}");
        }
    }
}
