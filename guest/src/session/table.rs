//! The transition table: which reply to which command leads where. Everything that decides the state stands here, the
//! reason beside each row; what the moves do stands in the files of the session's parts.

use crate::error::Phase;

/// A command whose reply is awaited. Replies come in the order of the commands: RFC 5321 section 4.1.1, RFC 2920.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// No command: the server speaks first.
    Greeting,
    Ehlo,
    Helo,
    StartTls,
    /// AUTH and every answer to a challenge.
    Auth,
    /// `*`.
    Cancel,
    Noop,
    Rset,
    Mail,
    /// The recipient of this number.
    Rcpt(usize),
    Data,
    /// The lone dot at the end of the content.
    Dot,
    /// A dot that ends a DATA which nobody is to receive.
    EmptyDot,
    Bdat,
    /// BDAT … LAST.
    BdatLast,
    Quit,
}

/// Where a reply leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    SayEhlo,
    SayHelo,
    /// The extensions are known; [`after_hello`] says what is next.
    Greeted,
    Encrypt,
    /// STARTTLS was offered and is not to be had after all.
    StayInTheClear,
    /// The server challenges.
    Answer,
    Authenticated,
    /// The server would not have the exchange, or its cancelling is done.
    AuthRefused,
    /// A connection check is over.
    Checked,
    /// The command did what it should: on with what comes next.
    Next,
    /// 354.
    SendContent,
    /// The server has the mail.
    Accepted,
    /// The command was refused: what that means is the matter of the step.
    Refused,
    /// The connection is over as it should be.
    Left,
    /// 421.
    Closing,
    /// A reply that can't follow that command: the two sides are out of step.
    Confused,
}

/// The table of replies.
pub(super) fn after(step: Step, status: u16) -> Move {
    match (step, status) {
        // RFC 5321 §4.1.1.10: nothing that is said to QUIT matters any more.
        (Step::Quit, _) => Move::Left,
        // §3.8, §4.2.3: 421 may answer any command, and the connection is closed behind it.
        (_, 421) => Move::Closing,

        // §3.1: 220 opens; 554 is the other greeting there is, and the client says QUIT to it.
        (Step::Greeting, 200..=299) => Move::SayEhlo,
        (Step::Greeting, 400..=599) => Move::Refused,
        // §3.2, §4.1.4: 500, 502 and the like come from servers before extensions: HELO. 550 too: some refuse by name.
        (Step::Ehlo, 200..=299) => Move::Greeted,
        (Step::Ehlo, 500..=599) => Move::SayHelo,
        (Step::Ehlo, 400..=499) => Move::Refused,
        (Step::Helo, 200..=299) => Move::Greeted,
        (Step::Helo, 400..=599) => Move::Refused,
        // RFC 3207 §4: 220, 501, 454.
        (Step::StartTls, 200..=299) => Move::Encrypt,
        (Step::StartTls, 400..=599) => Move::StayInTheClear,
        // RFC 4954 §4: 334 challenges, 235 ends, §6 lists the refusals.
        (Step::Auth, 300..=399) => Move::Answer,
        (Step::Auth, 200..=299) => Move::Authenticated,
        (Step::Auth, 400..=599) => Move::AuthRefused,
        // RFC 4954 §4: the server must answer 501; whatever it says, the exchange is over.
        (Step::Cancel, 200..=299 | 400..=599) => Move::AuthRefused,

        // RFC 5321 §4.1.1.9.
        (Step::Noop, 200..=299) => Move::Checked,
        (Step::Noop, 400..=599) => Move::Refused,
        // §4.1.1.5: always 250. A server without it says so at the next MAIL, with 503.
        (Step::Rset, 200..=299 | 400..=599) => Move::Next,

        // §3.3, §4.1.1.2, §4.1.1.3: 250; 251 and 252 are accepted too, the server sees to the rest.
        (Step::Mail | Step::Rcpt(_), 200..=299) => Move::Next,
        (Step::Mail | Step::Rcpt(_), 400..=599) => Move::Refused,
        // §4.1.1.4: 354; 503 and 554 where no command before it was accepted.
        (Step::Data, 300..=399) => Move::SendContent,
        (Step::Data, 400..=599) => Move::Refused,
        // §4.2.5: with 250 the server has taken the responsibility, with 4yz or 5yz it has not.
        (Step::Dot | Step::BdatLast, 200..=299) => Move::Accepted,
        (Step::Dot | Step::BdatLast, 400..=599) => Move::Refused,
        // RFC 2920 §3.1: 354 with no recipient is ended at once; the server refuses that, or takes a mail to nobody.
        (Step::EmptyDot, 200..=299 | 400..=599) => Move::Next,
        // RFC 3030 §2: each chunk has its own reply.
        (Step::Bdat, 200..=299) => Move::Next,
        (Step::Bdat, 400..=599) => Move::Refused,

        // §4.3.1: nothing else is a reply to that.
        _ => Move::Confused,
    }
}

