//! Everything that a component can ask a host for, and the transporter besides.

wit_bindgen::generate!({
    inline: "
        package zoo:zoo;
        world zoo {
            import smtp:transporter/transporter@0.1.0;
            import smtp:transporter/tls-sockets@0.1.0;
            import smtp:transporter/log-files@0.1.0;
        }
    ",
    path: "../../../wit",
    generate_all,
});

pub use smtp::transporter::log_files;
pub use smtp::transporter::tls_sockets::{Endpoint, Socket, SocketError};
pub use smtp::transporter::transporter::{self, Transporter};
pub use smtp::transporter::types::{Envelope, Mail, Mailbox, Recipient, Server};

pub fn server(host: &str, port: u16) -> Server {
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

pub fn mail() -> Mail {
    let mailbox = |email: &str| Mailbox { name: None, email: email.to_owned() };
    Mail {
        from: vec![mailbox("zoo@plugin.test")],
        sender: None,
        reply_to: Vec::new(),
        to: vec![mailbox("bob@mail.test")],
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: Some("from the zoo".to_owned()),
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
