//! SMTP as the plan has it: lenient with the client, and exact in what goes wrong when.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::echo;
use super::plan::{At, Echo, Plan, Security, What};
use super::seen::Connection;
use super::wire::Wire;

/// How long a deaf server stays: longer than the shortest limit of a client.
const DEAF: Duration = Duration::from_millis(1500);

/// How a conversation goes on after a command.
enum Next {
    Command,
    StartTls,
    Over(Ending),
}

enum Ending {
    InOrder,
    Late(Duration),
    Reset,
    /// The connection stays open until the client goes.
    Silence,
    /// The connection stays open, and nothing more is read from it.
    Deafness,
}

struct Conversation<'a> {
    wire: Wire,
    plan: &'a Plan,
    number: usize,
    secured: bool,
    /// What the client said, for the echo.
    told: Vec<Vec<u8>>,
    /// What BDAT brought so far.
    chunks: Vec<u8>,
    was_stubborn: bool,
}

/// Talks to one client to the end.
pub async fn hold(stream: TcpStream, number: usize, plan: &Plan) -> Connection {
    let mut wire = Wire::new(stream, plan.latency);
    wire.piece = if plan.echo == Some(Echo::Split) { 1 } else { 0 };
    let (told, chunks) = (Vec::new(), Vec::new());
    let mut conversation = Conversation { wire, plan, number, secured: false, told, chunks, was_stubborn: false };
    match &plan.security {
        Security::AtOnce(_) => match conversation.handshake().await {
            Ok(secured) => conversation = secured,
            Err(seen) => return seen,
        },
        Security::AncientAtOnce => {
            let _ = ancient(&mut conversation.wire).await;
            return conversation.wire.seen;
        }
        _ => {}
    }
    let ending = loop {
        match conversation.converse().await {
            Ok(Next::StartTls) => match conversation.handshake().await {
                Ok(secured) => conversation = secured,
                Err(seen) => return seen,
            },
            Ok(Next::Over(ending)) => break ending,
            // The client is gone.
            Ok(Next::Command) | Err(_) => break Ending::InOrder,
        }
    };
    let mut wire = conversation.wire;
    match ending {
        Ending::InOrder => wire.close().await,
        Ending::Late(wait) => {
            let _ = wire.flush().await;
            tokio::time::sleep(wait).await;
            wire.close().await
        }
        Ending::Reset => {
            // What was said before the reset is to arrive before it.
            let _ = wire.flush().await;
            tokio::time::sleep(Duration::from_millis(20)).await;
            wire.reset()
        }
        Ending::Silence => {
            let _ = wire.flush().await;
            wire.until_gone().await;
            wire.seen
        }
        Ending::Deafness => {
            tokio::time::sleep(DEAF).await;
            wire.seen
        }
    }
}

