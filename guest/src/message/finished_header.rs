//! The header of a message that somebody else made, line by line: Bcc out, and what is missing.

/// Bytes of a line that are held to know the field's name; no name that matters here is longer.
const MAX_NAME: usize = 80;
/// What is kept of a Message-ID field.
const MAX_ID: usize = 998;

/// Reads pieces of lines until the empty line.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    over: bool,
    /// Nothing of the current line was decided yet: its beginning is in `start`.
    in_line: bool,
    start: Vec<u8>,
    field: Field,
    eight_bit: bool,
    date: bool,
    from: bool,
    /// The Message-ID field's value.
    id: Option<Vec<u8>>,
    message_id: Option<String>,
    /// Lines that are no field.
    odd: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Field {
    #[default]
    Other,
    MessageId,
    /// Bcc and Resent-Bcc.
    Blind,
}

impl Header {
    /// The empty line was seen.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// A line has begun and not ended.
    pub fn is_in_line(&self) -> bool {
        self.in_line || !self.start.is_empty()
    }

    /// Bytes that are not ASCII were seen: RFC 6532, or a broken header.
    pub fn is_eight_bit(&self) -> bool {
        self.eight_bit
    }

    /// Without brackets.
    pub fn message_id(&self) -> Option<&str> {
        self.message_id.as_deref()
    }

    /// Takes a piece of a line, or exactly a CRLF, and hands on what stays.
    pub fn push(&mut self, piece: &[u8], mut hand_on: impl FnMut(&[u8])) {
        if piece == b"\r\n" {
            return self.end_line(hand_on);
        }
        if self.in_line {
            return self.rest_of_line(piece, hand_on);
        }
        let room = MAX_NAME - self.start.len();
        let (begin, rest) = piece.split_at(piece.len().min(room));
        self.start.extend_from_slice(begin);
        let known = self.start.contains(&b':') || is_blank(self.start[0]) || self.start.len() == MAX_NAME;
        if known {
            self.decide(&mut hand_on);
            if !rest.is_empty() {
                self.rest_of_line(rest, hand_on);
            }
        }
    }

    /// What is missing or odd, as sentences.
    pub fn warnings(&self) -> Vec<String> {
        let missing = [("Date", self.date), ("From", self.from), ("Message-ID", self.id.is_some())];
        let missing = missing.iter().filter(|(_, there)| !there);
        let mut warnings: Vec<String> = missing.map(|(name, _)| format!("the message has no {name} field")).collect();
        if self.odd > 0 {
            warnings.push(format!("{} lines of the message's header are no header fields", self.odd));
        }
        warnings
    }

    fn end_line(&mut self, mut hand_on: impl FnMut(&[u8])) {
        if !self.in_line {
            if self.start.is_empty() {
                self.over = true;
                return hand_on(b"\r\n");
            }
            self.decide(&mut hand_on);
        }
        self.in_line = false;
        if self.field != Field::Blind {
            hand_on(b"\r\n");
        }
    }

    /// The line's beginning tells whose it is. A line that begins with a blank goes on with the field before.
    fn decide(&mut self, hand_on: &mut impl FnMut(&[u8])) {
        let start = core::mem::take(&mut self.start);
        self.in_line = true;
        let mut name_len = 0;
        if !is_blank(start[0]) {
            let colon = memchr::memchr(b':', &start);
            let name = start[..colon.unwrap_or(start.len())].trim_ascii_end().to_ascii_lowercase();
            self.field = Field::Other;
            match name.as_slice() {
                // Without its colon too: RFC 5322 §4.5.3 lets any number of blanks stand before it.
                b"bcc" | b"resent-bcc" => self.field = Field::Blind,
                _ if colon.is_none() => self.odd += 1,
                b"date" => self.date = true,
                b"from" => self.from = true,
                b"message-id" => {
                    self.field = Field::MessageId;
                    self.id = Some(Vec::new());
                }
                _ => {}
            }
            name_len = colon.map_or(0, |colon| colon + 1);
        }
        let (name, value) = start.split_at(name_len);
        if self.field != Field::Blind && !name.is_empty() {
            hand_on(name);
        }
        if !value.is_empty() {
            self.rest_of_line(value, hand_on);
        }
    }

    fn rest_of_line(&mut self, piece: &[u8], mut hand_on: impl FnMut(&[u8])) {
        if self.field == Field::Blind {
            return;
        }
        self.eight_bit |= !piece.is_ascii();
        if let (Field::MessageId, Some(id)) = (self.field, &mut self.id) {
            let room = MAX_ID.saturating_sub(id.len());
            id.extend_from_slice(&piece[..piece.len().min(room)]);
            self.message_id = id_of(id);
        }
        hand_on(piece);
    }
}

/// What stands between the brackets, if it can be shown.
fn id_of(value: &[u8]) -> Option<String> {
    let text = str::from_utf8(value).ok()?;
    let inner = text.split_once('<')?.1.split_once('>')?.0.trim();
    (!inner.is_empty() && !inner.contains(char::is_control)).then(|| inner.to_owned())
}

fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}
