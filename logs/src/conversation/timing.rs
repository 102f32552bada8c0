//! Where the time went.

use super::LineRef;
use crate::causes;
use serde::Serialize;

/// The steps of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Phase {
    Resolve,
    Connect,
    Tls,
    Greeting,
    Ehlo,
    Starttls,
    Auth,
    Noop,
    Rset,
    MailFrom,
    RcptTo,
    /// DATA, until its 354.
    Data,
    /// The content and the reply to it.
    Content,
    Quit,
    Policy,
    Input,
}

impl Phase {
    /// What a server is usually done with within so many milliseconds: beyond it, a wait stands out.
    ///
    /// Greetings may be held back on purpose for some seconds, and a mail is checked before it is taken.
    pub fn usual_ms(self) -> u64 {
        match self {
            Phase::Content => 5_000,
            Phase::Auth => 2_000,
            _ => 1_000,
        }
    }
}

impl From<Phase> for causes::Phase {
    fn from(phase: Phase) -> causes::Phase {
        match phase {
            Phase::Resolve => causes::Phase::Resolve,
            Phase::Connect => causes::Phase::Connect,
            Phase::Tls => causes::Phase::Tls,
            Phase::Greeting => causes::Phase::Greeting,
            // The diagnosis knows no NOOP: like EHLO, it asks whether the server will talk to us.
            Phase::Ehlo | Phase::Noop => causes::Phase::Ehlo,
            Phase::Starttls => causes::Phase::Starttls,
            Phase::Auth => causes::Phase::Auth,
            // RSET is said only before a mail.
            Phase::MailFrom | Phase::Rset => causes::Phase::MailFrom,
            Phase::RcptTo => causes::Phase::RcptTo,
            Phase::Data => causes::Phase::Data,
            Phase::Content => causes::Phase::Content,
            Phase::Quit => causes::Phase::Quit,
            Phase::Policy => causes::Phase::Policy,
            Phase::Input => causes::Phase::Input,
        }
    }
}

/// Milliseconds by phase, over the whole conversation; `None` where the log does not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Phases {
    /// Name and connection: what the failed attempts took. A first connection that works leaves no trace of its time.
    pub connect: Option<u64>,
    /// From the connection to the greeting; on a TLS port the handshake is over by then.
    pub greeting: Option<u64>,
    /// From EHLO to its reply, all of them.
    pub ehlo: Option<u64>,
    /// From STARTTLS to its reply.
    pub starttls: Option<u64>,
    /// From the reply to STARTTLS to the end of the handshake.
    pub tls: Option<u64>,
    /// From AUTH to the last reply of the exchange.
    pub auth: Option<u64>,
    /// From MAIL FROM to the last reply to RCPT TO, or to the first line of content.
    pub envelope: Option<u64>,
    /// From the reply to DATA, or from BDAT, to the last line of content.
    pub data: Option<u64>,
    /// From the last line of content to the server's word on it.
    pub reply: Option<u64>,
    /// From QUIT to its reply.
    pub quit: Option<u64>,
    /// From NOOP to its reply.
    pub noop: Option<u64>,
    /// The rest: the client did not say anything, a kept connection was idle.
    pub idle: Option<u64>,
}

impl Phases {
    /// Where the time of a wait belongs.
    pub(crate) fn of(&mut self, phase: Phase) -> &mut Option<u64> {
        match phase {
            Phase::Resolve | Phase::Connect | Phase::Policy => &mut self.connect,
            Phase::Greeting => &mut self.greeting,
            Phase::Ehlo => &mut self.ehlo,
            Phase::Starttls => &mut self.starttls,
            Phase::Tls => &mut self.tls,
            Phase::Auth => &mut self.auth,
            Phase::Rset | Phase::MailFrom | Phase::RcptTo | Phase::Data => &mut self.envelope,
            Phase::Content => &mut self.reply,
            Phase::Noop => &mut self.noop,
            Phase::Quit => &mut self.quit,
            Phase::Input => &mut self.idle,
        }
    }
}

/// A wait for the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Wait {
    /// What was waited for.
    pub phase: Phase,
    /// How long.
    pub ms: u64,
    /// The line that ended it.
    pub at: LineRef,
}

impl Wait {
    /// Whether it was longer than is usual.
    pub fn stands_out(&self) -> bool {
        self.ms > self.phase.usual_ms()
    }
}
