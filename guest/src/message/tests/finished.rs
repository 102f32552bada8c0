//! Messages that somebody else made.

use super::*;
use crate::error::{Kind, Phase};
use crate::message::{Body, Finished};
use proptest::prelude::*;

/// Pushed in pieces of these lengths and read in pieces of the same.
fn through(bytes: &[u8], steps: &[usize]) -> (Vec<u8>, Finished) {
    let mut message = Finished::new(Some(bytes.len() as u64));
    let (mut out, mut rest) = (Vec::new(), bytes);
    let mut steps = steps.iter().copied().cycle();
    while !rest.is_empty() {
        let step = steps.next().unwrap().min(rest.len());
        message.push(&rest[..step]).unwrap();
        rest = &rest[step..];
        assert!(!message.read(&mut out, step));
    }
    let _ = message.finish();
    while !message.read(&mut out, steps.next().unwrap()) {}
    (out, message)
}

fn whole(text: &str) -> String {
    String::from_utf8(through(text.as_bytes(), &[usize::MAX]).0).unwrap()
}

#[test]
fn only_line_ends_and_bcc_change() {
    assert_eq!(whole("A: b\n\n.\n..\r\nx\ry\0"), "A: b\r\n\r\n.\r\n..\r\nx\r\ny\0\r\n");
    assert_eq!(
        whole("A: 1\r\nBcc: x@y,\r\n z@y\r\n\tq\r\nB: 2\r\n\r\nBcc: stays\r\n"),
        "A: 1\r\nB: 2\r\n\r\nBcc: stays\r\n"
    );
    assert_eq!(whole("bCC : x\nResent-Bcc: y\rBcc\nTo: z"), "To: z\r\n");
    assert_eq!(whole(&format!("Bcc{}: x\nTo: z\n", " ".repeat(500))), "To: z\r\n");
    assert_eq!(whole("A: 1\n Bcc: this is folded\nAbcc: 2\n"), "A: 1\r\n Bcc: this is folded\r\nAbcc: 2\r\n");
    assert_eq!(whole("\nBcc: body\n"), "\r\nBcc: body\r\n");
    let long = format!("{}\n\n", "x".repeat(200));
    assert_eq!(whole(&long), long.replace('\n', "\r\n"));
}

#[test]
fn what_is_missing_is_said() {
    let (_, message) = through(b"Subject: x\n\nbody", &[7]);
    let missing = message.warnings(NOTHING).join("; ");
    assert_eq!(
        missing,
        "the message has no Date field; the message has no From field; the message has no Message-ID field"
    );
    let good = b"DATE: x\nfrom: y\nmessage-ID:\n <a@b>\n\nbody\n";
    let (out, mut message) = through(good, &[3]);
    assert!(message.warnings(NOTHING).is_empty());
    let shape = message.prepare(NOTHING).unwrap();
    assert_eq!(shape.message_id.as_deref(), Some("a@b"));
    assert_eq!(shape.size, Some(out.len() as u64));
    let odd = "From: ü\nDate: x\nMessage-ID: <a>\nodd\n\nü\0".to_owned() + &"x".repeat(999);
    let (_, mut message) = through(odd.as_bytes(), &[50]);
    assert_eq!(message.warnings(NOTHING).len(), 5);
    assert!(message.prepare(EIGHT_BIT).unwrap_err().message.contains("NUL"));
    let shape = message.prepare(ALL).unwrap();
    assert!(shape.body == Body::Binary && shape.utf8);
}

#[test]
fn the_shape_is_careful_until_the_end_is_known() {
    let mut message = Finished::new(Some(8));
    message.push(b"From: a\n").unwrap();
    let shape = message.prepare(EIGHT_BIT).unwrap();
    assert_eq!((shape.body, shape.size), (Body::EightBit, Some(8)));
    message.finish().unwrap();
    let shape = message.prepare(EIGHT_BIT).unwrap();
    assert_eq!((shape.body, shape.size), (Body::SevenBit, Some(9)));
    assert!(Finished::new(None).finish().is_err());
}

