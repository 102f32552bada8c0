//! SMTP commands, parsed as strictly as RFC 5321 writes them: a client that is lax is told so.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::address;

/// One command that may be carried out, if the order of things allows it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    Helo,
    Ehlo,
    StartTls,
    Auth { mechanism: String, initial: Option<Vec<u8>> },
    Mail { from: String, params: Vec<String> },
    Rcpt { to: String, params: Vec<String> },
    Data,
    Bdat { size: u64, last: bool },
    Rset,
    Noop,
    Vrfy,
    Help,
    Quit,
}

/// A reply of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal(pub(super) u16, pub(super) &'static str, pub(super) &'static str);

const SYNTAX: Refusal = Refusal(501, "5.5.4", "Syntax error in parameters");
const PARAMETER: Refusal = Refusal(555, "5.5.4", "Parameter unknown or not understood");

/// Reads one line with its line end.
pub(super) fn parse(line: &[u8]) -> Result<Command, Refusal> {
    let Some(line) = line.strip_suffix(b"\r\n") else {
        return Err(Refusal(500, "5.5.2", "Lines end with CR and LF"));
    };
    let text = std::str::from_utf8(line).map_err(|_| Refusal(500, "5.5.2", "That is no UTF-8"))?;
    if text.chars().any(char::is_control) {
        return Err(Refusal(500, "5.5.2", "Control characters have no place in a command"));
    }
    // Trailing blanks are tolerated, RFC 5321 §4.1.1.
    let text = text.trim_end_matches(' ');
    let (verb, rest) = text.split_once(' ').map_or((text, None), |(verb, rest)| (verb, Some(rest)));
    match (verb.to_ascii_uppercase().as_str(), rest) {
        ("HELO", Some(name)) if address::is_domain(name) => Ok(Command::Helo),
        ("EHLO", Some(name)) if address::is_domain(name) || address::is_literal(name) => Ok(Command::Ehlo),
        ("STARTTLS", None) => Ok(Command::StartTls),
        ("AUTH", Some(rest)) => auth(rest),
        ("MAIL", Some(rest)) => mail(rest),
        ("RCPT", Some(rest)) => rcpt(rest),
        ("DATA", None) => Ok(Command::Data),
        ("BDAT", Some(rest)) => bdat(rest),
        ("RSET", None) => Ok(Command::Rset),
        ("NOOP", _) => Ok(Command::Noop),
        ("VRFY", Some(_)) => Ok(Command::Vrfy),
        ("HELP", _) => Ok(Command::Help),
        ("QUIT", None) => Ok(Command::Quit),
        ("HELO" | "EHLO" | "STARTTLS" | "AUTH" | "MAIL" | "RCPT" | "DATA" | "BDAT" | "RSET" | "VRFY" | "QUIT", _) => {
            Err(SYNTAX)
        }
        _ => Err(Refusal(500, "5.5.2", "Command not recognized")),
    }
}

fn auth(rest: &str) -> Result<Command, Refusal> {
    let (mechanism, initial) = rest.split_once(' ').map_or((rest, None), |(name, initial)| (name, Some(initial)));
    Ok(Command::Auth { mechanism: mechanism.to_ascii_uppercase(), initial: initial.map(decode).transpose()? })
}

/// Base64 as RFC 4954 §4 has it: `=` stands for the empty response.
pub(super) fn decode(text: &str) -> Result<Vec<u8>, Refusal> {
    if text == "=" {
        return Ok(Vec::new());
    }
    STANDARD.decode(text).map_err(|_| Refusal(501, "5.5.2", "Cannot decode the response: no base64"))
}

