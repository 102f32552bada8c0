//! The commands, as types: only what was validated can stand in one. RFC 5321 section 4.1.1 and the extensions' own.

use core::fmt::{Display, Formatter, Result, Write};

use super::address::{Address, ReversePath};
use super::domain::EhloName;
use super::envelope::{Body, DeliverBy, Notify, Priority, ReturnContent};

/// One line without its CRLF. What carries a secret is not among them: see [`super::wire::Wire::say_secret`].
#[derive(Clone, Copy, Debug)]
pub(super) enum Command<'a> {
    Ehlo(&'a EhloName),
    Helo(&'a EhloName),
    StartTls,
    Auth(&'a str),
    /// RFC 4954 section 4: the client gives up an exchange.
    Cancel,
    Mail(&'a Mail<'a>),
    Rcpt(&'a Rcpt<'a>),
    Data,
    /// The end of the content, RFC 5321 section 4.1.1.4.
    Dot,
    Bdat {
        size: usize,
        last: bool,
    },
    Rset,
    Noop,
    Quit,
}

/// MAIL FROM with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mail<'a> {
    pub from: &'a ReversePath,
    pub size: Option<u64>,
    pub body: Body,
    pub utf8: bool,
    pub ret: Option<ReturnContent>,
    pub envid: Option<Xtext>,
    pub require_tls: bool,
    pub priority: Option<Priority>,
    pub by: Option<DeliverBy>,
    pub hold_for: Option<u32>,
}

/// RCPT TO with its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rcpt<'a> {
    pub to: &'a Address,
    pub notify: Option<Notify>,
    pub orcpt: Option<Orcpt>,
}

/// RFC 3461 section 4: printable ASCII but `+`, `=` and blank; the rest as `+` and two digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Xtext(String);

impl Xtext {
    pub fn new(text: &str) -> Xtext {
        let mut out = String::with_capacity(text.len());
        text.bytes().for_each(|byte| push_xtext(byte, &mut out));
        Xtext(out)
    }
}

/// The original recipient with its type. RFC 3461 section 4.2, RFC 6533 section 3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Orcpt(String);

impl Orcpt {
    pub fn new(text: &str) -> Orcpt {
        if text.is_ascii() {
            return Orcpt(format!("rfc822;{}", Xtext::new(text).0));
        }
        let mut out = "utf-8;".to_owned();
        for c in text.chars() {
            // The form that needs no SMTPUTF8: `\x{F1}`.
            match u8::try_from(c) {
                Ok(byte) if is_plain(byte) && byte != b'\\' => out.push(c),
                // Writing into a `String` can't fail.
                _ => drop(write!(out, "\\x{{{:02X}}}", u32::from(c))),
            }
        }
        Orcpt(out)
    }
}

fn is_plain(byte: u8) -> bool {
    (b'!'..=b'~').contains(&byte) && byte != b'+' && byte != b'='
}

fn push_xtext(byte: u8, out: &mut String) {
    if is_plain(byte) {
        out.push(char::from(byte));
    } else {
        // Writing into a `String` can't fail.
        let _ = write!(out, "+{byte:02X}");
    }
}

impl Display for Command<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Command::Ehlo(name) => write!(f, "EHLO {name}"),
            Command::Helo(name) => write!(f, "HELO {name}"),
            Command::StartTls => f.write_str("STARTTLS"),
            Command::Auth(mechanism) => write!(f, "AUTH {mechanism}"),
            Command::Cancel => f.write_str("*"),
            Command::Mail(mail) => mail.fmt(f),
            Command::Rcpt(rcpt) => rcpt.fmt(f),
            Command::Data => f.write_str("DATA"),
            Command::Dot => f.write_str("."),
            Command::Bdat { size, last: false } => write!(f, "BDAT {size}"),
            Command::Bdat { size, last: true } => write!(f, "BDAT {size} LAST"),
            Command::Rset => f.write_str("RSET"),
            Command::Noop => f.write_str("NOOP"),
            Command::Quit => f.write_str("QUIT"),
        }
    }
}

impl Display for Mail<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "MAIL FROM:{}", self.from)?;
        if let Some(size) = self.size {
            write!(f, " SIZE={size}")?;
        }
        match self.body {
            Body::SevenBit => {}
            Body::EightBit => f.write_str(" BODY=8BITMIME")?,
            Body::Binary => f.write_str(" BODY=BINARYMIME")?,
        }
        if self.utf8 {
            f.write_str(" SMTPUTF8")?;
        }
        match self.ret {
            None => {}
            Some(ReturnContent::Full) => f.write_str(" RET=FULL")?,
            Some(ReturnContent::Headers) => f.write_str(" RET=HDRS")?,
        }
        if let Some(envid) = &self.envid {
            write!(f, " ENVID={}", envid.0)?;
        }
        if self.require_tls {
            f.write_str(" REQUIRETLS")?;
        }
        if let Some(priority) = self.priority {
            write!(f, " MT-PRIORITY={}", priority.value())?;
        }
        if let Some(by) = self.by {
            let mode = if by.notify { 'N' } else { 'R' };
            write!(f, " BY={};{mode}{}", by.seconds, if by.trace { "T" } else { "" })?;
        }
        if let Some(seconds) = self.hold_for {
            write!(f, " HOLDFOR={seconds}")?;
        }
        Ok(())
    }
}

impl Display for Rcpt<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "RCPT TO:<{}>", self.to)?;
        match self.notify {
            None => {}
            Some(Notify::Never) => f.write_str(" NOTIFY=NEVER")?,
            Some(Notify::On { success, failure, delay }) => {
                let words = [(success, "SUCCESS"), (failure, "FAILURE"), (delay, "DELAY")];
                let mut separator = " NOTIFY=";
                for (_, word) in words.into_iter().filter(|(on, _)| *on) {
                    write!(f, "{separator}{word}")?;
                    separator = ",";
                }
            }
        }
        if let Some(orcpt) = &self.orcpt {
            write!(f, " ORCPT={}", orcpt.0)?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "tests/command.rs"]
mod tests;
