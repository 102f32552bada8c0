//! The imported transporter, generated from its WIT, and records with nothing set.

wit_bindgen::generate!({
    path: ["../../wit", "wit"],
    world: "smtp:mail/mail",
    generate_all,
});

pub use smtp::transporter::secrets::Secret;
pub use smtp::transporter::transporter::{Transporter, set_log};
pub use smtp::transporter::types::{
    AuthenticationMode, ClientCertificate, Delivery, ErrorKind, Language, LogError, Mail, Mailbox, Proxy, ProxyKind,
    Receipt, RootStore, SendError, Server, Trust,
};
pub use wasi::cli::exit::exit_with_code;

impl Transporter {
    /// Keeps the settings; opens no connection.
    pub fn new(server: Server) -> Result<Transporter, SendError> {
        smtp::transporter::transporter::new_transporter(&server)
    }
}

/// Settings with every default.
pub fn server(host: &str) -> Server {
    Server {
        host: host.to_owned(),
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

/// A mail from somebody, with nothing in it.
pub fn mail(from: Mailbox) -> Mail {
    Mail {
        from: vec![from],
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
