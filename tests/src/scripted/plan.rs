//! What a scripted server is to do.

use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;

/// How the connection is secured.
#[derive(Clone)]
pub enum Security {
    Plain,
    StartTls(Arc<ServerConfig>),
    AtOnce(Arc<ServerConfig>),
    /// Answers the TLS handshake with TLS 1.0, whatever the client offers.
    AncientAtOnce,
}

/// Where in a conversation; for a reply: when it is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// In the middle of the TLS handshake.
    Handshake,
    Greeting,
    Ehlo,
    StartTls,
    Auth,
    /// After a response to a 334.
    Response,
    Mail,
    Rcpt,
    Data,
    /// While the content comes in.
    MidContent,
    /// After the content, by DATA or by the last BDAT.
    Content,
    Noop,
    Quit,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// No reply, now or ever; the connection stays open.
    Silence,
    /// No reply, and nothing more is read.
    Deafness,
    /// A TCP reset.
    Reset,
    /// The end of the stream, in order.
    Close,
    /// No reply, and after so many milliseconds the end of the stream.
    CloseLate(u64),
    /// The reply as usual, and then the end of the stream.
    CloseAfter,
    /// Another reply.
    Say(&'static str),
    /// 421, and the end of the stream.
    Leave,
}

/// One thing that goes wrong.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    at: At,
    what: What,
    /// On this connection alone, counted from 0.
    connection: Option<usize>,
    /// Only when this many mails were taken on it.
    mails: Option<usize>,
}

/// How a server repeats what it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echo {
    /// Each line of the client in a line of the reply.
    Whole,
    /// Cut over several lines of the reply, which leave byte by byte.
    Split,
}

#[derive(Clone)]
pub struct Plan {
    pub security: Security,
    /// Keywords of EHLO; STARTTLS is added where it belongs.
    pub offers: Vec<String>,
    pub faults: Vec<Fault>,
    pub echo: Option<Echo>,
    /// Whether AUTH ends in 235.
    pub lets_in: bool,
    /// The way to the client and back: what the client says without waiting for a reply arrives within it.
    pub latency: Duration,
    /// Small buffers: a peer that does not read, or is not read, is soon noticed.
    pub narrow: bool,
    /// The first BDAT gets a long reply, which must be read before any more content is.
    pub stubborn: bool,
}

impl Plan {
    /// Plain text, PIPELINING and CHUNKING, nothing goes wrong.
    pub fn good() -> Plan {
        Plan {
            security: Security::Plain,
            offers: ["PIPELINING", "CHUNKING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "SIZE 50000000"]
                .map(String::from)
                .to_vec(),
            faults: Vec::new(),
            echo: None,
            lets_in: true,
            latency: Duration::ZERO,
            narrow: false,
            stubborn: false,
        }
    }

    pub fn secured(self, security: Security) -> Plan {
        Plan { security, ..self }
    }

    pub fn offering(mut self, keyword: &str) -> Plan {
        self.offers.push(keyword.into());
        self
    }

    pub fn without(mut self, keyword: &str) -> Plan {
        self.offers.retain(|offer| offer != keyword);
        self
    }

    pub fn failing(self, at: At, what: What) -> Plan {
        self.with(Fault { at, what, connection: None, mails: None })
    }

    /// Goes wrong on one connection alone.
    pub fn failing_on(self, connection: usize, at: At, what: What) -> Plan {
        self.with(Fault { at, what, connection: Some(connection), mails: None })
    }

    /// Goes wrong on the first connection, when it has taken this many mails.
    pub fn failing_after(self, mails: usize, at: At, what: What) -> Plan {
        self.with(Fault { at, what, connection: Some(0), mails: Some(mails) })
    }

    fn with(mut self, fault: Fault) -> Plan {
        self.faults.push(fault);
        self
    }

    /// What goes wrong there and then.
    pub fn fault(&self, at: At, connection: usize, mails: usize) -> Option<What> {
        let fits = |wanted: Option<usize>, is: usize| wanted.is_none_or(|wanted| wanted == is);
        let found = |fault: &&Fault| fault.at == at && fits(fault.connection, connection) && fits(fault.mails, mails);
        self.faults.iter().find(found).map(|fault| fault.what)
    }
}
