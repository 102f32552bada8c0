//! What happens, as it happens: the log's lines, the conversations they belong to, and the events that tell of both.
//!
//! The log's observer puts lines in; whoever watches reads from a ring at his own pace, so nobody is waited for.

mod conversation;
mod failure;
mod index;
mod ring;

pub use conversation::{At, Conversation, Finished, Job, Kind, Outcome, Summary};
pub use index::Filter;
pub use ring::{Event, Gone, Topic};

use serde::Serialize;
use smtp_host::log_files::Appended;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::watch;

use super::log::download;
use index::Index;
use ring::Ring;

/// Conversations that are looked at under the lock at a time, so that no mail waits for a search.
const STEP: usize = 2_000;

/// The conversations and the events.
pub struct Feed {
    inner: Mutex<Inner>,
    changed: watch::Sender<u64>,
    /// Sets this run's events apart from those of another run.
    pub run: String,
}

struct Inner {
    ring: Ring,
    index: Index,
    /// By field 4: what each transporter is at, or was last.
    current: HashMap<u64, Current>,
    lines: u64,
}

struct Current {
    job: Job,
    begun: Instant,
    conversation: Option<u64>,
    over: bool,
}

/// A page of the list.
pub struct Page {
    pub list: Vec<Conversation>,
    /// Where the next page begins.
    pub next: Option<u64>,
    /// Older ones that made room.
    pub dropped: u64,
    /// All that the list holds.
    pub held: usize,
}

/// A line as an event.
#[derive(Serialize)]
struct Line<'a> {
    conversation: u64,
    file: u32,
    at: u64,
    line: &'a str,
}

impl Feed {
    pub fn new(run: String, most: usize) -> Feed {
        let inner = Inner { ring: Ring::default(), index: Index::new(most), current: HashMap::new(), lines: 0 };
        Feed { inner: Mutex::new(inner), changed: watch::Sender::new(0), run }
    }

    /// What a transporter does from now on.
    pub fn begin(&self, process: u64, job: Job) {
        self.lock().current.insert(process, Current { job, begun: Instant::now(), conversation: None, over: false });
    }

    /// It is done. Lines that follow (a goodbye) still belong to it.
    pub fn finish(&self, process: u64, result: &Finished<'_>) -> Option<u64> {
        let mut inner = self.lock();
        let current = inner.current.get_mut(&process)?;
        current.over = true;
        let id = current.conversation;
        let conversation = inner.index.get_mut(id?)?;
        conversation.finish(result);
        let data = json(&conversation.summary());
        inner.ring.push(Topic::Conversation, data);
        self.tell(&inner);
        id
    }

    /// The transporter is gone.
    pub fn forget(&self, process: u64) {
        self.lock().current.remove(&process);
    }

    /// The log's observer. It runs while the log is locked.
    pub fn appended(&self, appended: Appended<'_>) {
        let name = appended.path.file_name().and_then(|name| name.to_str());
        let file = name.and_then(download::number).unwrap_or(0);
        let mut inner = self.lock();
        let mut at = appended.at;
        for bytes in appended.lines.split_inclusive(|byte| *byte == b'\n') {
            let line = String::from_utf8_lossy(bytes);
            inner.line(line.trim_end_matches('\n'), At { file, byte: at }, bytes.len() as u64);
            at += bytes.len() as u64;
        }
        self.tell(&inner);
    }

    /// The state of the log has changed.
    pub fn log_changed(&self, status: &super::log::Status) {
        let mut inner = self.lock();
        inner.ring.push(Topic::Log, json(status));
        self.tell(&inner);
    }

    /// A page of the list, the newest first.
    pub fn page(&self, filter: &Filter, before: u64, room: usize) -> Page {
        let mut list = Vec::new();
        let mut from = Some(before);
        while let Some(before) = from.filter(|_| list.len() < room) {
            let (found, next) = self.lock().index.look(filter, before, STEP, room - list.len());
            list.extend(found);
            from = next;
        }
        let inner = self.lock();
        Page { list, next: from, dropped: inner.index.dropped(), held: inner.index.len() }
    }

    pub fn conversation(&self, id: u64) -> Option<Conversation> {
        self.lock().index.get(id).cloned()
    }

    /// Events after `number`.
    pub fn after(&self, number: u64, most: usize) -> Result<Vec<Event>, Gone> {
        self.lock().ring.after(number, most)
    }

    /// The number of the newest event.
    pub fn last(&self) -> u64 {
        self.lock().ring.last()
    }

    /// Lines seen.
    pub fn lines(&self) -> u64 {
        self.lock().lines
    }

    /// Changes with every event.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    fn tell(&self, inner: &Inner) {
        self.changed.send_replace(inner.ring.last());
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn line(&mut self, line: &str, at: At, length: u64) {
        self.lines += 1;
        let mut fields = line.splitn(5, ' ');
        let (Some(stamp), Some(process)) = (fields.nth(1), fields.nth(1).and_then(|field| field.parse::<u64>().ok()))
        else {
            return;
        };
        let Some(current) = self.current.get_mut(&process) else { return };
        let id = match current.conversation {
            Some(id) => id,
            // The log was switched on between two mails: a goodbye alone is no conversation.
            None if current.over => return,
            None => {
                let id = self.index.next();
                let conversation = current.job.begin(id, process, stamp, at, current.begun);
                current.conversation = Some(id);
                self.ring.push(Topic::Conversation, json(&conversation.summary()));
                self.index.push(conversation);
                id
            }
        };
        if let Some(conversation) = self.index.get_mut(id) {
            conversation.lines = conversation.lines.saturating_add(1);
            conversation.end = At { file: at.file, byte: at.byte + length };
        }
        self.ring.push(Topic::Line(id), json(&Line { conversation: id, file: at.file, at: at.byte, line }));
    }
}

fn json(value: &impl Serialize) -> String {
    // Strings, numbers and enums only: that can't fail.
    serde_json::to_string(value).unwrap_or_default()
}
