//! What a message needs of the server, and what the server has.

pub use crate::session::{Body, Shape};

/// The extensions that decide how content is encoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// 8BITMIME, RFC 6152.
    pub eight_bit: bool,
    /// BINARYMIME together with CHUNKING, RFC 3030, and BDAT will be used.
    pub binary: bool,
    /// SMTPUTF8, RFC 6531.
    pub utf8: bool,
}
