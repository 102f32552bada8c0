//! Results and errors, in the interface's words.

use super::bindings::smtp::transporter::types as wit;
use crate::Error;
use crate::error::{Delivery, Kind, Phase, RecipientResult, Retry};
use crate::session::Reply;
use crate::transporter::{Failed, Receipt, TlsSummary};

pub(super) fn receipt(receipt: Receipt) -> wit::Receipt {
    wit::Receipt {
        reply: reply(receipt.reply),
        message_id: receipt.message_id,
        bytes: receipt.bytes,
        recipients: receipt.recipients.into_iter().map(recipient).collect(),
        tls: receipt.tls.map(tls),
        warnings: receipt.warnings,
    }
}

pub(super) fn reply(reply: Reply) -> wit::Reply {
    wit::Reply { status: reply.status, text: reply.text(), enhanced: reply.enhanced }
}

pub(super) fn failed(failed: Failed) -> wit::SendError {
    wit::SendError { tls: failed.tls.map(tls), ..error(failed.error) }
}

pub(super) fn error(error: Error) -> wit::SendError {
    wit::SendError {
        phase: phase(error.phase),
        kind: kind(error.kind),
        message: error.message,
        reply: error.reply.map(reply),
        delivery: match error.delivery {
            Delivery::NotAccepted => wit::Delivery::NotAccepted,
            Delivery::Accepted => wit::Delivery::Accepted,
            Delivery::Unknown => wit::Delivery::Unknown,
        },
        retry: match error.retry {
            Retry::Later => wit::Retry::Later,
            Retry::Never => wit::Retry::Never,
            Retry::AfterChange => wit::Retry::AfterChange,
        },
        recipients: error.recipients.into_iter().map(recipient).collect(),
        tls: None,
        warnings: error.warnings,
    }
}

fn recipient(result: RecipientResult) -> wit::RecipientResult {
    wit::RecipientResult { email: result.email, accepted: result.accepted, reply: reply(result.reply) }
}

fn tls(summary: TlsSummary) -> wit::TlsSummary {
    wit::TlsSummary { version: summary.version, cipher: summary.cipher }
}

/// Two enums with the same names: the library's and the interface's.
macro_rules! same_names {
    ($function:ident: $from:ty => $to:ty { $($name:ident)* } $($ours:ident => $theirs:ident)*) => {
        fn $function(value: $from) -> $to {
            match value {
                $(<$from>::$name => <$to>::$name,)*
                $(<$from>::$ours => <$to>::$theirs,)*
            }
        }
    };
}

same_names!(phase: Phase => wit::Phase {
    Resolve Connect Tls Greeting Ehlo Auth MailFrom RcptTo Data Content Quit Policy Input
} StartTls => Starttls Noop => MailFrom Rset => MailFrom);

same_names!(kind: Kind => wit::ErrorKind {
    InvalidInput ContradictingSettings Denied NameNotResolved ConnectionRefused Unreachable TimedOut ConnectionLost
    ProxyFailed TlsFailed CertificateRefused TlsNotOffered PlainTextOnTlsPort TlsOnPlainPort InjectedBytes
    ReplyNotUnderstood ServiceClosing AuthenticationFailed AuthenticationNotOffered MechanismNotOffered
    ExtensionNotOffered MessageTooLarge AllRecipientsRefused RecipientRefused SenderRefused MessageRefused Refused
    ContentFailed LogFailed Internal
});
