//! Log files by wasi:filesystem: appended to, recycled, mended, and nothing else reached.

use super::runtime::Run;
use super::scene::{Folder, options};
use crate::cli::run::Stage;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;

const OPEN: &[&str] = &["--to", "bob@mail.test", "--accept-unsecure"];

fn counters(log: &str) -> Vec<u64> {
    log.lines().map(|line| line.split(' ').next().expect("a field").parse().expect("a counter")).collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A later run goes on where the last one ended, and where a writer died in the middle of a line.
#[test]
fn a_log_goes_on() {
    let stage = Stage::open();
    let url = format!("smtp://localhost:{}", stage.plain_port());
    let mail = options(&url, OPEN);
    let folder = Folder::new();
    let run = Run::new().env("SMTP_LOG", "3").folder(&folder.logs(), "/logs");
    let Some(ran) = run.mail(&mail) else { return };
    ran.exits(0);
    let file = folder.logs().join("SMTPLog_3.txt");
    let first = read(&file);
    run.mail(&mail).expect("as before").exits(0);
    let both = read(&file);
    assert!(both.starts_with(&first) && both.len() > first.len());
    assert_eq!(counters(&both), (1..=both.lines().count() as u64).collect::<Vec<_>>(), "{both}");
    // Torn: the half line keeps its number.
    let torn = &both[..both.len() - 10];
    fs::write(&file, torn).expect("a torn file");
    run.mail(&mail).expect("as before").exits(0);
    let mended = read(&file);
    assert!(mended.starts_with(&format!("{torn}\n")), "{mended}");
    assert_eq!(counters(&mended), (1..=mended.lines().count() as u64).collect::<Vec<_>>(), "{mended}");
}

/// 10,000,000 bytes are a full file; of the newest, as many as were asked for are kept.
#[test]
fn full_files_are_passed_over_and_recycled() {
    let stage = Stage::open();
    let url = format!("smtp://localhost:{}", stage.plain_port());
    let mail = options(&url, OPEN);
    let folder = Folder::new();
    let logs = folder.logs();
    let line = format!("1 2026-02-06T15:03:11.586Z 1 1 ### {}\n", "x".repeat(9_999_900));
    assert!(line.len() < 10_000_000);
    for number in 1..=3 {
        fs::write(logs.join(format!("SMTPLog_{number}.txt")), &line).expect("a file that is almost full");
    }
    let run = Run::new().env("SMTP_LOG", "3").env("SMTP_LOG_KEEP", "2").folder(&logs, "/logs");
    let Some(ran) = run.mail(&mail) else { return };
    ran.exits(0);
    let names = || {
        let mut names: Vec<_> =
            fs::read_dir(&logs).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names(), ["SMTPLog_3.txt", "SMTPLog_4.txt"]);
    let (full, next) = (read(&logs.join("SMTPLog_3.txt")), read(&logs.join("SMTPLog_4.txt")));
    assert!(full.len() >= 10_000_000 && full.lines().count() > 1, "{}", full.len());
    assert_eq!(counters(&next)[0], 1, "{next}");
    assert!(next.trim_end().ends_with("### SMTP Connection closed"), "{next}");
}

/// The extended log has the whole mail, is in the open folder, and nowhere else.
#[test]
fn an_extended_log() {
    let stage = Stage::open();
    let url = format!("smtp://localhost:{}", stage.plain_port());
    let folder = Folder::new();
    let logs = folder.logs();
    let run = Run::new().folder(&logs, "/logs");
    let mail = |name| options(&url, &[OPEN, &["--log-file", name]].concat());
    let Some(ran) = run.mail(&mail("one.txt")) else { return };
    ran.exits(0);
    let log = read(&logs.join("one.txt"));
    assert!(log.contains("C > \"Hello\""), "{log}");
    assert_eq!(stage.received().len(), 1);
    std::os::unix::fs::symlink(folder.join("password"), logs.join("link.txt")).expect("a link");
    for (name, code, words) in [
        ("../password", 73, "leaves the folder of the logs"),
        ("a/../../b", 73, "leaves the folder of the logs"),
        ("/files/password", 77, "is not in the folder of the logs"),
        ("SMTPLog_1.txt", 73, "belongs to the regular log"),
        ("link.txt", 73, "it goes through a link"),
        ("nul", 73, "is not a file name on every machine"),
    ] {
        run.mail(&mail(name)).expect("as before").exits(code).says(words);
    }
    assert_eq!(read(&folder.join("password")), "wonderland\n");
    assert_eq!(stage.received().len(), 1);
}

/// Where the folder is called by another name, and where the environment names it.
#[test]
fn which_folder() {
    let stage = Stage::open();
    let url = format!("smtp://localhost:{}", stage.plain_port());
    let mail = options(&url, OPEN);
    let folder = Folder::new();
    for name in ["one", "two", "logs"] {
        fs::create_dir_all(folder.join(name)).expect("a folder");
    }
    let run = |names: &[&str], named: Option<&str>| {
        let mut run = Run::new().env("SMTP_LOG", "1");
        for name in names {
            run = run.folder(&folder.join(name), &format!("/{name}"));
        }
        if let Some(named) = named {
            run = run.env("SMTP_LOG_DIR", named);
        }
        Some(run.mail(&mail)?.exits(0))
    };
    let written = |name: &str| folder.join(name).join("SMTPLog_1.txt").exists();
    if run(&["one", "two"], None).is_none() {
        return;
    }
    assert!(written("one") && !written("two"));
    run(&["two", "logs"], None);
    assert!(written("logs") && !written("two"));
    run(&["one", "logs", "two"], Some("/two"));
    assert!(written("two"));
    // What is not open can't be reached, whatever the environment says.
    let ran = run(&["one"], Some("/two")).expect("as before");
    assert!(
        ran.err.contains("warning: the regular log is not written: the log folder '/two' can't be written"),
        "{}",
        ran.told()
    );
}

/// A server that takes one mail; when the client has said EHLO, `meanwhile` happens.
fn meanwhile(happens: impl FnOnce() + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a client");
        let mut reader = BufReader::new(stream.try_clone().expect("a handle"));
        let mut said = |text: &str| {
            let _ = (&stream).write_all(text.as_bytes());
            let mut line = String::new();
            let _ = reader.read_line(&mut line);
            line
        };
        assert!(said("220 mail.test\r\n").starts_with("EHLO"));
        happens();
        assert!(said("250 mail.test\r\n").starts_with("MAIL"));
        assert!(said("250 ok\r\n").starts_with("RCPT"));
        assert!(said("250 ok\r\n").starts_with("DATA"));
        let mut line = said("354 go on\r\n");
        while line != ".\r\n" && !line.is_empty() {
            line = said("");
        }
        said("250 taken\r\n");
        said("221 bye\r\n");
    });
    port
}

