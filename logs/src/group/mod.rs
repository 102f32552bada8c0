//! Lines of many processes in a mixture, sorted into conversations.

mod command;
mod content;
mod counts;
mod decide;
mod events;
mod open;
mod outgoing;
mod replies;
mod stamps;

pub(crate) use content::{ELLIPSIS, SHORTEST_PIECE, cut};

use crate::conversation::{Conversation, Ending, LineRef, Process};
use crate::event::Event;
use crate::line::{Line, Statement};
use crate::reader::Item;
use counts::Counts;
use foldhash::fast::RandomState;
use open::{Fate, Open};
use stamps::Stamps;
use std::collections::HashMap;

/// Whether the client says BDAT.
pub(crate) fn is_bdat(text: &[u8]) -> bool {
    command::bdat(text).is_some()
}

/// What a [`Grouper`] may keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Conversations that are open at once. Beyond it, those that were silent for longest are set aside.
    pub open: usize,
    /// Bytes of what is kept of them, in about.
    pub bytes: usize,
}

impl Default for Limits {
    /// 16,384 conversations, 48 MiB.
    fn default() -> Limits {
        Limits { open: 16 << 10, bytes: 48 << 20 }
    }
}

/// Sorts lines into conversations by fields 3 and 4, and gives out each when it is over.
pub struct Grouper {
    limits: Limits,
    keeps_steps: bool,
    file: u32,
    stamps: Stamps,
    places: HashMap<Process, usize, RandomState>,
    open: Vec<Option<Box<Open>>>,
    free: Vec<usize>,
    weight: usize,
    begun: u64,
    /// Lines missing where no conversation was open.
    lost: HashMap<Process, u64, RandomState>,
    /// The place of the last line's conversation.
    recent: Option<(Process, usize)>,
    counts: Counts,
}

impl Default for Grouper {
    fn default() -> Grouper {
        Grouper::new()
    }
}

impl Grouper {
    /// With the default limits.
    pub fn new() -> Grouper {
        Grouper::with_limits(Limits::default())
    }

    /// With other limits.
    pub fn with_limits(limits: Limits) -> Grouper {
        Grouper {
            limits,
            keeps_steps: false,
            file: 0,
            stamps: Stamps::default(),
            places: HashMap::default(),
            open: Vec::new(),
            free: Vec::new(),
            weight: 0,
            begun: 0,
            lost: HashMap::default(),
            recent: None,
            counts: Counts::default(),
        }
    }

    /// Keeps the [`steps`](Conversation::steps) of each conversation, too.
    #[must_use]
    pub fn keep_steps(mut self) -> Grouper {
        self.keeps_steps = true;
        self
    }

    /// The next items are those of another file, of this number; conversations may go on in it.
    pub fn file(&mut self, file: u32) {
        self.settle();
        self.file = file;
    }

    /// How many conversations have begun.
    pub fn begun(&self) -> u64 {
        self.begun
    }

    /// The number of the conversation that the last item belonged to, or would go on: see
    /// [`Conversation::number`]. `None` where the process has none open.
    pub fn number(&self, process: Process) -> Option<u64> {
        let place = *self.places.get(&process)?;
        self.open[place].as_ref().map(|open| open.conversation.number)
    }

    /// The next item of the file. Returns the number of the conversation that it belongs to.
    #[inline]
    pub fn item(&mut self, item: &Item<'_>, mut done: impl FnMut(Conversation)) -> Option<u64> {
        let line = item.entry.line()?;
        let at = LineRef {
            file: self.file,
            number: item.number,
            counter: line.counter,
            start: item.bytes.start,
            end: item.bytes.end,
            stamp: self.stamps.read(line.stamp),
        };
        // The quick way: nearly all of a long log is content.
        if let Some(number) = self.counts.count(line, item.missing, at) {
            return Some(number);
        }
        self.other(line, item, at, &mut done)
    }

    /// The input is over: gives out what is still open, in the order in which it began.
    pub fn end(mut self, mut done: impl FnMut(Conversation)) {
        self.settle();
        let mut rest: Vec<_> = self.open.drain(..).flatten().collect();
        rest.sort_by_key(|open| open.conversation.number);
        for open in rest {
            done(open.finish(Ending::LogEnds));
        }
    }

    fn place(&mut self, process: Process) -> Option<usize> {
        match self.recent {
            Some((recent, place)) if recent == process => Some(place),
            _ => {
                let place = *self.places.get(&process)?;
                self.recent = Some((process, place));
                Some(place)
            }
        }
    }

