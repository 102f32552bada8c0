//! A transporter of the pool, lent to one caller.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;

use super::Inner;
use crate::Transporter;

/// A transporter that comes back to its pool when this is dropped.
pub struct Lease {
    inner: Arc<Inner>,
    /// None only while it is being dropped.
    transporter: Option<Transporter>,
    mails: usize,
    _permit: OwnedSemaphorePermit,
}

impl Lease {
    pub(super) fn new(
        inner: Arc<Inner>,
        transporter: Transporter,
        mails: usize,
        permit: OwnedSemaphorePermit,
    ) -> Lease {
        Lease { inner, transporter: Some(transporter), mails: mails + 1, _permit: permit }
    }
}

impl Deref for Lease {
    type Target = Transporter;

    fn deref(&self) -> &Transporter {
        self.transporter.as_ref().expect("a lease has its transporter until it is dropped")
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut Transporter {
        self.transporter.as_mut().expect("a lease has its transporter until it is dropped")
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(transporter) = self.transporter.take() {
            self.inner.put_back(transporter, self.mails);
        }
    }
}