/// What follows the reply to EHLO.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    StartTls,
    /// The caller accepted that there may be no TLS.
    AuthInTheClear,
    Auth,
    /// STARTTLS is required and not to be had: nothing more is said than QUIT.
    TlsMissing,
}

/// The table of what follows EHLO. `secured`: TLS is up. `to_be_had`: STARTTLS is offered and was not refused.
pub(super) fn after_hello(secured: bool, to_be_had: bool, accept_unsecure: bool) -> Opening {
    match (secured, to_be_had, accept_unsecure) {
        // RFC 3207 §4.2: STARTTLS is not said twice, whatever is offered.
        (true, _, _) => Opening::Auth,
        // RFC 8314 §3.3: as soon as it can be.
        (false, true, _) => Opening::StartTls,
        (false, false, true) => Opening::AuthInTheClear,
        // RFC 3207 §6: a man in the middle can remove the offer.
        (false, false, false) => Opening::TlsMissing,
    }
}

/// What follows the envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// DATA, or the first BDAT with its content.
    Go,
    /// The replies come first.
    Wait,
    /// The mail is refused: nothing more of it is said.
    Stop,
}

/// What is known where the envelope has been said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    /// PIPELINING is offered and wanted.
    pub pipelined: bool,
    /// What would go now is the content itself, and not only the question for it.
    pub is_content: bool,
    /// All of the content is at hand, 64 KiB at the most.
    pub is_small: bool,
    /// There are several recipients, and one refused is to stop the mail.
    pub all_or_none: bool,
    /// Every reply is in.
    pub answered: bool,
    /// The replies say that the mail is refused.
    pub refused: bool,
}

/// The table of what follows the envelope.
pub(super) fn after_envelope(standing: Standing) -> Turn {
    match standing {
        // RFC 5321 §3.3: DATA is for mails with an accepted recipient.
        Standing { answered: true, refused: true, .. } => Turn::Stop,
        Standing { answered: true, .. } => Turn::Go,
        Standing { pipelined: false, .. } => Turn::Wait,
        // Neither 354 nor BDAT can be taken back: an empty mail would go to those who were accepted.
        Standing { all_or_none: true, .. } => Turn::Wait,
        // RFC 3030 §4.2 lets BDAT go ahead; a large content would go for nothing where the mail is refused.
        Standing { is_content: true, is_small: false, .. } => Turn::Wait,
        // RFC 2920 §3.1: DATA may be the last command of a group.
        _ => Turn::Go,
    }
}

impl Step {
    /// The phase that the log and the errors name.
    pub fn phase(self) -> Phase {
        match self {
            Step::Greeting => Phase::Greeting,
            Step::Ehlo | Step::Helo => Phase::Ehlo,
            Step::StartTls => Phase::StartTls,
            Step::Auth | Step::Cancel => Phase::Auth,
            Step::Noop => Phase::Noop,
            Step::Rset => Phase::Rset,
            Step::Mail => Phase::MailFrom,
            Step::Rcpt(_) => Phase::RcptTo,
            Step::Data => Phase::Data,
            Step::Dot | Step::EmptyDot | Step::Bdat | Step::BdatLast => Phase::Content,
            Step::Quit => Phase::Quit,
        }
    }

    /// How long its reply is awaited, in milliseconds. RFC 5321 §4.5.3.2.
    pub fn patience_ms(self) -> u32 {
        match self {
            // §4.5.3.2.1: initial 220, 5 minutes. EHLO and AUTH have none of their own: the same.
            Step::Greeting | Step::Ehlo | Step::Helo | Step::Auth | Step::Cancel => 5 * MINUTE_MS,
            // §4.5.3.2.2, §4.5.3.2.3: MAIL and RCPT, 5 minutes.
            Step::Noop | Step::Rset | Step::Mail | Step::Rcpt(_) => 5 * MINUTE_MS,
            // §4.5.3.2.4: DATA, 2 minutes. What follows STARTTLS is as small.
            Step::Data | Step::StartTls => 2 * MINUTE_MS,
            // §4.5.3.2.6: the final dot, 10 minutes. The last chunk is the same thing.
            Step::Dot | Step::EmptyDot | Step::BdatLast => 10 * MINUTE_MS,
            // §4.5.3.2.5: a block of data, 3 minutes.
            Step::Bdat => BLOCK_MS,
            // Nothing hangs on it.
            Step::Quit => 5_000,
        }
    }
}

const MINUTE_MS: u32 = 60_000;
/// RFC 5321 §4.5.3.2.5: to write a block of data.
pub(super) const BLOCK_MS: u32 = 3 * MINUTE_MS;
/// A TLS handshake: RFC 3207 names no time; as much as a command.
pub(super) const HANDSHAKE_MS: u32 = 2 * MINUTE_MS;

#[cfg(test)]
#[path = "tests/table.rs"]
mod tests;
