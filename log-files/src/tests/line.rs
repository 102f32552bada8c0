//! What a guest can't make a line say.

use super::super::line::{Who, push};

fn line(statement: &str, at_most: usize) -> String {
    let mut into = Vec::new();
    push(&mut into, 9, b"STAMP", Who { slot: 5, unique: 7 }, statement, at_most);
    String::from_utf8(into).unwrap()
}

#[test]
fn text_stands_as_it_is() {
    for text in ["S < \"250 \\x41 ü 漢 🙂 \"", "C > \"\u{a0}\u{2028}\"", ""] {
        assert_eq!(format!("9 STAMP 5 7 {text}\n"), line(text, 100));
    }
}

#[test]
fn control_characters_are_escaped() {
    for (text, expected) in [
        ("### a\n10 forged", "### a\\x0a10 forged"),
        ("### \r\t\0", "### \\x0d\\x09\\x00"),
        ("### \u{1b}[2J", "### \\x1b[2J"),
        ("### \u{7f}\u{85}\u{9b}1m", "### \\x7f\\xc2\\x85\\xc2\\x9b1m"),
        ("\n", "\\x0a"),
    ] {
        assert_eq!(format!("9 STAMP 5 7 {expected}\n"), line(text, 100));
    }
}

#[test]
fn a_long_statement_is_cut_at_a_character() {
    assert_eq!("9 STAMP 5 7 S < \"aé… (+3 bytes)\"\n", line("S < \"aéü\"", 8));
    assert_eq!("9 STAMP 5 7 ### \\x01… (+2 bytes)\n", line("### \u{1}\u{1}b", 8));
    assert_eq!("9 STAMP 5 7 ### abcd\n", line("### abcd", 8));
}