impl Conversation<'_> {
    async fn handshake(self) -> Result<Self, Connection> {
        let fault = self.fault(At::Handshake);
        let mut wire = self.wire;
        if let (Some(_), Some(tcp)) = (fault, wire.tcp()) {
            // The client is up and has begun.
            let _ = tcp.read_u8().await;
        }
        match fault {
            Some(What::Silence) => {
                wire.until_gone().await;
                return Err(wire.seen);
            }
            Some(What::Reset) => return Err(wire.reset()),
            Some(_) => return Err(wire.close().await),
            None => {}
        }
        let (Security::AtOnce(config) | Security::StartTls(config)) = &self.plan.security else {
            return Err(wire.seen);
        };
        let wire = wire.secure(config.clone()).await?;
        Ok(Conversation { wire, secured: true, ..self })
    }

    /// Commands, until one of them ends this.
    async fn converse(&mut self) -> io::Result<Next> {
        let after_starttls = self.secured && matches!(self.plan.security, Security::StartTls(_));
        if !after_starttls && let Next::Over(ending) = self.answer(At::Greeting, 220, "scripted.test ESMTP") {
            return Ok(Next::Over(ending));
        }
        loop {
            let line = self.wire.line().await?;
            let text = String::from_utf8_lossy(&line).into_owned();
            self.told.push(line);
            let verb = text.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let next = match verb.as_str() {
                "EHLO" => self.ehlo(),
                "HELO" => self.answer(At::Ehlo, 250, "scripted.test"),
                "STARTTLS" => match self.answer(At::StartTls, 220, "go ahead") {
                    Next::Command => {
                        self.wire.flush().await?;
                        Next::StartTls
                    }
                    next => next,
                },
                "AUTH" => self.auth(&text).await?,
                "MAIL" => self.answer(At::Mail, 250, "2.1.0 sender ok"),
                "RCPT" => self.answer(At::Rcpt, 250, "2.1.5 recipient ok"),
                "DATA" => self.data().await?,
                "BDAT" => self.bdat(&text).await?,
                "NOOP" => self.answer(At::Noop, 250, "2.0.0 ok"),
                "RSET" => self.say(250, "2.0.0 ok"),
                "QUIT" => match self.answer(At::Quit, 221, "2.0.0 bye") {
                    Next::Command => Next::Over(Ending::InOrder),
                    next => next,
                },
                _ => self.say(500, "5.5.2 what?"),
            };
            match next {
                Next::Command => {}
                next => return Ok(next),
            }
        }
    }

    fn ehlo(&mut self) -> Next {
        let mut lines = vec!["scripted.test".to_owned()];
        lines.extend(self.plan.offers.iter().cloned());
        if !self.secured && matches!(self.plan.security, Security::StartTls(_)) {
            lines.push("STARTTLS".into());
        }
        self.answer(At::Ehlo, 250, &lines.join("\n"))
    }

    /// Any mechanism, none of them checked.
    async fn auth(&mut self, command: &str) -> io::Result<Next> {
        let mut words = command.split(' ').skip(1);
        let mechanism = words.next().unwrap_or_default().to_ascii_uppercase();
        let mut last = words.next().map(str::to_owned);
        let mut answered = usize::from(last.is_some());
        if let next @ Next::Over(_) = self.fail_only(At::Auth) {
            return Ok(next);
        }
        while let Some(challenge) =
            echo::challenge(&mechanism, answered, last.as_deref().unwrap_or_default(), self.plan.lets_in)
        {
            self.wire.say(&format!("334 {challenge}\r\n"));
            let line = self.wire.line().await?;
            self.told.push(line.clone());
            if line == b"*" {
                return Ok(self.say(501, "5.7.0 cancelled"));
            }
            if let next @ Next::Over(_) = self.fail_only(At::Response) {
                return Ok(next);
            }
            last = Some(String::from_utf8_lossy(&line).into_owned());
            answered += 1;
        }
        Ok(match self.plan.lets_in {
            true => self.answer(At::Auth, 235, "2.7.0 come in"),
            false => self.answer(At::Auth, 535, "5.7.8 not with this"),
        })
    }

    async fn data(&mut self) -> io::Result<Next> {
        match self.answer(At::Data, 354, "go on") {
            Next::Command => {}
            next => return Ok(next),
        }
        let mut content = Vec::new();
        loop {
            let line = self.wire.line().await?;
            if line == b"." {
                break;
            }
            content.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
            content.extend_from_slice(b"\r\n");
            if let next @ Next::Over(_) = self.fail_only(At::MidContent) {
                return Ok(next);
            }
        }
        Ok(self.take(content))
    }

    async fn bdat(&mut self, command: &str) -> io::Result<Next> {
        let size = command.split(' ').nth(1).and_then(|size| size.parse().ok()).unwrap_or(0);
        if self.plan.stubborn && !std::mem::replace(&mut self.was_stubborn, true) {
            // More than the client's kernel takes while nobody reads, less than the client keeps besides.
            let words = "more than fits the pipe ".repeat(40);
            self.wire.say(&format!("250-{words}\r\n").repeat(100));
            self.wire.flush().await?;
        }
        if size > 0
            && let next @ Next::Over(_) = self.fail_only(At::MidContent)
        {
            return Ok(next);
        }
        let chunk = self.wire.exactly(size).await?;
        self.chunks.extend_from_slice(&chunk);
        if command.to_ascii_uppercase().ends_with(" LAST") {
            let content = std::mem::take(&mut self.chunks);
            return Ok(self.take(content));
        }
        Ok(self.say(250, "2.0.0 chunk ok"))
    }

    fn take(&mut self, content: Vec<u8>) -> Next {
        let fault = self.fault(At::Content);
        let next = self.answer(At::Content, 250, "2.0.0 queued as SCRIPTED");
        if matches!(fault, None | Some(What::CloseAfter)) {
            self.wire.seen.mails.push(content);
        }
        next
    }

    fn fault(&self, at: At) -> Option<What> {
        self.plan.fault(at, self.number, self.wire.seen.mails.len())
    }

    /// The reply, or what the plan has in its place.
    fn answer(&mut self, at: At, code: u16, text: &str) -> Next {
        match self.fault(at) {
            Some(What::CloseAfter) => {
                self.say(code, text);
                Next::Over(Ending::InOrder)
            }
            Some(_) => self.fail_only(at),
            None => self.say(code, text),
        }
    }

    /// What the plan has for this place; nothing, where it has nothing.
    fn fail_only(&mut self, at: At) -> Next {
        match self.fault(at) {
            None | Some(What::CloseAfter) => Next::Command,
            Some(What::Silence) => Next::Over(Ending::Silence),
            Some(What::Deafness) => Next::Over(Ending::Deafness),
            Some(What::Reset) => Next::Over(Ending::Reset),
            Some(What::Close) => Next::Over(Ending::InOrder),
            Some(What::CloseLate(ms)) => Next::Over(Ending::Late(Duration::from_millis(ms))),
            Some(What::Say(reply)) => {
                self.wire.say(&format!("{reply}\r\n"));
                Next::Command
            }
            Some(What::Leave) => {
                self.wire.say("421 4.3.2 scripted.test closes\r\n");
                Next::Over(Ending::InOrder)
            }
        }
    }

    /// A reply of as many lines as the text has, and the echo before its last.
    fn say(&mut self, code: u16, text: &str) -> Next {
        let mut lines: Vec<Vec<u8>> = text.split('\n').map(|line| line.as_bytes().to_vec()).collect();
        if let Some(echo) = self.plan.echo {
            let at = lines.len() - 1;
            lines.splice(at..at, echo::lines(&self.told, echo));
        }
        for (at, line) in lines.iter().enumerate() {
            let mark = if at + 1 == lines.len() { ' ' } else { '-' };
            self.wire.say(&format!("{code}{mark}"));
            self.wire.say_bytes(line);
            self.wire.say("\r\n");
        }
        Next::Command
    }
}

/// A ServerHello of TLS 1.0, whatever was offered: version 0x0301, TLS_RSA_WITH_AES_128_CBC_SHA, no compression.
async fn ancient(wire: &mut Wire) -> io::Result<()> {
    let Some(tcp) = wire.tcp() else { return Ok(()) };
    let mut header = [0; 5];
    tcp.read_exact(&mut header).await?;
    let mut hello = vec![0; usize::from(u16::from_be_bytes([header[3], header[4]]))];
    tcp.read_exact(&mut hello).await?;
    let mut answer = vec![0x16, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1];
    answer.extend_from_slice(&[7; 32]);
    answer.extend_from_slice(&[0, 0x00, 0x2f, 0]);
    tcp.write_all(&answer).await?;
    let mut rest = Vec::new();
    tcp.read_to_end(&mut rest).await.map(|_| ())
}
