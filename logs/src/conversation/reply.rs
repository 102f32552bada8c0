//! A reply, and where a line stands.

use crate::Stamp;
use crate::causes::EnhancedCode;
use serde::Serialize;

/// Where a line stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LineRef {
    /// The file of the input, from 0.
    pub file: u32,
    /// The line of the file, from 1.
    pub number: u64,
    /// Its first field.
    pub counter: u64,
    /// Its first byte in the file.
    pub start: u64,
    /// The byte behind its last one, its line end included.
    pub end: u64,
    /// Its date and time; `None` where there is no such day or hour.
    pub stamp: Option<Stamp>,
}

/// What the server answered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reply {
    /// `550`; 0 where it is no reply.
    pub code: u16,
    /// `5.1.1`, where the reply has one.
    pub enhanced: Option<EnhancedCode>,
    /// What follows the code in each line, the lines joined by `\n`.
    pub text: String,
    /// The line that shows it: its last.
    pub at: LineRef,
}

impl Reply {
    /// 2xx or 3xx.
    pub fn is_positive(&self) -> bool {
        (200..400).contains(&self.code)
    }

    /// 4xx.
    pub fn is_temporary(&self) -> bool {
        (400..500).contains(&self.code)
    }
}
