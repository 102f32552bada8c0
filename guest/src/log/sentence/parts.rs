//! Parts of sentences: what was being waited for, why a connection failed, what an attachment is.

use super::text;
use super::values::Values;
use crate::error::Phase;
use crate::log::language::Text;
use crate::log::{Failure, Omitted};

pub fn attachment(omitted: &Omitted, with: Values) -> String {
    let with = with.text("type", &omitted.media_type);
    match (&omitted.name, omitted.size) {
        (Some(name), Some(size)) => with.text("name", name).number("size", size).phrase(&text::ATTACHMENT),
        (Some(name), None) => with.text("name", name).phrase(&text::ATTACHMENT_NO_SIZE),
        (None, Some(size)) => with.number("size", size).phrase(&text::ATTACHMENT_NO_NAME),
        (None, None) => with.phrase(&text::ATTACHMENT_BARE),
    }
}

pub fn failure(failure: &Failure, with: Values) -> String {
    match failure {
        Failure::Refused => with.phrase(&text::FAILURE_REFUSED),
        Failure::Unreachable => with.phrase(&text::FAILURE_UNREACHABLE),
        Failure::TimedOut(limit) => with.seconds("limit", *limit).phrase(&text::FAILURE_TIMED_OUT),
        Failure::Reset => with.phrase(&text::FAILURE_RESET),
        Failure::Other(reason) => with.text("reason", reason).phrase(&text::FAILURE_OTHER),
    }
}

pub fn awaiting(phase: Phase) -> &'static Text {
    match phase {
        Phase::Resolve => &text::AWAITING_RESOLVE,
        Phase::Connect => &text::AWAITING_CONNECT,
        Phase::Tls => &text::AWAITING_TLS,
        Phase::Greeting => &text::AWAITING_GREETING,
        Phase::Ehlo => &text::AWAITING_EHLO,
        Phase::StartTls => &text::AWAITING_STARTTLS,
        Phase::Auth => &text::AWAITING_AUTH,
        Phase::Noop => &text::AWAITING_NOOP,
        Phase::Rset => &text::AWAITING_RSET,
        Phase::MailFrom => &text::AWAITING_MAIL_FROM,
        Phase::RcptTo => &text::AWAITING_RCPT_TO,
        Phase::Data => &text::AWAITING_DATA,
        Phase::Content => &text::AWAITING_CONTENT,
        Phase::Quit => &text::AWAITING_QUIT,
        Phase::Policy => &text::AWAITING_POLICY,
        Phase::Input => &text::AWAITING_INPUT,
    }
}
