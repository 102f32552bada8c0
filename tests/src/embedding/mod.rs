//! The library, as Rust programs use it.

mod cancel;
mod pool;
mod spans;

use crate::cli::run::{PASSWORD, Stage};
use smtp_host::types::{Mail, Mailbox, RootStore, Server, Trust};
use std::fs;

/// Settings for the stage's server, with TLS and a login.
pub fn server(stage: &Stage) -> Server {
    let pem = fs::read(stage.folder.join("ca.pem")).expect("the authority");
    Server {
        user: Some("alice".to_owned()),
        password: Some(PASSWORD.into()),
        accept_unsecure_connection: None,
        trust: Some(Trust { roots: vec![RootStore::Pem(pem)], pin_sha256: None, client_certificate: None }),
        ..plain("localhost", stage.starttls_port())
    }
}

/// Settings for a server that asks for nothing.
pub fn plain(host: &str, port: u16) -> Server {
    Server { port: Some(port), accept_unsecure_connection: Some(true), ..Server::new(host) }
}

pub fn mail(to: &str) -> Mail {
    let mailbox = |email: &str| Mailbox { name: None, email: email.to_owned() };
    Mail {
        to: vec![mailbox(to)],
        subject: Some("from a program".to_owned()),
        text_body: Some("hello\n".to_owned()),
        ..Mail::new(vec![mailbox("ana@program.test")])
    }
}