#[test]
fn the_length_is_the_one_that_was_announced() {
    for (announced, pushed, complaint) in [
        (8, "From: a\n", None),
        (9, "From: a\n", Some("ended after 8 of the 9 bytes that were announced")),
        (7, "From: a\n", Some("has more than the 7 bytes that were announced")),
    ] {
        let mut message = Finished::new(Some(announced));
        let result = message.push(pushed.as_bytes()).and_then(|()| message.finish());
        match (result, complaint) {
            (Ok(()), None) => {}
            (Err(error), Some(words)) => {
                assert_eq!((error.phase, error.kind), (Phase::Input, Kind::ContentFailed));
                assert!(error.message.contains(words), "{}", error.message);
            }
            (result, _) => panic!("{announced}: {result:?}"),
        }
    }
}

#[test]
fn a_nul_that_comes_late_ends_the_message() {
    let mut message = Finished::new(None);
    message.push(b"From: a\r\n\r\nbody\r\n").unwrap();
    message.prepare(EIGHT_BIT).unwrap();
    assert!(message.push(b"a\0b\r\n").unwrap_err().message.contains("NUL"));
}

#[test]
fn odd_line_ends_are_said() {
    let said = |bytes: &[u8]| through(bytes, &[1]).1.warnings(ALL).join("; ");
    let header = "From: a\r\nDate: b\r\nMessage-ID: <c@d>\r\n\r\n";
    assert_eq!(said(format!("{header}\r\n.\r\n").as_bytes()), "");
    assert_eq!(said(header.replace('\r', "").as_bytes()), "");
    let odd = said(format!("{header}a\n.\r.\r\n\rb\r\r\n").as_bytes());
    assert_eq!(
        odd,
        "3 carriage returns without line feed became line ends; 1 line feeds without carriage return became line ends"
    );
}

#[test]
fn long_lines_are_seen_across_pieces() {
    let header = "From: a\r\nDate: b\r\nMessage-ID: <c@d>\r\n\r\n";
    let text = format!("{header}short\r\n{}\r\nshort\r\n", "x".repeat(999));
    for step in [1, 70, 500, 998, 4000] {
        let warnings = through(text.as_bytes(), &[step]).1.warnings(ALL);
        assert_eq!(warnings, ["a line has 999 bytes, more than the 998 that mail allows"], "{step}");
    }
}

/// Another way to the same: the whole message at once.
fn plainly(bytes: &[u8]) -> Vec<u8> {
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (mut out, mut in_header, mut dropping) = (String::new(), true, false);
    for line in text.split_inclusive('\n') {
        let line = line.trim_end_matches('\n');
        in_header &= !line.is_empty();
        if in_header && !line.starts_with([' ', '\t']) {
            let name = line.split(':').next().unwrap().trim_end_matches([' ', '\t', '\u{c}']).to_ascii_lowercase();
            dropping = name == "bcc" || name == "resent-bcc";
        }
        if !in_header || !dropping {
            out.push_str(line);
            out.push_str("\r\n");
        }
    }
    out.chars().map(|c| c as u8).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_split_makes_no_difference(
        pieces in prop::collection::vec(prop_oneof![
            Just("\r".to_owned()), Just("\n".to_owned()), Just("\r\n".to_owned()), Just("Bcc".to_owned()), Just("bcc:".to_owned()),
            Just("Resent-Bcc ".to_owned()), Just(" ".to_owned()), Just("\t".to_owned()), Just(":".to_owned()),
            Just("Subject: ü".to_owned()), Just("\n\n".to_owned()), "[a-z.\\x00]{0,100}",
        ], 0..30),
        steps in prop::collection::vec(1usize..50, 1..8),
    ) {
        let bytes = pieces.concat().into_bytes();
        let (got, mut message) = through(&bytes, &steps);
        let (whole, _) = through(&bytes, &[usize::MAX]);
        prop_assert_eq!(&got, &whole);
        prop_assert_eq!(&got, &plainly(&bytes));
        if !got.contains(&0) {
            prop_assert_eq!(message.prepare(NOTHING).unwrap().size, Some(got.len() as u64));
        }
    }
}
