//! Content in base64, RFC 2045 §6.8, many lines at once.

use base64_simd::{AsOut, STANDARD};

/// Bytes that make a line of 76.
pub(super) const LINE_IN: usize = 57;
const LINE_CODED: usize = 76;
/// With its CRLF.
pub(super) const LINE_OUT: usize = LINE_CODED + 2;

/// Appends as many lines as `room` takes and says how many bytes of `bytes` they hold. A last line that is not full
/// is only written where `last`.
pub(super) fn lines(bytes: &[u8], into: &mut Vec<u8>, room: usize, last: bool) -> usize {
    let full = (bytes.len() / LINE_IN).min(room / LINE_OUT);
    full_lines(&bytes[..full * LINE_IN], into);
    let rest = &bytes[full * LINE_IN..];
    if !last || rest.is_empty() || rest.len() >= LINE_IN || room - full * LINE_OUT < LINE_OUT {
        return full * LINE_IN;
    }
    let start = into.len();
    into.resize(start + rest.len().div_ceil(3) * 4, 0);
    let _ = STANDARD.encode(rest, into[start..].as_out());
    into.extend_from_slice(b"\r\n");
    bytes.len()
}

/// Encodes all lines in one go to the end of the room they will take, then moves each to its place: the encoder
/// works on long runs only at its full speed, and a line that is moved never overwrites one that is still to move.
fn full_lines(bytes: &[u8], into: &mut Vec<u8>) {
    let count = bytes.len() / LINE_IN;
    let start = into.len();
    into.resize(start + count * LINE_OUT, 0);
    let room = &mut into[start..];
    let _ = STANDARD.encode(bytes, room[2 * count..].as_out());
    for line in 0..count {
        move_line(room, 2 * count + line * LINE_CODED, line * LINE_OUT);
    }
}

/// By words, in registers: for so few bytes a `memmove` costs more in its call than in its work.
fn move_line(room: &mut [u8], from: usize, to: usize) {
    const WORDS: usize = LINE_CODED / 8;
    let mut words = [0u64; WORDS];
    let (coded, rest) = room[from..from + LINE_CODED].as_chunks::<8>();
    for (word, bytes) in words.iter_mut().zip(coded) {
        *word = u64::from_ne_bytes(*bytes);
    }
    let &[a, b, c, d] = rest else { return };
    let (line, end) = room[to..to + LINE_OUT].as_chunks_mut::<8>();
    for (bytes, word) in line.iter_mut().zip(words) {
        *bytes = word.to_ne_bytes();
    }
    end.copy_from_slice(&[a, b, c, d, b'\r', b'\n']);
}

/// Bytes that `len` bytes become.
pub(super) fn size(len: u64) -> u64 {
    let full = len / LINE_IN as u64;
    let rest = len % LINE_IN as u64;
    let last = if rest > 0 { rest.div_ceil(3) * 4 + 2 } else { 0 };
    full.saturating_mul(LINE_OUT as u64).saturating_add(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_what_a_plain_encoder_makes() {
        let bytes: Vec<u8> = (0..1000u32).map(|n| (n * 31 % 251) as u8).collect();
        for len in [0, 1, 2, 3, 56, 57, 58, 113, 114, 115, 999, 1000] {
            let mut got = Vec::new();
            assert_eq!(lines(&bytes[..len], &mut got, 100_000, true), len);
            let whole = STANDARD.encode_to_string(&bytes[..len]);
            let want: String =
                whole.as_bytes().chunks(76).map(|line| format!("{}\r\n", str::from_utf8(line).unwrap())).collect();
            assert_eq!(String::from_utf8(got).unwrap(), want);
            assert_eq!(size(len as u64), want.len() as u64);
        }
    }

    #[test]
    fn room_is_kept() {
        let mut got = Vec::new();
        assert_eq!(lines(&[7; 200], &mut got, 2 * LINE_OUT + 5, true), 114);
        assert_eq!(got.len(), 2 * LINE_OUT);
        assert_eq!(lines(&[7; 60], &mut got, 1000, false), 57);
    }
}
