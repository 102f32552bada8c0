//! What happens: the `###` statements.

use super::open::{Awaited, Fate, Open};
use super::outgoing::is_of;
use crate::conversation::{Attempt, Cause, Delivery, LineRef, Phase, Server, StepKind, Tls, Trouble};
use crate::event::Event;

/// Attempts to connect that are kept.
const MOST_ATTEMPTS: usize = 32;

impl Open {
    pub fn event(&mut self, event: Event, at: LineRef, gap: u64) -> Fate {
        let phase = self.phase_of(&event);
        self.content_and(&event, at, gap);
        self.step(StepKind::Event, phase, at);
        let fate = if event.is_end() { Fate::Over } else { Fate::Open };
        match event {
            Event::Connected { ref host, port, secured } => {
                self.server_is(host, Some(port));
                self.conversation.tls = if secured { Tls::AtOnce } else { Tls::Off };
                self.is_connected = true;
                self.is_understood = true;
                self.awaited.clear();
                self.await_reply(Awaited::reply(Phase::Greeting));
                self.since = at.stamp;
            }
            Event::NotResolved { ref host, .. } => {
                self.server_is(host, None);
                self.trouble(Phase::Resolve, Cause::Event(event), at, None);
            }
            Event::AttemptFailed { ref ip, port, elapsed_ms, .. } => {
                let connect = self.conversation.phases.connect.get_or_insert(0);
                *connect = elapsed_ms.max(*connect);
                if self.conversation.attempts.len() < MOST_ATTEMPTS {
                    let text = format!("### {}", self.sentence);
                    self.heap += size_of::<Attempt>() + ip.len() + text.len();
                    self.conversation.attempts.push(Attempt { ip: ip.clone(), port, elapsed_ms, event, text, at });
                }
            }
            Event::NotConnected { ref host, port, .. } => {
                self.server_is(host, Some(port));
                if !self.stands.contains(&true) {
                    // The last attempt says best why.
                    let (event, at) = match self.conversation.attempts.last() {
                        Some(attempt) => (attempt.event.clone(), attempt.at),
                        None => (event, at),
                    };
                    self.trouble(Phase::Connect, Cause::Event(event), at, None);
                }
            }
            Event::Reconnecting => self.moved_on(),
            Event::ContentFailed { .. } => {
                // The client's own: it is about the mail that it was saying, or, where that is said to the end, about one
                // of which it could not say a word.
                if self.conversation.mails.last().is_none_or(|mail| mail.content.complete) {
                    self.begin_mail(None, None, at);
                }
                self.answered = self.conversation.mails.len().checked_sub(1).filter(|_| self.in_mail);
                self.trouble_unless_over(Phase::Content, event, at);
            }
            Event::TimedOut { awaiting, .. } | Event::Lost { awaiting, .. } => {
                self.spend(awaiting, gap);
                self.waited(awaiting, at);
                self.broken(awaiting, &event, at);
            }
            Event::ServiceClosing { awaiting } => self.dismissed(awaiting, event, at),
            Event::TlsStarted { version, cipher, host, subject, issuer, date } => {
                self.spend(Phase::Tls, gap);
                self.waited(Phase::Tls, at);
                self.in_handshake = false;
                self.heap += version.len() + cipher.len() + host.len() + subject.len() + issuer.len() + date.len();
                self.conversation.tls =
                    Tls::StartTls { version, cipher, server_name: host, subject, issuer, expires: date };
            }
            Event::InTheClear => {
                self.forgive(is_of(Phase::Starttls));
                self.conversation.tls = Tls::Off;
            }
            Event::StarttlsRefused { .. } if self.has_standing(Phase::Starttls) => {}
            Event::Outcome { delivery, accepted, refused, .. } => self.decided(delivery, accepted, refused, event, at),
            Event::LinesLost { lines, .. } => {
                self.conversation.lines_lost = self.conversation.lines_lost.saturating_add(lines);
            }
            Event::Closed
            | Event::RecipientRefused { .. }
            | Event::BodyOmitted { .. }
            | Event::BodyAbandoned { .. }
            | Event::Other { .. } => {}
            Event::CertificateRefused { .. }
            | Event::NotTls { .. }
            | Event::NothingInCommon { .. }
            | Event::BadTrust { .. }
            | Event::TlsBroken { .. }
            | Event::TlsFailed { .. } => {
                self.spend(Phase::Tls, gap);
                self.conversation.tls = Tls::Failed;
                self.trouble(Phase::Tls, Cause::Event(event), at, None);
            }
            _ => self.trouble_unless_over(phase.unwrap_or(Phase::Input), event, at),
        }
        fate
    }

