//! The SMTP session of one connection.

/// One reply of the server, safe to show: secrets masked, control characters escaped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// 200 to 599.
    pub status: u16,
    /// Enhanced status code, RFC 3463, as `5.7.8`.
    pub enhanced: Option<String>,
    /// The text of each line, without the codes.
    pub lines: Vec<String>,
}
