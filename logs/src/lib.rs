//! Reads the conversation logs of the SMTP transporter, and explains them.
//!
//! Three layers, each usable by itself:
//!
//! * [`reader`]: bytes, cut anywhere, become lines, torn lines and foreign text, each with its place.
//! * [`Grouper`]: lines, of many processes in a mixture, become [`Conversation`]s.
//! * [`causes`]: a failure becomes what it means and what to do.
//!
//! ```
//! use smtp_logs::causes::{Language, diagnose};
//! use smtp_logs::{Outcome, conversations};
//!
//! let log = br#"1 2019-02-06T15:03:11.586 5 7 ### SMTP Connected to 'smtp.gmail.com' on port 465. (secured)
//! 2 2019-02-06T15:03:12.142 5 7 S < "220 smtp.gmail.com ESMTP y139sm19463388wmd.22 - gsmtp"
//! 3 2019-02-06T15:03:12.143 5 7 C > "EHLO [192.168.18.9]"
//! 4 2019-02-06T15:03:12.154 5 7 S < "250 AUTH PLAIN"
//! 5 2019-02-06T15:03:12.162 5 7 C > "AUTH PLAIN ********************************"
//! 6 2019-02-06T15:03:12.234 5 7 S < "535 5.7.8 Username and Password not accepted"
//! 7 2019-02-06T15:03:12.242 5 7 ### SMTP Connection closed
//! "#;
//! let mut told = Vec::new();
//! conversations(&log[..], |conversation| told.push(conversation))?;
//! let conversation = &told[0];
//! assert_eq!(conversation.outcome(), Outcome::Failed);
//! let trouble = conversation.failure().expect("what went wrong");
//! assert_eq!(trouble.at.number, 6);
//! let found = diagnose(&trouble.failure(conversation)).explain(Language::English);
//! assert_eq!(found.class, "bad-credentials");
//! # Ok::<(), std::io::Error>(())
//! ```

pub mod causes;
pub mod conversation;
pub mod event;
pub mod explain;
pub mod extract;
mod group;
pub mod line;
pub mod plain;
pub mod quoted;
pub mod reader;
pub mod report;
mod stamp;

pub use conversation::{Conversation, Mail, Outcome, Trouble};
pub use event::Event;
pub use group::{Grouper, Limits};
pub use stamp::Stamp;

use std::io::{self, Read};

/// Every conversation of a log, each when it is over; those that are not over at the end of the log come last.
///
/// # Errors
/// Those of `source`.
pub fn conversations(source: impl Read, mut each: impl FnMut(Conversation)) -> io::Result<()> {
    let mut grouper = Grouper::new();
    let mut reader = reader::Reader::new();
    reader.read(source, |item| {
        grouper.item(item, &mut each);
    })?;
    grouper.end(each);
    Ok(())
}

#[cfg(test)]
mod tests;
