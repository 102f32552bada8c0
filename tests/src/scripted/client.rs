//! The client: the component in the host, with both logs in a folder of its own.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use smtp_host::log_files::LogFiles;
use smtp_host::types::{Mail, Mailbox, RootStore, SendError, Server, Trust};
use smtp_host::{Host, Transporter};

/// A host with its logs; the folder goes when it is dropped.
pub struct Client {
    pub host: Host,
    pub folder: PathBuf,
}

impl Client {
    pub fn new() -> Client {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("smtp-scripted-{}-{count}", std::process::id()));
        std::fs::create_dir(&folder).expect("a folder for the logs");
        let logs = LogFiles::builder().folder(&folder).regular(1).extended_folder(&folder).build().expect("logs");
        let host = Host::builder().logs(logs).build().expect("the component");
        Client { host, folder }
    }

    pub async fn transporter(&self, server: Server) -> Transporter {
        self.host.transporter(server).await.expect("settings that fit together")
    }

    pub fn regular(&self) -> String {
        self.log("SMTPLog_1.txt")
    }

    pub fn extended(&self) -> String {
        self.log("extended.txt")
    }

    fn log(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.join(name)).unwrap_or_default()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// In the clear, nobody logs in, both logs, short limits.
pub fn settings(port: u16) -> Server {
    Server {
        port: Some(port),
        tls_at_once: Some(false),
        accept_unsecure_connection: Some(true),
        connection_time_out: Some(10),
        send_time_out: Some(10),
        log_file: Some("extended.txt".into()),
        ..Server::new("localhost")
    }
}

/// The same where nothing goes out without TLS.
pub fn secured(port: u16, at_once: bool, authority_pem: &str) -> Server {
    Server {
        tls_at_once: Some(at_once),
        accept_unsecure_connection: None,
        trust: Some(Trust {
            roots: vec![RootStore::Pem(authority_pem.into())],
            pin_sha256: None,
            client_certificate: None,
        }),
        ..settings(port)
    }
}

/// The same with a name and a password.
pub fn login(server: Server) -> Server {
    Server { user: Some("someone".into()), password: Some(PASSWORD.into()), ..server }
}

pub const PASSWORD: &str = "correct horse battery";

/// What stands in the small mail, and must not reach a server that is not to be trusted.
pub const TEXT: &str = "A text of a few words.";

pub fn mail() -> Mail {
    let mailbox = |email: &str| Mailbox { name: None, email: email.into() };
    Mail {
        to: vec![mailbox("one@example.test"), mailbox("two@example.test")],
        subject: Some("small".into()),
        text_body: Some(TEXT.into()),
        ..Mail::new(vec![mailbox("sender@example.test")])
    }
}

/// For a failed assertion.
pub fn told(error: &SendError, log: &str) -> String {
    format!("{error:#?}\n{log}")
}
