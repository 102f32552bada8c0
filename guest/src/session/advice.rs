//! What a refusal means and what to do about it: the sentences of errors that stand on a reply.

use super::reply::Reply;
use crate::error::{Error, Kind, Phase, Retry};

/// The error for a command of `phase` that was refused with `reply`.
pub(super) fn refused(phase: Phase, reply: Reply) -> Error {
    let (kind, retry, sentence) = match phase {
        Phase::Greeting => greeting(&reply),
        Phase::Ehlo => ehlo(&reply),
        Phase::Auth => auth(&reply),
        Phase::MailFrom => sender(&reply),
        Phase::RcptTo => recipient(&reply),
        Phase::Data | Phase::Content => content(&reply),
        _ => (Kind::Refused, by_class(&reply), "The server refused the command."),
    };
    let mut error = Error::new(phase, kind, retry, sentence);
    if retry == Retry::Later {
        error.message.push_str(" The refusal is a temporary one: try again in some minutes.");
    }
    error.with_reply(reply)
}

/// NOOP, of all things.
pub(super) fn check_refused(reply: Reply) -> Error {
    let message = "The server let us in and refused NOOP, which asks for nothing. Its reply may say why.";
    Error::new(Phase::Noop, Kind::Refused, by_class(&reply), message).with_reply(reply)
}

/// 421, in any phase.
pub(super) fn closing(phase: Phase, reply: Reply) -> Error {
    let sentence = match (phase, ends_in(&reply, ".7.0") || mentions(&reply, &["rate", "too many"])) {
        (Phase::Greeting, false) => "The server takes no connections at the moment and closed this one",
        (Phase::Greeting, true) => "The server takes no more connections from this address at the moment",
        (_, true) => "The server ended the conversation: there were too many connections or mails of late",
        (_, false) => "The server ended the conversation: it is shutting down, overloaded, or waited too long",
    };
    let message = format!("{sentence}. Try again in some minutes.");
    Error::new(phase, Kind::ServiceClosing, Retry::Later, message).with_reply(reply)
}

