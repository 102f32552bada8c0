//! What the client says, outside a mail's content.

use crate::conversation::Phase;

/// A command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command<'a> {
    Ehlo(&'a [u8]),
    /// The same for servers that know no EHLO.
    Helo(&'a [u8]),
    Starttls,
    Auth {
        mechanism: &'a [u8],
    },
    Noop,
    Rset,
    Mail {
        sender: &'a [u8],
        size: Option<u64>,
    },
    Rcpt {
        address: &'a [u8],
    },
    Data,
    Bdat {
        size: u64,
        last: bool,
    },
    /// The end of content that was sent by DATA.
    Dot,
    Quit,
}

impl<'a> Command<'a> {
    /// `None` where it is no command that the client has.
    pub fn parse(text: &'a [u8]) -> Option<Command<'a>> {
        if text == b"." {
            return Some(Command::Dot);
        }
        let (verb, rest) = text.split_at(text.iter().position(|byte| *byte == b' ').unwrap_or(text.len()));
        let rest = rest.trim_ascii();
        let is = |word: &[u8]| verb.eq_ignore_ascii_case(word);
        Some(match verb.len() {
            4 if is(b"EHLO") => Command::Ehlo(rest),
            4 if is(b"HELO") => Command::Helo(rest),
            4 if is(b"AUTH") => Command::Auth { mechanism: first_word(rest) },
            4 if is(b"NOOP") => Command::Noop,
            4 if is(b"RSET") => Command::Rset,
            4 if is(b"DATA") && rest.is_empty() => Command::Data,
            4 if is(b"QUIT") && rest.is_empty() => Command::Quit,
            4 if is(b"BDAT") => return bdat(text),
            4 if is(b"MAIL") => Command::Mail { sender: path(rest, b"FROM:")?, size: size(rest) },
            4 if is(b"RCPT") => Command::Rcpt { address: path(rest, b"TO:")? },
            8 if is(b"STARTTLS") && rest.is_empty() => Command::Starttls,
            _ => return None,
        })
    }

    /// What is waited for once it is said.
    pub fn phase(&self) -> Phase {
        match self {
            Command::Ehlo(_) | Command::Helo(_) => Phase::Ehlo,
            Command::Starttls => Phase::Starttls,
            Command::Auth { .. } => Phase::Auth,
            Command::Noop => Phase::Noop,
            Command::Rset => Phase::Rset,
            Command::Mail { .. } => Phase::MailFrom,
            Command::Rcpt { .. } => Phase::RcptTo,
            Command::Data => Phase::Data,
            Command::Bdat { .. } | Command::Dot => Phase::Content,
            Command::Quit => Phase::Quit,
        }
    }
}

/// `BDAT 65536` or `BDAT 149 LAST`, as the client writes it and nothing else: a line of content may look alike.
pub(super) fn bdat(text: &[u8]) -> Option<Command<'_>> {
    let rest = text.strip_prefix(b"BDAT ")?;
    let (digits, last) = match rest.strip_suffix(b" LAST") {
        Some(digits) => (digits, true),
        None => (rest, false),
    };
    if digits.is_empty() || digits.len() > 18 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let size = digits.iter().fold(0, |size, digit| size * 10 + u64::from(digit - b'0'));
    Some(Command::Bdat { size, last })
}

/// The address between `<` and `>`. It may hold a quoted `>`.
fn path<'a>(text: &'a [u8], word: &[u8]) -> Option<&'a [u8]> {
    let (start, rest) = text.split_at_checked(word.len())?;
    let address = rest.trim_ascii_start().strip_prefix(b"<").filter(|_| start.eq_ignore_ascii_case(word))?;
    let (mut quoted, mut escaped) = (false, false);
    let end = address.iter().position(|byte| {
        let is_end = *byte == b'>' && !quoted;
        quoted ^= *byte == b'"' && !escaped;
        escaped = quoted && *byte == b'\\' && !escaped;
        is_end
    });
    // A masked secret or a cut may have taken the bracket.
    Some(&address[..end.unwrap_or(address.len())])
}

fn size(text: &[u8]) -> Option<u64> {
    let word = text.split(|byte| *byte == b' ').find_map(|word| word.strip_prefix(b"SIZE="))?;
    std::str::from_utf8(word).ok()?.parse().ok()
}

fn first_word(text: &[u8]) -> &[u8] {
    text.split(|byte| *byte == b' ').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands() {
        let parse = |text: &'static str| Command::parse(text.as_bytes());
        assert_eq!(parse("EHLO [192.0.2.1]"), Some(Command::Ehlo(b"[192.0.2.1]")));
        assert_eq!(parse("AUTH PLAIN ****"), Some(Command::Auth { mechanism: b"PLAIN" }));
        assert_eq!(parse("MAIL FROM:<> SIZE=7 BODY=8BITMIME"), Some(Command::Mail { sender: b"", size: Some(7) }));
        assert_eq!(parse("mail from: <a@b>"), Some(Command::Mail { sender: b"a@b", size: None }));
        let quoted = Command::Rcpt { address: b"\"a>\\\"b\"@c" };
        assert_eq!(parse("RCPT TO:<\"a>\\\"b\"@c> NOTIFY=NEVER"), Some(quoted));
        assert_eq!(parse("BDAT 149 LAST"), Some(Command::Bdat { size: 149, last: true }));
        assert_eq!(parse("BDAT 65536"), Some(Command::Bdat { size: 65536, last: false }));
        for text in ["", "From: a@b", "DATA x", "BDAT", "BDAT x", "BDAT 1 last", "BDAT 1  LAST", "MAIL", "RCPT TO:a@b"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
