//! Records of the interface with nothing set but what each must have: `Server { port: Some(465), ..Server::new(host) }`.

use crate::types::{Mail, Mailbox, Server};

impl Server {
    /// Settings for this host, with every default.
    pub fn new(host: impl Into<String>) -> Server {
        Server {
            host: host.into(),
            port: None,
            tls_at_once: None,
            user: None,
            password: None,
            access_token: None,
            authentication_mode: None,
            accept_unsecure_connection: None,
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
}

impl Mail {
    /// A mail from these, with nothing in it and to nobody yet.
    pub fn new(from: Vec<Mailbox>) -> Mail {
        Mail {
            from,
            sender: None,
            reply_to: Vec::new(),
            to: Vec::new(),
            cc: Vec::new(),
            bcc: Vec::new(),
            subject: None,
            text_body: None,
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
}
