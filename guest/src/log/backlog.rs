//! What happened, as it came, until there is time to word it. A mail does not wait for its log: its lines are masked,
//! escaped and put into sentences while the server works on the mail.

use super::{Note, Omitted};

/// Bytes that wait at most; what is more is worded at once.
const MOST: usize = 8 * 1024;
/// Events that wait at most.
const MOST_EVENTS: usize = 512;
/// Larger buffers are given back: an idle transporter is small.
const KEPT: usize = 1024;
const KEPT_EVENTS: usize = 32;

/// Something that happened; a length is that of its bytes in the backlog.
pub enum Event {
    Client(usize),
    /// After a command of this length stands a secret.
    ClientSecret(usize),
    Server(usize),
    ServerEnd,
    /// Boxed, since it is far larger than the others and rare.
    Note(Box<Note>),
    Content(usize),
    ContentEnd(Vec<Omitted>),
    ContentAbandoned,
}

/// Events in their order.
#[derive(Default)]
pub struct Backlog {
    bytes: Vec<u8>,
    events: Vec<Event>,
}

impl Backlog {
    /// Whether so many bytes more may wait.
    pub fn has_room(&self, length: usize) -> bool {
        self.bytes.len() + length <= MOST && self.events.len() < MOST_EVENTS
    }

    /// Puts an event behind the others, with the bytes that it counts.
    pub fn push(&mut self, event: Event, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        self.events.push(event);
    }

    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Hands each event over with its bytes, and keeps none.
    pub fn drain(&mut self, mut take: impl FnMut(Event, &[u8])) {
        let mut rest = self.bytes.as_slice();
        for event in self.events.drain(..) {
            let length = match event {
                Event::Client(length)
                | Event::ClientSecret(length)
                | Event::Server(length)
                | Event::Content(length) => length,
                Event::ServerEnd | Event::Note(_) | Event::ContentEnd(_) | Event::ContentAbandoned => 0,
            };
            let (bytes, behind) = rest.split_at(length);
            rest = behind;
            take(event, bytes);
        }
        self.bytes.clear();
        self.bytes.shrink_to(KEPT);
        self.events.shrink_to(KEPT_EVENTS);
    }
}
