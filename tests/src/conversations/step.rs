//! One line of the conversation.

use smtp_guest::log::{Failure, TlsFailure};
use smtp_guest::transporter::{Attempt, ConnectError, SocketError};

use super::tls;

/// What happens, seen from the server.
pub enum Step {
    /// A connection comes about or not, after so many milliseconds.
    Connect(u64, Option<ConnectError>),
    /// A handshake comes about or not.
    StartTls(Option<TlsFailure>),
    /// The server says this.
    Server(Vec<u8>),
    /// The server says this for ever.
    Endless(Vec<u8>),
    /// The client must say this line.
    Client(Vec<u8>),
    /// The server thinks for so many milliseconds.
    Wait(u64),
    /// So many milliseconds pass between two operations.
    Idle(u64),
    /// The server says nothing more.
    Silence,
    /// The server ends the connection.
    Close,
    /// The server resets the connection.
    Cut,
    /// The server reads nothing more.
    Stuck,
    /// The regular log is switched.
    Log(bool),
}

impl Step {
    pub fn parse(line: &str) -> Result<Step, String> {
        let (head, text) = line.split_once(':').map_or((line, ""), |(head, text)| (head, text));
        // One blank belongs to the notation, further ones to the text.
        let text = text.strip_prefix(' ').unwrap_or(text);
        let words: Vec<&str> = head.split(' ').collect();
        Ok(match words[..] {
            ["S"] => Step::Server(line_of(text)),
            ["S", "raw"] => Step::Server(unescape(text)?),
            ["S", "for", "ever"] => Step::Endless(line_of(text)),
            ["S", "raw", "for", "ever"] => Step::Endless(unescape(text)?),
            ["S", count, "times"] => Step::Server(line_of(text).repeat(number(count)?)),
            ["S", count, "bytes"] => {
                let filler = number(count)?.saturating_sub(text.len() + 2);
                Step::Server(line_of(&format!("{text}{}", "x".repeat(filler))))
            }
            ["C"] => Step::Client(text.as_bytes().to_vec()),
            ["C", count, "times"] => Step::Client([text].repeat(number(count)?).join("\r\n").into_bytes()),
            ["connect"] => Step::Connect(0, None),
            ["connect", "after", seconds] => Step::Connect(number(seconds)? as u64 * 1000, None),
            ["connect", "fails"] => Step::Connect(0, Some(connect_failure(text)?)),
            ["starttls"] => Step::StartTls(None),
            ["starttls", "fails"] => Step::StartTls(Some(tls::failure(text)?)),
            ["wait", seconds] => Step::Wait(number(seconds)? as u64 * 1000),
            ["idle", seconds] => Step::Idle(number(seconds)? as u64 * 1000),
            ["silence"] => Step::Silence,
            ["close"] => Step::Close,
            ["cut"] => Step::Cut,
            ["stuck"] => Step::Stuck,
            ["log", on] => Step::Log(on == "on"),
            _ => return Err(format!("not understood: {line}")),
        })
    }

    /// For servers that end their lines with LF alone.
    pub fn end_with_lf(&mut self) {
        if let Step::Server(bytes) | Step::Endless(bytes) = self {
            bytes.retain(|&byte| byte != b'\r');
        }
    }
}

fn connect_failure(text: &str) -> Result<ConnectError, String> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let reached = || Attempt { failure: None, ..attempt("192.0.2.25", Failure::Refused) };
    let attempts = match word {
        "refused" => vec![attempt("192.0.2.25", Failure::Refused)],
        "unreachable" => vec![attempt("2001:db8::25", Failure::Unreachable), attempt("192.0.2.25", Failure::Refused)],
        "timeout" => vec![attempt("192.0.2.25", Failure::TimedOut(30_000))],
        "reset" => vec![attempt("2001:db8::25", Failure::Unreachable), attempt("192.0.2.25", Failure::Reset)],
        "not-resolved" | "denied" => Vec::new(),
        "second-try" => vec![attempt("2001:db8::25", Failure::Refused), reached()],
        _ => vec![reached()],
    };
    let text = if word == "second-try" { rest } else { text };
    let error = match word {
        "refused" | "unreachable" | "timeout" | "reset" => SocketError::Unreachable,
        "not-resolved" => SocketError::NotResolved(rest.to_owned()),
        "denied" => SocketError::Denied(rest.to_owned()),
        "proxy" => SocketError::Proxy(rest.to_owned()),
        _ => SocketError::Tls(tls::failure(text)?),
    };
    Ok(ConnectError { error, attempts })
}

/// One try to reach the server.
pub fn attempt(ip: &str, failure: Failure) -> Attempt {
    let elapsed_ms = if let Failure::TimedOut(limit) = failure { limit } else { 3 };
    Attempt { ip: ip.to_owned(), port: 587, failure: Some(failure), elapsed_ms }
}

fn line_of(text: &str) -> Vec<u8> {
    format!("{text}\r\n").into_bytes()
}

fn number(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| format!("no number: {text}"))
}

fn unescape(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        bytes.extend(before.bytes());
        let (byte, used) = match after.as_bytes() {
            [b'r', ..] => (b'\r', 1),
            [b'n', ..] => (b'\n', 1),
            [b'\\', ..] => (b'\\', 1),
            [b'x', _, _, ..] => (u8::from_str_radix(&after[1..3], 16).map_err(|_| format!("no byte: {text}"))?, 3),
            _ => return Err(format!("no escape: {text}")),
        };
        bytes.push(byte);
        rest = &after[used..];
    }
    bytes.extend(rest.bytes());
    Ok(bytes)
}
