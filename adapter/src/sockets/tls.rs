//! The client's handshake by wasi:tls, and what it leaves unsaid.

use super::connect::server_name;
use super::failure;
use super::wait::{self, Instant};
use crate::bindings::exports::smtp::transporter::tls_sockets::{
    Certificate, SocketError, SocketFailure, TlsSession, TlsSettings,
};
use crate::bindings::exports::smtp::transporter::types::{RootStore, Trust};
use crate::bindings::wasi::io::streams::{InputStream, OutputStream};
use crate::bindings::wasi::tls::types::{ClientConnection, ClientHandshake};

/// A stream under TLS. The streams go before the connection.
pub(super) struct Secured {
    pub(super) input: InputStream,
    pub(super) output: OutputStream,
    pub(super) connection: ClientConnection,
    pub(super) session: TlsSession,
}

/// What was asked for and can't be had is refused before a byte is said: a setting that protects must never be passed over.
pub(super) fn check(settings: &TlsSettings) -> Result<(), SocketError> {
    let refuse = |setting: &str, what: &str| {
        let text =
            format!("`{setting}` is set, and wasi:tls can't {what}; remove the setting, or use a host of this project");
        Err(SocketError::BadTrust(text))
    };
    let Some(Trust { roots, pin_sha256, client_certificate }) = &settings.trust else { return Ok(()) };
    if pin_sha256.is_some() {
        return refuse("pin-sha256", "compare the server's certificate with a pin");
    }
    if client_certificate.is_some() {
        return refuse("client-certificate", "show one");
    }
    for root in roots {
        match root {
            // What runtimes trust by default; wasmtime's list is this one.
            RootStore::Mozilla => {}
            RootStore::System => return refuse("roots: system", "be told whom to trust"),
            RootStore::Pem(_) => return refuse("roots: pem", "be told whom to trust"),
        }
    }
    Ok(())
}

/// Starts TLS on streams that nothing was read from ahead. They are spent, whatever comes of it.
pub(super) fn handshake(
    input: InputStream,
    output: OutputStream,
    settings: &TlsSettings,
    deadline: Instant,
    limit_ms: u32,
) -> Result<Secured, SocketError> {
    let name = server_name(&settings.server_name)?;
    let future = ClientHandshake::finish(ClientHandshake::new(&name, input, output));
    let ready = future.subscribe();
    if !wait::one(&ready, deadline) {
        return Err(SocketError::Failed(SocketFailure::TimedOut(limit_ms)));
    }
    drop(ready);
    match future.get() {
        Some(Ok(Ok((connection, input, output)))) => Ok(Secured { input, output, connection, session: session(name) }),
        Some(Ok(Err(error))) => Err(failure::of_io(&error)),
        Some(Err(())) | None => Err(SocketError::Handshake("the runtime did not say what came of it".to_owned())),
    }
}

/// wasi:tls tells nothing of what was agreed on: empty is "not told".
fn session(server_name: String) -> TlsSession {
    TlsSession {
        version: String::new(),
        cipher: String::new(),
        server_name,
        certificate: Certificate {
            subject: String::new(),
            issuer: String::new(),
            names: Vec::new(),
            not_before: String::new(),
            not_after: String::new(),
            sha256: String::new(),
        },
        channel_binding_exporter: None,
        channel_binding_end_point: None,
    }
}
