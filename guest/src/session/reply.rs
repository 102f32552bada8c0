//! What the server said, safe to show.

use super::reader::RawReply;
use crate::log::{Transcript, escape};

/// One reply of the server, safe to show: secrets masked, control characters escaped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// 200 to 599; 0 where the server was not asked, and the text is the client's own.
    pub status: u16,
    /// Enhanced status code, RFC 3463, as `5.7.8`.
    pub enhanced: Option<String>,
    /// The text of each line, without the reply code. The enhanced code stands at the start of the first line only,
    /// however often the server repeats it.
    pub lines: Vec<String>,
}

impl Reply {
    /// The text of all lines, joined by one blank.
    pub fn text(&self) -> String {
        self.lines.join(" ")
    }

    /// 2xx.
    pub fn is_positive(&self) -> bool {
        self.status / 100 == 2
    }

    /// 4xx: the same may work later.
    pub fn is_transient(&self) -> bool {
        self.status / 100 == 4
    }

    /// The client's own words in the place of a reply.
    pub(super) fn local(text: impl Into<String>) -> Reply {
        Reply { status: 0, enhanced: None, lines: vec![text.into()] }
    }

    /// `raw`, masked and escaped.
    pub(super) fn new(raw: &RawReply, log: &Transcript) -> Reply {
        let mut lines: Vec<String> = log
            .mask_reply(&raw.lines)
            .iter()
            .map(|line| {
                let mut text = String::new();
                escape::event(line, &mut text);
                text.truncate(text.trim_end().len());
                text
            })
            .collect();
        let enhanced = lines.first().and_then(|line| enhanced(line, raw.status)).map(str::to_owned);
        if let Some(code) = &enhanced {
            for line in lines.iter_mut().skip(1) {
                if let Some(rest) = line.strip_prefix(code.as_str())
                    && (rest.is_empty() || rest.starts_with(' '))
                {
                    *line = rest.trim_start().to_owned();
                }
            }
        }
        lines.retain(|line| !line.is_empty());
        Reply { status: raw.status, enhanced, lines }
    }
}

impl core::fmt::Display for Reply {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}", self.status)?;
        for line in &self.lines {
            write!(f, " {line}")?;
        }
        Ok(())
    }
}

/// RFC 3463 section 2: class, subject of up to three digits, detail of up to three; the class is that of the status.
fn enhanced(line: &str, status: u16) -> Option<&str> {
    let code = &line[..memchr::memchr(b' ', line.as_bytes()).unwrap_or(line.len())];
    let mut parts = code.as_bytes().split(|byte| *byte == b'.');
    let number = |part: &[u8]| part.len() <= 3 && !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    let (class, subject, detail) = (parts.next()?, parts.next()?, parts.next()?);
    let is_class = matches!(class, [digit] if u16::from(digit.wrapping_sub(b'0')) == status / 100);
    (parts.next().is_none() && number(subject) && number(detail) && is_class).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Language;

    fn reply(status: u16, lines: &[&[u8]]) -> Reply {
        let raw = RawReply { status, lines: lines.iter().map(|line| line.to_vec()).collect() };
        Reply::new(&raw, &Transcript::new(Language::English))
    }

    #[test]
    fn the_enhanced_code_stands_once() {
        let gmail = reply(535, &[b"5.7.8 Not accepted. For more", b"5.7.8 https://example.com "]);
        assert_eq!(gmail.enhanced.as_deref(), Some("5.7.8"));
        assert_eq!(gmail.text(), "5.7.8 Not accepted. For more https://example.com");
        assert_eq!(gmail.to_string(), "535 5.7.8 Not accepted. For more https://example.com");
    }

    #[test]
    fn what_is_no_enhanced_code() {
        for text in ["", "OK", "5.7.8 class of another status", "2.0 short", "2.1.5.6 long", "2.1.1234 x", "2..1 x"] {
            assert_eq!(reply(250, &[text.as_bytes()]).enhanced, None, "{text}");
        }
        assert_eq!(reply(250, &[b"2.1.5"]).enhanced.as_deref(), Some("2.1.5"));
    }

    #[test]
    fn control_characters_are_visible() {
        assert_eq!(reply(250, &[b"a\x1b[2J\xff"]).text(), "a\\x1b[2J\\xff");
        assert_eq!(reply(250, &[b"", b""]).text(), "");
    }
}
