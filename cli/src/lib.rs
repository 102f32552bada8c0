//! The parts of the command line that tests and other commands share: the demonstration's mail server, and mails as JSON.

pub mod demo;
pub mod mail_json;
pub mod mailbox;
