//! `host demo`: three conversations with an SMTP server inside this process, as the log has them.

use clap::Args;
use smtp_cli::demo;
use smtp_cli::demo::{HOST_NAME, Options, Server};
use smtp_host::Host;
use smtp_host::log_files::LogFiles;
use smtp_host::types::{self, AuthenticationMode, ErrorKind, Mail, Mailbox, Receipt, RootStore, SendError, Trust};
use std::fs::DirBuilder;
use std::io;
use std::path::{Path, PathBuf};

use crate::exit::{Exit, Failure};
use crate::job::{self, Stop};
use crate::paint::Paint;
use crate::terminal;

const NEXT: &str = "  \
  your own server, with the log on
    export SMTP_PASSWORD=…
    HOST send --server smtp://mail.example.com --user you@example.com --from you@example.com \\
        --to someone@example.org --subject Hello --text 'It works.' --log

  only whether it lets you in
    HOST check --server smtps://mail.example.com --user you@example.com
";

/// Shows the whole thing at work, on a mail server inside this process.
#[derive(Args)]
#[command(after_help = "Example: nothing is needed, and nothing leaves this machine\n  host demo")]
pub struct Demo {}

impl Demo {
    pub fn run(&self) -> Exit {
        job::block_on(show(), false)
    }
}

async fn show() -> Result<(), Stop> {
    let no_server = |error| Failure::defect(format!("no server on this machine's loopback: {error}"));
    let server = Server::start(Options::default()).await.map_err(no_server)?;
    let mut stage = Stage::set(server)?;
    stage.say(&format!(
        "A mail server, {HOST_NAME}, runs inside this process; its certificate is a moment old.\n\
         Three conversations with it, as the log has them:\n"
    ))?;

    let at_once = stage.settings(stage.server.tls_port(), true);
    stage.open("1  A mail accepted, under TLS from the first byte")?;
    let sent = stage.send(at_once.clone(), "Hello from the sandbox").await;
    stage.close(&sent.map(|receipt| accepted(&receipt))?)?;

    let mistaken = types::Server {
        password: Some("wonder land".into()),
        authentication_mode: Some(AuthenticationMode::Plain),
        initial_response: Some(false),
        ..at_once
    };
    stage.open("2  A wrong password")?;
    let refused = stage.send(mistaken, "Never sent").await;
    stage.close(&refusal(refused)?)?;

    let in_the_clear_at_first = stage.settings(stage.server.starttls_port(), false);
    stage.open("3  A mail accepted, by STARTTLS")?;
    let sent = stage.send(in_the_clear_at_first, "Hello again").await;
    stage.close(&sent.map(|receipt| accepted(&receipt))?)?;

    stage.end()
}

fn accepted(receipt: &Receipt) -> String {
    let tls = receipt.tls.as_ref().map_or("no TLS", |tls| &tls.version);
    let (bytes, reply) = (receipt.bytes, &receipt.reply);
    format!("The server has the mail, {bytes} bytes under {tls}: {} {}", reply.status, reply.text)
}

fn refusal(result: Result<Receipt, SendError>) -> Result<String, Stop> {
    match result {
        Err(error) if error.kind == ErrorKind::AuthenticationFailed => {
            let status = error.reply.as_ref().map_or(0, |reply| reply.status);
            Ok(format!(
                "Refused with {status}, and no mail was begun. The password went out; the log has 32 asterisks."
            ))
        }
        Err(error) => Err(error.into()),
        Ok(_) => Err(Failure::defect("the server let a wrong password in").into()),
    }
}

/// The server, the component, and the log between them.
struct Stage {
    server: Server,
    host: Host,
    log: PathBuf,
    /// Bytes of the log that were shown.
    shown: usize,
    paint: Paint,
}