type Meaning = (Kind, Retry, &'static str);

fn greeting(reply: &Reply) -> Meaning {
    let sentence = if reply.is_transient() {
        "The server does not take this connection at the moment."
    } else {
        "The server takes no mail from here: this address may be on a block list, or the port is the wrong one. A mail \
         program is let in on port 587 or 465 with a user name."
    };
    (Kind::Refused, by_class(reply), sentence)
}

fn ehlo(reply: &Reply) -> Meaning {
    let retry = if reply.is_transient() { Retry::Later } else { Retry::AfterChange };
    (
        Kind::Refused,
        retry,
        "The server did not accept the name that this client gave at EHLO and HELO. Give a full host name as EHLO name.",
    )
}

/// RFC 4954 section 6.
fn auth(reply: &Reply) -> Meaning {
    let kind = Kind::AuthenticationFailed;
    match reply.status {
        432 => (
            kind,
            Retry::AfterChange,
            "The server wants the password changed, or used once with PLAIN, before it is good for this mechanism.",
        ),
        534 if mentions(reply, &["app", "password", "web", "browser"]) => (
            kind,
            Retry::AfterChange,
            "The server lets this account in only by another way: make an application password in its settings, or use OAuth 2.0.",
        ),
        534 => (
            kind,
            Retry::AfterChange,
            "The mechanism is too weak for this account. Choose another authentication mode.",
        ),
        530 | 538 => (
            kind,
            Retry::AfterChange,
            "The server wants an encrypted connection before it authenticates. Use port 465, or do not accept an unsecured connection.",
        ),
        500..=504 => (
            kind,
            Retry::AfterChange,
            "The server does not take this authentication mode in this form. Choose another one, or turn the initial response off.",
        ),
        535 | 550..=599 => (
            kind,
            Retry::Never,
            "The server refused the user name or the password (or the token). Check both; many providers want an application password or OAuth 2.0 instead of the account's own password, and a token may have run out.",
        ),
        454 => (kind, Retry::Later, "The server can't check passwords at the moment."),
        _ if reply.is_transient() => (
            kind,
            Retry::Later,
            "The server would not authenticate anybody at the moment, or there were too many tries.",
        ),
        _ => (kind, Retry::Never, "The server refused to authenticate this user."),
    }
}

fn sender(reply: &Reply) -> Meaning {
    let kind = Kind::SenderRefused;
    match reply.status {
        530 => wants_auth(reply),
        552 if !ends_in(reply, ".2.2") => TOO_LARGE,
        555 | 504 => (
            Kind::Refused,
            Retry::AfterChange,
            "The server does not take a parameter of MAIL FROM that it offers. Leave that option out.",
        ),
        503 => (
            kind,
            Retry::AfterChange,
            "The server wants something else before a mail: to be authenticated to, as a rule.",
        ),
        _ if reply.is_transient() => (
            kind,
            Retry::Later,
            "The server does not take the sender at the moment: its domain could not be looked up, the disk is full, or there were too many mails.",
        ),
        _ => (
            kind,
            Retry::Never,
            "The server does not take this sender. Is the address right, does its domain exist, and may this user send in its name?",
        ),
    }
}

fn recipient(reply: &Reply) -> Meaning {
    let kind = Kind::RecipientRefused;
    let denied = mentions(reply, &["relay", "not permitted", "not local", "authenticat"]);
    match reply.status {
        530 => wants_auth(reply),
        550 | 551 | 553 | 554 if denied || ends_in(reply, ".7.1") => (
            kind,
            Retry::AfterChange,
            "The server does not pass mail on to this recipient for this sender (relaying). Authenticate with a user name, or use the server that is responsible for the recipient's domain.",
        ),
        452 if !ends_in(reply, ".2.2") => {
            (kind, Retry::Later, "The server takes no more recipients in this mail, or has no room.")
        }
        452 | 552 if ends_in(reply, ".2.2") => (kind, by_class(reply), "The recipient's mailbox is full."),
        // RFC 5321 section 4.5.3.1.10: an old 552 that means 452.
        552 => (kind, Retry::Later, "The server takes no more recipients in this mail, or the mailbox is full."),
        450 | 451 if ends_in(reply, ".7.1") || mentions(reply, &["grey", "gray", "try again"]) => {
            (kind, Retry::Later, "The server keeps unknown senders waiting (greylisting).")
        }
        _ if reply.is_transient() => (kind, Retry::Later, "The mailbox can't be reached at the moment."),
        _ => (kind, Retry::Never, "There is no such mailbox, or it takes no mail from this sender. Check the address."),
    }
}

fn content(reply: &Reply) -> Meaning {
    let kind = Kind::MessageRefused;
    match reply.status {
        530 => wants_auth(reply),
        552 if ends_in(reply, ".2.2") => (kind, Retry::Never, "The recipient's mailbox is full."),
        552 => TOO_LARGE,
        _ if ends_in(reply, ".3.4") || ends_in(reply, ".2.3") => TOO_LARGE,
        452 => (kind, Retry::Later, "The server has no room at the moment."),
        _ if reply.is_transient() => (kind, Retry::Later, "The server did not take the mail at the moment."),
        550 | 554
            if reply.enhanced.as_deref().is_some_and(|code| code.starts_with("5.7."))
                || mentions(reply, &["spam", "virus", "policy", "blocked"]) =>
        {
            (
                kind,
                Retry::Never,
                "The server judged the mail by its content or sender, and won't have it: it looks like spam, carries a forbidden attachment, or fails SPF, DKIM or DMARC.",
            )
        }
        _ => (kind, Retry::Never, "The server won't have this mail; its reply says why as far as it tells."),
    }
}

const TOO_LARGE: Meaning = (
    Kind::MessageTooLarge,
    Retry::AfterChange,
    "The mail is larger than the server or the mailbox takes. Make it smaller: send a link instead of the attachment, or split it.",
);

/// RFC 4954 section 6, RFC 3207 section 4.
fn wants_auth(reply: &Reply) -> Meaning {
    let sentence = if mentions(reply, &["starttls", "tls", "encrypt"]) {
        "The server wants an encrypted connection first. Do not accept an unsecured connection, or use port 465."
    } else {
        "The server wants authentication first. Give a user name with a password or an access token."
    };
    (Kind::Refused, Retry::AfterChange, sentence)
}

fn by_class(reply: &Reply) -> Retry {
    if reply.is_transient() { Retry::Later } else { Retry::Never }
}

fn ends_in(reply: &Reply, code: &str) -> bool {
    reply.enhanced.as_deref().is_some_and(|enhanced| enhanced.ends_with(code))
}

fn mentions(reply: &Reply, words: &[&str]) -> bool {
    let text = reply.text().to_ascii_lowercase();
    words.iter().any(|word| text.contains(word))
}

#[cfg(test)]
#[path = "tests/advice.rs"]
mod tests;
