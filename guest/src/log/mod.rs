//! The conversation log: what happened, as statements that a person reads.
//!
//! [`Transcript`] takes what both sides say and what happens, masks every secret it has learned, escapes what could
//! forge a line, and gives the statements of the regular and of the extended log. Numbers and times are the host's.

mod backlog;
mod catalogue;
mod content;
pub(crate) mod escape;
mod held;
mod language;
mod logs;
mod mask;
mod note;
mod sentence;
mod statement;
mod transcript;

pub use language::Language;
pub use note::{Certificate, Check, Failure, Note, Omitted, TlsFacts, TlsFailure};
pub use transcript::Transcript;
