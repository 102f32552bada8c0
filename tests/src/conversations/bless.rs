//! Expectation and result side by side, line by line.

/// The lines that differ, with a few around them.
pub fn difference(expected: &str, found: &str) -> String {
    let (expected, found): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let same_before = expected.iter().zip(&found).take_while(|(a, b)| a == b).count();
    let most_after = expected.len().min(found.len()) - same_before;
    let same_after = expected.iter().rev().zip(found.iter().rev()).take(most_after).take_while(|(a, b)| a == b).count();
    let mut text = String::new();
    let mut push = |sign: char, lines: &[&str]| {
        for line in lines {
            let shortened: String = line.chars().take(400).collect();
            text.push_str(&format!("  {sign} {shortened}\n"));
        }
    };
    push(' ', &expected[same_before.saturating_sub(2)..same_before]);
    push('-', &expected[same_before..expected.len() - same_after]);
    push('+', &found[same_before..found.len() - same_after]);
    push(' ', &expected[expected.len() - same_after..][..same_after.min(2)]);
    text
}

#[test]
fn a_difference_stands_alone() {
    assert_eq!(
        difference("a\nb\nc\nd\ne\nf\ng", "a\nb\nc\nX\nY\nf\ng"),
        "    b\n    c\n  - d\n  - e\n  + X\n  + Y\n    f\n    g\n"
    );
    assert_eq!(difference("a", "a\na"), "    a\n  + a\n");
    assert_eq!(difference("", "a"), "  + a\n");
}
