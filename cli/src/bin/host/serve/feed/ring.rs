//! The newest events, numbered; whoever is too slow finds that what he wants is gone.

use std::collections::VecDeque;
use std::sync::Arc;

/// Events that are held.
const EVENTS: usize = 16_384;
/// Bytes of all of them.
const BYTES: usize = 8 << 20;

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// A line of this conversation.
    Line(u64),
    /// The summary of this conversation.
    Conversation,
    /// The state of the log.
    Log,
}

/// One event, ready to be sent.
#[derive(Clone, Debug)]
pub struct Event {
    pub number: u64,
    pub topic: Topic,
    /// JSON in one line.
    pub data: Arc<str>,
}

#[derive(Default)]
pub struct Ring {
    events: VecDeque<Event>,
    bytes: usize,
    last: u64,
}

/// The events after the one that was asked for are no longer all there.
#[derive(Debug, PartialEq, Eq)]
pub struct Gone;

impl Ring {
    pub fn push(&mut self, topic: Topic, data: String) {
        self.last += 1;
        self.bytes += data.len();
        self.events.push_back(Event { number: self.last, topic, data: data.into() });
        while self.events.len() > EVENTS || self.bytes > BYTES {
            let Some(old) = self.events.pop_front() else { break };
            self.bytes -= old.data.len();
        }
    }

    /// The number of the newest.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Up to `most` events after `number`.
    pub fn after(&self, number: u64, most: usize) -> Result<Vec<Event>, Gone> {
        let first = self.last + 1 - self.events.len() as u64;
        if number + 1 < first || number > self.last {
            return Err(Gone);
        }
        let from = usize::try_from(number + 1 - first).map_err(|_| Gone)?;
        Ok(self.events.range(from..).take(most).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounded_and_numbered() {
        let mut ring = Ring::default();
        assert_eq!(ring.after(0, 9).unwrap().len(), 0);
        for _ in 0..EVENTS + 5 {
            ring.push(Topic::Log, "{}".into());
        }
        assert_eq!(ring.after(4, 9).unwrap_err(), Gone);
        let events = ring.after(5, 9).unwrap();
        assert_eq!((events[0].number, events.len()), (6, 9));
        assert_eq!(ring.after(ring.last(), 9).unwrap().len(), 0);
        assert_eq!(ring.after(ring.last() + 1, 9).unwrap_err(), Gone);
        ring.push(Topic::Log, "x".repeat(BYTES));
        assert_eq!(ring.after(ring.last() - 1, 9).unwrap().len(), 1);
        assert_eq!(ring.after(ring.last() - 2, 9).unwrap_err(), Gone);
    }
}
