//! Damaged logs, and any cut of any bytes.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

/// What a log is made of, as text: place, kind, and the text itself.
fn read(pieces: &[&[u8]], longest: usize) -> Vec<String> {
    let mut told = Vec::new();
    let mut reader = Reader::new().longest_line(longest);
    let mut each = |item: &Item<'_>| {
        let kind = match item.entry {
            Entry::Line(_) => "line",
            Entry::Mended(_) => "mended",
            Entry::Torn(Some(_)) => "torn",
            Entry::Torn(None) => "torn head",
            Entry::Leftover => "leftover",
            Entry::Foreign => "foreign",
        };
        let text = String::from_utf8_lossy(item.text);
        told.push(format!("{} {:?} {kind} {}+{}", item.number, item.bytes, text, item.missing));
    };
    for piece in pieces {
        reader.push(piece, &mut each);
    }
    reader.end(&mut each);
    told
}

/// Without the texts.
fn kinds(log: &[u8]) -> Vec<String> {
    let words = |told: String| told.split(' ').take(3).collect::<Vec<_>>().join(" ");
    read(&[log], LONGEST_LINE).into_iter().map(words).collect()
}

const HEAD: &str = "2019-02-06T15:03:12.162 5 7";

#[test]
fn a_line_broken_in_two_is_mended() {
    let log = "12 2019-02-06T15:03:\n12.162 5 7 C > \"AUTH PLAIN\"\n13 2019-02-06T15:03:12.168 5\n7 S < \"334 \"\n";
    assert_eq!(
        read(&[log.as_bytes()], LONGEST_LINE),
        [
            "1 0..49 mended 12 2019-02-06T15:03:12.162 5 7 C > \"AUTH PLAIN\"+0",
            "3 49..91 mended 13 2019-02-06T15:03:12.168 5 7 S < \"334 \"+0",
        ]
    );
}

#[test]
fn a_line_broken_in_its_text_is_mended_too() {
    let log = format!("1 {HEAD} S < \"535 5.7.8 https://sup\nport.google.com\"\n2 {HEAD} C > \"QUIT\"\n");
    assert_eq!(kinds(log.as_bytes()), ["1 0..74 mended", "3 74..115 line"]);
}

#[test]
fn what_is_torn_stays_torn() {
    let log = format!("1 {HEAD} S < \"535 5.7\n2 {HEAD} C > \"QUIT\"\n3 {HEAD} S < \"221 b");
    assert_eq!(kinds(log.as_bytes()), ["1 0..43 torn", "2 43..84 line", "3 84..124 torn"]);
    let log = format!("1 {HEAD} ### x\n2 2019-02-06T1");
    assert_eq!(kinds(log.as_bytes()), ["1 0..36 line", "2 36..50 torn"]);
    let log = format!("1 2019-02-06T1\nhello\n2 {HEAD} ### x\n");
    assert_eq!(kinds(log.as_bytes()), ["1 0..15 torn", "2 15..21 foreign", "3 21..57 line"]);
}

#[test]
fn what_stands_behind_the_last_words_is_a_line_of_its_own() {
    let log = format!("19 {HEAD} ### Conexión SMTP cerrada67 2019-01-10T11:00:08.653 -5 ### Conexión SMTP cerrada\n");
    let told = read(&[log.as_bytes()], LONGEST_LINE);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("1 0..57 line 19") && told[0].ends_with("cerrada+0"), "{}", told[0]);
    assert!(told[1].starts_with("1 57..114 leftover 67 "), "{}", told[1]);
    // What is no line of a log stays where it is.
    let log = format!("1 {HEAD} ### SMTP Connection closed, they say\n");
    assert_eq!(kinds(log.as_bytes()).len(), 1);
}

#[test]
fn line_ends_and_marks_of_other_systems() {
    let log = format!("\u{feff}1 {HEAD} C > \"QUIT\"\r\n2 {HEAD} ### x\r\n\r\n");
    assert_eq!(
        read(&[log.as_bytes()], LONGEST_LINE),
        [
            format!("1 3..45 line 1 {HEAD} C > \"QUIT\"+0"),
            format!("2 45..82 line 2 {HEAD} ### x+0"),
            "3 82..84 foreign +0".to_owned()
        ]
    );
}

#[test]
fn long_lines_are_counted_and_not_kept() {
    let log = format!("1 {HEAD} C > \"{}\"\n2 {HEAD} C > \"QUIT\"\n", "x".repeat(1000));
    let told = read(&[log.as_bytes()], 100);
    assert!(told[0].starts_with("1 0..1037 line 1 ") && told[0].ends_with("x+936"), "{}", told[0]);
    assert!(told[1].starts_with("2 1037..1078 line"), "{}", told[1]);
}

/// Bytes, and pieces of logs among them.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    const PARTS: &[&str] = &[
        "\n",
        "\r\n",
        "\r",
        "1 ",
        "2019-02-06T15:03:12.162",
        "Z",
        " 5 7 ",
        "C > \"",
        "S < \"",
        "\"",
        "### ",
        "-5",
        "1 2019-02-06T15:03:12.162 5 7 ### SMTP Connection closed",
        "2 2019-02-06T15:03:12.162 5 7 C > \"DATA\"\n",
        "\u{feff}",
        "2019-02-06T1",
    ];
    let part = prop_oneof![
        4 => prop::sample::select(PARTS).prop_map(|part| part.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..8),
        1 => vec(Just(b'x'), 0..200),
    ];
    vec(part, 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn every_cut_gives_the_same(
        bytes in bytes(),
        cuts in vec(any::<prop::sample::Index>(), 0..12),
        longest in prop_oneof![Just(64usize), Just(100), Just(LONGEST_LINE)],
    ) {
        let whole = read(&[&bytes], longest);
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).chain([0, bytes.len()]).collect();
        cuts.sort_unstable();
        let pieces: Vec<_> = cuts.windows(2).map(|cut| &bytes[cut[0]..cut[1]]).collect();
        prop_assert_eq!(read(&pieces, longest), whole.clone());
        let single: Vec<_> = bytes.chunks(1).collect();
        prop_assert_eq!(read(&single, longest), whole);
    }

    #[test]
    fn no_byte_is_lost(bytes in bytes()) {
        let mut at = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let mut reader = Reader::new();
        let mut fault = None;
        let mut each = |item: &Item<'_>| {
            if item.bytes.start != at {
                fault.get_or_insert((at, item.bytes.clone()));
            }
            at = item.bytes.end;
        };
        reader.push(&bytes, &mut each);
        reader.end(&mut each);
        prop_assert_eq!(fault, None);
        prop_assert_eq!(at, bytes.len() as u64);
    }
}
