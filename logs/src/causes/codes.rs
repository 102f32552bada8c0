//! What reply codes and enhanced status codes mean, from RFC 5321 and IANA's registry.

use super::{Class, Text, table};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

/// A reply code of SMTP.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplyCode {
    /// `550`.
    pub code: u16,
    /// What it means.
    pub meaning: Text,
    /// Where that stands: `RFC 5321, section 4.2.3`.
    pub source: String,
    class: Option<String>,
}

/// An enhanced status code of the registry.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusCode {
    /// Subject and detail: `X.7.8`. The first digit only says success, temporary or permanent.
    pub code: String,
    /// Reply codes that it goes with, as the registry says: `535, 554`.
    pub replies: String,
    /// The registry's name for it.
    pub meaning: Text,
    /// The document that defines it.
    pub source: String,
    class: Option<String>,
}

impl ReplyCode {
    /// All entries.
    pub fn all() -> &'static [ReplyCode] {
        static TABLE: LazyLock<Vec<ReplyCode>> = LazyLock::new(|| table(include_str!("data/reply-codes.toml")));
        &TABLE
    }

    /// The entry for a code; `None` where no document defines it.
    pub fn find(code: u16) -> Option<&'static ReplyCode> {
        ReplyCode::all().iter().find(|entry| entry.code == code)
    }

    #[cfg(test)]
    pub(super) fn classes() -> impl Iterator<Item = &'static str> {
        ReplyCode::all().iter().filter_map(|entry| entry.class.as_deref())
    }

    /// What the code alone tells, where it tells anything.
    pub fn class(&self) -> Option<&'static Class> {
        self.class.as_deref().map(Class::named)
    }
}

impl StatusCode {
    /// All entries, in the registry's order.
    pub fn all() -> &'static [StatusCode] {
        static TABLE: LazyLock<Vec<StatusCode>> = LazyLock::new(|| table(include_str!("data/status-codes.toml")));
        &TABLE
    }

    #[cfg(test)]
    pub(super) fn classes() -> impl Iterator<Item = &'static str> {
        StatusCode::all().iter().filter_map(|entry| entry.class.as_deref())
    }

    /// The entry for a code; `None` where the registry has none.
    pub fn find(code: EnhancedCode) -> Option<&'static StatusCode> {
        static INDEX: LazyLock<HashMap<&str, &StatusCode>> =
            LazyLock::new(|| StatusCode::all().iter().map(|entry| (entry.code.as_str(), entry)).collect());
        INDEX.get(format!("X.{}.{}", code.subject, code.detail).as_str()).copied()
    }

    /// What the code alone tells, where it tells anything.
    pub fn class(&self) -> Option<&'static Class> {
        self.class.as_deref().map(Class::named)
    }
}

/// An enhanced status code as a server sends it (RFC 3463): `5.7.8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(into = "String")]
pub struct EnhancedCode {
    /// 2 success, 4 temporary, 5 permanent.
    pub class: u8,
    /// 0 to 999.
    pub subject: u16,
    /// 0 to 999.
    pub detail: u16,
}

impl EnhancedCode {
    /// Reads a code at the beginning of a text, and returns it with what follows it. A code ends at a blank or at the end
    /// of the text; some servers put a colon, a bracket or a `#` around it.
    pub fn at_start(text: &str) -> Option<(EnhancedCode, &str)> {
        let body = text.trim_start_matches([' ', '#', '[', '(', '-']);
        let end = body.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(body.len());
        let rest = body[end..].strip_prefix(|c| ":])-".contains(c)).unwrap_or(&body[end..]);
        if !(rest.is_empty() || rest.starts_with([' ', '\n', '\t']) || rest.len() < body[end..].len()) {
            return None;
        }
        let mut parts = body[..end].trim_end_matches('.').split('.');
        let mut number = |most: usize| parts.next().filter(|part| (1..=most).contains(&part.len()))?.parse().ok();
        let (class, subject, detail) = (number(1)?, number(3)?, number(3)?);
        let known = matches!(class, 2 | 4 | 5) && parts.next().is_none();
        known.then_some((EnhancedCode { class: class as u8, subject, detail }, rest.trim_start_matches(' ')))
    }
}

impl fmt::Display for EnhancedCode {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

impl From<EnhancedCode> for String {
    fn from(code: EnhancedCode) -> String {
        code.to_string()
    }
}
