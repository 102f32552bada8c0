//! What a message needs of the server, and what the server has.

use crate::log::Omitted;

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

/// The BODY parameter of MAIL FROM, RFC 6152 and 3030.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Body {
    /// Only ASCII, in lines: needs no parameter.
    SevenBit,
    /// Any bytes but NUL, in lines.
    EightBit,
    /// Any bytes; only BDAT can carry it.
    Binary,
}

/// What the session has to know of a message before it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// What the content is made of.
    pub body: Body,
    /// The header holds UTF-8 that can't be encoded otherwise: SMTPUTF8 is needed.
    pub utf8: bool,
    /// Bytes of the whole content before dot-stuffing, where every length is known.
    pub size: Option<u64>,
    /// What the regular log leaves out.
    pub attachments: Vec<Omitted>,
    /// Without brackets.
    pub message_id: Option<String>,
}
