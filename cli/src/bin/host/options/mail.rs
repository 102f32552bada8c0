//! The mail: in its parts, or as a finished message.

use clap::Args;
use smtp_cli::mail_json::{FileError, Letter, LetterEnvelope, OpenLetter};
use smtp_host::types::{DeliveryOptions, Envelope, Header, Mailbox, Recipient, ReturnContent};
use std::fs::File;
use std::io::{Error, ErrorKind, Read, stdin};
use std::path::{Path, PathBuf};

use super::attach;
use super::{mailbox, recipient, text};
use crate::exit::Failure;

/// The mail.
#[derive(Args)]
#[command(next_help_heading = "Mail")]
pub struct MailOptions {
    /// Who writes: a@b or 'Name <a@b>'. Repeatable.
    #[arg(long, value_name = "MAILBOX", env = "SMTP_FROM")]
    from: Vec<String>,

    /// Who sends, where that is somebody else.
    #[arg(long, value_name = "MAILBOX")]
    sender: Option<String>,

    /// Where answers go. Repeatable.
    #[arg(long, value_name = "MAILBOX")]
    reply_to: Vec<String>,

    /// Who gets it. Repeatable.
    #[arg(long, value_name = "MAILBOX")]
    to: Vec<String>,

    /// Who gets a copy. Repeatable.
    #[arg(long, value_name = "MAILBOX")]
    cc: Vec<String>,

    /// Who gets it unseen by the others. Repeatable.
    #[arg(long, value_name = "MAILBOX")]
    bcc: Vec<String>,

    /// What it is about.
    #[arg(long)]
    subject: Option<String>,

    /// The text; @FILE reads it from a file, - from standard input.
    #[arg(long)]
    text: Option<String>,

    /// The text as HTML; @FILE and - as with --text.
    #[arg(long)]
    html: Option<String>,

    /// A file to send along. Repeatable.
    #[arg(long, value_name = "FILE[;name=…;type=…;cid=…;disposition=…]")]
    attach: Vec<String>,

    /// A further header field. Repeatable.
    #[arg(long, value_name = "NAME: VALUE")]
    header: Vec<String>,

    /// The Message-ID that this answers. Repeatable.
    #[arg(long, value_name = "ID")]
    in_reply_to: Vec<String>,

    /// The Message-IDs of the thread. Repeatable.
    #[arg(long, value_name = "ID")]
    references: Vec<String>,

    /// The mail's own Message-ID [default: made at random].
    #[arg(long, value_name = "ID")]
    message_id: Option<String>,

    /// The Date header: RFC 3339 with offset, 2026-02-06T15:03:11+01:00 [default: now].
    #[arg(long, value_name = "DATE")]
    send_at: Option<String>,

    /// Words to find it by, with commas between them. Repeatable.
    #[arg(long, value_name = "WORDS")]
    keywords: Vec<String>,

    /// A remark in the header.
    #[arg(long, value_name = "TEXT")]
    comments: Option<String>,

    /// A finished message (RFC 5322), sent as it is; - reads it from standard input. Who gets it say --to, --cc, --bcc.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["sender", "reply_to", "subject", "text", "html", "attach", "header", "in_reply_to",
            "references", "message_id", "send_at", "keywords", "comments"]
    )]
    eml: Option<String>,

    /// The sender in MAIL FROM [default: --sender or --from]; '' sends a mail that nothing answers.
    #[arg(long, value_name = "ADDRESS")]
    envelope_from: Option<String>,

    /// Who gets it, where the header's --to and --cc say something else; notify and original are DSN's NOTIFY and ORCPT. Repeatable.
    #[arg(long, value_name = "ADDRESS[;notify=…;original=…]")]
    envelope_to: Vec<String>,

    /// When the servers shall report: never, or any of success,failure,delay.
    #[arg(long, value_name = "WHEN")]
    dsn: Option<String>,

    /// What a report gives back of the mail.
    #[arg(long, value_enum, value_name = "WHAT")]
    dsn_return: Option<GivenBack>,

    /// What a report calls the mail (DSN's ENVID).
    #[arg(long, value_name = "TEXT")]
    dsn_id: Option<String>,

    /// One refused recipient stops the mail [default: the others get it].
    #[arg(long)]
    require_all: bool,
}

/// DSN's RET.
#[derive(Clone, Copy, clap::ValueEnum)]
enum GivenBack {
    Full,
    Headers,
}

