//! What a scripted server got.

/// What the client said without waiting for a reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flight {
    /// Its first bytes.
    pub start: String,
    /// How often the server's TCP socket gave bytes: one for each write, if the network does not cut it.
    pub reads: usize,
    /// Bytes of SMTP in it.
    pub bytes: usize,
}

/// One connection.
#[derive(Clone, Debug, Default)]
pub struct Connection {
    /// SMTP in the clear.
    pub plain: Vec<u8>,
    /// SMTP under TLS.
    pub secured: Vec<u8>,
    pub handshakes: usize,
    pub flights: Vec<Flight>,
    /// The contents that were taken.
    pub mails: Vec<Vec<u8>>,
}

impl Connection {
    /// From TCP connect on, where a handshake of TCP and one of TLS 1.3 are one each: the greeting is waited for once
    /// the connection is up, the reply to each flight once it was sent.
    pub fn round_trips(&self) -> usize {
        const TCP: usize = 1;
        const GREETING: usize = 1;
        TCP + self.handshakes + GREETING + self.flights.len()
    }

    /// All SMTP that came.
    pub fn said(&self) -> String {
        String::from_utf8_lossy(&[&self.plain[..], &self.secured[..]].concat()).into_owned()
    }
}

/// All connections, in order.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub connections: Vec<Connection>,
}

impl Seen {
    /// The contents that were taken, over all connections.
    pub fn mails(&self) -> usize {
        self.connections.iter().map(|connection| connection.mails.len()).sum()
    }

    pub fn said(&self) -> String {
        self.connections.iter().map(Connection::said).collect()
    }
}
