//! One conversation, had by the host and by a stock runtime: what both came to, and both logs.

use super::runtime::Run;
use crate::cli::run::{Ran, run};
use crate::languages::logs::comparable;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder that goes away with its test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("smtp-stock-{}-{count}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        fs::write(path.join("password"), "wonderland\n").expect("a file");
        fs::write(path.join("wrong"), "wrong horse\n").expect("a file");
        Folder(path)
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A folder in it, opened as `/logs`.
    pub fn logs(&self) -> PathBuf {
        let path = self.join("logs");
        fs::create_dir_all(&path).expect("a folder");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The options that both take: the mail, and what is special about the scene.
pub fn options<'a>(url: &'a str, special: &[&'a str]) -> Vec<&'a str> {
    let mail = [
        "--server",
        url,
        "--from",
        "alice@mail.test",
        "--subject",
        "Größe",
        "--text",
        "Hello\n.\n",
        "--message-id",
        "fixed@mail.test",
    ];
    [&mail, special].concat()
}

/// What a stock runtime came to, and the log.
pub fn stock(with: &Run, folder: &Folder, options: &[&str]) -> Option<(Ran, String)> {
    let logs = folder.logs();
    let arguments = [options, &["--log"]].concat();
    let ran = with.clone().folder(&logs, "/logs").folder(&folder.0, "/files").mail(&arguments)?;
    let log = fs::read_to_string(logs.join("SMTPLog_1.txt")).unwrap_or_default();
    check(&log);
    for secret in ["wonderland", "wrong horse"] {
        assert!(!ran.out.contains(secret) && !ran.err.contains(secret) && !log.contains(secret), "{}{log}", ran.told());
    }
    Some((ran, log))
}

/// What the host came to, and its log.
pub fn ours(folder: &Folder, ca: Option<&Path>, options: &[&str]) -> (Ran, String) {
    // In the runtime the folder is called /files.
    let options: Vec<_> = options.iter().map(|text| text.strip_prefix("/files/").unwrap_or(text)).collect();
    let mut all = ["send"].into_iter().chain(options).chain(["--log", "--log-dir", "ours"]).collect::<Vec<_>>();
    if let Some(ca) = ca {
        all.extend(["--ca-file", ca.to_str().expect("UTF-8")]);
    }
    let ran = run(&folder.0, &all, b"");
    let log = fs::read_to_string(folder.join("ours/SMTPLog_1.txt")).expect("a log");
    (ran, log)
}

/// The same scene twice: the exit codes must agree and the logs be the same, but for fields 2 to 4, for what no two mails
/// share, and for what wasi:tls does not tell. Returns the stock runtime's log.
pub fn alike(with: &Run, ca: Option<&Path>, url: &str, special: &[&str], code: i32) -> Option<String> {
    let folder = Folder::new();
    let options = options(url, special);
    let (theirs, log) = stock(with, &folder, &options)?;
    let (ours, measure) = ours(&folder, ca, &options);
    assert_eq!(ours.code, code, "{}", ours.told());
    assert_eq!(theirs.code, code, "{}{log}", theirs.told());
    assert_eq!(untold(&comparable(&log)), untold(&comparable(&measure)), "{}", theirs.told());
    Some(log)
}

const UNTOLD: &str = "(this runtime tells neither version nor cipher nor certificate)";

/// The one line that can't be the same: what was agreed on.
fn untold(log: &str) -> String {
    let line = |line: &str| match line.split_once("### SMTP TLS started: ") {
        Some((start, rest)) => {
            assert!(rest.starts_with("TLSv1.3, ") || rest == format!("server name 'localhost'. {UNTOLD}"), "{line}");
            format!("{start}### SMTP TLS started\n")
        }
        None => format!("{line}\n"),
    };
    log.lines().map(line).collect()
}

/// Fields 1 to 4: numbered from 1, stamped in UTC and never backwards, one process.
fn check(log: &str) {
    let mut last = String::new();
    for (index, line) in log.lines().enumerate() {
        let fields: Vec<_> = line.splitn(5, ' ').collect();
        let [counter, stamp, "1", "1", _] = fields[..] else { panic!("no log line: {line}") };
        assert_eq!(counter, (index + 1).to_string(), "{log}");
        assert!(stamp.len() == 24 && stamp.ends_with('Z') && stamp.as_bytes()[10] == b'T', "{line}");
        assert!(*stamp >= *last, "{log}");
        last = stamp.to_owned();
    }
}
