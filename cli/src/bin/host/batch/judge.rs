//! What a failure means for the rest of the batch.

use smtp_host::types::{Delivery, ErrorKind, Phase, Retry, SendError};

/// A line is begun so often at the most, where the server is what it fails of.
pub const TRIES: u32 = 6;

/// What follows from a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// It is about this mail: the next one may go.
    Own,
    /// The server has enough for now: slower, and once more.
    Slower,
    /// No mail will go: the batch ends.
    Hopeless,
}

/// `has_ever_sent`: the server has taken a mail in this run, so the settings are right.
pub fn meaning(error: &SendError, has_ever_sent: bool) -> Meaning {
    if error.delivery == Delivery::Unknown || error.kind == ErrorKind::Internal {
        return Meaning::Own;
    }
    let is_before_the_mail = is_about_the_server(error.phase);
    match error.retry {
        _ if is_too_much(error) => Meaning::Slower,
        Retry::Later if error.kind == ErrorKind::ConnectionLost && has_ever_sent => Meaning::Slower,
        Retry::Later if is_before_the_mail && has_ever_sent => Meaning::Slower,
        _ if is_before_the_mail => Meaning::Hopeless,
        _ => Meaning::Own,
    }
}

/// Phases in which the mail itself has not been spoken of.
pub fn is_about_the_server(phase: Phase) -> bool {
    match phase {
        Phase::Resolve
        | Phase::Connect
        | Phase::Tls
        | Phase::Greeting
        | Phase::Ehlo
        | Phase::Starttls
        | Phase::Auth
        | Phase::Policy => true,
        Phase::MailFrom | Phase::RcptTo | Phase::Data | Phase::Content | Phase::Quit | Phase::Input => false,
    }
}

/// 421, and what servers say in other codes when they mean the same.
fn is_too_much(error: &SendError) -> bool {
    if error.kind == ErrorKind::ServiceClosing {
        return true;
    }
    let Some(reply) = error.reply.as_ref().filter(|reply| (400..500).contains(&reply.status)) else { return false };
    let text = reply.text.to_ascii_lowercase();
    // RFC 5321 §4.5.3.1.10: that is about one mail.
    let is_recipients = text.contains("recipients");
    let words = ["too many", "too much", "too fast", "rate limit", "slow down", "connection limit", "throttl"];
    !is_recipients && words.iter().any(|words| text.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use smtp_host::types::Reply;

    fn error(phase: Phase, kind: ErrorKind, retry: Retry, status: u16, text: &str) -> SendError {
        SendError {
            phase,
            kind,
            message: String::new(),
            reply: (status > 0).then(|| Reply { status, enhanced: None, text: text.into() }),
            delivery: Delivery::NotAccepted,
            retry,
            recipients: Vec::new(),
            tls: None,
            warnings: Vec::new(),
        }
    }

    #[test]
    fn meanings() {
        use ErrorKind as Kind;
        use Meaning::{Hopeless, Own, Slower};
        for (phase, kind, retry, status, text, first, later) in [
            (Phase::Greeting, Kind::ServiceClosing, Retry::Later, 421, "bye", Slower, Slower),
            (Phase::MailFrom, Kind::SenderRefused, Retry::Later, 450, "4.7.1 Too much mail", Slower, Slower),
            (Phase::MailFrom, Kind::SenderRefused, Retry::Later, 450, "4.1.8 later", Own, Own),
            (Phase::RcptTo, Kind::AllRecipientsRefused, Retry::Later, 452, "Too many recipients", Own, Own),
            (Phase::RcptTo, Kind::AllRecipientsRefused, Retry::Never, 550, "too many", Own, Own),
            (Phase::Connect, Kind::ConnectionRefused, Retry::Later, 0, "", Hopeless, Slower),
            (Phase::Auth, Kind::AuthenticationFailed, Retry::Never, 535, "no", Hopeless, Hopeless),
            (Phase::Content, Kind::ConnectionLost, Retry::Later, 0, "", Own, Slower),
            (Phase::Input, Kind::InvalidInput, Retry::AfterChange, 0, "", Own, Own),
            (Phase::Content, Kind::TimedOut, Retry::Later, 0, "", Own, Own),
        ] {
            let error = error(phase, kind, retry, status, text);
            assert_eq!((meaning(&error, false), meaning(&error, true)), (first, later), "{phase:?} {kind:?} {text}");
        }
    }

    #[test]
    fn what_may_have_arrived_is_never_begun_again() {
        let lost = error(Phase::Content, ErrorKind::ConnectionLost, Retry::Later, 0, "");
        assert_eq!(meaning(&SendError { delivery: Delivery::Unknown, ..lost }, true), Meaning::Own);
    }
}