    /// Where in a conversation an event belongs.
    fn phase_of(&self, event: &Event) -> Option<Phase> {
        Some(match event {
            Event::NotResolved { .. } => Phase::Resolve,
            Event::Connected { .. }
            | Event::AttemptFailed { .. }
            | Event::NotConnected { .. }
            | Event::ProxyFailed { .. } => Phase::Connect,
            Event::Denied { .. } => Phase::Policy,
            Event::TimedOut { awaiting, .. }
            | Event::Lost { awaiting, .. }
            | Event::ServiceClosing { awaiting }
            | Event::NotUnderstood { awaiting, .. }
            | Event::ReplyTooLong { awaiting, .. } => *awaiting,
            Event::TlsOnPlainPort => Phase::Greeting,
            Event::StarttlsNotOffered
            | Event::StarttlsRefused { .. }
            | Event::InTheClear
            | Event::InjectedBytes { .. } => Phase::Starttls,
            Event::AuthNotOffered
            | Event::AuthNotPossible { .. }
            | Event::AuthBroken { .. }
            | Event::OauthError { .. } => Phase::Auth,
            Event::RecipientRefused { .. } => Phase::RcptTo,
            Event::NotOffered { .. } | Event::TooLarge { .. } => Phase::MailFrom,
            Event::ContentFailed { .. }
            | Event::BodyOmitted { .. }
            | Event::BodyAbandoned { .. }
            | Event::Outcome { .. } => Phase::Content,
            Event::TlsStarted { .. }
            | Event::CertificateRefused { .. }
            | Event::NotTls { .. }
            | Event::NothingInCommon { .. }
            | Event::BadTrust { .. }
            | Event::TlsBroken { .. }
            | Event::TlsFailed { .. } => Phase::Tls,
            _ => return None,
        })
    }

    /// What an event says of the content, and whether it ends it.
    fn content_and(&mut self, event: &Event, at: LineRef, gap: u64) {
        let (omitted, files) = match event {
            Event::LinesLost { .. } | Event::RecipientRefused { .. } | Event::Other { .. } => return,
            Event::BodyOmitted { bytes, attachments } => (Some(*bytes), attachments.clone()),
            Event::BodyAbandoned { bytes } => (Some(*bytes), None),
            _ => (None, None),
        };
        let header = self.passing.as_ref().map_or(0, |passing| passing.size);
        let is_whole = matches!(event, Event::BodyOmitted { .. });
        let complete = is_whole || self.passing.as_ref().is_some_and(|passing| passing.is_over());
        if let (Some(_), Some(mail)) = (omitted, self.mail()) {
            // So that what was counted is not taken for all of it.
            mail.content.body_omitted = omitted;
        }
        self.leave_content(complete);
        let Some(omitted) = omitted else { return };
        *self.conversation.phases.data.get_or_insert(0) += gap;
        self.since = at.stamp;
        let Some(mail) = self.mail() else { return };
        mail.content.attachments = files;
        mail.last = at;
        if is_whole && header > 0 {
            // The empty line behind the header is in no part.
            mail.content.size.get_or_insert(header.saturating_add(2).saturating_add(omitted));
        }
    }

    fn server_is(&mut self, host: &str, port: Option<u16>) {
        self.heap += host.len();
        self.conversation.server = Some(Server { host: host.to_owned(), port });
    }

    fn has_standing(&self, phase: Phase) -> bool {
        self.conversation.troubles.iter().zip(&self.stands).any(|(trouble, stands)| *stands && trouble.phase == phase)
    }

    fn trouble_unless_over(&mut self, phase: Phase, event: Event, at: LineRef) {
        // How a server says good-bye changes nothing.
        if phase != Phase::Quit {
            self.trouble(phase, Cause::Event(event), at, None);
        }
    }

    /// The connection is of no more use: each mail that was under way is left where it was.
    fn broken(&mut self, awaiting: Phase, event: &Event, at: LineRef) {
        let front = self.awaited.front().and_then(|awaited| awaited.mail);
        let answered = self.answered.or(front.filter(|place| self.is_undecided(*place)));
        self.answered = answered;
        let first = self.mail_place();
        self.trouble_unless_over(awaiting, event.clone(), at);
        self.others_are_left(first, &Cause::Event(event.clone()), at);
        self.answered = answered;
    }

