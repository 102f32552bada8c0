//! Fields 3 and 4: the slot of an instance, and the number that is its alone.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::LogFiles;
use super::line::Who;

/// The process IDs of one instance, from its beginning to its end.
#[derive(Debug)]
pub struct Identity {
    slots: Arc<Mutex<Slots>>,
    who: Who,
    /// Of the lines that waited and were lost, what this instance was told.
    losses: AtomicU64,
}

impl Identity {
    /// The lowest free slot, and a number that was never given out while this host lives. Dropping it frees the slot.
    pub fn new(logs: &LogFiles) -> Self {
        let slots = logs.slots();
        let who = slots.lock().unwrap_or_else(PoisonError::into_inner).take();
        Self { slots, who, losses: AtomicU64::new(logs.losses()) }
    }

    /// Field 3, from 1; reused when the instance is gone.
    pub fn slot(&self) -> u32 {
        self.who.slot
    }

    /// Field 4; never reused.
    pub fn unique(&self) -> u64 {
        self.who.unique
    }

    /// True where this is news.
    pub(super) fn hears_of(&self, losses: u64) -> bool {
        self.losses.swap(losses, Ordering::Relaxed) != losses
    }

    pub(super) fn who(&self) -> Who {
        self.who
    }
}

impl Drop for Identity {
    fn drop(&mut self) {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).free.insert(self.who.slot);
    }
}

/// Which process IDs are taken.
#[derive(Debug)]
pub(super) struct Slots {
    /// Below `highest` and free again.
    free: BTreeSet<u32>,
    highest: u32,
    next_unique: u64,
}

impl Slots {
    /// All free; `unique` is the first number of field 4.
    pub fn from(unique: u64) -> Slots {
        Slots { free: BTreeSet::new(), highest: 0, next_unique: unique }
    }

    fn take(&mut self) -> Who {
        let slot = self.free.pop_first().unwrap_or_else(|| {
            self.highest = self.highest.saturating_add(1);
            self.highest
        });
        let unique = self.next_unique;
        self.next_unique += 1;
        Who { slot, unique }
    }
}
