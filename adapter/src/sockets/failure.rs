//! What a runtime says of a failure, in the terms of our interface.

use crate::bindings::exports::smtp::transporter::tls_sockets::{
    CertificateCheck, CertificateRefusal, SocketError, SocketFailure,
};
use crate::bindings::wasi::io::streams::{Error, StreamError};
use crate::bindings::wasi::sockets::network::ErrorCode;

pub(super) const DENIED: &str = "the runtime has not granted the network; `wasmtime run -S inherit-network` would";

pub(super) fn denied() -> SocketFailure {
    SocketFailure::Other(DENIED.to_owned())
}

pub(super) fn of_resolver(code: ErrorCode, host: &str) -> SocketError {
    let host = host.escape_debug();
    match code {
        // wasmtime has no other word for a grant that is missing.
        ErrorCode::AccessDenied | ErrorCode::PermanentResolverFailure => SocketError::Denied(format!(
            "the runtime does not look up '{host}'; `wasmtime run -S allow-ip-name-lookup` would allow it"
        )),
        ErrorCode::InvalidArgument => {
            SocketError::NotResolved(format!("'{host}' is neither a host name nor an address"))
        }
        ErrorCode::NameUnresolvable => SocketError::NotResolved("the runtime found no address for it".to_owned()),
        ErrorCode::TemporaryResolverFailure => {
            SocketError::NotResolved("the name server gives no answer for the moment".to_owned())
        }
        code => SocketError::NotResolved(words(code)),
    }
}

/// `elapsed_ms` is what the operating system's own patience came to.
pub(super) fn of_socket(code: ErrorCode, elapsed_ms: u32) -> SocketFailure {
    match code {
        ErrorCode::AccessDenied => denied(),
        ErrorCode::ConnectionRefused => SocketFailure::Refused,
        ErrorCode::RemoteUnreachable | ErrorCode::AddressNotBindable => SocketFailure::Unreachable,
        ErrorCode::Timeout => SocketFailure::TimedOut(elapsed_ms),
        ErrorCode::ConnectionReset | ErrorCode::ConnectionAborted => SocketFailure::Reset,
        code => SocketFailure::Other(words(code)),
    }
}

/// `NewSocketLimit` as "new socket limit".
fn words(code: ErrorCode) -> String {
    let mut text = String::new();
    for character in format!("{code:?}").chars() {
        if character.is_uppercase() && !text.is_empty() {
            text.push(' ');
        }
        text.push(character.to_ascii_lowercase());
    }
    text
}

/// A failed read or write. Orderly ends are not for here.
pub(super) fn of_stream(error: StreamError) -> SocketError {
    match error {
        StreamError::Closed => SocketError::Lost,
        StreamError::LastOperationFailed(error) => of_io(&error),
    }
}

/// wasi:io has no codes for errors, wasi:tls none of its own: what is left are the runtime's words.
pub(super) fn of_io(error: &Error) -> SocketError {
    of_words(&first_paragraph(&error.to_debug_string()))
}

/// Runtimes that were asked for it put a backtrace behind an error.
fn first_paragraph(text: &str) -> String {
    let text = text.split("\n\nStack backtrace").next().unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn of_words(words: &str) -> SocketError {
    let lower = words.to_ascii_lowercase();
    let has = |part: &str| lower.contains(part);
    if let Some((_, why)) = words.split_once("invalid peer certificate: ") {
        return SocketError::CertificateRefused(refusal(why));
    }
    if has("certificate verify failed") {
        return SocketError::CertificateRefused(refusal(words));
    }
    if let Some((_, alert)) = words.split_once("received fatal alert: ") {
        return of_alert(alert);
    }
    match () {
        () if has("serverdoesnotsupporttls12or13") || has("tls12notoffered") || has("servertlsversionisdisabled") => {
            SocketError::NoCommonTls("the server speaks neither TLS 1.2 nor TLS 1.3".to_owned())
        }
        () if has("peer is incompatible") => SocketError::NoCommonTls(words.to_owned()),
        // The bytes are gone: this is all that rustls says to a server that speaks plain text.
        () if has("invalidcontenttype") || has("wrong version number") => SocketError::NotTls(Vec::new()),
        () if has("reset") || has("aborted") => SocketError::Failed(SocketFailure::Reset),
        () if has("eof") || has("close_notify") || has("unexpected end") || has("broken") => SocketError::Lost,
        () => SocketError::Handshake(words.to_owned()),
    }
}

fn of_alert(alert: &str) -> SocketError {
    match alert {
        "ProtocolVersion" | "HandshakeFailure" | "InsufficientSecurity" => {
            SocketError::NoCommonTls(format!("the server's alert was {alert}"))
        }
        "CertificateRequired" => {
            SocketError::Handshake("the server wants a client certificate, and wasi:tls can't show one".to_owned())
        }
        alert => SocketError::Handshake(format!("the server's alert was {alert}")),
    }
}

/// wasi:tls does not show the certificate that it refuses.
fn refusal(why: &str) -> CertificateRefusal {
    let has = |part: &str| why.contains(part);
    let check = match () {
        // The advice for an unknown issuer is to trust it or to pin the certificate, and neither can be done here.
        () if has("UnknownIssuer") => CertificateCheck::Other,
        () if has("not valid for name") || has("NotValidForName") => CertificateCheck::WrongName,
        () if has("not valid yet") || has("NotValidYet") => CertificateCheck::NotYetValid,
        () if has("expired") || has("Expired") => CertificateCheck::Expired,
        () if has("Revoked") => CertificateCheck::Revoked,
        () if has("BadSignature") => CertificateCheck::BadSignature,
        () if has("InvalidPurpose") || has("extended key usage") => CertificateCheck::NotForServers,
        () if has("BadEncoding") => CertificateCheck::Malformed,
        () => CertificateCheck::Other,
    };
    let detail = match has("UnknownIssuer") {
        true => "the runtime trusts none of its issuers, and whom it trusts can't be chosen",
        false => why,
    };
    CertificateRefusal { check, detail: detail.to_owned(), certificate: None }
}
