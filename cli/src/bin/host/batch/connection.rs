//! One connection of a batch: takes lines, makes mails of them, sends them, and says what came of each.

use smtp_cli::mail_json::{self, FileError, OpenLetter};
use smtp_host::types::{ErrorKind, Mail, Receipt, SendError, Server};
use smtp_host::{Host, Transporter};

use super::judge::{Meaning, TRIES, meaning};
use super::line::{LONGEST, Line};
use super::shared::{Halt, Shared};
use crate::exit::{Exit, Failure};

/// So many mails are handed over at once where they overlap.
const OVERLAPPING: usize = 16;

/// What a connection works with.
pub struct Connection<'a> {
    pub number: usize,
    pub host: &'a Host,
    pub server: &'a Server,
    pub overlap: bool,
    pub shared: &'a Shared,
}

/// A line that has become a mail.
struct Ready {
    line: Line,
    letter: OpenLetter,
    message_id: Option<String>,
}

impl Connection<'_> {
    /// Until there are no more lines.
    pub async fn work(&self) {
        let mut open = None;
        let most = if self.overlap { OVERLAPPING } else { 1 };
        loop {
            if !self.shared.governor.allows(self.number) {
                close(open.take()).await;
            }
            if !self.shared.governor.admit(self.number, &self.shared.queue).await {
                break;
            }
            let lines = self.shared.queue.take(most).await;
            if lines.is_empty() {
                break;
            }
            self.send(lines, &mut open).await;
        }
        close(open).await;
    }

    async fn send(&self, lines: Vec<Line>, open: &mut Option<Transporter>) {
        let mut ready = Vec::with_capacity(lines.len());
        for line in lines {
            match self.read(&line).await {
                Ok((letter, message_id)) => ready.push(Ready { line, letter, message_id }),
                Err(failure) => self.shared.not_begun(&line, &failure),
            }
        }
        if ready.is_empty() {
            return;
        }
        let mut transporter = match self.transporter(open.take()).await {
            Ok(transporter) => transporter,
            Err(error) => return ready.iter().for_each(|ready| self.settle_error(&ready.line, &error, None)),
        };
        let (mut mails, mut begun) = (Vec::with_capacity(ready.len()), Vec::with_capacity(ready.len()));
        for Ready { mut line, letter, message_id } in ready {
            match letter.into_mail(&mut transporter) {
                Ok(mail) => {
                    line.tries += 1;
                    mails.push(mail);
                    begun.push((line, message_id));
                }
                Err(error) => self.shared.failed(&line, &error, message_id.as_deref()),
            }
        }
        // Before a byte of the content goes out.
        if let Some(journal) = &self.shared.journal
            && let Err(failure) = journal.begun(begun.iter().map(|(line, _)| line))
        {
            self.shared.halt(failure);
            return self.shared.queue.give_back(begun.into_iter().map(|(line, _)| line).collect());
        }
        let results = self.hand_over(&mut transporter, mails).await;
        *open = Some(transporter);
        self.shared.together(|| self.settle(begun, results, open));
    }

    async fn hand_over(&self, transporter: &mut Transporter, mails: Vec<Mail>) -> Vec<Result<Receipt, SendError>> {
        match mails.as_slice() {
            [mail] if !self.overlap => vec![transporter.send(mail).await],
            mails => transporter.send_all(mails, self.overlap).await,
        }
    }

    fn settle(
        &self,
        begun: Vec<(Line, Option<String>)>,
        results: Vec<Result<Receipt, SendError>>,
        open: &mut Option<Transporter>,
    ) {
        let mut again = Vec::new();
        for ((line, message_id), result) in begun.into_iter().zip(results) {
            match result {
                Ok(receipt) => {
                    self.shared.governor.went_well();
                    self.shared.sent(&line, &receipt);
                }
                Err(error) => {
                    if error.kind == ErrorKind::Internal {
                        // After a defect the instance can't be trusted.
                        *open = None;
                    }
                    if self.may_go_again(&line, &error) {
                        again.push(line);
                    } else {
                        self.settle_error(&line, &error, message_id.as_deref());
                    }
                }
            }
        }
        if again.is_empty() {
            return;
        }
        if let Some(journal) = &self.shared.journal
            && let Err(failure) = journal.not_sent(again.iter())
        {
            self.shared.halt(failure);
        }
        self.shared.queue.give_back(again);
    }

    /// Whether the server only wants it slower.
    fn may_go_again(&self, line: &Line, error: &SendError) -> bool {
        let governor = &self.shared.governor;
        meaning(error, governor.has_ever_sent()) == Meaning::Slower
            && governor.slow_down()
            && line.tries < TRIES
            && !self.shared.queue.is_stopped()
    }

    fn settle_error(&self, line: &Line, error: &SendError, message_id: Option<&str>) {
        match meaning(error, self.shared.governor.has_ever_sent()) {
            Meaning::Own => self.shared.governor.went_well(),
            Meaning::Slower if line.tries >= TRIES => {}
            Meaning::Slower | Meaning::Hopeless => {
                self.shared.halt_for(Halt { exit: Exit::from(error), why: Some(error.message.clone()) });
            }
        }
        self.shared.failed(line, error, message_id);
    }

    async fn transporter(&self, open: Option<Transporter>) -> Result<Transporter, SendError> {
        match open {
            Some(transporter) => Ok(transporter),
            None => self.host.transporter(self.server.clone()).await,
        }
    }

    async fn read(&self, line: &Line) -> Result<(OpenLetter, Option<String>), Failure> {
        if line.is_too_long {
            let most = LONGEST >> 20;
            let why = format!("the line is longer than {most} MiB: name a large attachment by its `path`");
            return Err(Failure::data(why));
        }
        let letter = mail_json::read(&line.text, &self.shared.paths).map_err(|error| {
            // Every mail is one line, so the column says it all.
            let place = error.place.map(|place| format!(" (column {})", place.column)).unwrap_or_default();
            Failure::data(format!("line {}: {}{place}", line.number, error.message))
        })?;
        let letter = letter.or(&self.shared.defaults);
        letter.check().map_err(|why| Failure::data(format!("line {}: {why}", line.number)))?;
        let message_id = letter.message_id.clone();
        let opened = letter.open().await;
        let opened = opened.map_err(|FileError { path, error }| Failure::unreadable(&path, &error))?;
        Ok((opened, message_id))
    }
}

async fn close(open: Option<Transporter>) {
    if let Some(transporter) = open {
        transporter.close().await;
    }
}
