//! From the greeting to the first task: EHLO, STARTTLS, AUTH.

use super::auth::{self, Auth};
use super::capabilities::Capabilities;
use super::command::Command;
use super::ending::Cause;
use super::reader::{RawReply, Reader};
use super::reply::Reply;
use super::table::{Move, Opening, Step, after_hello};
use super::{Session, Stage, advice, trouble};
use crate::error::Phase;
use crate::log::{Failure, Note, TlsFacts, TlsFailure, Transcript};

impl Session {
    /// Goes where a reply of the opening leads.
    pub(super) fn open(&mut self, to: Move, raw: &RawReply, reply: Reply, behind: usize, log: &mut Transcript) {
        match to {
            Move::SayEhlo => self.say_ehlo(log),
            Move::SayHelo => {
                self.wire.say(Command::Helo(&self.name), log);
                self.stage = Stage::Opening(Step::Helo);
            }
            Move::Greeted => {
                // A server that knows HELO only offers nothing, whatever its reply looks like.
                let is_ehlo = matches!(self.stage, Stage::Opening(Step::Ehlo));
                self.capabilities = if is_ehlo { Capabilities::parse(raw) } else { Capabilities::default() };
                self.greeted(self.capabilities.starttls, log);
            }
            Move::Encrypt if behind > 0 => self.injected(behind, log),
            Move::Encrypt => self.stage = Stage::Encrypting,
            Move::StayInTheClear if !self.settings.accept_unsecure => {
                log.note(Note::StartTlsRefused { status: reply.status });
                self.fail(trouble::tls_refused(&self.settings, reply), log);
            }
            Move::StayInTheClear => self.greeted(false, log),
            Move::Answer => {
                if let Stage::Authenticating(auth) = &mut self.stage {
                    let challenge = raw.lines.first().map_or(&[][..], Vec::as_slice);
                    auth.answer(challenge, &mut self.wire, log);
                }
            }
            Move::Authenticated | Move::AuthRefused => self.let_in(to, reply, log),
            // The table has no other move for a step of the opening.
            _ => {}
        }
    }

    fn say_ehlo(&mut self, log: &mut Transcript) {
        self.wire.say(Command::Ehlo(&self.name), log);
        self.stage = Stage::Opening(Step::Ehlo);
    }

    fn greeted(&mut self, starttls: bool, log: &mut Transcript) {
        match after_hello(self.tls.is_some(), starttls, self.settings.accept_unsecure) {
            Opening::StartTls => {
                self.wire.say(Command::StartTls, log);
                self.stage = Stage::Opening(Step::StartTls);
            }
            Opening::AuthInTheClear => {
                log.note(Note::ContinuingInTheClear);
                self.authenticate(log);
            }
            Opening::Auth => self.authenticate(log),
            Opening::TlsMissing => {
                log.note(Note::StartTlsNotOffered);
                self.fail(trouble::tls_not_offered(&self.settings), log);
            }
        }
    }

    fn authenticate(&mut self, log: &mut Transcript) {
        // EXTERNAL needs none: the client certificate has said who we are.
        if self.settings.credentials.is_none() && self.settings.mode.is_none() {
            self.stage = Stage::Ready;
            return;
        }
        let offered = &self.capabilities.auth;
        match Auth::begin(&self.settings, offered, self.tls.as_ref(), &self.nonce, &mut self.wire, log) {
            Ok(auth) => self.stage = Stage::Authenticating(auth),
            Err(error) => self.fail(error, log),
        }
    }

    fn let_in(&mut self, to: Move, reply: Reply, log: &mut Transcript) {
        let Stage::Authenticating(auth) = &self.stage else { return };
        match (&auth.cancelled, to) {
            (Some(reason), _) => {
                let error = auth::broken(reason).with_reply(reply);
                self.fail(error, log);
            }
            (None, Move::Authenticated) => match auth.confirm() {
                Ok(()) => self.stage = Stage::Ready,
                Err(reason) => {
                    let reason = log.mask(&reason);
                    log.note(Note::AuthBroken { reason: reason.clone() });
                    self.fail(auth::broken(&reason), log);
                }
            },
            (None, _) => self.fail(advice::refused(Phase::Auth, reply), log),
        }
    }

    /// RFC 3207 section 4.2: whatever was known before TLS is forgotten.
    pub(super) fn encrypted(&mut self, facts: TlsFacts, log: &mut Transcript) {
        if !matches!(self.stage, Stage::Encrypting) {
            return;
        }
        log.note(Note::TlsStarted(facts.clone()));
        self.tls = Some(facts);
        self.capabilities = Capabilities::default();
        self.reader = Reader::default();
        self.say_ehlo(log);
    }

    pub(super) fn not_encrypted(&mut self, failure: &TlsFailure, log: &mut Transcript) {
        if !matches!(self.stage, Stage::Encrypting) {
            return;
        }
        let mut error = trouble::tls_failed(&self.settings, failure);
        if let TlsFailure::Connection(Failure::TimedOut(waited_ms)) = failure {
            let (limit_ms, name) = self.limit(*waited_ms);
            error = trouble::timed_out(&self.settings, Phase::Tls, limit_ms, name);
            log.note(Note::TlsFailed(TlsFailure::Connection(Failure::TimedOut(limit_ms))));
        } else {
            log.note(Note::TlsFailed(failure.clone()));
        }
        error.message = log.mask(&error.message);
        self.break_off(error, Cause::Trouble, log);
    }

    /// Bytes behind the reply to STARTTLS: not one of them is believed.
    pub(super) fn injected(&mut self, count: usize, log: &mut Transcript) {
        log.note(Note::InjectedBytes { count: u32::try_from(count).unwrap_or(u32::MAX) });
        self.break_off(trouble::injected(&self.settings), Cause::Trouble, log);
    }
}
