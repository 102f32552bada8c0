//! The logs: floods, names that lead elsewhere, forged lines, and silence.

use super::cage::Cage;
use std::fs;
use std::os::unix::fs::symlink;

#[test]
fn floods_end() {
    let Some(cage) = Cage::new() else { return };
    let words = "wrote more than 1 MiB into the logs; --max-log would allow more";
    for attack in ["logs-lines", "logs-bytes", "logs-extended", "logs-many"] {
        cage.attack(&["--max-log", "1"], &[attack]).exits(77).says(words);
        let log = cage.log();
        assert!(log.lines().last().is_some_and(|line| line.contains("into the logs")), "{attack}");
        // Never much more than was granted, a line's cut and the refill of the seconds that it took included.
        let size: u64 = fs::read_dir(cage.stage.folder.join("logs"))
            .unwrap()
            .map(|file| file.unwrap().metadata().unwrap().len())
            .sum();
        assert!(size < 30 << 20, "{attack}: {size}");
        fs::remove_dir_all(cage.stage.folder.join("logs")).unwrap();
    }
    let ran = cage.attack(&[], &["logs-files"]).exits(0);
    assert!(ran.out.contains("(16, LogError::Denied"), "{}", ran.told());
    cage.neighbours_are_well();
}

#[test]
fn names_that_lead_elsewhere() {
    let Some(cage) = Cage::new() else { return };
    let folder = &cage.stage.folder;
    fs::create_dir_all(folder.join("logs/below")).unwrap();
    fs::write(folder.join("secret"), "unharmed").unwrap();
    symlink("../secret", folder.join("logs/link.txt")).unwrap();
    symlink("..", folder.join("logs/up")).unwrap();
    symlink("/dev/null", folder.join("logs/null")).unwrap();
    let absolute = folder.join("secret");
    let ran = cage.attack(
        &[],
        &[
            "logs-names",
            "../secret",
            "below/../../secret",
            absolute.to_str().unwrap(),
            "/dev/stderr",
            "link.txt",
            "up/secret",
            "null",
            "below",
            "CON",
            "com1.txt",
            "a:b",
            "SMTPLog_1.txt",
            "smtplog_9.TXT",
            ".",
            "a.",
        ],
    );
    let ran = ran.exits(0).says("leaves the folder of the logs");
    assert_eq!(ran.out.matches("refused:").count(), 15 + 6, "{}", ran.told());
    assert_eq!(fs::read_to_string(folder.join("secret")).unwrap(), "unharmed");
    let ran = cage.attack_without_log(&[], &["logs-names", "a.txt"]).exits(0).says("--log-file 'a.txt' would allow");
    assert!(ran.out.contains("Denied"), "{}", ran.told());
}

#[test]
fn forged_lines_stay_one_line() {
    let Some(cage) = Cage::new() else { return };
    cage.attack(&[], &["logs-forged"]).exits(0);
    let log = cage.log();
    assert_eq!(log.lines().count(), 3, "{log}");
    for (number, line) in log.lines().enumerate() {
        assert!(line.starts_with(&format!("{} 20", number + 1)), "{log}");
        assert!(!line.contains(char::is_control), "{log:?}");
    }
    assert!(
        log.contains("\\x0a7 2026-01-01T00:00:00.000 1 1 ### SMTP forged\\x0d\\x0a\\x1b[2J\\xc2\\x85\\x7f\\x00"),
        "{log}"
    );
}

#[test]
fn nobody_silences_the_others() {
    let Some(cage) = Cage::new() else { return };
    for attack in ["logs-silence", "logs-switch"] {
        let ran = cage.attack_without_log(&["--log=5", "--log-keep", "9"], &[attack]);
        assert!(ran.exits(0).says("--log-dir would allow it").out.contains("Denied"));
    }
}
