//! The Content-Type of an attachment.

use super::address::marked;
use super::field::is_token;

/// What a file of no known type is.
pub(super) const UNKNOWN: &str = "application/octet-stream";

/// A checked media type: `type/subtype` in lower case, and the parameters with their values unquoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MediaType {
    pub essence: String,
    pub parameters: Vec<(String, String)>,
}

impl MediaType {
    /// RFC 2045 §5.1.
    pub fn parse(text: &str) -> Result<MediaType, String> {
        if let Some(at) = text.bytes().position(|b| !(b' '..=b'~').contains(&b)) {
            return Err(marked(text, at, "can't stand in a media type"));
        }
        let (essence, mut rest) = text.split_once(';').unwrap_or((text, ""));
        let essence = essence.trim().to_ascii_lowercase();
        let both = essence.split_once('/');
        if !both
            .is_some_and(|(kind, sub)| [kind, sub].iter().all(|part| !part.is_empty() && part.bytes().all(is_token)))
        {
            return Err(format!("{text:?} is no media type, as image/png is"));
        }
        if essence.starts_with("multipart/") || essence.len() > 127 {
            return Err(format!("{essence:?} can't be the type of an attachment"));
        }
        let mut parameters = Vec::new();
        while !rest.trim().is_empty() {
            let (name, value, after) = parameter(rest).ok_or_else(|| format!("{text:?}: {rest:?} is no parameter"))?;
            if ["name", "boundary"].contains(&name.as_str()) || name.contains('*') {
                return Err(format!("{text:?}: the parameter {name:?} can't be given here"));
            }
            if value.len() > 256 {
                return Err(format!("{text:?}: the parameter {name:?} is too long"));
            }
            parameters.push((name, value));
            rest = after;
        }
        Ok(MediaType { essence, parameters })
    }

    /// By the file's extension.
    pub fn of_file(name: Option<&str>) -> MediaType {
        let guess = name.and_then(|name| mime_guess::from_path(name).first_raw());
        let guess = guess.and_then(|text| MediaType::parse(text).ok());
        guess.unwrap_or_else(|| MediaType { essence: UNKNOWN.to_owned(), parameters: Vec::new() })
    }

    pub fn is_text(&self) -> bool {
        self.essence.starts_with("text/")
    }

    /// RFC 2046 §5.2 forbids to encode these, but for RFC 6532's own.
    pub fn must_stay_plain(&self) -> bool {
        self.essence.starts_with("message/") && !self.essence.starts_with("message/global")
    }

    pub fn charset(&self) -> Option<&str> {
        self.parameters.iter().find(|(name, _)| name == "charset").map(|(_, value)| value.as_str())
    }
}

/// The first parameter of `text`: its name in lower case, its value, and what comes behind the next semicolon.
fn parameter(text: &str) -> Option<(String, String, &str)> {
    let (name, rest) = text.split_once('=')?;
    let name = name.trim().to_ascii_lowercase();
    if name.is_empty() || !name.bytes().all(is_token) || name.len() > 32 {
        return None;
    }
    let mut value = String::new();
    let after = match rest.strip_prefix('"') {
        None => {
            let end = rest.find(';').unwrap_or(rest.len());
            value.push_str(rest[..end].trim());
            if value.is_empty() || !value.bytes().all(is_token) {
                return None;
            }
            &rest[end..]
        }
        Some(quoted) => {
            let mut chars = quoted.char_indices();
            loop {
                match chars.next()? {
                    (_, '\\') => value.push(chars.next()?.1),
                    (at, '"') => break quoted[at + 1..].trim_start(),
                    (_, c) => value.push(c),
                }
            }
        }
    };
    match after.strip_prefix(';') {
        Some(next) => Some((name, value, next)),
        None => after.is_empty().then_some((name, value, "")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_come_from_the_extension() {
        assert_eq!(MediaType::of_file(Some("Photo.JPG")).essence, "image/jpeg");
        assert_eq!(MediaType::of_file(Some("a.eml")).essence, "message/rfc822");
        assert_eq!(MediaType::of_file(Some("a.unheard-of")).essence, UNKNOWN);
        assert_eq!(MediaType::of_file(None).essence, UNKNOWN);
    }

    #[test]
    fn parameters_are_read() {
        let invitation = MediaType::parse("Text/Calendar; method=REQUEST; charset=\"utf-8\"").unwrap();
        assert_eq!(invitation.essence, "text/calendar");
        assert_eq!(invitation.charset(), Some("utf-8"));
        assert_eq!(invitation.parameters.len(), 2);
        for text in [
            "",
            "png",
            "image/",
            "/png",
            "image/png\r\nX: y",
            "a/b; c",
            "a/b; c=\"d",
            "a/b; c=d e",
            "multipart/mixed",
            "a/b;name=x",
        ] {
            assert!(MediaType::parse(text).is_err(), "{text:?}");
        }
    }
}
