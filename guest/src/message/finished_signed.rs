//! The signature of a finished message: its body is hashed as it is pushed, and, where it is too long to be held, once
//! before.

use std::rc::Rc;

use crate::error::{Error, Kind, Phase, Retry};

use super::dkim::{self, BodyHash, Signer};
use super::finished_header::Header;
use super::normal::Normaliser;

/// The key's holder, and what was hashed.
pub(super) struct Signing {
    signer: Rc<dyn Signer>,
    rehearsal: Option<Box<Rehearsal>>,
    body: BodyHash,
    /// The body's hash that the signature in front of the message has.
    signed: Option<dkim::Hash>,
    /// There is nothing to sign, or it is signed.
    is_settled: bool,
}

#[derive(Clone, Default)]
struct Rehearsal {
    lines: Normaliser,
    header: Header,
    body: BodyHash,
}

impl Signing {
    pub fn new(signer: Rc<dyn Signer>) -> Signing {
        Signing { signer, rehearsal: None, body: BodyHash::default(), signed: None, is_settled: false }
    }

    pub fn rehearse(&mut self, bytes: &[u8]) {
        let Rehearsal { lines, header, body } = &mut **self.rehearsal.get_or_insert_default();
        lines.push(bytes, |piece| match header.is_over() {
            true => body.push(piece),
            false => header.push(piece, |_| {}),
        });
    }

    /// Bytes of the body, with CRLF.
    pub fn body(&mut self, bytes: &[u8]) {
        // Without a key, or with a signature made of all there is, nobody asks for the hash.
        if !self.is_settled || self.signed.is_some() {
            self.body.push(bytes);
        }
    }

    /// The header field, where there is a key and none was made yet. `start` has the message so far.
    pub fn sign(
        &mut self,
        start: &[u8],
        has_header: bool,
        is_whole: bool,
        unix_seconds: i64,
    ) -> Result<Option<Vec<u8>>, Error> {
        if core::mem::replace(&mut self.is_settled, true) {
            return Ok(None);
        }
        let identity = dkim::domain_of(start).and_then(|domain| self.signer.identity(&domain));
        let Some(identity) = identity else { return Ok(None) };
        let failed = |text: &str| Error::new(Phase::Input, Kind::ContradictingSettings, Retry::AfterChange, text);
        if !has_header && !is_whole {
            return Err(failed("the header of the message is too long to be signed"));
        }
        let hash = match (&self.rehearsal, is_whole) {
            (_, true) => self.body.clone().finish(),
            (Some(rehearsal), false) => rehearsal.body.clone().finish(),
            (None, false) => {
                return Err(failed(
                    "a finished message that is to be signed and is over 64 KiB must be read twice: give it to `rehearse` \
                     first, or sign it beforehand",
                ));
            }
        };
        self.signed = Some(hash);
        dkim::signature(&*self.signer, &identity, start, hash, unix_seconds)
            .map(Some)
            .map_err(|reason| failed(&format!("the message can't be signed: {reason}")))
    }

    /// The message is complete: its body must be the one that was signed.
    pub fn finish(&self) -> Result<(), Error> {
        match self.signed {
            Some(hash) if hash != self.body.clone().finish() => {
                let text = "the message is not what it was when it was read for its signature";
                Err(Error::new(Phase::Content, Kind::ContentFailed, Retry::AfterChange, text))
            }
            _ => Ok(()),
        }
    }
}

impl core::fmt::Debug for Signing {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Signing")
    }
}
