//! Why a job failed, and what that means.

use smtp_host::types::{ErrorKind, Phase, SendError};
use smtp_logs::causes::{self, Explanation, Failure, Language, diagnose};

use super::conversation::cut;
use crate::result;

/// What a conversation keeps of its error.
#[derive(Clone, Debug)]
pub struct Failed {
    pub phase: Phase,
    pub kind: ErrorKind,
    pub message: Box<str>,
    status: u16,
    reply: Box<str>,
    unknown: bool,
}

impl Failed {
    pub fn of(error: &SendError) -> Failed {
        let reply = error.reply.as_ref();
        Failed {
            phase: error.phase,
            kind: error.kind,
            message: cut(&error.message),
            status: reply.map_or(0, |reply| reply.status),
            reply: reply.map_or_else(
                || "".into(),
                |reply| match &reply.enhanced {
                    Some(code) if !reply.text.starts_with(code.as_str()) => cut(&format!("{code} {}", reply.text)),
                    _ => cut(&reply.text),
                },
            ),
            unknown: error.delivery == smtp_host::types::Delivery::Unknown,
        }
    }

    /// The phase's and the kind's names, as in the results.
    pub fn words(&self) -> (&'static str, &'static str) {
        (result::phase(self.phase), result::kind(self.kind))
    }

    /// What it means and what to do.
    pub fn explain(&self, server: &str, language: Language) -> Explanation {
        let phase = phase(self.phase);
        let failure = match event(self.kind, self.phase) {
            _ if self.unknown => Failure::event(phase, causes::Event::OutcomeUnknown),
            _ if self.status > 0 => Failure::reply(phase, self.status, &self.reply),
            Some(event) => Failure::event(phase, event),
            None => Failure::reply(phase, 0, ""),
        };
        diagnose(&failure.from_server(server)).explain(language)
    }
}

fn phase(phase: Phase) -> causes::Phase {
    use causes::Phase as To;
    match phase {
        Phase::Resolve => To::Resolve,
        Phase::Connect => To::Connect,
        Phase::Tls => To::Tls,
        Phase::Greeting => To::Greeting,
        Phase::Ehlo => To::Ehlo,
        Phase::Starttls => To::Starttls,
        Phase::Auth => To::Auth,
        Phase::MailFrom => To::MailFrom,
        Phase::RcptTo => To::RcptTo,
        Phase::Data => To::Data,
        Phase::Content => To::Content,
        Phase::Quit => To::Quit,
        Phase::Policy => To::Policy,
        Phase::Input => To::Input,
    }
}

fn event(kind: ErrorKind, phase: Phase) -> Option<causes::Event> {
    use causes::Event;
    Some(match kind {
        ErrorKind::Denied => Event::PolicyDenied,
        ErrorKind::NameNotResolved => Event::NameNotResolved,
        ErrorKind::ConnectionRefused => Event::ConnectionRefused,
        ErrorKind::Unreachable => Event::Unreachable,
        ErrorKind::TimedOut if phase == Phase::Connect => Event::ConnectTimedOut,
        ErrorKind::TimedOut => Event::TimedOut,
        ErrorKind::ConnectionLost => Event::ConnectionLost,
        ErrorKind::ProxyFailed => Event::ProxyFailed,
        ErrorKind::TlsFailed => Event::TlsFailed,
        ErrorKind::CertificateRefused => Event::CertificateInvalid,
        ErrorKind::TlsNotOffered => Event::StarttlsNotOffered,
        ErrorKind::PlainTextOnTlsPort => Event::TlsNotSpoken,
        ErrorKind::TlsOnPlainPort => Event::TlsOnPlainPort,
        ErrorKind::InjectedBytes => Event::InjectedBytes,
        ErrorKind::ReplyNotUnderstood => Event::ReplyNotUnderstood,
        ErrorKind::ServiceClosing => Event::ServiceClosing,
        ErrorKind::AuthenticationNotOffered => Event::AuthNotOffered,
        ErrorKind::MechanismNotOffered => Event::AuthNotPossible,
        ErrorKind::ExtensionNotOffered => Event::ExtensionNotOffered,
        ErrorKind::MessageTooLarge => Event::MailTooLarge,
        ErrorKind::ContentFailed => Event::ContentFailed,
        _ => return None,
    })
}
