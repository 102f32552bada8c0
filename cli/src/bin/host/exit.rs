//! How a command ends: the exit codes of sysexits.h, and what stops a command before a server is asked.

use smtp_host::types::{Delivery, ErrorKind, SendError};
use std::io;
use std::path::Path;
use std::process::ExitCode;

/// An exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Sent.
    Done = 0,
    /// The command line is wrong, or its parts contradict each other.
    Usage = 64,
    /// The mail is wrong.
    Data = 65,
    /// An input file can't be read.
    NoInput = 66,
    /// The server's name is unknown.
    NoHost = 68,
    /// Refused for good: 5xx, TLS, unreachable.
    Unavailable = 69,
    /// A defect of ours.
    Software = 70,
    /// A log or the output can't be written.
    CantCreate = 73,
    /// Try again later: 4xx, timeout, outcome unknown.
    TryAgain = 75,
    /// Authentication or policy.
    NoPermission = 77,
}

impl Exit {
    /// The exit code of this number; none where there is none.
    pub fn of(code: u8) -> Option<Exit> {
        use Exit::{CantCreate, Data, NoHost, NoInput, NoPermission, Software, TryAgain, Unavailable, Usage};
        let all = [Usage, Data, NoInput, NoHost, Unavailable, Software, CantCreate, TryAgain, NoPermission];
        all.into_iter().find(|exit| *exit as u8 == code)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

impl From<&SendError> for Exit {
    fn from(error: &SendError) -> Exit {
        use ErrorKind as Kind;
        let temporary = error.reply.as_ref().is_some_and(|reply| (400..500).contains(&reply.status));
        match error.kind {
            Kind::Internal => Exit::Software,
            _ if error.delivery == Delivery::Unknown => Exit::TryAgain,
            Kind::InvalidInput => Exit::Data,
            Kind::ContradictingSettings => Exit::Usage,
            Kind::ContentFailed => Exit::NoInput,
            Kind::LogFailed => Exit::CantCreate,
            Kind::NameNotResolved => Exit::NoHost,
            Kind::TimedOut | Kind::ConnectionLost | Kind::ServiceClosing => Exit::TryAgain,
            _ if temporary => Exit::TryAgain,
            Kind::Denied | Kind::AuthenticationFailed | Kind::AuthenticationNotOffered | Kind::MechanismNotOffered => {
                Exit::NoPermission
            }
            Kind::ConnectionRefused
            | Kind::Unreachable
            | Kind::ProxyFailed
            | Kind::TlsFailed
            | Kind::CertificateRefused
            | Kind::TlsNotOffered
            | Kind::PlainTextOnTlsPort
            | Kind::TlsOnPlainPort
            | Kind::InjectedBytes
            | Kind::ReplyNotUnderstood
            | Kind::ExtensionNotOffered
            | Kind::MessageTooLarge
            | Kind::AllRecipientsRefused
            | Kind::RecipientRefused
            | Kind::SenderRefused
            | Kind::MessageRefused
            | Kind::Refused => Exit::Unavailable,
        }
    }
}

/// What stopped a command before a server was asked: nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub exit: Exit,
    /// One or two sentences, safe to show.
    pub message: String,
    /// The text that is wrong and, in the line below it, a mark under the place.
    pub place: Option<String>,
}

impl Failure {
    fn new(exit: Exit, message: impl Into<String>) -> Failure {
        Failure { exit, message: message.into(), place: None }
    }

    /// Settings that contradict each other, or lack something.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure::new(Exit::Usage, message)
    }

    /// Input beyond its grammar.
    pub fn data(message: impl Into<String>) -> Failure {
        Failure::new(Exit::Data, message)
    }

    /// A file that can't be read.
    pub fn unreadable(path: &Path, error: &io::Error) -> Failure {
        let path = crate::terminal::safe(&path.to_string_lossy());
        Failure::new(Exit::NoInput, format!("'{path}' can't be read: {error}"))
    }

    /// Any other input that can't be had.
    pub fn no_input(message: impl Into<String>) -> Failure {
        Failure::new(Exit::NoInput, message)
    }

    /// What was not granted.
    pub fn denied(message: impl Into<String>) -> Failure {
        Failure::new(Exit::NoPermission, message)
    }

    /// A log or the output.
    pub fn cant_create(message: impl Into<String>) -> Failure {
        Failure::new(Exit::CantCreate, message)
    }

    /// A defect of ours.
    pub fn defect(message: impl Into<String>) -> Failure {
        Failure::new(Exit::Software, message)
    }

    /// The same with the place marked: `at` is the byte of `text` where the wrong character begins.
    pub fn at(mut self, text: &str, at: usize) -> Failure {
        let before = crate::terminal::safe(text.get(..at).unwrap_or(text)).chars().count();
        self.place = Some(format!("{}\n{:before$}^", crate::terminal::safe(text), ""));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use smtp_host::types::{Phase, Reply, Retry};

    fn error(kind: ErrorKind, status: u16) -> SendError {
        SendError {
            phase: Phase::Auth,
            kind,
            message: String::new(),
            reply: (status > 0).then(|| Reply { status, enhanced: None, text: String::new() }),
            delivery: Delivery::NotAccepted,
            retry: Retry::Never,
            recipients: Vec::new(),
            tls: None,
            warnings: Vec::new(),
        }
    }

    #[test]
    fn errors_to_codes() {
        use ErrorKind as Kind;
        for (kind, status, code) in [
            (Kind::InvalidInput, 0, 65),
            (Kind::ContradictingSettings, 0, 64),
            (Kind::ContentFailed, 0, 66),
            (Kind::LogFailed, 0, 73),
            (Kind::Denied, 0, 77),
            (Kind::NameNotResolved, 0, 68),
            (Kind::ConnectionRefused, 0, 69),
            (Kind::Unreachable, 0, 69),
            (Kind::TimedOut, 0, 75),
            (Kind::ConnectionLost, 0, 75),
            (Kind::CertificateRefused, 0, 69),
            (Kind::TlsNotOffered, 0, 69),
            (Kind::ReplyNotUnderstood, 0, 69),
            (Kind::ServiceClosing, 421, 75),
            (Kind::AuthenticationFailed, 535, 77),
            (Kind::AuthenticationFailed, 454, 75),
            (Kind::AuthenticationNotOffered, 0, 77),
            (Kind::SenderRefused, 550, 69),
            (Kind::AllRecipientsRefused, 450, 75),
            (Kind::AllRecipientsRefused, 550, 69),
            (Kind::MessageRefused, 554, 69),
            (Kind::MessageRefused, 452, 75),
            (Kind::Internal, 0, 70),
        ] {
            assert_eq!(Exit::from(&error(kind, status)) as u8, code, "{kind:?} {status}");
        }
    }

    #[test]
    fn an_unknown_outcome_may_be_tried_again() {
        let lost = SendError { delivery: Delivery::Unknown, ..error(ErrorKind::ConnectionLost, 0) };
        assert_eq!(Exit::from(&lost), Exit::TryAgain);
        let defect = SendError { delivery: Delivery::Unknown, ..error(ErrorKind::Internal, 0) };
        assert_eq!(Exit::from(&defect), Exit::Software);
    }

    #[test]
    fn the_place_is_marked() {
        let failure = Failure::data("no blanks").at("añ\tb c@d", 4);
        assert_eq!(failure.place.unwrap(), "añ\\x09b c@d\n      ^");
    }
}