impl Stage {
    fn set(server: Server) -> Result<Stage, Failure> {
        let unwritable = |error: String| Failure::cant_create(format!("no log in the temporary folder: {error}"));
        let folder = temporary_folder().map_err(|error| unwritable(error.to_string()))?;
        let logs = LogFiles::builder().folder(&folder).regular(1).build();
        let logs = logs.map_err(|error| unwritable(error.to_string()))?;
        let host = Host::builder().logs(logs).build();
        let host = host.map_err(|error| Failure::defect(format!("the component can't be loaded: {error:#}")))?;
        Ok(Stage { server, host, log: folder.join("SMTPLog_1.txt"), shown: 0, paint: Paint::of_stdout() })
    }

    fn settings(&self, port: u16, tls_at_once: bool) -> types::Server {
        let demo::Account { user, password, .. } = Options::default().account;
        types::Server {
            port: Some(port),
            tls_at_once: Some(tls_at_once),
            user: Some(user),
            password: Some(password.into()),
            trust: Some(Trust {
                roots: vec![RootStore::Pem(self.server.authority_pem().into())],
                pin_sha256: None,
                client_certificate: None,
            }),
            ..types::Server::new("localhost")
        }
    }

    /// One mail over a connection of its own, from the greeting to QUIT.
    async fn send(&self, server: types::Server, subject: &str) -> Result<Receipt, SendError> {
        let mut transporter = self.host.transporter(server).await?;
        let result = transporter.send(&mail(subject)).await;
        transporter.close().await;
        result
    }

    fn open(&self, heading: &str) -> Result<(), Failure> {
        self.say(&self.paint.heading(heading))
    }

    /// What the log has of the conversation, and what happened in it.
    fn close(&mut self, sentence: &str) -> Result<(), Failure> {
        let log = std::fs::read_to_string(&self.log).map_err(|error| Failure::unreadable(&self.log, &error))?;
        for line in log.get(self.shown..).unwrap_or_default().lines() {
            self.say(&self.paint.log_line(&terminal::safe(line)))?;
        }
        self.shown = log.len();
        self.say(&format!("{}\n", self.paint.sentence(&terminal::safe(sentence))))
    }

    fn end(&self) -> Result<(), Stop> {
        let mails = self.server.received().len();
        let log = terminal::safe(&self.log.to_string_lossy());
        self.say(&self.paint.heading("What to try next"))?;
        self.say(&NEXT.replace("HOST ", &format!("{} ", program())))?;
        self.say(&format!("  this demo's log\n    {log}"))?;
        if mails == 2 { Ok(()) } else { Err(Failure::defect(format!("the server has {mails} mails, not 2")).into()) }
    }

    fn say(&self, text: &str) -> Result<(), Failure> {
        terminal::result(text)
    }
}

fn mail(subject: &str) -> Mail {
    let mailbox = |name: &str| Mailbox { name: Some(name.into()), email: format!("{name}@{HOST_NAME}").to_lowercase() };
    Mail {
        to: vec![mailbox("Bob")],
        subject: Some(subject.into()),
        text_body: Some("Everything that both sides said is in the log.\n".into()),
        ..Mail::new(vec![mailbox("Alice")])
    }
}

/// How this program is called from here: by its name where that was enough, else by its path.
fn program() -> String {
    let called = std::env::args_os().next().map(PathBuf::from).unwrap_or_default();
    let here = std::env::current_dir().unwrap_or_default();
    let path = called.strip_prefix(&here).unwrap_or(&called).to_string_lossy().into_owned();
    if path.is_empty() || path.contains(char::is_whitespace) { "host".to_owned() } else { terminal::safe(&path) }
}

/// A new folder that is ours alone. It stays, so that the log can be looked at.
fn temporary_folder() -> io::Result<PathBuf> {
    let base = std::env::temp_dir();
    let process = std::process::id();
    let names = (0..100).map(|n| base.join(format!("smtp-transporter-demo-{process}-{n}")));
    let mut taken = io::Error::from(io::ErrorKind::AlreadyExists);
    for folder in names {
        match create(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => taken = error,
            Err(error) => return Err(error),
        }
    }
    Err(taken)
}

fn create(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
