//! One header field, folded: RFC 5322 §2.2.3.

/// Where a line is folded if the grammar allows. RFC 2047 §2 wants 76 where there is an encoded word.
pub(super) const FOLD_AT: usize = 76;

/// A field being written: words go in, folded lines come out.
pub(super) struct Field<'a> {
    out: &'a mut Vec<u8>,
    column: usize,
    first: bool,
}

impl<'a> Field<'a> {
    /// Writes the name.
    pub fn new(out: &'a mut Vec<u8>, name: &str) -> Field<'a> {
        out.extend_from_slice(name.as_bytes());
        out.push(b':');
        Field { out, column: name.len() + 1, first: true }
    }

    /// One word that can't be broken, a blank before it. The first word stays on the line of the name: readers
    /// have trouble with a field whose first line is empty.
    pub fn word(&mut self, word: &str) {
        self.joined(&[word]);
    }

    /// The same, of parts without a blank between them.
    pub fn joined(&mut self, parts: &[&str]) {
        let length: usize = parts.iter().map(|part| part.len()).sum();
        if !self.first && self.column + 1 + length > FOLD_AT {
            self.fold();
        }
        self.out.push(b' ');
        parts.iter().for_each(|part| self.out.extend_from_slice(part.as_bytes()));
        self.column += 1 + length;
        self.first = false;
    }

    /// Bytes that a word may have to stay on this line.
    pub fn room(&self) -> usize {
        FOLD_AT.saturating_sub(self.column + 1)
    }

    /// Whether nothing but the name stands there yet.
    pub fn is_first(&self) -> bool {
        self.first
    }

    /// The next word begins a line.
    pub fn fold(&mut self) {
        self.out.extend_from_slice(b"\r\n");
        self.column = 0;
    }

    /// The field is complete.
    pub fn end(self) {
        self.out.extend_from_slice(b"\r\n");
    }
}

/// A structured field with parameters, RFC 2045 §5.1: each parameter is one or more words.
pub(super) fn with_parameters(out: &mut Vec<u8>, name: &str, value: &str, parameters: &[Vec<String>]) {
    let mut field = Field::new(out, name);
    let parameters = parameters.iter().flat_map(|words| words.iter().map(String::as_str).enumerate());
    let mut words = core::iter::once((0, value)).chain(parameters).peekable();
    while let Some((_, word)) = words.next() {
        let begins_another = matches!(words.peek(), Some((0, _)));
        field.joined(&[word, if begins_another { ";" } else { "" }]);
    }
    field.end();
}

/// `name=value`, the value quoted where it is no token. `value` is printable ASCII.
pub(super) fn parameter(name: &str, value: &str) -> Vec<String> {
    if !value.is_empty() && value.bytes().all(is_token) {
        return vec![format!("{name}={value}")];
    }
    vec![format!("{name}=\"{}\"", escaped(value))]
}

/// The inside of a quoted-string, RFC 5322 §3.2.4.
pub(super) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// RFC 2045 §5.1: no blank, control or tspecial.
pub(super) fn is_token(byte: u8) -> bool {
    byte.is_ascii_graphic() && !br#"()<>@,;:\"/[]?="#.contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_fold_at_76() {
        let mut out = Vec::new();
        let mut field = Field::new(&mut out, "X");
        for _ in 0..20 {
            field.word("seven77");
        }
        field.end();
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with("X: seven77"));
        assert!(text.lines().all(|line| line.len() <= FOLD_AT), "{text}");
        assert_eq!(text.lines().count(), 3);
    }

    #[test]
    fn parameters_are_quoted_where_needed() {
        let mut out = Vec::new();
        with_parameters(&mut out, "Content-Type", "a/b", &[parameter("x", "plain"), parameter("y", "a \"b\"")]);
        assert_eq!(out, b"Content-Type: a/b; x=plain; y=\"a \\\"b\\\"\"\r\n");
    }
}
