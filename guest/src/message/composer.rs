//! A mail becomes a message: planned when the server is known, then written in pieces.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::error::{Error, Kind, Phase, Retry};
use crate::log::Omitted;

use super::dkim::Signer;
use super::encoding::Encoding;
use super::field::{parameter, with_parameters};
use super::mail::Checked;
use super::moment::Moment;
use super::parts::{Part, Tree};
use super::shape::{Body, Offer, Shape};
use super::signed::Signing;
use super::writer::{Step, WholeLines, Writer};
use super::{header, ids};

/// What the header of a small mail takes.
const HEADER: usize = 512;

/// One mail on its way to be a message.
pub struct Composer {
    /// All fields up to MIME-Version.
    header: Vec<u8>,
    message_id: String,
    /// From which it comes.
    domain: Option<String>,
    unix_seconds: i64,
    entropy: [u8; 16],
    /// An address of the header that needs SMTPUTF8.
    international: Option<String>,
    parts: Vec<Part>,
    tree: Tree,
    plan: VecDeque<Step>,
    writer: Option<Writer>,
    lines: WholeLines,
    begun: bool,
    signing: Option<Signing>,
}

impl Composer {
    /// `entropy` is random: it makes the Message-ID and the boundaries.
    pub fn new(Checked(mut mail): Checked, entropy: [u8; 16], moment: Moment) -> Result<Composer, Error> {
        let mut parts = Vec::new();
        let mut add = |part: Part| {
            parts.push(part);
            parts.len() - 1
        };
        let html = mail.html_body.take();
        let text = match mail.text_body.take() {
            None if html.is_none() && mail.attachments.is_empty() => Some(String::new()),
            text => text,
        };
        let text = text.map(|text| add(Part::text("plain", text)));
        let html = html.map(|html| add(Part::text("html", html)));
        for file in core::mem::take(&mut mail.attachments) {
            add(Part::file(file).map_err(Error::input)?);
        }
        let message_id = header::message_id(&mail, entropy).map_err(Error::input)?;
        let unix_seconds = moment.unix_ms.div_euclid(1000);
        let mut header = Vec::with_capacity(HEADER);
        header::write(&mut header, &mail, &message_id, moment).map_err(Error::input)?;
        Ok(Composer {
            header,
            message_id,
            domain: header::domain_of(&mail),
            unix_seconds,
            entropy,
            international: header::international(&mail).map(str::to_owned),
            tree: Tree::of(&parts, text, html),
            parts,
            plan: VecDeque::new(),
            writer: None,
            lines: WholeLines::default(),
            begun: false,
            signing: None,
        })
    }

    /// The message is signed, if there is a key for the domain it comes from.
    #[must_use]
    pub fn signed_by(mut self, signer: Rc<dyn Signer>) -> Composer {
        self.signing = self.domain.as_ref().and_then(|domain| Signing::of(signer, domain));
        self
    }

    /// Chooses every encoding, and signs. May be called again, for another server, as long as nothing was read.
    pub fn prepare(&mut self, offer: Offer) -> Result<Shape, Error> {
        if self.begun {
            let text = "a part of the content has gone to another server already; send the mail again";
            return Err(Error::new(Phase::Content, Kind::ContentFailed, Retry::Later, text));
        }
        if let Some(email) = self.international.as_ref().filter(|_| !offer.utf8) {
            let text = format!("{email} is an international address, and the server does not offer SMTPUTF8");
            return Err(Error::new(Phase::MailFrom, Kind::ExtensionNotOffered, Retry::AfterChange, text));
        }
        // RFC 6376 §5.3: a server on the way that converts the content would break the signature.
        let offer = if self.signing.is_some() { Offer { eight_bit: false, binary: false, ..offer } } else { offer };
        let planned = |parts: &[Part]| Planner::plan(parts, self.entropy, offer, &self.header, &self.tree);
        self.plan = planned(&self.parts);
        if let Some(signing) = &mut self.signing {
            let field = signing.sign(planned(&self.parts), &mut self.parts, self.unix_seconds)?;
            self.plan.push_front(Step::Literal(field));
        }
        Ok(self.shape(offer))
    }

