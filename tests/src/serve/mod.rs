//! `host serve`, as administrators, programs and strangers use it.

mod access;
mod document;
mod ending;
mod hostile;
mod http;
mod https;
mod load;
mod mail;
mod page;
mod service;
mod smtp;

use crate::servers::{Server, host};
use service::Service;

fn start(transporters: &str) -> Service {
    Service::start(host(), transporters)
}

/// A transporter to Postfix's exchanger.
fn to_postfix(server: &Server) -> String {
    format!(
        "[transporter.main]\nserver = \"smtp://localhost:{}\"\nca-file = \"{}\"\nconnections = 4\n",
        server.mx,
        server.ca().display()
    )
}

/// A transporter to somebody who knows no TLS.
fn in_the_clear(name: &str, port: u16) -> String {
    format!("[transporter.{name}]\nserver = \"smtp://127.0.0.1:{port}\"\naccept-unsecure = true\n")
}
