//! One conversation: commands in, replies out, in the order that RFC 5321 allows.

use std::io;
use std::net::IpAddr;

use ring::rand::{SecureRandom, SystemRandom};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::auth::{self, Exchange, Step};
use super::command::{self, Command, Refusal};
use super::mailbox::Mailbox;
use super::transaction::{self, Transaction};
use super::wire::{Gone, Line, Secured, Wire};
use super::{HOST_NAME, Options};

/// Longest command, RFC 5321 §4.5.3.1.4 with what the extensions add.
const COMMAND_CAP: usize = 2048;
/// Longest line of an AUTH exchange, RFC 4954 §4.
const AUTH_CAP: usize = 12_288;
/// Commands that were refused before the client is shown out.
const MOST_ERRORS: u32 = 20;
/// Wrong passwords before the client is shown out.
const MOST_LOGINS: u32 = 3;

/// Which of the three ports a client came in by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    Tls,
    StartTls,
    Plain,
}

/// What all conversations share.
pub(super) struct House {
    pub(super) options: Options,
    pub(super) mailbox: Mailbox,
    acceptor: TlsAcceptor,
    random: SystemRandom,
}

impl House {
    pub(super) fn new(options: Options, acceptor: TlsAcceptor) -> io::Result<House> {
        let house = House { options, mailbox: Mailbox::default(), acceptor, random: SystemRandom::new() };
        // A machine without randomness is found out here, not in the middle of a conversation.
        house.random.fill(&mut [0]).map_err(|_| io::Error::other("no source of randomness"))?;
        Ok(house)
    }

    fn token<const N: usize>(&self) -> String {
        let mut bytes = [0; N];
        // Tried at the start.
        let _ = self.random.fill(&mut bytes);
        bytes.iter().map(|byte| format!("{byte:02X}")).collect()
    }
}

/// What the conversation does after a command.
enum Next {
    Command,
    StartTls,
    End,
}

/// A reply for each outcome of a command; the text in it is ours alone.
type Answer = Result<(u16, &'static str, String), Refusal>;

struct Session<'a> {
    house: &'a House,
    door: Door,
    peer: IpAddr,
    wire: Wire,
    tls: Option<Secured>,
    greeted: bool,
    user: Option<String>,
    mail: Option<Transaction>,
    errors: u32,
    logins: u32,
}

/// Talks to one client until it leaves.
pub(super) async fn serve(socket: TcpStream, peer: IpAddr, door: Door, house: &House) {
    let wire = Wire::new(socket, house.options.patience);
    let (wire, tls) = match door {
        Door::Tls => match wire.secure(&house.acceptor).await {
            Ok((wire, secured)) => (wire, Some(secured)),
            Err(_) => return,
        },
        _ => (wire, None),
    };
    let mut session =
        Session { house, door, peer, wire, tls, greeted: false, user: None, mail: None, errors: 0, logins: 0 };
    session.reply(220, "", &format!("{HOST_NAME} ESMTP"));
    loop {
        match session.converse().await {
            Ok(Next::StartTls) => match session.secure().await {
                Some(secured) => session = secured,
                None => return,
            },
            Err(Gone::Closed) => return,
            Err(Gone::Silent) => {
                session.reply(421, "4.4.2", &format!("{HOST_NAME} closes the connection: nothing came"));
                return session.wire.close().await;
            }
            Ok(_) => return session.wire.close().await,
        }
    }
}

