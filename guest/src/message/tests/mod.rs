//! Whole messages.

mod finished;
mod golden;
mod read_back;
mod refused;
mod sample;
mod streams;

use super::{Attachment, Composer, Content, Mail, Mailbox, Moment, Offer, Shape, Source};

pub(super) const NOTHING: Offer = Offer { eight_bit: false, binary: false, utf8: false };
pub(super) const EIGHT_BIT: Offer = Offer { eight_bit: true, binary: false, utf8: false };
pub(super) const ALL: Offer = Offer { eight_bit: true, binary: true, utf8: true };

/// 2026-02-06T14:03:11Z on a clock one hour ahead.
pub(super) const MOMENT: Moment = Moment { unix_ms: 1_770_386_591_000, offset_minutes: 60 };
pub(super) const ENTROPY: [u8; 16] = *b"0123456789abcdef";

pub(super) fn simple() -> Mail {
    Mail {
        from: vec![Mailbox::named("Ann", "ann@example.com")],
        to: vec![Mailbox::new("bob@example.org")],
        subject: Some("Hello".into()),
        text_body: Some("Hi Bob\n".into()),
        ..Mail::default()
    }
}

/// The whole message and its shape, the size compared.
pub(super) fn composed(mail: Mail, offer: Offer) -> (Vec<u8>, Shape) {
    let mut composer = Composer::new(mail.checked().unwrap(), ENTROPY, MOMENT).unwrap();
    let shape = composer.prepare(offer).unwrap();
    let bytes = drained(&mut composer, 64 * 1024).unwrap();
    if let Some(size) = shape.size {
        assert_eq!(size, bytes.len() as u64, "{}", String::from_utf8_lossy(&bytes));
    }
    (bytes, shape)
}

pub(super) fn drained(composer: &mut Composer, at_most: usize) -> Result<Vec<u8>, String> {
    let mut all = Vec::new();
    loop {
        let start = all.len();
        let last = composer.read(&mut all, at_most)?;
        assert!(all.len() - start <= at_most);
        if last {
            return Ok(all);
        }
        assert!(all.len() > start, "no progress");
    }
}

/// A stream that gives at most `step` bytes at a time.
pub(super) struct Slow {
    pub bytes: Vec<u8>,
    pub at: usize,
    pub step: usize,
}

impl Source for Slow {
    fn read(&mut self, into: &mut Vec<u8>, at_most: usize) -> Result<usize, String> {
        let end = self.bytes.len().min(self.at + at_most.min(self.step));
        into.extend_from_slice(&self.bytes[self.at..end]);
        let count = end - self.at;
        self.at = end;
        Ok(count)
    }
}

pub(super) fn stream(name: &str, bytes: &[u8], size: Option<u64>) -> Attachment {
    let source = Slow { bytes: bytes.to_vec(), at: 0, step: 1000 };
    Attachment { size, ..Attachment::new(name, Content::Stream(Box::new(source))) }
}
