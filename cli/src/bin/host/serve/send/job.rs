//! A mail or a check, from a free transporter to the answer.

use axum::http::StatusCode;
use serde_json::Value;
use smtp_cli::mail_json::{Content, Letter};
use smtp_host::types::{self, ErrorKind, Receipt, SendError};
use std::sync::Arc;
use std::time::Instant;
use wasmtime_wasi::p2::pipe::AsyncReadStream;

use super::Answer;
use super::keys::Ticket;
use super::part::PartReader;
use crate::result::Outcome;
use crate::serve::app::App;
use crate::serve::feed::{Finished, Job, Kind};
use crate::serve::pool::{Lease, NoLease, Pool};
use crate::serve::problem::Problem;

/// A mail that is to be sent.
pub struct Mail {
    pub letter: Letter,
    /// What the attachments with a path read, in their order.
    pub parts: Vec<PartReader>,
}

/// Sends the mail, and tells whoever has the same key.
pub async fn send(app: Arc<App>, pool: Arc<Pool>, mail: Mail, ticket: Option<Ticket>) -> Answer {
    let mut lease = match pool.lease().await {
        Ok(lease) => lease,
        Err(NoLease::Busy) => return Err(busy()),
        Err(NoLease::Failed(error)) => return told(ticket, Err(problem(&error))),
    };
    let begun = Instant::now();
    app.feed.begin(lease.process(), description(&pool, &mail.letter));
    let sent = hand_over(&mut lease, mail).await;
    // What is answered is in the log by then, also where the service is killed next.
    app.log.flush();
    let answer = match &sent {
        Ok(receipt) => {
            app.feed.finish(lease.process(), &Finished::Sent(receipt));
            Ok(Arc::new(json(&Outcome::sent(receipt))))
        }
        Err(error) => {
            app.feed.finish(lease.process(), &Finished::Failed(error));
            Err(problem(error))
        }
    };
    app.metrics.sent(&pool.name, sent.as_ref().err(), begun.elapsed());
    lease.settle(sent.as_ref().err()).await;
    told(ticket, answer)
}

/// Asks whether the server is there and knows us.
pub async fn check(app: Arc<App>, pool: Arc<Pool>) -> Answer {
    let mut lease = match pool.lease().await {
        Ok(lease) => lease,
        Err(NoLease::Busy) => return Err(busy()),
        Err(NoLease::Failed(error)) => return Err(problem(&error)),
    };
    let job = Job {
        kind: Kind::Check,
        transporter: pool.name.clone(),
        from: String::new(),
        to: String::new(),
        recipients: 0,
        subject: String::new(),
    };
    app.feed.begin(lease.process(), job);
    let Some(transporter) = lease.transporter() else { return Err(Problem::internal("no transporter")) };
    let checked = transporter.check_connection().await;
    app.log.flush();
    let answer = match &checked {
        Ok(reply) => {
            app.feed.finish(lease.process(), &Finished::Checked(reply));
            Ok(Arc::new(json(&Outcome::checked(reply))))
        }
        Err(error) => {
            app.feed.finish(lease.process(), &Finished::Failed(error));
            Err(problem(error))
        }
    };
    app.metrics.checked(&pool.name, checked.as_ref().err());
    lease.settle(checked.as_ref().err()).await;
    answer
}

fn told(ticket: Option<Ticket>, answer: Answer) -> Answer {
    if let Some(ticket) = ticket {
        ticket.tell(answer.clone());
    }
    answer
}

async fn hand_over(lease: &mut Lease, mail: Mail) -> Result<Receipt, SendError> {
    let Mail { mut letter, parts } = mail;
    // The places of the parts are kept by empty contents: no path of a request is ever opened.
    let mut places = Vec::new();
    for (at, attachment) in letter.attachments.iter_mut().enumerate() {
        if let Content::Path(_) = attachment.content {
            attachment.content = Content::Bytes(Vec::new());
            places.push(at);
        }
    }
    let open = letter.open().await.map_err(|error| wrong(error.to_string()))?;
    let transporter = lease.transporter().ok_or_else(|| wrong("no transporter".to_owned()))?;
    let mut mail = open.into_mail(transporter)?;
    for (at, part) in places.into_iter().zip(parts) {
        let stream = transporter.stream(AsyncReadStream::new(part))?;
        if let Some(attachment) = mail.attachments.get_mut(at) {
            attachment.content = types::Content::Stream(stream);
            attachment.size = None;
        }
    }
    transporter.send(&mail).await
}

fn wrong(message: String) -> SendError {
    SendError {
        phase: types::Phase::Input,
        kind: ErrorKind::InvalidInput,
        message,
        reply: None,
        delivery: types::Delivery::NotAccepted,
        retry: types::Retry::AfterChange,
        recipients: Vec::new(),
        tls: None,
        warnings: Vec::new(),
    }
}

fn description(pool: &Pool, letter: &Letter) -> Job {
    let named = letter.envelope.as_ref().and_then(|envelope| envelope.recipients.as_ref());
    let mut everybody: Vec<&str> = match named {
        Some(recipients) => recipients.iter().map(|recipient| recipient.email.as_str()).collect(),
        None => [&letter.to, &letter.cc, &letter.bcc].into_iter().flatten().map(|one| one.email.as_str()).collect(),
    };
    let recipients = everybody.len();
    everybody.truncate(1);
    Job {
        kind: Kind::Mail,
        transporter: pool.name.clone(),
        from: letter.from.first().or(letter.sender.as_ref()).map(|one| one.email.clone()).unwrap_or_default(),
        to: everybody.concat(),
        recipients,
        subject: letter.subject.clone().unwrap_or_default(),
    }
}

fn json(outcome: &Outcome<'_>) -> Value {
    serde_json::to_value(outcome).unwrap_or_default()
}

fn busy() -> Problem {
    Problem::busy("All connections of this transporter are in use, and none became free in time. Nothing was sent.")
}

fn problem(error: &SendError) -> Problem {
    let (status, title) = match error.kind {
        ErrorKind::InvalidInput | ErrorKind::ContradictingSettings => {
            (StatusCode::UNPROCESSABLE_ENTITY, "The mail is wrong")
        }
        ErrorKind::MessageTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "The mail is larger than the server takes"),
        _ if error.delivery == types::Delivery::Unknown => {
            (StatusCode::FAILED_DEPENDENCY, "Whether the server has the mail is not known")
        }
        _ => (StatusCode::FAILED_DEPENDENCY, "The server did not take it"),
    };
    Problem::not_sent(status, title, &error.message, json(&Outcome::failed(error)))
}
