//! Mails and envelopes, from the interface's records.

use super::bindings::smtp::transporter::types as wit;
use super::bindings::wasi::io::streams::{InputStream, StreamError};
use crate::Error;
use crate::message::{Attachment, Content, Disposition, Mail, Mailbox, Source};
use crate::session::{
    Address, DeliverBy, Envelope, EnvelopeId, Notify, Options, Original, Priority, Recipient, ReturnContent,
    ReversePath,
};

/// The envelope, from the mail's own fields where it has none, and the mail.
pub(super) fn parts(mail: wit::Mail) -> Result<(Envelope, Mail), Error> {
    let given = mail.envelope;
    let options = mail.options;
    let mail = Mail {
        from: mail.from.into_iter().map(mailbox).collect(),
        sender: mail.sender.map(mailbox),
        reply_to: mail.reply_to.into_iter().map(mailbox).collect(),
        to: mail.to.into_iter().map(mailbox).collect(),
        cc: mail.cc.into_iter().map(mailbox).collect(),
        bcc: mail.bcc.into_iter().map(mailbox).collect(),
        subject: mail.subject,
        text_body: mail.text_body,
        html_body: mail.html_body,
        attachments: mail.attachments.into_iter().map(attachment).collect(),
        headers: mail.headers.into_iter().map(|header| (header.name, header.value)).collect(),
        in_reply_to: mail.in_reply_to,
        references: mail.references,
        message_id: mail.message_id,
        send_at: mail.send_at,
        keywords: mail.keywords,
        comments: mail.comments,
    };
    let mut envelope = match given {
        Some(given) => envelope(&given)?,
        None => {
            let from = mail.sender().ok_or_else(|| Error::input("the mail has no sender: set `from`"))?;
            let recipients = mail.recipients().into_iter().map(recipient).collect::<Result<Vec<_>, _>>()?;
            Envelope::new(ReversePath::parse(&from.email)?, recipients, Options::default())?
        }
    };
    if let Some(given) = options {
        envelope.options = delivery(&given)?;
    }
    Ok((envelope, mail))
}

pub(super) fn envelope(given: &wit::Envelope) -> Result<Envelope, Error> {
    let recipients = given
        .recipients
        .iter()
        .map(|given| {
            let original = given.original.as_deref().map(Original::parse).transpose()?;
            Ok(Recipient { notify: given.notify.map(notify), original, ..recipient(&given.email)? })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let options = given.options.as_ref().map(delivery).transpose()?.unwrap_or_default();
    Envelope::new(ReversePath::parse(&given.from)?, recipients, options)
}

fn recipient(email: &str) -> Result<Recipient, Error> {
    Address::parse(email).map(Recipient::from)
}

fn delivery(given: &wit::DeliveryOptions) -> Result<Options, Error> {
    Ok(Options {
        require_all: given.require_all,
        return_content: given.return_content.map(|what| match what {
            wit::ReturnContent::Full => ReturnContent::Full,
            wit::ReturnContent::Headers => ReturnContent::Headers,
        }),
        envelope_id: given.envelope_id.as_deref().map(EnvelopeId::parse).transpose()?,
        notify: given.notify.map(notify),
        require_tls: given.require_tls,
        priority: given.priority.map(Priority::new).transpose()?,
        deliver_by: given
            .deliver_by
            .map(|by| DeliverBy::new(by.seconds, by.mode == wit::DeliverByMode::Notify, by.trace))
            .transpose()?,
        hold_for: given.hold_for,
    })
}

fn notify(given: wit::Notify) -> Notify {
    match given {
        wit::Notify::Never => Notify::Never,
        wit::Notify::On(on) => Notify::On {
            success: on.contains(wit::NotifyOn::SUCCESS),
            failure: on.contains(wit::NotifyOn::FAILURE),
            delay: on.contains(wit::NotifyOn::DELAY),
        },
    }
}

fn mailbox(mailbox: wit::Mailbox) -> Mailbox {
    Mailbox { name: mailbox.name, email: mailbox.email }
}

fn attachment(attachment: wit::Attachment) -> Attachment {
    Attachment {
        content: match attachment.content {
            wit::Content::Bytes(bytes) => Content::Bytes(bytes),
            wit::Content::Text(text) => Content::Text(text),
            wit::Content::Stream(stream) => Content::Stream(Box::new(HostStream(stream))),
            wit::Content::Twice((first, second)) => {
                Content::Twice([Box::new(HostStream(first)), Box::new(HostStream(second))])
            }
        },
        size: attachment.size,
        name: attachment.name,
        media_type: attachment.media_type,
        cid: attachment.cid,
        disposition: attachment.disposition.map(|disposition| match disposition {
            wit::Disposition::Attachment => Disposition::Attachment,
            wit::Disposition::Inline => Disposition::Inline,
        }),
    }
}

/// A stream of the host, read in pieces.
struct HostStream(InputStream);

impl Source for HostStream {
    fn read(&mut self, into: &mut Vec<u8>, at_most: usize) -> Result<usize, String> {
        loop {
            match self.0.blocking_read(at_most as u64) {
                Ok(bytes) if bytes.is_empty() => {}
                Ok(bytes) => {
                    let count = bytes.len();
                    match into.is_empty() {
                        true => *into = bytes,
                        false => into.extend_from_slice(&bytes),
                    }
                    return Ok(count);
                }
                Err(StreamError::Closed) => return Ok(0),
                Err(StreamError::LastOperationFailed(error)) => return Err(error.to_debug_string()),
            }
        }
    }
}