    /// Appends the next bytes, at most `at_most`, and says whether they are the last. The error of a stream ends
    /// the mail uncompleted. Where `at_most` has room for a line, a piece ends with a line, but in binary content.
    pub fn read(&mut self, into: &mut Vec<u8>, at_most: usize) -> Result<bool, String> {
        self.begun = true;
        let Composer { parts, plan, writer, lines, signing, .. } = self;
        let start = into.len();
        let is_last = lines.read(into, at_most, |into, room| {
            if writer.is_none() {
                *writer = plan.pop_front().map(Writer::new);
            }
            if let Some(now) = writer
                && now.write(parts, into, room)?
            {
                *writer = None;
            }
            Ok(writer.is_some() || !plan.is_empty())
        })?;
        if let Some(signing) = signing {
            signing.sending(&into[start..], is_last)?;
        }
        Ok(is_last)
    }

    fn shape(&self, offer: Offer) -> Shape {
        let mut body = if self.international.is_some() && offer.eight_bit { Body::EightBit } else { Body::SevenBit };
        let mut size = Some(0u64);
        for step in &self.plan {
            let more = match step {
                Step::Literal(bytes) => Some(bytes.len() as u64),
                Step::Part { index, encoding, ends_itself } => {
                    body = body.max(encoding.body());
                    let cut = if *ends_itself { 2 } else { 0 };
                    self.parts[*index].size(*encoding).map(|size| size - cut)
                }
            };
            size = size.zip(more).and_then(|(size, more)| size.checked_add(more));
        }
        Shape {
            body,
            utf8: self.international.is_some(),
            size,
            attachments: self.parts.iter().filter(|part| part.is_file()).map(omitted).collect(),
            message_id: Some(self.message_id.clone()),
        }
    }
}

fn omitted(part: &Part) -> Omitted {
    Omitted { name: part.name.clone(), media_type: part.media_type.essence.clone(), size: part.len }
}

/// Lays an entity out: its header lines, its empty line, and its content with a CRLF behind.
struct Planner<'a> {
    parts: &'a [Part],
    entropy: [u8; 16],
    offer: Offer,
    steps: VecDeque<Step>,
    /// Header lines and boundaries since the last content.
    text: Vec<u8>,
    /// Boundaries made.
    made: u8,
}

impl Planner<'_> {
    fn plan(parts: &[Part], entropy: [u8; 16], offer: Offer, header: &[u8], tree: &Tree) -> VecDeque<Step> {
        let mut text = Vec::with_capacity(header.len() + HEADER);
        text.extend_from_slice(header);
        let mut planner = Planner { parts, entropy, offer, steps: VecDeque::new(), text, made: 0 };
        planner.entity(tree, true);
        planner.cut();
        planner.steps
    }

    fn entity(&mut self, tree: &Tree, top: bool) {
        match tree {
            Tree::Leaf(index) => self.leaf(*index, top),
            Tree::Multi(subtype, inner) => self.multi(subtype, inner),
        }
    }

    fn leaf(&mut self, index: usize, top: bool) {
        let part = &self.parts[index];
        part.write_header(&mut self.text, self.offer);
        if top && part.is_empty() {
            return;
        }
        let (encoding, _) = part.encoding(self.offer);
        let ends_itself = top && encoding != Encoding::Base64 && part.ends_with_crlf();
        self.cut();
        self.steps.push_back(Step::Part { index, encoding, ends_itself });
    }

    fn multi(&mut self, subtype: &str, inner: &[Tree]) {
        self.made += 1;
        // `=_` stands in no base64 and no quoted-printable, and 128 random bits in nothing else.
        let boundary = format!("=_{}_{}", self.made, ids::hex(&self.entropy));
        let mut parameters = vec![parameter("boundary", &boundary)];
        if subtype == "related" {
            // RFC 2387 §3.1.
            parameters.push(parameter("type", "text/html"));
        }
        with_parameters(&mut self.text, "Content-Type", &format!("multipart/{subtype}"), &parameters);
        self.text.extend_from_slice(b"\r\n");
        for entity in inner {
            self.text.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
            self.entity(entity, false);
        }
        self.text.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    }

    /// What was written so far is a step of its own.
    fn cut(&mut self) {
        if !self.text.is_empty() {
            self.steps.push_back(Step::Literal(core::mem::take(&mut self.text)));
        }
    }
}
