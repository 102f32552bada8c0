//! The conversation log: what happened, as statements that a person reads.

mod note;

pub use note::{Certificate, Check, Failure, Note, Omitted, TlsFacts, TlsFailure};