impl Session<'_> {
    /// Commands until one of them changes the connection.
    async fn converse(&mut self) -> Result<Next, Gone> {
        let mut line = Vec::new();
        loop {
            if self.errors >= MOST_ERRORS || self.logins >= MOST_LOGINS {
                self.reply(421, "4.7.0", &format!("{HOST_NAME} closes the connection: too many errors"));
                return Ok(Next::End);
            }
            let command = match self.wire.line(&mut line, AUTH_CAP).await? {
                Line::Whole if line.len() <= COMMAND_CAP || line[..4].eq_ignore_ascii_case(b"AUTH") => {
                    command::parse(&line)
                }
                _ => Err(Refusal(500, "5.5.6", "Line too long")),
            };
            match command {
                Ok(command) => match self.obey(command).await? {
                    Next::Command => {}
                    next => return Ok(next),
                },
                Err(refusal) => self.refuse(refusal),
            }
        }
    }

    async fn obey(&mut self, command: Command) -> Result<Next, Gone> {
        let answer = match command {
            Command::Quit => {
                self.reply(221, "2.0.0", &format!("{HOST_NAME} closing connection"));
                return Ok(Next::End);
            }
            Command::StartTls => match self.may_start_tls() {
                Ok(()) => {
                    self.reply(220, "2.0.0", "Ready to start TLS");
                    return Ok(Next::StartTls);
                }
                Err(refusal) => Err(refusal),
            },
            Command::Ehlo => {
                self.ehlo();
                return Ok(Next::Command);
            }
            Command::Helo => {
                (self.greeted, self.mail) = (true, None);
                self.reply(250, "", HOST_NAME);
                return Ok(Next::Command);
            }
            Command::Auth { mechanism, initial } => self.auth(&mechanism, initial).await?,
            Command::Mail { from, params } => self.mail(from, params),
            Command::Rcpt { to, params } => match &mut self.mail {
                Some(mail) => mail.recipient(to, params).map(|()| (250, "2.1.5", "Ok".into())),
                None => Err(Refusal(503, "5.5.1", "Need MAIL command")),
            },
            Command::Data => self.data().await?,
            Command::Bdat { size, last } => self.bdat(size, last).await?,
            Command::Rset => {
                self.mail = None;
                Ok((250, "2.0.0", "Ok".into()))
            }
            Command::Noop => Ok((250, "2.0.0", "Ok".into())),
            Command::Vrfy => Ok((252, "2.0.0", "Cannot VRFY, but will take mail and try".into())),
            Command::Help => Ok((214, "2.0.0", "See RFC 5321".into())),
        };
        match answer {
            Ok((code, enhanced, text)) => self.reply(code, enhanced, &text),
            Err(refusal) => self.refuse(refusal),
        }
        Ok(Next::Command)
    }

    fn ehlo(&mut self) {
        (self.greeted, self.mail) = (true, None);
        let mut lines = vec![format!("{HOST_NAME} greets [{}]", self.peer)];
        lines.push(format!("SIZE {}", self.house.options.largest_mail));
        if self.door == Door::StartTls && self.tls.is_none() {
            lines.push("STARTTLS".into());
        } else {
            let binding = self.tls.as_ref().is_some_and(|tls| tls.exporter.is_some());
            lines.push(format!("AUTH {}", auth::offer(binding)));
        }
        for extension in ["8BITMIME", "BINARYMIME", "CHUNKING", "DSN", "ENHANCEDSTATUSCODES", "PIPELINING", "SMTPUTF8"]
        {
            lines.push(extension.into());
        }
        for (at, line) in lines.iter().enumerate() {
            let mark = if at + 1 == lines.len() { ' ' } else { '-' };
            self.wire.say(format!("250{mark}{line}\r\n").as_bytes());
        }
    }

    fn may_start_tls(&self) -> Result<(), Refusal> {
        if self.door != Door::StartTls || self.tls.is_some() {
            return Err(Refusal(503, "5.5.1", "STARTTLS is not offered"));
        }
        // Bytes behind STARTTLS were sent in the clear, by whomever: RFC 3207 §4.2 takes none of them over.
        if self.wire.has_input() {
            return Err(Refusal(503, "5.5.0", "STARTTLS must be the last of its flight"));
        }
        Ok(())
    }

    async fn secure(self) -> Option<Self> {
        let (wire, secured) = self.wire.secure(&self.house.acceptor).await.ok()?;
        Some(Session { wire, tls: Some(secured), greeted: false, user: None, mail: None, ..self })
    }

    async fn auth(&mut self, mechanism: &str, initial: Option<Vec<u8>>) -> Result<Answer, Gone> {
        if self.door == Door::StartTls && self.tls.is_none() {
            return Ok(Err(Refusal(538, "5.7.11", "Encryption required: say STARTTLS first")));
        }
        if !self.greeted || self.user.is_some() || self.mail.is_some() {
            return Ok(Err(Refusal(503, "5.5.1", "AUTH is not possible now")));
        }
        let binding = self.tls.as_ref().and_then(|tls| tls.exporter.as_deref());
        let Some(mut exchange) = Exchange::new(mechanism, binding, &self.house.token::<18>()) else {
            return Ok(Err(Refusal(504, "5.5.4", "Mechanism not offered")));
        };
        if initial.is_some() && !exchange.takes_initial_response() {
            return Ok(Err(Refusal(501, "5.5.4", "This mechanism takes no initial response")));
        }
        let mut response = initial;
        let mut challenge = exchange.prompt();
        loop {
            let said = match response.take() {
                Some(said) => said,
                None => {
                    self.wire.say(format!("334 {}\r\n", auth::encode(&challenge)).as_bytes());
                    match self.response().await? {
                        Ok(said) => said,
                        Err(refusal) => return Ok(Err(refusal)),
                    }
                }
            };
            match exchange.respond(&said, &self.house.options.account) {
                Step::Challenge(next) => challenge = next,
                Step::Accepted => {
                    self.user = Some(self.house.options.account.user.clone());
                    return Ok(Ok((235, "2.7.0", "Authentication successful".into())));
                }
                Step::Refused => {
                    self.logins += 1;
                    return Ok(Err(Refusal(535, "5.7.8", "User name or password not accepted")));
                }
                Step::Broken => return Ok(Err(Refusal(501, "5.5.2", "Response not understood"))),
            }
        }
    }

    /// One line of an AUTH exchange.
    async fn response(&mut self) -> Result<Result<Vec<u8>, Refusal>, Gone> {
        let mut line = Vec::new();
        if self.wire.line(&mut line, AUTH_CAP).await? == Line::TooLong {
            return Ok(Err(Refusal(500, "5.5.6", "Authentication exchange line is too long")));
        }
        let text = line.strip_suffix(b"\r\n").and_then(|line| std::str::from_utf8(line).ok());
        Ok(match text {
            Some("*") => Err(Refusal(501, "5.7.0", "Authentication cancelled")),
            // `=` is for initial responses: here the empty line is the empty response.
            Some("=") | None => Err(Refusal(501, "5.5.2", "Cannot decode the response")),
            Some(text) => command::decode(text),
        })
    }

    fn mail(&mut self, from: String, params: Vec<String>) -> Answer {
        if !self.greeted {
            return Err(Refusal(503, "5.5.1", "Say EHLO first"));
        }
        if self.mail.is_some() {
            return Err(Refusal(503, "5.5.1", "Nested MAIL command"));
        }
        if self.door == Door::StartTls && self.tls.is_none() {
            return Err(Refusal(530, "5.7.0", "Must issue a STARTTLS command first"));
        }
        if self.house.options.authentication_required && self.user.is_none() {
            return Err(Refusal(530, "5.7.0", "Authentication required"));
        }
        self.mail = Some(Transaction::new(from, params, self.house.options.largest_mail)?);
        Ok((250, "2.1.0", "Ok".into()))
    }

    async fn data(&mut self) -> Result<Answer, Gone> {
        let Some(mail) = &self.mail else { return Ok(Err(Refusal(503, "5.5.1", "Need MAIL command"))) };
        if let Err(refusal) = mail.ready_for_data() {
            return Ok(Err(refusal));
        }
        let mut content = mail.content();
        self.reply(354, "", "End data with <CR><LF>.<CR><LF>");
        let mut line = Vec::new();
        loop {
            let whole = self.wire.line(&mut line, COMMAND_CAP).await? == Line::Whole;
            if content.line(&line, whole) {
                break;
            }
        }
        Ok(self.deliver(content, false))
    }

    async fn bdat(&mut self, size: u64, last: bool) -> Result<Answer, Gone> {
        let usable = match &self.mail {
            Some(mail) => mail.ready(),
            None => Err(Refusal(503, "5.5.1", "Need MAIL command")),
        };
        let mut content = match &mut self.mail {
            Some(mail) if usable.is_ok() => Some(mail.chunks.take().unwrap_or_else(|| mail.content())),
            _ => None,
        };
        // The chunk is on its way whatever we think of it: it is read, and the conversation stays in step.
        let mut left = size;
        while left > 0 {
            let piece = self.wire.bytes(left.min(1 << 20) as usize).await?;
            left -= piece.len() as u64;
            if let Some(content) = &mut content {
                content.chunk(piece);
            }
        }
        let (Some(content), Ok(())) = (content, &usable) else { return Ok(Err(usable.err().unwrap_or(OUT_OF_STEP))) };
        if last {
            return Ok(self.deliver(content, true));
        }
        if let Some(flaw) = content.flaw() {
            // RFC 3030 §2: the transaction is over; further chunks find none.
            self.mail = None;
            return Ok(Err(transaction::refusal(flaw)));
        }
        let so_far = content.len();
        if let Some(mail) = &mut self.mail {
            mail.chunks = Some(content);
        }
        Ok(Ok((250, "2.0.0", format!("Ok: {size} bytes, {so_far} in all"))))
    }

    fn deliver(&mut self, content: super::content::Content, chunked: bool) -> Answer {
        let mail = self.mail.take().ok_or(OUT_OF_STEP)?;
        let id = self.house.token::<6>();
        let tls = self.tls.as_ref().map(|tls| tls.version);
        let received = mail.finish(content, id.clone(), self.user.clone(), tls, chunked)?;
        self.house.mailbox.put(received, self.house.options.kept_mails);
        Ok((250, "2.0.0", format!("Ok: queued as {id}")))
    }

    fn refuse(&mut self, Refusal(code, enhanced, text): Refusal) {
        self.errors += 1;
        self.reply(code, enhanced, text);
    }

    fn reply(&mut self, code: u16, enhanced: &str, text: &str) {
        let blank = if enhanced.is_empty() { "" } else { " " };
        self.wire.say(format!("{code} {enhanced}{blank}{text}\r\n").as_bytes());
    }
}

const OUT_OF_STEP: Refusal = Refusal(503, "5.5.1", "Bad sequence of commands");
