//! Mail to RFC 5322 and MIME, streamed: nothing of an attachment is held but one buffer.
//!
//! [`Composer`] makes a message of a [`Mail`]; [`Finished`] takes a message that somebody else made. Both choose
//! nothing until the server's extensions are known ([`Offer`]), then tell the session what comes ([`Shape`]), and
//! then hand the content out in pieces.

mod address;
mod base64;
mod check;
mod composer;
mod dkim;
mod encoding;
mod field;
mod file_name;
mod finished;
mod finished_header;
mod finished_signed;
mod header;
mod ids;
mod mail;
mod media_type;
mod moment;
mod normal;
mod parts;
mod quoted;
mod shape;
mod signed;
mod words;
mod writer;

#[cfg(test)]
mod tests;

pub use composer::Composer;
pub use dkim::{Algorithm, Identity, Signer};
pub use finished::Finished;
pub use mail::{Attachment, Checked, Content, Disposition, Mail, Mailbox, Source};
pub use moment::Moment;
pub use shape::{Body, Offer, Shape};

/// RFC 5322 §2.1.1: bytes of a line without its CRLF.
const MAX_LINE: usize = 998;