/// A mail that is ready to be sent: read, checked as far as can be here, its files open.
pub enum Message {
    /// In its parts.
    Parts(Box<OpenLetter>),
    /// Finished: the file, and its length where that is known.
    Finished { envelope: Envelope, content: Box<dyn Read>, size: Option<u64>, name: PathBuf },
}

impl MailOptions {
    /// Reads what the options name.
    pub async fn read(&self) -> Result<Message, Failure> {
        let inputs = [&self.text, &self.html, &self.eml].into_iter().flatten().filter(|value| *value == "-").count();
        if inputs > 1 {
            return Err(Failure::usage(
                "standard input can be read once: only one of --text, --html and --eml can be -",
            ));
        }
        let from = mailboxes("--from", &self.from)?;
        let [to, cc, bcc] = [("--to", &self.to), ("--cc", &self.cc), ("--bcc", &self.bcc)]
            .map(|(option, values)| mailboxes(option, values));
        let (to, cc, bcc) = (to?, cc?, bcc?);
        let recipients = match self.recipients()? {
            Some(recipients) => recipients,
            None => [&to, &cc, &bcc].into_iter().flatten().map(|mailbox| recipient::plain(&mailbox.email)).collect(),
        };
        if recipients.is_empty() {
            return Err(Failure::usage("nobody gets the mail: give --to, --cc or --bcc"));
        }
        let reverse_path =
            self.envelope_from.as_deref().map(|text| mailbox::reverse_path("--envelope-from", text)).transpose()?;
        if let Some(file) = &self.eml {
            let first = || from.first().map(|mailbox| mailbox.email.clone());
            let reverse_path = reverse_path
                .or_else(first)
                .ok_or_else(|| Failure::usage("a finished message needs a sender: give --from or --envelope-from"))?;
            let options = Some(self.delivery()?);
            return open(file, Envelope { from: reverse_path, recipients, options });
        }
        if from.is_empty() && self.sender.is_none() {
            return Err(Failure::usage("nobody sends the mail: give --from"));
        }
        let letter = self.letter()?;
        let opened = letter.open().await;
        let opened = opened.map_err(|FileError { path, error }| Failure::unreadable(&path, &error))?;
        Ok(Message::Parts(Box::new(opened)))
    }

    /// What the lines of a batch get where they lack it.
    pub fn defaults(&self, batch: &Path) -> Result<Letter, Failure> {
        let inputs = [self.text.as_deref(), self.html.as_deref(), batch.to_str()];
        if inputs.into_iter().flatten().filter(|value| *value == "-").count() > 1 {
            return Err(Failure::usage(
                "standard input can be read once: only one of --text, --html and --batch can be -",
            ));
        }
        if self.message_id.is_some() {
            return Err(Failure::usage("--message-id is one mail's own: put `messageId` into the lines of --batch"));
        }
        self.letter()
    }

    /// The mail in its parts.
    fn letter(&self) -> Result<Letter, Failure> {
        for (option, values) in [
            ("--subject", self.subject.as_slice()),
            ("--message-id", self.message_id.as_slice()),
            ("--send-at", self.send_at.as_slice()),
            ("--keywords", &self.keywords),
            ("--comments", self.comments.as_slice()),
        ] {
            values.iter().try_for_each(|value| text::one_line(option, value))?;
        }
        let reverse_path =
            self.envelope_from.as_deref().map(|text| mailbox::reverse_path("--envelope-from", text)).transpose()?;
        let recipients = self.recipients()?;
        let envelope = LetterEnvelope { from: reverse_path, recipients };
        let options = self.delivery()?;
        let says_something =
            self.require_all || self.dsn.is_some() || self.dsn_return.is_some() || self.dsn_id.is_some();
        Ok(Letter {
            from: mailboxes("--from", &self.from)?,
            sender: self.sender.as_deref().map(|text| mailbox::parse("--sender", text)).transpose()?,
            reply_to: mailboxes("--reply-to", &self.reply_to)?,
            to: mailboxes("--to", &self.to)?,
            cc: mailboxes("--cc", &self.cc)?,
            bcc: mailboxes("--bcc", &self.bcc)?,
            subject: self.subject.clone(),
            attachments: self.attach.iter().map(|value| attach::parse(value)).collect::<Result<_, _>>()?,
            headers: self.header.iter().map(|value| header(value)).collect::<Result<_, _>>()?,
            in_reply_to: ids("--in-reply-to", &self.in_reply_to)?,
            references: ids("--references", &self.references)?,
            message_id: self.message_id.clone(),
            send_at: self.send_at.clone(),
            keywords: words(&self.keywords),
            comments: self.comments.clone(),
            envelope: (envelope.from.is_some() || envelope.recipients.is_some()).then_some(envelope),
            options: says_something.then_some(options),
            text_body: self.text.as_deref().map(|value| text::read("--text", value)).transpose()?,
            html_body: self.html.as_deref().map(|value| text::read("--html", value)).transpose()?,
        })
    }