fn mail(rest: &str) -> Result<Command, Refusal> {
    let (from, params) = address::path(strip_keyword(rest, "FROM:")?, address::Side::Sender).ok_or(SYNTAX)?;
    let params = split_params(params)?;
    for (keyword, value) in params.iter().map(|param| key_value(param)) {
        let fine = match (keyword.as_str(), value) {
            ("SIZE", Some(size)) => size.len() <= 20 && size.bytes().all(|byte| byte.is_ascii_digit()),
            ("BODY", Some(body)) => ["7BIT", "8BITMIME", "BINARYMIME"].contains(&body.to_ascii_uppercase().as_str()),
            ("SMTPUTF8", None) => true,
            ("RET", Some(ret)) => ["FULL", "HDRS"].contains(&ret.to_ascii_uppercase().as_str()),
            ("ENVID", Some(id)) => !id.is_empty() && id.len() <= 100 && address::is_xtext(id),
            ("AUTH", Some(who)) => address::is_xtext(who),
            _ => false,
        };
        if !fine {
            return Err(PARAMETER);
        }
    }
    let utf8 = params.iter().any(|param| param.eq_ignore_ascii_case("SMTPUTF8"));
    if !from.is_ascii() && !utf8 {
        return Err(Refusal(550, "5.6.7", "An international address needs SMTPUTF8"));
    }
    Ok(Command::Mail { from, params })
}

fn rcpt(rest: &str) -> Result<Command, Refusal> {
    let (to, params) = address::path(strip_keyword(rest, "TO:")?, address::Side::Recipient).ok_or(SYNTAX)?;
    let params = split_params(params)?;
    for (keyword, value) in params.iter().map(|param| key_value(param)) {
        let fine = match (keyword.as_str(), value) {
            ("NOTIFY", Some(when)) => is_notify(&when.to_ascii_uppercase()),
            ("ORCPT", Some(address)) => address.split_once(';').is_some_and(|(kind, address)| {
                !kind.is_empty() && !address.is_empty() && address.len() <= 500 && address::is_xtext(address)
            }),
            _ => false,
        };
        if !fine {
            return Err(PARAMETER);
        }
    }
    Ok(Command::Rcpt { to, params })
}

/// RFC 3461 §4.1: NEVER stands alone.
fn is_notify(when: &str) -> bool {
    when == "NEVER" || when.split(',').all(|word| ["SUCCESS", "FAILURE", "DELAY"].contains(&word))
}

fn bdat(rest: &str) -> Result<Command, Refusal> {
    let (size, last) = rest.split_once(' ').map_or((rest, None), |(size, last)| (size, Some(last)));
    if size.is_empty() || size.len() > 20 || !size.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(SYNTAX);
    }
    let size = size.parse().map_err(|_| SYNTAX)?;
    match last {
        None => Ok(Command::Bdat { size, last: false }),
        Some(word) if word.eq_ignore_ascii_case("LAST") => Ok(Command::Bdat { size, last: true }),
        Some(_) => Err(SYNTAX),
    }
}

fn strip_keyword<'a>(text: &'a str, keyword: &str) -> Result<&'a str, Refusal> {
    match text.split_at_checked(keyword.len()) {
        Some((found, rest)) if found.eq_ignore_ascii_case(keyword) => Ok(rest),
        _ => Err(SYNTAX),
    }
}

fn split_params(text: &str) -> Result<Vec<String>, Refusal> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let text = text.strip_prefix(' ').ok_or(SYNTAX)?;
    let params: Vec<String> = text.split(' ').map(String::from).collect();
    let repeated = |at: usize| params[..at].iter().any(|earlier| key_value(earlier).0 == key_value(&params[at]).0);
    if params.iter().any(String::is_empty) || (0..params.len()).any(repeated) {
        return Err(SYNTAX);
    }
    Ok(params)
}

/// Keyword in capitals, and the value.
pub(super) fn key_value(param: &str) -> (String, Option<&str>) {
    let (keyword, value) = param.split_once('=').map_or((param, None), |(keyword, value)| (keyword, Some(value)));
    (keyword.to_ascii_uppercase(), value)
}

#[cfg(test)]
#[path = "command_tests.rs"]
mod tests;
