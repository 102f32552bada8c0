//! What an operation came to, in words for the third part of a file.

use std::fmt::Write as _;

use smtp_guest::Error;
use smtp_guest::error::RecipientResult;
use smtp_guest::session::Reply;
use smtp_guest::transporter::{Failed, Receipt};

/// One `do: mail`.
pub fn mail(result: &Result<Receipt, Failed>) -> String {
    match result {
        Ok(receipt) => {
            let tls = receipt.tls.as_ref().map_or("in the clear", |tls| &tls.version);
            let mut text = format!("mail: {}, {} bytes, {tls}", reply(&receipt.reply), receipt.bytes);
            recipients(&receipt.recipients, &mut text);
            warnings(&receipt.warnings, &mut text);
            text
        }
        Err(failed) => error("mail", &failed.error),
    }
}

/// One `do: check`.
pub fn check(result: &Result<Reply, Failed>) -> String {
    match result {
        Ok(answer) => format!("check: {}", reply(answer)),
        Err(failed) => error("check", &failed.error),
    }
}

pub fn error(operation: &str, error: &Error) -> String {
    let mut text = format!(
        "{operation}: failed, {:?}, {:?}, {:?}, retry {:?}",
        error.phase, error.kind, error.delivery, error.retry
    );
    if let Some(answer) = &error.reply {
        let _ = write!(text, ", {}", reply(answer));
    }
    let _ = write!(text, "\n    {}", error.message);
    recipients(&error.recipients, &mut text);
    warnings(&error.warnings, &mut text);
    text
}

fn reply(reply: &Reply) -> String {
    let shortened: String = reply.text().chars().take(200).collect();
    format!("{} {} \"{shortened}\"", reply.status, reply.enhanced.as_deref().unwrap_or("-"))
}

fn recipients(recipients: &[RecipientResult], text: &mut String) {
    for recipient in recipients {
        let word = if recipient.accepted { "accepted" } else { "refused" };
        let _ = write!(text, "\n    {} {word}: {}", recipient.email, reply(&recipient.reply));
    }
}

fn warnings(warnings: &[String], text: &mut String) {
    for warning in warnings {
        let _ = write!(text, "\n    warning: {warning}");
    }
}
