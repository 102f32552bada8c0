//! The sentences about TLS.

use super::values::Values;
use super::{parts::failure, text};
use crate::log::{Certificate, Check, TlsFacts, TlsFailure};

/// Names of a certificate that are said at most.
const MOST_NAMES: usize = 10;

pub fn started(facts: &TlsFacts, with: Values) -> String {
    let certificate = &facts.certificate;
    if facts.version.is_empty() {
        return with.text("host", &facts.server_name).event(&text::TLS_STARTED_UNTOLD);
    }
    with.text("version", &facts.version)
        .text("cipher", &facts.cipher)
        .text("host", &facts.server_name)
        .part("subject", |with| subject(Some(certificate), with))
        .part("issuer", |with| quoted(&certificate.issuer, with))
        .text("date", &certificate.not_after)
        .event(&text::TLS_STARTED)
}

pub fn failed(why: &TlsFailure, with: Values) -> String {
    match why {
        TlsFailure::Certificate { check, detail, certificate } => refused(*check, detail, certificate.as_ref(), with),
        TlsFailure::NotTls(bytes) if bytes.is_empty() => with.event(&text::NOT_TLS_UNTOLD),
        TlsFailure::NotTls(bytes) => {
            let line = bytes.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
            with.bytes("line", line).event(&text::NOT_TLS)
        }
        TlsFailure::NothingInCommon(detail) => with.text("detail", detail).event(&text::NOTHING_IN_COMMON),
        TlsFailure::InjectedBytes(count) => with.number("count", *count).event(&text::INJECTED_BYTES),
        TlsFailure::BadTrust(detail) => with.text("detail", detail).event(&text::BAD_TRUST),
        TlsFailure::Connection(why) => with.part("failure", |with| failure(why, with)).event(&text::TLS_CONNECTION),
        TlsFailure::Lost => with.event(&text::TLS_LOST),
        TlsFailure::Other(detail) => with.text("detail", detail).event(&text::TLS_OTHER),
    }
}

fn refused(check: Check, detail: &str, certificate: Option<&Certificate>, with: Values) -> String {
    let with = with.text("detail", detail).part("subject", |with| subject(certificate, with));
    let Some(certificate) = certificate else {
        // Without the certificate only the check's own words say what was wrong.
        return with.event(if check == Check::Malformed { &text::MALFORMED } else { &text::CERTIFICATE_REFUSED });
    };
    with.part("issuer", |with| quoted(&certificate.issuer, with))
        .part("names", |with| names(certificate, with))
        .text("before", &certificate.not_before)
        .text("after", &certificate.not_after)
        .text("sha256", &certificate.sha256)
        .event(match check {
            Check::UnknownIssuer if is_self_signed(certificate) => &text::SELF_SIGNED,
            Check::UnknownIssuer => &text::UNKNOWN_ISSUER,
            Check::Expired => &text::EXPIRED,
            Check::NotYetValid => &text::NOT_YET_VALID,
            Check::WrongName => &text::WRONG_NAME,
            Check::Revoked => &text::REVOKED,
            Check::PinMismatch => &text::PIN_MISMATCH,
            Check::BadSignature => &text::BAD_SIGNATURE,
            Check::NotForServers => &text::NOT_FOR_SERVERS,
            Check::Malformed => &text::MALFORMED,
            Check::Other => &text::CERTIFICATE_REFUSED,
        })
}

fn is_self_signed(certificate: &Certificate) -> bool {
    !certificate.subject.is_empty() && certificate.subject == certificate.issuer
}

/// Whose certificate it is: its subject; many have none and only names.
fn subject(certificate: Option<&Certificate>, with: Values) -> String {
    match certificate {
        Some(certificate) if !certificate.subject.is_empty() => quoted(&certificate.subject, with),
        Some(certificate) if !certificate.names.is_empty() => names(certificate, with),
        _ => with.phrase(&text::UNNAMED),
    }
}

fn names(certificate: &Certificate, with: Values) -> String {
    let said: Vec<_> = certificate.names.iter().take(MOST_NAMES).map(|name| quoted(name, with.fresh())).collect();
    let more = certificate.names.len().saturating_sub(MOST_NAMES);
    match (said.is_empty(), more) {
        (true, _) => with.phrase(&text::NAMES_NONE),
        (false, 0) => said.join(", "),
        (false, more) => with.ready("names", said.join(", ")).number("more", more as u64).phrase(&text::MORE_NAMES),
    }
}

fn quoted(name: &str, with: Values) -> String {
    with.text("name", name).phrase(&text::QUOTED)
}
