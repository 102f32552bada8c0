//! What became of a mail: the word that decides it, as an outcome and as an event.

use super::advice;
use super::outcome::Sent;
use super::reply::Reply;
use super::transaction::Transaction;
use crate::error::{Delivery, Error, Kind, Phase, RecipientResult, Retry};
use crate::log::{Note, Transcript};

/// What became of a mail.
#[derive(Debug)]
pub(super) enum Verdict {
    Accepted(Reply),
    SenderRefused(Reply),
    /// Nobody was accepted, or somebody was not although all had to be.
    RecipientsRefused,
    DataRefused(Reply),
    ContentRefused(Reply),
    ContentFailed(String),
}

/// The event of a mail's outcome.
pub(super) fn tell_outcome(delivery: Delivery, status: u16, recipients: &[RecipientResult], log: &mut Transcript) {
    let accepted = recipients.iter().filter(|recipient| recipient.accepted).count();
    log.note(Note::Outcome { delivery, status, accepted, refused: recipients.len() - accepted });
}

/// What the replies to a mail come to.
pub(super) fn result(transaction: &mut Transaction) -> Result<Sent, Error> {
    let warnings = core::mem::take(&mut transaction.plan.warnings);
    let recipients = transaction.recipients();
    let mut error = match transaction.verdict.take() {
        Some(Verdict::Accepted(reply)) => {
            return Ok(Sent {
                reply,
                bytes: transaction.bytes,
                recipients,
                message_id: transaction.shape.message_id.take(),
                warnings,
            });
        }
        Some(Verdict::SenderRefused(reply)) => {
            // What was said of the recipients after that is about the sender.
            let mut error = advice::refused(Phase::MailFrom, reply);
            error.warnings = warnings;
            return Err(error);
        }
        Some(Verdict::RecipientsRefused) => recipients_refused(&recipients),
        Some(Verdict::DataRefused(reply)) => advice::refused(Phase::Data, reply),
        Some(Verdict::ContentRefused(reply)) => advice::refused(Phase::Content, reply),
        Some(Verdict::ContentFailed(reason)) => Error::new(
            Phase::Content,
            Kind::ContentFailed,
            Retry::AfterChange,
            format!("The content of the mail could not be read to its end: {reason}. Nothing was delivered."),
        ),
        None => Error::new(Phase::Content, Kind::Internal, Retry::Later, "The mail ended without a word."),
    };
    error.recipients = recipients;
    error.warnings = warnings;
    Err(error)
}

/// The refusal that is worth most: one that may pass.
fn recipients_refused(recipients: &[RecipientResult]) -> Error {
    let is_all = recipients.iter().all(|recipient| !recipient.accepted);
    // Those that were not asked have nothing to tell.
    let refused = || recipients.iter().filter(|recipient| !recipient.accepted && recipient.reply.status > 0);
    let told = refused().find(|recipient| recipient.reply.is_transient()).or_else(|| refused().next());
    let Some(told) = told else {
        return Error::new(Phase::RcptTo, Kind::Internal, Retry::Later, "No recipient was named.");
    };
    let mut error = advice::refused(Phase::RcptTo, told.reply.clone());
    let who = match (is_all, recipients.len()) {
        (_, 1) => format!("The recipient {} was refused. ", told.email),
        (true, many) => format!("All {many} recipients were refused; of {}: ", told.email),
        (false, _) => format!("The recipient {} was refused, and the mail was to go to all or none. ", told.email),
    };
    error.message.insert_str(0, &who);
    if is_all {
        error.kind = Kind::AllRecipientsRefused;
    }
    error
}