    /// The mails that were under way besides one.
    fn others_are_left(&mut self, first: Option<usize>, cause: &Cause, at: LineRef) {
        let answered = self.answered;
        let others: Vec<_> = (0..self.conversation.mails.len())
            .filter(|place| self.in_mail && self.is_undecided(*place) && Some(*place) != first)
            .map(|place| (place, self.left_in(place)))
            .collect();
        for (place, phase) in others {
            self.answered = Some(place);
            self.trouble(phase, cause.clone(), at, None);
        }
        self.answered = answered;
    }

    pub fn is_undecided(&self, place: usize) -> bool {
        self.conversation.mails.get(place).is_some_and(|mail| mail.delivery == Delivery::Unfinished)
    }

    /// The first reply that is missing of a mail. A reset makes way for the mail behind it.
    fn left_in(&self, place: usize) -> Phase {
        let is_its = |awaited: &&Awaited| match (awaited.phase, awaited.mail) {
            (Phase::Rset, mail) => mail.map(|mail| mail + 1) == Some(place),
            (_, mail) => mail == Some(place),
        };
        self.awaited.iter().find(is_its).map_or(Phase::Content, |awaited| awaited.phase)
    }

    /// 421: the reply has the server's words, where it answered a command.
    fn dismissed(&mut self, awaiting: Phase, event: Event, at: LineRef) {
        if awaiting == Phase::Quit {
            return;
        }
        let is_dismissal = |trouble: &Trouble| matches!(&trouble.cause, Cause::Reply(reply) if reply.code == 421);
        let standing = self.conversation.troubles.iter().zip(&self.stands).filter(|(_, stands)| **stands);
        let told = standing.map(|(trouble, _)| trouble).find(|trouble| is_dismissal(trouble));
        let (mail, cause, at) = match (told, self.dismissal.take()) {
            (Some(told), _) => (told.mail, told.cause.clone(), told.at),
            (None, reply) => {
                let (cause, at) = match reply {
                    Some(reply) => (Cause::Reply(reply.clone()), reply.at),
                    None => (Cause::Event(event), at),
                };
                self.trouble(awaiting, cause.clone(), at, None);
                (self.mail_place(), cause, at)
            }
        };
        self.others_are_left(mail, &cause, at);
    }

    /// The client begins anew over another connection: what went wrong with this one is of no account, but for the
    /// mails that were decided before.
    fn moved_on(&mut self) {
        if let Some(mail) = self.mail() {
            mail.delivery = Delivery::MovedOn;
        }
        self.in_mail = false;
        let mails = &self.conversation.mails;
        let decided = |mail: Option<usize>| {
            let mail = mail.and_then(|place| mails.get(place));
            mail.is_some_and(|mail| !matches!(mail.delivery, Delivery::MovedOn | Delivery::Unfinished))
        };
        for (trouble, stands) in self.conversation.troubles.iter().zip(&mut self.stands) {
            *stands &= decided(trouble.mail);
        }
    }

    fn decided(&mut self, delivery: Delivery, accepted: u64, refused: u64, event: Event, at: LineRef) {
        if !self.in_mail {
            self.begin_mail(None, None, at);
        }
        // Where a connection ends with several mails under way, their outcomes are told in order.
        let oldest = || self.conversation.mails.iter().position(|mail| mail.delivery == Delivery::Unfinished);
        let place = self.answered.or_else(oldest).or_else(|| self.mail_place());
        self.answered = place;
        // Where the connection broke, that says more.
        let is_explained = |trouble: &Trouble| {
            trouble.mail == place && (trouble.phase == Phase::Content || matches!(trouble.cause, Cause::Event(_)))
        };
        if delivery == Delivery::Unknown && !self.conversation.troubles.iter().any(is_explained) {
            self.trouble(Phase::Content, Cause::Event(event), at, None);
        }
        if let Some(mail) = self.mail() {
            mail.delivery = delivery;
            mail.accepted = accepted;
            mail.refused = refused;
            mail.last = at;
        }
        self.answered = None;
        self.in_mail = self.conversation.mails.last().is_some_and(|mail| mail.delivery == Delivery::Unfinished);
    }
}
