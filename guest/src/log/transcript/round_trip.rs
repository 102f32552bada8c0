//! What the extended log has of a mail, `host logs extract` gives back: the two are tested together.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use smtp_logs::extract::extract;

/// Bytes that a log could get wrong.
fn content() -> impl Strategy<Value = Vec<u8>> {
    const ODD: &[&[u8]] = &[
        b"\n",
        b"\r",
        b"\r\n",
        b"\r\r\n",
        b".",
        b"..",
        b"\r\n.",
        b"\r\n.\r\n",
        br"\x0a",
        br"\x5cx41",
        b"\\",
        b"\"",
        b"\xff",
        "…".as_bytes(),
        "… (+5 bytes)".as_bytes(),
        b"\r\nBDAT 5 LAST\r\n",
        b"BDAT 70",
        b"\r\nQUIT\r\n",
        b"\0\x1b[2J",
        b"\xc2\x85",
        "日".as_bytes(),
        b"\r\n\r\n",
    ];
    let part = prop_oneof![
        4 => prop::sample::select(ODD).prop_map(|part: &[u8]| part.to_vec()),
        3 => vec(any::<u8>(), 0..20),
        1 => (4000usize..4200).prop_map(|length| vec![b'a'; length]),
        1 => (60_000usize..140_000).prop_map(|length| vec![b'l'; length]),
    ];
    vec(part, 0..24).prop_map(|parts| parts.concat())
}

/// The statements as a file, in a conversation with a reply behind them.
fn file(log: &mut Transcript) -> Vec<u8> {
    log.server(b"250 2.0.0 Queued");
    log.server_end();
    log.note(Note::Closed);
    let statements = log.take_extended();
    let mut text = String::new();
    for (counter, statement) in (1..).zip(statements) {
        text.push_str(&format!("{counter} 2026-11-25T10:00:00.000 2 5 {statement}\n"));
        // Somebody else's line, to be left alone.
        text.push_str("99 2026-11-25T10:00:00.000 2 6 C > \"not this\"\n");
    }
    text.into_bytes()
}

fn taken_out(file: &[u8]) -> Vec<u8> {
    let mut found = None;
    smtp_logs::conversations(file, |told| found = found.take().or(Some(told).filter(|told| told.process.unique == 5)))
        .expect("memory can be read");
    let told = found.expect("a conversation");
    let mut out = Vec::new();
    let result = extract(std::io::Cursor::new(file), &told, &told.mails[0], &mut out);
    assert!(result.is_ok(), "{result:?} {told:?}");
    out
}

fn begun() -> Transcript {
    let mut log = Transcript::new(Language::English);
    log.record(false, true);
    log.client(b"MAIL FROM:<a@b>");
    log
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn by_chunks(content in content(), cuts in vec(any::<prop::sample::Index>(), 0..4)) {
        prop_assume!(!content.is_empty());
        let mut log = begun();
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(content.len() + 1)).chain([0, content.len()]).collect();
        cuts.sort_unstable();
        for (number, cut) in cuts.windows(2).enumerate() {
            let last = if number + 2 == cuts.len() { " LAST" } else { "" };
            log.client(format!("BDAT {}{last}", cut[1] - cut[0]).as_bytes());
            log.content(&content[cut[0]..cut[1]]);
        }
        log.content_end(&[]);
        prop_assert_eq!(taken_out(&file(&mut log)), content);
    }

    #[test]
    fn by_lines(content in content()) {
        // By DATA there is nothing but CRLF.
        let text: Vec<u8> = content.split(|byte| *byte == b'\n').flat_map(|line| {
            let line: Vec<u8> = line.iter().copied().filter(|byte| *byte != b'\r').collect();
            [line, b"\r\n".to_vec()].concat()
        }).collect();
        let mut log = begun();
        log.client(b"DATA");
        log.server(b"354 Go ahead");
        log.server_end();
        let mut wire = Vec::new();
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            if line.starts_with(b".") {
                wire.push(b'.');
            }
            wire.extend_from_slice(line);
        }
        for piece in wire.chunks(10_000) {
            log.content(piece);
        }
        log.content_end(&[]);
        log.client(b".");
        prop_assert_eq!(taken_out(&file(&mut log)), text);
    }
}
