//! `host demo` as it is seen by who pipes it into a file.

use std::process::{Command, Stdio};

#[test]
fn three_conversations() {
    let output = Command::new(crate::servers::host()).arg("demo").stdin(Stdio::null()).output().expect("the host runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let told = format!("{text}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && output.stderr.is_empty(), "{told}");
    assert!(!text.contains('\u{1b}') && !text.contains("wonder"), "{told}");

    let conversations = text.split("\n\n").filter(|part| part.starts_with(['1', '2', '3'])).collect::<Vec<_>>();
    let [at_once, refused, starttls] = conversations[..] else { panic!("three conversations: {told}") };
    for (conversation, lines) in [
        (at_once, &["(secured)", "C > \"AUTH SCRAM-SHA-256-PLUS ********************************\"", "queued as"][..]),
        (
            refused,
            &["C > \"AUTH PLAIN\"\n", "S < \"334 \"\n", "C > \"********************************\"\n", "S < \"535"],
        ),
        (starttls, &["(unsecured)", "C > \"STARTTLS\"", "### SMTP TLS started: TLSv1.3", "queued as"]),
    ] {
        assert_eq!(conversation.matches("### SMTP Connection closed").count(), 1, "{told}");
        let mut rest = conversation;
        for line in lines {
            rest = rest.split_once(line).unwrap_or_else(|| panic!("{line} is missing in order: {told}")).1;
        }
    }

    // The log lies where it says, and has what was shown.
    let path = text.trim_end().lines().last().expect("the last line").trim();
    let log = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let shown: String = text
        .lines()
        .filter(|line| line.contains(" 1 ") && line.contains('T'))
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(log, shown, "{told}");
    std::fs::remove_dir_all(std::path::Path::new(path).parent().expect("its folder")).expect("the folder goes");
}