    /// A line that is more than one of many.
    #[inline(never)]
    fn other(
        &mut self,
        line: &Line<'_>,
        item: &Item<'_>,
        at: LineRef,
        done: &mut impl FnMut(Conversation),
    ) -> Option<u64> {
        let mut place = self.place(line.process).unwrap_or(usize::MAX);
        if let Some(Some(open)) = self.open.get_mut(place) {
            self.counts.settle(line.process, open.passing.as_mut());
            let number = open.conversation.number;
            if open.is_more_content(line, item.missing, at) {
                if let Some(passing) = open.passing.as_ref().filter(|passing| passing.is_plain()) {
                    self.counts.put(line.process, number, passing, at);
                }
                return Some(number);
            }
        }
        let event = match line.statement {
            Statement::Event(sentence) => Some(Event::recognise(&String::from_utf8_lossy(sentence))),
            _ => None,
        };
        if place == usize::MAX
            && let Some(Event::LinesLost { lines, .. }) = event
        {
            if self.lost.len() < self.limits.open {
                let lost = self.lost.entry(line.process).or_default();
                *lost = lost.saturating_add(lines);
            }
            return None;
        }
        if place != usize::MAX
            && let Some(open) = &self.open[place]
            && event.as_ref().is_some_and(|event| open.is_overtaken_by(event))
        {
            self.close(place, Ending::Overtaken, done);
            place = usize::MAX;
        }
        if place == usize::MAX {
            place = self.begin(line.process, at, done);
        }
        if self.open[place].as_ref().is_some_and(|open| open.is_full_before(line)) {
            self.split(place, done);
        }
        let open = self.open[place].as_mut()?;
        let before = open.weight();
        open.conversation.damaged |= item.entry.is_damaged();
        let fate = open.line(line, event, item.missing, at);
        let (number, after) = (open.conversation.number, open.weight());
        self.weight = self.weight.saturating_sub(before) + after;
        match fate {
            Fate::Open => {}
            Fate::Over => self.close(place, Ending::Closed, done),
        }
        if self.weight > self.limits.bytes {
            self.set_aside(done);
        }
        Some(number)
    }

    fn begin(&mut self, process: Process, at: LineRef, done: &mut impl FnMut(Conversation)) -> usize {
        if self.places.len() >= self.limits.open.max(1) {
            self.set_aside(done);
        }
        self.begun += 1;
        let mut open = Open::new(self.begun, process, at, self.keeps_steps);
        open.conversation.lines_lost = self.lost.remove(&process).unwrap_or(0);
        self.weight += open.weight();
        let open = Some(Box::new(open));
        let place = match self.free.pop() {
            Some(place) => {
                self.open[place] = open;
                place
            }
            None => {
                self.open.push(open);
                self.open.len() - 1
            }
        };
        self.places.insert(process, place);
        self.recent = Some((process, place));
        place
    }

    fn close(&mut self, place: usize, ending: Ending, done: &mut impl FnMut(Conversation)) {
        if let Some(open) = self.open[place].take() {
            self.weight = self.weight.saturating_sub(open.weight());
            self.places.remove(&open.conversation.process);
            self.free.push(place);
            self.recent = None;
            done(open.finish(ending));
        }
    }

    /// Gives out what there is of a long conversation, and goes on with it.
    fn split(&mut self, place: usize, done: &mut impl FnMut(Conversation)) {
        if let Some(open) = self.open[place].take() {
            self.weight = self.weight.saturating_sub(open.weight());
            let (told, rest) = open.split();
            self.weight += rest.weight();
            self.open[place] = Some(Box::new(rest));
            done(told);
        }
    }

    /// Every conversation has what was counted of its content.
    fn settle(&mut self) {
        for process in self.counts.processes() {
            let place = self.places.get(&process).copied().unwrap_or(usize::MAX);
            let open = self.open.get_mut(place).and_then(Option::as_mut);
            self.counts.settle(process, open.and_then(|open| open.passing.as_mut()));
        }
    }

    /// Gives up the quarter that was silent for longest.
    fn set_aside(&mut self, done: &mut impl FnMut(Conversation)) {
        self.settle();
        let silent = |open: &Option<Box<Open>>| open.as_ref().map(|open| open.last());
        let mut places: Vec<_> = (0..self.open.len()).filter(|place| self.open[*place].is_some()).collect();
        places.sort_by_key(|place| silent(&self.open[*place]).map(|last| (last.file, last.number)));
        let count = (places.len() / 4).max(1);
        for place in places.into_iter().take(count) {
            self.close(place, Ending::SetAside, done);
        }
    }
}

#[cfg(test)]
mod tests;