/// Somebody puts another file in the place of the log: it goes on in that one, from its last counter.
#[test]
fn another_file_at_the_same_place() {
    let folder = Folder::new();
    let file = folder.logs().join("SMTPLog_1.txt");
    let (log, old) = (file.clone(), folder.join("old.txt"));
    let aside = old.clone();
    let port = meanwhile(move || {
        fs::rename(&log, aside).expect("a new name");
        fs::write(&log, "41 2026-02-06T15:03:11.586Z 9 9 ### somebody else's\n").expect("another file");
    });
    let url = format!("smtp://127.0.0.1:{port}");
    let run = Run::new().env("SMTP_LOG", "1").folder(&folder.logs(), "/logs");
    let Some(ran) = run.mail(&options(&url, OPEN)) else { return };
    ran.exits(0);
    let (old, new) = (read(&old), read(&file));
    assert!(old.contains("### SMTP Connected to") && !old.contains("250 taken"), "{old}");
    assert!(new.contains("S < \"250 taken\"") && new.contains("### SMTP Connection closed"), "{new}");
    assert_eq!(counters(&new)[..3], [41, 42, 43], "{new}");
}

/// The folder goes away: the mail goes on, and whoever sent it is told that lines are missing.
#[test]
fn a_folder_that_goes_away() {
    let folder = Folder::new();
    let logs = folder.logs();
    let gone = logs.clone();
    let port = meanwhile(move || fs::remove_dir_all(gone).expect("it goes"));
    let url = format!("smtp://127.0.0.1:{port}");
    let run = Run::new().env("SMTP_LOG", "1").folder(&logs, "/logs");
    let Some(ran) = run.mail(&options(&url, OPEN)) else { return };
    let ran = ran.exits(0).says("warning: the log file '/logs/SMTPLog_1.txt' can't be written: ");
    assert!(ran.out.starts_with("sent: 250 taken"), "{}", ran.told());
    assert_eq!(ran.err.matches("warning: ").count(), 2, "{}", ran.told());
}
