//! The parts of a message and how they stand in each other: RFC 2046 §5.1, RFC 2387.

use super::encoding::{self, Census, Encoding};
use super::field::{parameter, with_parameters};
use super::mail::{Attachment, Content, Disposition, Source};
use super::media_type::{MediaType, UNKNOWN};
use super::shape::Offer;
use super::{file_name, ids, normal};

/// One content with all that is known of it before the server is.
pub(super) struct Part {
    pub content: Content,
    /// The content once more, to be read beforehand: only where it is a stream.
    pub rehearsal: Option<Box<dyn Source>>,
    /// Bytes of `content`, where known.
    pub len: Option<u64>,
    pub media_type: MediaType,
    pub name: Option<String>,
    census: Option<Census>,
    cid: Option<String>,
    /// None for the text of the mail.
    disposition: Option<Disposition>,
}

impl Part {
    /// The text of the mail.
    pub fn text(subtype: &str, text: String) -> Part {
        let text = normal::line_feeds(text);
        Part {
            len: Some(text.len() as u64),
            census: Some(Census::of(text.as_bytes())),
            content: Content::Text(text),
            rehearsal: None,
            media_type: MediaType { essence: format!("text/{subtype}"), parameters: utf8() },
            name: None,
            cid: None,
            disposition: None,
        }
    }

    /// A file of a mail that was checked.
    pub fn file(file: Attachment) -> Result<Part, String> {
        let name = file.name.as_deref().and_then(file_name::sanitised);
        let mut media_type = match &file.media_type {
            Some(text) => MediaType::parse(text)?,
            None => MediaType::of_file(name.as_deref()),
        };
        let disposition = if file.is_inline() { Disposition::Inline } else { Disposition::Attachment };
        let cid = file.cid.as_deref().map(ids::bare).transpose()?.map(str::to_owned);
        let mut len = file.len();
        let (mut content, rehearsal) = match file.content {
            Content::Twice([first, second]) => (Content::Stream(second), Some(first)),
            content => (content, None),
        };
        if media_type.must_stay_plain() {
            content = match content {
                Content::Bytes(bytes) => Content::Bytes(normal::all(&bytes).into_owned()),
                Content::Text(text) => Content::Bytes(normal::all(text.as_bytes()).into_owned()),
                stream => stream,
            };
        }
        let census = match &content {
            Content::Text(text) => Some(Census::of(text.as_bytes())),
            Content::Bytes(bytes) if media_type.must_stay_plain() => Some(Census::of(bytes)),
            _ => None,
        };
        if let Content::Bytes(bytes) = &content {
            len = Some(bytes.len() as u64);
        }
        if media_type.is_text() && media_type.charset().is_none() && matches!(content, Content::Text(_)) {
            media_type.parameters.extend(utf8());
        }
        Ok(Part { content, rehearsal, len, media_type, name, census, cid, disposition: Some(disposition) })
    }

    /// Whether it belongs to the HTML, which shows it by its `cid`.
    pub fn is_related(&self) -> bool {
        self.cid.is_some() && self.disposition == Some(Disposition::Inline)
    }

    /// Nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.len == Some(0)
    }

    /// One of the files, not the text of the mail.
    pub fn is_file(&self) -> bool {
        self.disposition.is_some()
    }

    /// The content brings its own last line end.
    pub fn ends_with_crlf(&self) -> bool {
        matches!(&self.content, Content::Text(text) if text.ends_with("\r\n"))
    }

    /// How it goes to this server. RFC 2046 §5.2.1 forbids to encode a message/rfc822: where it can't go as it is
    /// (8-bit without the server's offer, or a stream that nobody has looked into), it goes as a plain file.
    pub fn encoding(&self, offer: Offer) -> (Encoding, &str) {
        let plain = self.media_type.must_stay_plain();
        let chosen = match self.census {
            Some(census) => census.choose(offer, plain),
            None => offer.binary.then_some(Encoding::Binary),
        };
        match chosen {
            Some(encoding) => (encoding, &self.media_type.essence),
            None => (Encoding::Base64, if plain { UNKNOWN } else { &self.media_type.essence }),
        }
    }

    /// Bytes in the message with the CRLF behind, where known.
    pub fn size(&self, encoding: Encoding) -> Option<u64> {
        match self.census {
            Some(census) => Some(census.size(encoding)),
            None => self.len.map(|len| encoding::size(encoding, len)),
        }
    }

    /// Appends the part's own header and the empty line.
    pub fn write_header(&self, out: &mut Vec<u8>, offer: Offer) {
        let (encoding, essence) = self.encoding(offer);
        let mut parameters: Vec<Vec<String>> = Vec::new();
        if essence == self.media_type.essence {
            parameters.extend(self.media_type.parameters.iter().map(|(name, value)| parameter(name, value)));
        }
        parameters.extend(self.name.as_deref().map(file_name::type_parameter));
        with_parameters(out, "Content-Type", essence, &parameters);
        with_parameters(out, "Content-Transfer-Encoding", encoding.name(), &[]);
        if let Some(disposition) = self.disposition {
            let value = if disposition == Disposition::Inline { "inline" } else { "attachment" };
            let parameters = self.name.as_deref().map(file_name::disposition_parameters).unwrap_or_default();
            with_parameters(out, "Content-Disposition", value, &parameters);
        }
        if let Some(cid) = &self.cid {
            with_parameters(out, "Content-ID", &format!("<{cid}>"), &[]);
        }
        out.extend_from_slice(b"\r\n");
    }
}

fn utf8() -> Vec<(String, String)> {
    vec![("charset".to_owned(), "utf-8".to_owned())]
}

/// How parts, named by their index, stand in each other.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Tree {
    Leaf(usize),
    /// The subtype of multipart, and what is in it.
    Multi(&'static str, Vec<Tree>),
}

impl Tree {
    /// Text before HTML, the HTML with what it shows, and the files behind all.
    pub fn of(parts: &[Part], text: Option<usize>, html: Option<usize>) -> Tree {
        let (shown, files): (Vec<usize>, Vec<usize>) = (0..parts.len())
            .filter(|&index| parts[index].is_file())
            .partition(|&index| html.is_some() && parts[index].is_related());
        let html = html.map(|index| Tree::with("related", Some(Tree::Leaf(index)), shown));
        let body = match (text.map(Tree::Leaf), html) {
            (Some(text), Some(html)) => Some(Tree::Multi("alternative", vec![text, html])),
            (text, html) => text.or(html),
        };
        Tree::with("mixed", body, files)
    }

    fn with(subtype: &'static str, first: Option<Tree>, files: Vec<usize>) -> Tree {
        match (first, files.is_empty()) {
            (Some(only), true) => only,
            (first, _) => Tree::Multi(subtype, first.into_iter().chain(files.into_iter().map(Tree::Leaf)).collect()),
        }
    }
}
