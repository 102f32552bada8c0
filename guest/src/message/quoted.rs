//! Content in quoted-printable, RFC 2045 §6.7. Bytes arrive as they are: only a CRLF becomes a line end.

/// A line with its soft break.
const MAX_LINE: usize = 76;
/// With its CRLF.
pub(super) const LINE_OUT: usize = MAX_LINE + 2;

/// Where an encoder stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Quoted {
    at: usize,
    over: bool,
}

impl Quoted {
    /// Appends the lines that `room` takes. The last one ends with a CRLF that is not part of the content.
    pub fn lines(&mut self, bytes: &[u8], into: &mut Vec<u8>, room: usize) {
        let end = into.len() + room;
        while !self.over && end - into.len() >= LINE_OUT {
            self.line(bytes, into);
        }
    }

    /// Nothing is left.
    pub fn is_over(&self) -> bool {
        self.over
    }

    fn line(&mut self, bytes: &[u8], into: &mut Vec<u8>) {
        let start = into.len();
        loop {
            let rest = &bytes[self.at..];
            if rest.is_empty() || rest.starts_with(b"\r\n") {
                self.over = rest.is_empty();
                self.at += if self.over { 0 } else { 2 };
                into.extend_from_slice(b"\r\n");
                return;
            }
            let bare = is_bare(rest);
            if into.len() - start + if bare { 1 } else { 3 } >= MAX_LINE {
                into.extend_from_slice(b"=\r\n");
                return;
            }
            match bare {
                true => into.push(rest[0]),
                false => into.extend_from_slice(&[b'=', hex(rest[0] >> 4), hex(rest[0] & 15)]),
            }
            self.at += 1;
        }
    }
}

/// Bytes that `bytes` become, with the CRLF behind.
pub(super) fn size(bytes: &[u8]) -> u64 {
    let mut quoted = Quoted::default();
    let mut scratch = Vec::with_capacity(64 * 1024);
    let mut size = 0;
    while !quoted.is_over() {
        scratch.clear();
        quoted.lines(bytes, &mut scratch, 64 * 1024);
        size += scratch.len() as u64;
    }
    size
}

/// Whether the first byte stands for itself: a blank does unless a line ends behind it.
fn is_bare(rest: &[u8]) -> bool {
    match rest[0] {
        b'=' => false,
        b'!'..=b'~' => true,
        b' ' | b'\t' => rest.len() > 1 && !rest[1..].starts_with(b"\r\n"),
        _ => false,
    }
}

fn hex(nibble: u8) -> u8 {
    b"0123456789ABCDEF"[usize::from(nibble)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(bytes: &[u8]) -> String {
        let mut out = Vec::new();
        Quoted::default().lines(bytes, &mut out, 100_000);
        assert_eq!(size(bytes), out.len() as u64);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn only_what_needs_it_is_quoted() {
        assert_eq!(whole("naïve=1 \r\n\tend\t".as_bytes()), "na=C3=AFve=3D1=20\r\n\tend=09\r\n");
        assert_eq!(whole(b"a\nb\rc\0"), "a=0Ab=0Dc=00\r\n");
        assert_eq!(whole(b""), "\r\n");
        assert_eq!(whole(b"a\r\n"), "a\r\n\r\n");
    }

    #[test]
    fn lines_stay_within_76() {
        for text in ["x".repeat(500), "é".repeat(200), " ".repeat(300)] {
            let out = whole(text.as_bytes());
            assert!(out.lines().all(|line| line.len() <= MAX_LINE), "{out}");
            assert!(out.lines().count() <= text.len() * 3 / 73 + 1);
        }
    }
}
