//! Many mails, one result each.

use super::{Content, Failed, Logs, Network, Receipt, Run, Socket, Transporter, internal};
use crate::Error;
use crate::error::{Delivery, Kind, Phase, Retry};
use crate::session::{Envelope, Outcome, Task};

/// A mail that is ready to go, or why it is none.
pub type Item<C> = Result<(Envelope, C), Error>;

/// What came of each mail, by its number.
type Results = Vec<Option<Result<Receipt, Failed>>>;

impl<N: Network, L: Logs> Transporter<N, L> {
    /// Hands many mails over, one result for each in the order given. With `overlap`, the next mail's commands leave
    /// before the last one's reply is in, where the server offers PIPELINING. A mail's failure is its own; where the
    /// server can't be reached or says that it closes, those that were not begun fail with the same error, to be sent
    /// later.
    pub fn send_all<C: Content>(&mut self, mails: Vec<Item<C>>, overlap: bool) -> Vec<Result<Receipt, Failed>> {
        let mut results: Results = mails.iter().map(|_| None).collect();
        let mut rest = mails.into_iter().enumerate();
        // The error that no further mail can escape.
        let mut end: Option<Failed> = None;
        while end.is_none() {
            let Some((number, envelope, mut content)) = next(&mut rest, &mut results) else { break };
            let failed = if overlap {
                self.overlapping(number, envelope, content, &mut rest, &mut results)
            } else {
                let result = self.send(envelope, &mut content);
                let failed = result.as_ref().err().filter(|failed| ends_all(&failed.error)).cloned();
                results[number] = Some(result);
                failed
            };
            end = failed;
        }
        let lost = || Failed::from(internal("a mail has no result"));
        let fill = |result: Option<_>| result.unwrap_or_else(|| Err(end.as_ref().map_or_else(lost, not_begun)));
        results.into_iter().map(fill).collect()
    }

    /// Hands mails over for as long as one connection takes them; the error that ends all, if there was one.
    fn overlapping<C: Content>(
        &mut self,
        first: usize,
        envelope: Envelope,
        mut content: C,
        rest: &mut impl Iterator<Item = (usize, Item<C>)>,
        results: &mut Results,
    ) -> Option<Failed> {
        self.warnings.clear();
        if let Err(failed) = self.start(Task::Mail(envelope)) {
            results[first] = Some(Err(failed.clone()));
            return Some(failed);
        }
        self.let_overlap(first);
        let mut end = None;
        loop {
            let run = self.drive(&mut content);
            self.collect(results, &mut end);
            match run {
                Run::Another => match next(rest, results) {
                    Some((number, envelope, behind)) => {
                        content = behind;
                        if let Some(live) = &mut self.live {
                            let now_ms = live.socket.now().elapsed_ms;
                            live.session.start_behind(number, Task::Mail(envelope), now_ms);
                        }
                    }
                    None => {
                        if let Some(live) = &mut self.live {
                            live.session.none_behind();
                        }
                    }
                },
                Run::Dead => {
                    if let Err(error) = self.replace() {
                        let failed = self.failed(error);
                        results[first] = Some(Err(failed.clone()));
                        return Some(failed);
                    }
                    self.let_overlap(first);
                }
                Run::Over(_) => break,
                Run::Hungry => {
                    results[first] = Some(Err(internal("the mail's content stopped without an end").into()));
                    self.abandon();
                    break;
                }
            }
        }
        self.flush();
        self.rest();
        end
    }

    fn let_overlap(&mut self, number: usize) {
        if let Some(live) = &mut self.live {
            live.session.overlap(number);
        }
    }

    /// Takes the outcomes that are known by now.
    fn collect(&mut self, results: &mut Results, end: &mut Option<Failed>) {
        let mut outcomes = core::mem::take(&mut self.outcomes);
        if let Some(live) = &mut self.live {
            outcomes.append(&mut live.session.outcomes());
        }
        for (number, outcome) in outcomes {
            let result = match outcome {
                Outcome::Sent(sent) => Ok(self.receipt(sent)),
                Outcome::Failed(mut error) => {
                    error.message = self.transcript.mask(&error.message);
                    error.warnings.append(&mut self.warnings);
                    let failed = Failed { error, tls: self.tls.clone() };
                    if ends_all(&failed.error) {
                        *end = Some(failed.clone());
                    }
                    Err(failed)
                }
                Outcome::Checked(_) | Outcome::Quit => Err(internal("the session answered another question").into()),
            };
            if let Some(slot) = results.get_mut(number) {
                *slot = Some(result);
            }
        }
    }
}

/// The next mail that is one; what is none has its result at once.
fn next<C>(rest: &mut impl Iterator<Item = (usize, Item<C>)>, results: &mut Results) -> Option<(usize, Envelope, C)> {
    for (number, item) in rest {
        match item {
            Ok((envelope, content)) => return Some((number, envelope, content)),
            Err(error) => results[number] = Some(Err(error.into())),
        }
    }
    None
}

/// Whether the next mail would meet the same: the server can't be reached, does not let us in, or closes.
fn ends_all(error: &Error) -> bool {
    let is_before_the_mail = match error.phase {
        Phase::MailFrom | Phase::RcptTo | Phase::Data | Phase::Content | Phase::Rset | Phase::Input => false,
        _ => error.kind != Kind::ContradictingSettings,
    };
    is_before_the_mail || error.kind == Kind::ServiceClosing
}

/// The error of a mail that was not begun for that reason.
fn not_begun(end: &Failed) -> Failed {
    let mut failed = end.clone();
    failed.error.delivery = Delivery::NotAccepted;
    failed.error.retry = if end.error.kind == Kind::ServiceClosing { Retry::Later } else { end.error.retry };
    failed.error.recipients = Vec::new();
    failed.error.warnings = Vec::new();
    failed.error.message.insert_str(0, "This mail was not begun, since one before it failed: ");
    failed
}
