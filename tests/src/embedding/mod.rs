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
    Server {
        host: host.to_owned(),
        port: Some(port),
        tls_at_once: None,
        user: None,
        password: None,
        access_token: None,
        authentication_mode: None,
        accept_unsecure_connection: Some(true),
        connection_time_out: None,
        send_time_out: None,
        keep_alive: None,
        log_file: None,
        log_language: None,
        ehlo_name: None,
        initial_response: None,
        pipelining: None,
        chunking: None,
        trust: None,
        proxy: None,
    }
}

pub fn mail(to: &str) -> Mail {
    let mailbox = |email: &str| Mailbox { name: None, email: email.to_owned() };
    Mail {
        from: vec![mailbox("ana@program.test")],
        sender: None,
        reply_to: Vec::new(),
        to: vec![mailbox(to)],
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: Some("from a program".to_owned()),
        text_body: Some("hello\n".to_owned()),
        html_body: None,
        attachments: Vec::new(),
        headers: Vec::new(),
        in_reply_to: Vec::new(),
        references: Vec::new(),
        message_id: None,
        send_at: None,
        keywords: Vec::new(),
        comments: None,
        envelope: None,
        options: None,
    }
}
