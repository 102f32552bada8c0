//! A composed message that is signed: hashed once before it goes, and watched while it goes.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::error::{Error, Kind, Phase, Retry};

use super::dkim::{self, BodyHash, Identity, Signer};
use super::mail::Content;
use super::parts::Part;
use super::writer::{ROOM, Step, Writer};

/// Bytes that are hashed at once.
const PIECE: usize = 32 * 1024;

/// The signature of one message.
pub(super) struct Signing {
    signer: Rc<dyn Signer>,
    identity: Identity,
    hash: Option<dkim::Hash>,
    /// What goes is watched only where it is read a second time.
    watched: Option<Watched>,
}

impl Signing {
    /// None where there is no key for `domain`, that of From.
    pub fn of(signer: Rc<dyn Signer>, domain: &str) -> Option<Signing> {
        let identity = signer.identity(domain)?;
        Some(Signing { signer, identity, hash: None, watched: None })
    }

    /// The header field, after a whole rehearsal of what `plan` writes.
    pub fn sign(&mut self, plan: VecDeque<Step>, parts: &mut [Part], unix_seconds: i64) -> Result<Vec<u8>, Error> {
        let failed = |reason: String| Error::new(Phase::Content, Kind::ContentFailed, Retry::AfterChange, reason);
        let is_streamed = parts.iter().any(|part| matches!(part.content, Content::Stream(_)));
        if is_streamed && self.hash.is_some() {
            let text = "the streams of a mail to be signed were read for another server already; send the mail again";
            return Err(Error::new(Phase::Content, Kind::ContentFailed, Retry::Later, text));
        }
        let mut whole = Watched::default();
        rehearsed(parts, |parts| {
            let mut piece = Vec::with_capacity(PIECE + ROOM);
            for step in plan {
                let mut writer = Writer::new(step);
                loop {
                    piece.clear();
                    let is_over = writer.write(parts, &mut piece, PIECE)?;
                    whole.push(&piece);
                    if is_over {
                        break;
                    }
                }
            }
            Ok(())
        })
        .map_err(failed)?;
        let (header, hash) = (core::mem::take(&mut whole.header), whole.body.finish());
        self.hash = Some(hash);
        self.watched = is_streamed.then(Watched::default);
        dkim::signature(&*self.signer, &self.identity, &header, hash, unix_seconds)
            .map_err(|reason| failed(format!("the mail can't be signed: {reason}")))
    }

    /// What goes now. Other bytes than were signed end the mail before it is complete.
    pub fn sending(&mut self, bytes: &[u8], is_last: bool) -> Result<(), String> {
        let Some(watched) = &mut self.watched else { return Ok(()) };
        watched.push(bytes);
        if is_last && Some(core::mem::take(watched).body.finish()) != self.hash {
            return Err("an attachment gave other bytes when it was read again than those that were signed".to_owned());
        }
        Ok(())
    }
}

/// Lets `read` have the first of each part's two streams.
fn rehearsed(parts: &mut [Part], read: impl FnOnce(&mut [Part]) -> Result<(), String>) -> Result<(), String> {
    let mut kept = Vec::new();
    for (index, part) in parts.iter_mut().enumerate() {
        if !matches!(part.content, Content::Stream(_)) {
            continue;
        }
        let Some(first) = part.rehearsal.take() else {
            let name = part.name.as_deref().unwrap_or("without a name");
            return Err(format!(
                "attachment {name:?}: a mail that is to be signed must be read twice, and this is a stream that is read \
                 once: give it twice"
            ));
        };
        kept.push((index, core::mem::replace(&mut part.content, Content::Stream(first))));
    }
    let result = read(parts);
    for (index, content) in kept {
        parts[index].content = content;
    }
    result
}

/// A message as it passes: its header held, its body hashed.
#[derive(Default)]
struct Watched {
    header: Vec<u8>,
    in_body: bool,
    body: BodyHash,
}

impl Watched {
    fn push(&mut self, bytes: &[u8]) {
        if self.in_body {
            return self.body.push(bytes);
        }
        let from = self.header.len().saturating_sub(3);
        self.header.extend_from_slice(bytes);
        if let Some(at) = memchr::memmem::find(&self.header[from..], b"\r\n\r\n") {
            let body = self.header.split_off(from + at + 4);
            self.in_body = true;
            self.body.push(&body);
        }
    }
}
