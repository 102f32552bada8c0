//! Which text of the catalogue says an event, and with which values.

mod parts;
mod tls;
mod values;

use super::catalogue as text;
use super::mask::Mask;
use super::{Language, Note};
use crate::error::Delivery;
use parts::{attachment, failure};
use values::Values;

/// The statement of an event: `### …`.
pub fn of(note: &Note, language: Language, mask: &Mask) -> String {
    let with = Values::new(language, mask);
    match note {
        Note::NotResolved { host, reason } => with.text("host", host).text("reason", reason).event(&text::NOT_RESOLVED),
        Note::AttemptFailed { ip, port, failure: why, elapsed_ms } => with
            .text("ip", ip)
            .number("port", *port)
            .seconds("elapsed", *elapsed_ms)
            .part("failure", |with| failure(why, with))
            .event(&text::ATTEMPT_FAILED),
        Note::NotConnected { host, port, reached } => {
            let text = if *reached { &text::NOT_CONNECTED_THEREFORE } else { &text::NOT_CONNECTED };
            with.text("host", host).number("port", *port).event(text)
        }
        Note::ProxyFailed { proxy, reason } => {
            with.text("proxy", proxy).text("reason", reason).event(&text::PROXY_FAILED)
        }
        Note::Denied { reason } => with.text("reason", reason).event(&text::DENIED),
        Note::Connected { host, port, secured } => {
            let text = if *secured { &text::CONNECTED_SECURED } else { &text::CONNECTED_UNSECURED };
            with.text("host", host).number("port", *port).event(text)
        }
        Note::AuthNotPossible { offered } if offered.is_empty() => with.event(&text::AUTH_NOT_OFFERED),
        Note::AuthNotPossible { offered } => with.text("offered", &offered.join(" ")).event(&text::AUTH_NOT_POSSIBLE),
        Note::AuthBroken { reason } => with.text("reason", reason).event(&text::AUTH_BROKEN),
        Note::OAuthError { json } => with.text("json", json).event(&text::OAUTH_ERROR),
        Note::NotUnderstood { awaiting, bytes } => {
            with.awaiting(*awaiting).bytes("bytes", bytes).event(&text::NOT_UNDERSTOOD)
        }
        Note::ReplyTooLong { awaiting, limit } => {
            with.awaiting(*awaiting).number("limit", *limit).event(&text::REPLY_TOO_LONG)
        }
        Note::TimedOut { awaiting, limit_ms } => {
            with.awaiting(*awaiting).seconds("limit", *limit_ms).event(&text::TIMED_OUT)
        }
        Note::Lost { awaiting, failure: why } => with
            .awaiting(*awaiting)
            .part("failure", |with| match why {
                Some(why) => failure(why, with),
                None => with.phrase(&text::FAILURE_ENDED),
            })
            .event(&text::LOST),
        Note::ServiceClosing { during } => with.awaiting(*during).event(&text::SERVICE_CLOSING),
        Note::Reconnecting => with.event(&text::RECONNECTING),
        Note::Closed => with.event(&text::CLOSED),

        Note::RecipientRefused { email, status } => {
            with.text("email", email).number("status", *status).event(&text::RECIPIENT_REFUSED)
        }
        Note::NotOffered { extension, reason } => {
            with.text("extension", extension).text("reason", reason).event(&text::NOT_OFFERED)
        }
        Note::TooLarge { size, limit } => with.number("size", *size).number("limit", *limit).event(&text::TOO_LARGE),
        Note::ContentFailed { reason } => with.text("reason", reason).event(&text::CONTENT_FAILED),
        Note::ContentOmitted { bytes, attachments } if attachments.is_empty() => {
            with.number("bytes", *bytes).event(&text::BODY_OMITTED)
        }
        Note::ContentOmitted { bytes, attachments } => {
            let with = with.number("bytes", *bytes);
            let list: Vec<_> = attachments.iter().map(|omitted| attachment(omitted, with.fresh())).collect();
            with.ready("attachments", list.join(", ")).event(&text::BODY_AND_ATTACHMENTS_OMITTED)
        }
        Note::Outcome { delivery, status, accepted, refused } => with
            .number("status", *status)
            .number("accepted", *accepted as u64)
            .number("refused", *refused as u64)
            .event(match (delivery, status) {
                (Delivery::Accepted, _) => &text::ACCEPTED,
                (Delivery::Unknown, _) => &text::UNKNOWN,
                (Delivery::NotAccepted, 0) => &text::NOT_COMPLETED,
                (Delivery::NotAccepted, _) => &text::NOT_ACCEPTED,
            }),

        Note::TlsStarted(facts) => tls::started(facts, with),
        Note::TlsFailed(why) => tls::failed(why, with),
        Note::StartTlsNotOffered => with.event(&text::STARTTLS_NOT_OFFERED),
        Note::StartTlsRefused { status } => with.number("status", *status).event(&text::STARTTLS_REFUSED),
        Note::ContinuingInTheClear => with.event(&text::IN_THE_CLEAR),
        Note::TlsOnPlainPort => with.event(&text::TLS_ON_PLAIN_PORT),
        Note::InjectedBytes { count } => with.number("count", *count).event(&text::INJECTED_BYTES),
    }
}

/// What the regular log says of a body that ended too early.
pub fn abandoned(bytes: u64, language: Language, mask: &Mask) -> String {
    Values::new(language, mask).number("bytes", bytes).event(&text::BODY_ABANDONED)
}

#[cfg(test)]
mod tests;
