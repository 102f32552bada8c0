//! What a command came to, as JSON and in words.

use serde::Serialize;
use smtp_host::types::{Delivery, ErrorKind, Phase, Receipt, RecipientResult, Reply, Retry, SendError, TlsSummary};

use crate::exit::{Exit, Failure};
use crate::terminal;

/// One object of the output.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome<'a> {
    success: bool,
    /// 0 where no reply of the server is the cause.
    status: u16,
    status_text: &'a str,
    errors: Vec<Cause<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    recipients: Vec<Recipient<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls: Option<Tls<'a>>,
    warnings: &'a [String],
}

#[derive(Serialize)]
struct Cause<'a> {
    phase: &'static str,
    kind: &'static str,
    message: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Recipient<'a> {
    address: &'a str,
    accepted: bool,
    status: u16,
    status_text: &'a str,
}

#[derive(Serialize)]
struct Tls<'a> {
    version: &'a str,
    cipher: &'a str,
}

impl<'a> Outcome<'a> {
    /// The server has the mail.
    pub fn sent(receipt: &'a Receipt) -> Outcome<'a> {
        Outcome {
            delivery: Some(delivery(Delivery::Accepted)),
            message_id: receipt.message_id.as_deref(),
            bytes: Some(receipt.bytes),
            recipients: recipients(&receipt.recipients),
            tls: receipt.tls.as_ref().map(tls),
            warnings: &receipt.warnings,
            ..Outcome::checked(&receipt.reply)
        }
    }

    /// The server answers.
    pub fn checked(reply: &'a Reply) -> Outcome<'a> {
        Outcome {
            success: true,
            status: reply.status,
            status_text: &reply.text,
            errors: Vec::new(),
            delivery: None,
            retry: None,
            message_id: None,
            bytes: None,
            recipients: Vec::new(),
            tls: None,
            warnings: &[],
        }
    }

    /// It came to nothing.
    pub fn failed(error: &'a SendError) -> Outcome<'a> {
        let reply = error.reply.as_ref();
        Outcome {
            success: false,
            status: reply.map_or(0, |reply| reply.status),
            status_text: reply.map_or("", |reply| &reply.text),
            errors: vec![Cause { phase: phase(error.phase), kind: kind(error.kind), message: &error.message }],
            delivery: Some(delivery(error.delivery)),
            retry: Some(retry(error.retry)),
            message_id: None,
            bytes: None,
            recipients: recipients(&error.recipients),
            tls: error.tls.as_ref().map(tls),
            warnings: &error.warnings,
        }
    }

    /// It did not begin.
    pub fn not_begun(failure: &'a Failure) -> Outcome<'a> {
        let kind = match failure.exit {
            Exit::Usage => ErrorKind::ContradictingSettings,
            Exit::CantCreate => ErrorKind::LogFailed,
            Exit::Software => ErrorKind::Internal,
            Exit::NoInput => ErrorKind::ContentFailed,
            _ => ErrorKind::InvalidInput,
        };
        Outcome {
            success: false,
            status: 0,
            status_text: "",
            errors: vec![Cause { phase: phase(Phase::Input), kind: self::kind(kind), message: &failure.message }],
            delivery: Some(delivery(Delivery::NotAccepted)),
            retry: Some(retry(Retry::AfterChange)),
            message_id: None,
            bytes: None,
            recipients: Vec::new(),
            tls: None,
            warnings: &[],
        }
    }

    /// Nobody knows whether the server has the mail; `message` says why.
    pub fn unknown(message: &'a str) -> Outcome<'a> {
        Outcome {
            success: false,
            status: 0,
            status_text: "",
            errors: vec![Cause { phase: phase(Phase::Content), kind: kind(ErrorKind::ConnectionLost), message }],
            delivery: Some(delivery(Delivery::Unknown)),
            retry: Some(retry(Retry::AfterChange)),
            message_id: None,
            bytes: None,
            recipients: Vec::new(),
            tls: None,
            warnings: &[],
        }
    }

    /// The same, with the Message-ID that the mail was given.
    #[must_use]
    pub fn with_message_id(mut self, message_id: Option<&'a str>) -> Outcome<'a> {
        self.message_id = message_id;
        self
    }

    /// The object.
    pub fn json(&self) -> Result<String, Failure> {
        serde_json::to_string(self).map_err(|error| Failure::defect(error.to_string()))
    }

    /// One line of JSON on standard output.
    pub fn print(&self) -> Result<(), Failure> {
        terminal::result(&terminal::safe_json(&self.json()?))
    }
}

fn recipients(results: &[RecipientResult]) -> Vec<Recipient<'_>> {
    results.iter().map(recipient).collect()
}

fn recipient(result: &RecipientResult) -> Recipient<'_> {
    Recipient {
        address: &result.email,
        accepted: result.accepted,
        status: result.reply.status,
        status_text: &result.reply.text,
    }
}

fn tls(summary: &TlsSummary) -> Tls<'_> {
    Tls { version: &summary.version, cipher: &summary.cipher }
}

/// As the WIT has it.
pub fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Resolve => "resolve",
        Phase::Connect => "connect",
        Phase::Tls => "tls",
        Phase::Greeting => "greeting",
        Phase::Ehlo => "ehlo",
        Phase::Starttls => "starttls",
        Phase::Auth => "auth",
        Phase::MailFrom => "mail-from",
        Phase::RcptTo => "rcpt-to",
        Phase::Data => "data",
        Phase::Content => "content",
        Phase::Quit => "quit",
        Phase::Policy => "policy",
        Phase::Input => "input",
    }
}

fn delivery(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Accepted => "accepted",
        Delivery::NotAccepted => "not-accepted",
        Delivery::Unknown => "unknown",
    }
}

