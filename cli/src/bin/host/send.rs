//! `host send`: one mail, or with `--batch` many.

use clap::Args;
use smtp_host::Transporter;
use smtp_host::types::{Envelope, Receipt};
use std::io::Read;
use std::path::Path;

use crate::batch::BatchOptions;
use crate::exit::{Exit, Failure};
use crate::job::{self, Job, Stop};
use crate::options::{DkimOptions, LogOptions, MailOptions, Message, OutputOptions, ServerOptions};
use crate::result::Outcome;
use crate::terminal;

/// Bytes of a finished message that are handed over at once.
const PIECE: usize = 64 * 1024;

/// Sends a mail, or one per line of --batch.
#[derive(Args)]
#[command(after_help = "\
Examples:
  export SMTP_PASSWORD=…
  host send --server smtp://ana@example.com@mail.example.com --from 'Ana <ana@example.com>' --to bob@example.org \\
      --subject Minutes --text @minutes.txt --attach 'plan.pdf;name=Plan B.pdf'
  host send --server smtps://mail.example.com --user ana --password-file ~/.smtp --from ana@example.com \\
      --to bob@example.org --eml message.eml --log --json
  host send --server smtp://ana@mail.example.com --from ana@example.com --batch mails.jsonl --connections 8 \\
      --resume mails.journal > results.jsonl")]
pub struct Send {
    #[command(flatten)]
    server: ServerOptions,
    #[command(flatten)]
    mail: MailOptions,
    #[command(flatten)]
    batch: BatchOptions,
    #[command(flatten)]
    dkim: DkimOptions,
    #[command(flatten)]
    log: LogOptions,
    #[command(flatten)]
    output: OutputOptions,
}

impl Send {
    pub fn run(&self) -> Exit {
        match &self.batch.batch {
            None => job::block_on(self.send(), self.output.json),
            Some(file) => self.send_batch(file).unwrap_or_else(|failure| job::say(&failure.into(), self.output.json)),
        }
    }

    fn send_batch(&self, file: &Path) -> Result<Exit, Failure> {
        let defaults = self.mail.defaults(file)?;
        let (host, server) = Job::prepare_signing(&self.server, &self.log, self.dkim.key()?)?.parts();
        self.batch.run(file, defaults, &host, &server)
    }

    async fn send(&self) -> Result<(), Stop> {
        // All that can be wrong on this side is found before the first byte goes out.
        let message = self.mail.read().await?;
        let job = Job::prepare_signing(&self.server, &self.log, self.dkim.key()?)?;
        let mut transporter = job.transporter().await?;
        let sent = hand_over(&mut transporter, message).await;
        // The result stands: what QUIT says changes nothing.
        let said = sent.map(|receipt| say(&receipt, &self.output));
        transporter.close().await;
        said?.map_err(Stop::from)
    }
}

/// Says that the mail went, and what went less than well.
pub fn say(receipt: &Receipt, output: &OutputOptions) -> Result<(), Failure> {
    for refused in receipt.recipients.iter().filter(|recipient| !recipient.accepted) {
        let reply = &refused.reply;
        terminal::say("warning", &format!("{} was refused: {} {}", refused.email, reply.status, reply.text));
    }
    job::warn(&receipt.warnings);
    if output.json { Outcome::sent(receipt).print() } else { terminal::result(&summary(receipt)) }
}

/// `Sent to 2 of 3 recipients (1834 bytes, TLSv1.3): 250 2.0.0 Ok: queued as 4F`
fn summary(receipt: &Receipt) -> String {
    let accepted = receipt.recipients.iter().filter(|recipient| recipient.accepted).count();
    let count = match (accepted, receipt.recipients.len()) {
        (1, 1) => "1 recipient".to_owned(),
        (accepted, all) if accepted == all => format!("{all} recipients"),
        (accepted, all) => format!("{accepted} of {all} recipients"),
    };
    let security = receipt.tls.as_ref().map_or("in the clear", |tls| &tls.version);
    let reply = &receipt.reply;
    terminal::safe(&format!("Sent to {count} ({} bytes, {security}): {} {}", receipt.bytes, reply.status, reply.text))
}

/// Sends a mail that was read.
pub async fn hand_over(transporter: &mut Transporter, message: Message) -> Result<Receipt, Stop> {
    match message {
        Message::Parts(letter) => {
            let mail = letter.into_mail(transporter)?;
            Ok(transporter.send(&mail).await?)
        }
        Message::Finished { envelope, mut content, size, name } => {
            push(transporter, &envelope, &mut *content, size, &name).await
        }
    }
}

/// Pushes a finished message, piece by piece, as this thread has nothing else to do than to read it. A file that fails midway ends the mail before the server can take it.
async fn push(
    transporter: &mut Transporter,
    envelope: &Envelope,
    content: &mut dyn Read,
    size: Option<u64>,
    name: &Path,
) -> Result<Receipt, Stop> {
    let signs = transporter.signs();
    let mut message = transporter.open_message(envelope, size).await?;
    let mut piece = vec![0; PIECE];
    // A file can be read twice; what comes through a pipe is signed as long as it is short.
    if signs && size.is_some() {
        let unreadable = |error: &std::io::Error| Failure::unreadable(name, error);
        let mut before = std::fs::File::open(name).map_err(|error| unreadable(&error))?;
        loop {
            match before.read(&mut piece).map_err(|error| unreadable(&error))? {
                0 => break,
                length => message.rehearse(&piece[..length]).await?,
            }
        }
    }
    loop {
        let written = match content.read(&mut piece) {
            Ok(0) => return Ok(message.finish().await?),
            Ok(length) => message.write(&piece[..length]).await.map_err(Stop::from),
            Err(error) => Err(Failure::unreadable(name, &error).into()),
        };
        if let Err(stop) = written {
            message.abandon().await;
            return Err(stop);
        }
    }
}
