//! What a pool did, in numbers: nothing of a mail, of a server or of a secret is in them.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crate::types::{Delivery, Receipt, SendError};

/// A pool at one moment. Counts go up from its making on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metrics {
    /// Mails that the server took.
    pub accepted: u64,
    /// Mails that it did not take.
    pub not_accepted: u64,
    /// Mails of which nobody knows.
    pub unknown: u64,
    /// Bytes of content of the mails that were taken.
    pub bytes: u64,
    /// Transporters made.
    pub made: u64,
    /// Transporters lent out now.
    pub in_use: usize,
    /// Transporters that wait for work now, most of them with an open connection.
    pub idle: usize,
    /// Callers that wait for a transporter or for the pace now.
    pub waiting: usize,
}

#[derive(Default)]
pub(super) struct Counters {
    accepted: AtomicU64,
    not_accepted: AtomicU64,
    unknown: AtomicU64,
    bytes: AtomicU64,
    pub(super) made: AtomicU64,
    waiting: AtomicUsize,
}

/// One who waits, until this is dropped.
pub(super) struct Waiting<'a>(&'a AtomicUsize);

impl Counters {
    pub(super) fn wait(&self) -> Waiting<'_> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        Waiting(&self.waiting)
    }

    pub(super) fn ended(&self, result: &Result<Receipt, SendError>) {
        let delivery = match result {
            Ok(receipt) => {
                self.bytes.fetch_add(receipt.bytes, Ordering::Relaxed);
                Delivery::Accepted
            }
            Err(error) => error.delivery,
        };
        let counter = match delivery {
            Delivery::Accepted => &self.accepted,
            Delivery::NotAccepted => &self.not_accepted,
            Delivery::Unknown => &self.unknown,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn snapshot(&self, idle: usize, in_use: usize) -> Metrics {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Metrics {
            accepted: count(&self.accepted),
            not_accepted: count(&self.not_accepted),
            unknown: count(&self.unknown),
            bytes: count(&self.bytes),
            made: count(&self.made),
            in_use,
            idle,
            waiting: self.waiting.load(Ordering::Relaxed),
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
