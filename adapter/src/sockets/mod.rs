//! `tls-sockets` by wasi:sockets, wasi:tls and wasi:clocks.

mod address;
mod connect;
mod failure;
mod race;
mod socket;
mod tls;
mod wait;

use std::cell::RefCell;

use crate::Adapter;
use crate::bindings::exports::smtp::transporter::tls_sockets as wit;
use socket::Socket;

impl wit::Guest for Adapter {
    type Socket = RefCell<Socket>;

    fn credential(name: String, _: wit::Endpoint, _: Option<wit::TlsSettings>) -> Result<String, String> {
        Err(format!(
            "this runtime knows no secret named '{}': give the password or the token itself, or use a host that holds secrets",
            name.escape_debug()
        ))
    }
}

impl wit::GuestSocket for RefCell<Socket> {
    fn connect(
        to: wit::Endpoint,
        tls: Option<wit::TlsSettings>,
        timeout_ms: u32,
    ) -> Result<wit::Socket, wit::ConnectError> {
        Socket::connect(&to, tls.as_ref(), timeout_ms).map(|socket| wit::Socket::new(RefCell::new(socket)))
    }

    fn attempts(&self) -> Vec<wit::Attempt> {
        self.borrow().attempts().to_vec()
    }

    fn start_tls(&self, tls: wit::TlsSettings, timeout_ms: u32) -> Result<wit::TlsSession, wit::SocketError> {
        self.borrow_mut().start_tls(&tls, timeout_ms)
    }

    fn read(&self, max: u32, timeout_ms: u32) -> Result<Vec<u8>, wit::SocketError> {
        self.borrow_mut().read(max, timeout_ms)
    }

    fn write(&self, bytes: Vec<u8>, timeout_ms: u32) -> Result<(), wit::SocketError> {
        self.borrow_mut().write(&bytes, timeout_ms)
    }

    fn local_address(&self) -> wit::Address {
        self.borrow().local_address().clone()
    }

    fn tls_session(&self) -> Option<wit::TlsSession> {
        self.borrow().tls_session().cloned()
    }

    fn now(&self) -> wit::Moment {
        self.borrow().now()
    }
}