fn retry(retry: Retry) -> &'static str {
    match retry {
        Retry::Later => "later",
        Retry::Never => "never",
        Retry::AfterChange => "after-change",
    }
}

/// As the WIT has it.
pub fn kind(kind: ErrorKind) -> &'static str {
    use ErrorKind as Kind;
    match kind {
        Kind::InvalidInput => "invalid-input",
        Kind::ContradictingSettings => "contradicting-settings",
        Kind::Denied => "denied",
        Kind::NameNotResolved => "name-not-resolved",
        Kind::ConnectionRefused => "connection-refused",
        Kind::Unreachable => "unreachable",
        Kind::TimedOut => "timed-out",
        Kind::ConnectionLost => "connection-lost",
        Kind::ProxyFailed => "proxy-failed",
        Kind::TlsFailed => "tls-failed",
        Kind::CertificateRefused => "certificate-refused",
        Kind::TlsNotOffered => "tls-not-offered",
        Kind::PlainTextOnTlsPort => "plain-text-on-tls-port",
        Kind::TlsOnPlainPort => "tls-on-plain-port",
        Kind::InjectedBytes => "injected-bytes",
        Kind::ReplyNotUnderstood => "reply-not-understood",
        Kind::ServiceClosing => "service-closing",
        Kind::AuthenticationFailed => "authentication-failed",
        Kind::AuthenticationNotOffered => "authentication-not-offered",
        Kind::MechanismNotOffered => "mechanism-not-offered",
        Kind::ExtensionNotOffered => "extension-not-offered",
        Kind::MessageTooLarge => "message-too-large",
        Kind::AllRecipientsRefused => "all-recipients-refused",
        Kind::RecipientRefused => "recipient-refused",
        Kind::SenderRefused => "sender-refused",
        Kind::MessageRefused => "message-refused",
        Kind::Refused => "refused",
        Kind::ContentFailed => "content-failed",
        Kind::LogFailed => "log-failed",
        Kind::Internal => "internal",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(status: u16, text: &str) -> Reply {
        Reply { status, enhanced: None, text: text.to_owned() }
    }

    #[test]
    fn a_mail_that_was_sent() {
        let receipt = Receipt {
            reply: reply(250, "2.0.0 Ok: queued as 4F"),
            message_id: Some("<1@x>".into()),
            bytes: 1834,
            recipients: vec![RecipientResult { email: "b@x".into(), accepted: true, reply: reply(250, "2.1.5 Ok") }],
            tls: Some(TlsSummary { version: "TLSv1.3".into(), cipher: "C".into() }),
            warnings: vec![],
        };
        assert_eq!(
            serde_json::to_string(&Outcome::sent(&receipt)).unwrap(),
            r#"{"success":true,"status":250,"statusText":"2.0.0 Ok: queued as 4F","errors":[],"#.to_owned()
                + r#""delivery":"accepted","messageId":"<1@x>","bytes":1834,"#
                + r#""recipients":[{"address":"b@x","accepted":true,"status":250,"statusText":"2.1.5 Ok"}],"#
                + r#""tls":{"version":"TLSv1.3","cipher":"C"},"warnings":[]}"#
        );
    }

    #[test]
    fn a_mail_that_was_not() {
        let error = SendError {
            phase: Phase::Auth,
            kind: ErrorKind::AuthenticationFailed,
            message: "m".into(),
            reply: Some(reply(535, "5.7.8 no")),
            delivery: Delivery::NotAccepted,
            retry: Retry::Never,
            recipients: vec![],
            tls: None,
            warnings: vec![],
        };
        assert_eq!(
            serde_json::to_string(&Outcome::failed(&error)).unwrap(),
            r#"{"success":false,"status":535,"statusText":"5.7.8 no","#.to_owned()
                + r#""errors":[{"phase":"auth","kind":"authentication-failed","message":"m"}],"#
                + r#""delivery":"not-accepted","retry":"never","recipients":[],"warnings":[]}"#
        );
    }
}
