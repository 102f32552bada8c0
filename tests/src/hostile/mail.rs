//! Ends in the middle of a mail, and mails that smuggle.

use super::cage::Cage;

#[test]
fn half_a_mail_is_no_mail() {
    let Some(cage) = Cage::new() else { return };
    let port = cage.stage.plain_port().to_string();
    let allow = format!("localhost:{port}");
    for (attack, code, log) in [
        ("mail-trap", 70, Some("### SMTP Component stopped: it trapped")),
        ("mail-loop", 77, Some("### SMTP Component stopped: it computed for more than 1 s")),
        ("mail-exit", 0, None),
    ] {
        cage.attack(&["--allow", &allow, "--max-cpu", "1"], &[attack, "localhost", &port]).exits(code);
        let written = cage.log();
        assert!(written.contains("Subject: half"), "{attack}: {written}");
        let last = written.lines().last().unwrap_or_default();
        assert!(log.is_none_or(|log| last.contains(log)), "{attack}: {last}");
    }
    assert_eq!(cage.stage.received(), [], "the server took half a mail");
    cage.neighbours_are_well();
}

#[test]
fn no_line_end_reaches_the_wire() {
    let Some(cage) = Cage::new() else { return };
    let port = cage.stage.plain_port().to_string();
    let allow = format!("localhost:{port}");
    let ran = cage.attack(&["--allow", &allow], &["mail-injected", "localhost", &port]).exits(0);
    assert_eq!(ran.out.matches("refused:").count(), 4, "{}", ran.told());
    assert_eq!(cage.stage.received(), []);
}

/// What the transporter was refused, it writes into the log; the host says the grant.
#[test]
fn the_log_tells_of_a_refusal() {
    let Some(cage) = Cage::new() else { return };
    let ran = cage.attack(&[], &["mail-denied", "mail.example.com", "587"]).exits(0);
    let ran = ran.says("refused: the host has not granted mail.example.com:587; --allow mail.example.com:587 would\n");
    assert!(ran.out.contains("ErrorKind::Denied"), "{}", ran.told());
    assert!(cage.log().contains("mail.example.com:587"), "{}", cage.log());
    let ran = cage.attack(&["--max-memory", "48"], &["mail-settings", "localhost", "25"]);
    assert!(ran.code == 77 || ran.code == 70, "{}", ran.told());
    cage.neighbours_are_well();
}
