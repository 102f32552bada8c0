//! The outcome of a conversation in one line.

use super::words::{self, Words, say};
use crate::causes::Language;
use crate::conversation::{Authentication, Conversation, Delivery, Mail, Standing, Tls};
use crate::plain::safe;

/// Recipients that are named in one line.
const MOST_NAMED: usize = 3;

/// Server, TLS and user.
pub(super) fn connection(told: &Conversation, language: Language) -> String {
    let say = |words: Words| say(words, language);
    let server = match &told.server {
        Some(server) => match server.port {
            Some(port) => format!("{}:{port}", safe(&server.host)),
            None => safe(&server.host).into_owned(),
        },
        None => say(words::UNKNOWN_SERVER).to_owned(),
    };
    let tls = match &told.tls {
        Tls::Unknown => None,
        Tls::Off if told.greeting.is_none() => None,
        Tls::Off => Some(say(words::IN_THE_CLEAR).to_owned()),
        Tls::AtOnce => Some("TLS".to_owned()),
        Tls::StartTls { version, .. } => Some(safe(version).into_owned()),
        Tls::Failed => Some(say(words::TLS_FAILED).to_owned()),
    };
    let with = |words: Words, mechanism: &str| Some(format!("{} ({})", say(words), safe(mechanism)));
    let user = match &told.authentication {
        Authentication::None if told.ehlo_name.is_none() => None,
        Authentication::None => Some(say(words::NO_USER).to_owned()),
        Authentication::Begun { mechanism } => with(words::USER_UNDECIDED, mechanism),
        Authentication::Accepted { mechanism } => with(words::USER_ACCEPTED, mechanism),
        Authentication::Refused { mechanism, .. } => with(words::USER_REFUSED, mechanism),
    };
    [Some(server), tls, user].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Sender, recipients, size and reply.
pub(super) fn mail(mail: &Mail, language: Language) -> String {
    let say = |words: Words| say(words, language);
    let sender = match mail.sender.as_deref() {
        Some("") => say(words::NULL_SENDER).into(),
        Some(sender) => safe(sender),
        None => say(words::UNKNOWN_SENDER).into(),
    };
    let mut text = format!("{sender} → {}", recipients(mail, language));
    if let Some(size) = mail.content.size {
        text.push_str(&format!(", {} {}", grouped(size), say(words::BYTES)));
    }
    match &mail.reply {
        Some(reply) if reply.is_positive() => {
            let words = reply.text.replace('\n', " ");
            text.push_str(&format!(", \"{} {}\"", reply.code, safe(&shortened(&words))));
        }
        _ => text.push_str(&format!(", {}", say(words::delivery(mail.delivery)))),
    }
    text
}

fn recipients(mail: &Mail, language: Language) -> String {
    let say = |words: Words| say(words, language);
    let total = mail.accepted.saturating_add(mail.refused).saturating_add(mail.unanswered);
    let mut names: Vec<_> = mail.recipients.iter().collect();
    // Those that something is to be said of come first.
    names.sort_by_key(|recipient| recipient.standing != Standing::Refused);
    let named: Vec<_> = names
        .iter()
        .take(MOST_NAMED)
        .map(|recipient| match recipient.standing {
            Standing::Refused => format!("{} ({})", safe(&recipient.address), say(words::REFUSED)),
            Standing::Unanswered if mail.delivery != Delivery::Unfinished && total > 0 && mail.accepted > 0 => {
                format!("{} ({})", safe(&recipient.address), say(words::UNANSWERED))
            }
            _ => safe(&recipient.address).into_owned(),
        })
        .collect();
    let mut text = if named.is_empty() { say(words::NOBODY).to_owned() } else { named.join(", ") };
    let more = total.saturating_sub(named.len() as u64);
    if more > 0 {
        let refused =
            mail.recipients.iter().filter(|known| known.standing == Standing::Refused).count().min(named.len());
        let further = mail.refused.saturating_sub(refused as u64);
        text.push_str(&format!(" +{more} {}", say(words::MORE)));
        if further > 0 {
            text.push_str(&format!(" ({further} {})", say(words::ALSO_REFUSED)));
        }
    }
    text
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 100;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}

/// `1,234,567`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `0.656 s`, `41.0 s`, `3 min 20 s`.
pub fn seconds(ms: u64) -> String {
    match ms {
        0..10_000 => format!("{}.{:03} s", ms / 1000, ms % 1000),
        10_000..120_000 => format!("{}.{} s", ms / 1000, ms % 1000 / 100),
        _ => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1000),
    }
}