    /// Those of --envelope-to; none where it is not given.
    fn recipients(&self) -> Result<Option<Vec<Recipient>>, Failure> {
        let named = self.envelope_to.iter().map(|value| recipient::parse(value)).collect::<Result<Vec<_>, _>>()?;
        Ok((!named.is_empty()).then_some(named))
    }

    fn delivery(&self) -> Result<DeliveryOptions, Failure> {
        Ok(DeliveryOptions {
            require_all: self.require_all,
            return_content: self.dsn_return.map(|what| match what {
                GivenBack::Full => ReturnContent::Full,
                GivenBack::Headers => ReturnContent::Headers,
            }),
            envelope_id: self.dsn_id.clone(),
            notify: self.dsn.as_deref().map(|when| recipient::notify("--dsn", when)).transpose()?,
            require_tls: false,
            priority: None,
            deliver_by: None,
            hold_for: None,
        })
    }
}

fn mailboxes(option: &str, values: &[String]) -> Result<Vec<Mailbox>, Failure> {
    let lists = values.iter().map(|value| mailbox::parse_list(option, value)).collect::<Result<Vec<_>, _>>()?;
    Ok(lists.into_iter().flatten().collect())
}

fn ids(option: &str, values: &[String]) -> Result<Vec<String>, Failure> {
    values.iter().try_for_each(|value| text::one_line(option, value))?;
    Ok(values.iter().flat_map(|value| value.split_whitespace()).map(ToOwned::to_owned).collect())
}

fn words(values: &[String]) -> Vec<String> {
    let words = values.iter().flat_map(|value| value.split(',')).map(str::trim);
    words.filter(|word| !word.is_empty()).map(ToOwned::to_owned).collect()
}

/// RFC 5322 §2.2: a name of printable ASCII, a colon, and text.
fn header(field: &str) -> Result<Header, Failure> {
    text::one_line("--header", field)?;
    let wrong = |why: &str, at| Failure::data(format!("--header: {why}")).at(field, at);
    let (name, value) =
        field.split_once(':').ok_or_else(|| wrong("a colon is missing: it is 'Name: value'", field.len()))?;
    if name.is_empty() {
        return Err(wrong("nothing stands before the colon", 0));
    }
    match name.char_indices().find(|(_, c)| !c.is_ascii_graphic()) {
        Some((at, c)) => Err(wrong(&format!("{} can't stand in a header's name", text::name(c)), at)),
        None => Ok(Header { name: name.to_owned(), value: value.trim().to_owned() }),
    }
}

fn open(file: &str, envelope: Envelope) -> Result<Message, Failure> {
    if file == "-" {
        return Ok(Message::Finished {
            envelope,
            content: Box::new(stdin()),
            size: None,
            name: "standard input".into(),
        });
    }
    let name = PathBuf::from(file);
    let opened = File::open(&name).and_then(|content| {
        let about = content.metadata()?;
        if about.is_dir() { Err(Error::from(ErrorKind::IsADirectory)) } else { Ok((content, about)) }
    });
    let (content, about) = opened.map_err(|error| Failure::unreadable(&name, &error))?;
    let size = about.is_file().then_some(about.len());
    Ok(Message::Finished { envelope, content: Box::new(content), size, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers() {
        let Header { name, value } = header("X-Mailer: a: b ").unwrap();
        assert_eq!((name.as_str(), value.as_str()), ("X-Mailer", "a: b"));
        for (field, place) in [
            ("X Y: z", "X Y: z\n ^"),
            ("nocolon", "nocolon\n       ^"),
            (": x", ": x\n^"),
            ("Ä: x", "Ä: x\n^"),
            ("X: a\r\nBcc: b", "X: a\\x0d\\x0aBcc: b\n    ^"),
        ] {
            assert_eq!(header(field).unwrap_err().place.unwrap(), place);
        }
    }
}
