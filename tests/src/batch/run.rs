//! One run of a batch, in a folder of its own.

use crate::servers::{Server, host};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// Batches and what belongs to them.
pub struct Desk {
    pub folder: PathBuf,
    /// The options that say which server.
    server: Vec<String>,
}

/// What a run came to.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub results: Vec<Value>,
    pub said: String,
}

impl Desk {
    /// In the clear, to this port.
    pub fn plain(port: u16) -> Desk {
        Desk::new(vec!["--server".into(), format!("smtp://127.0.0.1:{port}"), "--accept-unsecure".into()])
    }

    /// STARTTLS on this port, the server's authority trusted.
    pub fn starttls(server: &Server, port: u16) -> Desk {
        let ca = server.ca().to_str().expect("a path in ASCII").to_owned();
        Desk::new(vec!["--server".into(), format!("smtp://localhost:{port}"), "--ca-file".into(), ca])
    }

    /// The same as a user.
    pub fn login(mut self, user: &str, password: &str) -> Desk {
        self.write("password", format!("{password}\n"));
        self.server.extend(["--user", user, "--password-file", "password"].map(str::to_owned));
        self
    }

    fn new(server: Vec<String>) -> Desk {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("smtp-batch-{}-{count}", std::process::id()));
        fs::create_dir(&folder).expect("a folder");
        Desk { folder, server }
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.folder.join(name), text).expect("a file");
    }

    /// `host send --batch batch.jsonl` with these options, its output in files.
    pub fn command(&self, options: &[&str]) -> Command {
        self.command_for("batch.jsonl", options)
    }

    /// The same with another file, or with `-`.
    pub fn command_for(&self, batch: &str, options: &[&str]) -> Command {
        let mut command = Command::new(host());
        command.arg("send").args(&self.server).args(["--batch", batch]).args(options);
        command.current_dir(&self.folder).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("SMTP_") {
                command.env_remove(name);
            }
        }
        let file = |name: &str| File::create(self.folder.join(name)).expect("a file");
        command.stdout(file("out")).stderr(file("err"));
        command
    }

    pub fn start(&self, options: &[&str]) -> Child {
        self.command(options).spawn().expect("the host runs")
    }

    pub fn run(&self, options: &[&str]) -> Ran {
        let child = self.start(options);
        self.end(child)
    }

    /// Waits for the end.
    pub fn end(&self, mut child: Child) -> Ran {
        let code = child.wait().expect("the host ends").code();
        Ran { code, results: self.results(), said: fs::read_to_string(self.folder.join("err")).expect("text") }
    }

    /// The whole lines of the output by now; a run that was killed may leave a torn one.
    pub fn results(&self) -> Vec<Value> {
        let out = fs::read_to_string(self.folder.join("out")).expect("output is UTF-8");
        let whole = out.rfind('\n').map_or("", |end| &out[..end]);
        let object = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        whole.lines().map(object).collect()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Ran {
    #[track_caller]
    pub fn exits(self, code: i32) -> Ran {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    #[track_caller]
    pub fn says(self, words: &str) -> Ran {
        assert!(self.said.contains(words), "{words} is not in {self:#?}");
        self
    }

    /// The numbers of the lines that have this delivery.
    pub fn with_delivery(&self, delivery: &str) -> Vec<u64> {
        self.results.iter().filter(|result| result["delivery"] == delivery).map(number).collect()
    }
}

pub fn number(result: &Value) -> u64 {
    result["line"].as_u64().expect("a line's number")
}

/// A small mail that says its number.
pub fn mail(number: u64) -> Value {
    json!({"from": "alice@mail.test", "to": "bob@mail.test", "subject": format!("mail-{number}-"), "textBody": "hello\n"})
}

/// So many small mails.
pub fn mails(count: u64) -> String {
    (1..=count).map(|number| format!("{}\n", mail(number))).collect()
}

/// How often each number arrived in this folder.
pub fn arrived(folder: &Path) -> HashMap<u64, usize> {
    let mut counts = HashMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(text) = fs::read(entry.path()) else { continue };
        let text = String::from_utf8_lossy(&text);
        let number = text.split("mail-").nth(1).and_then(|rest| rest.split('-').next()?.parse().ok());
        // A mail that has only just begun has no subject yet; smtp-sink removes what is not completed.
        if let Some(number) = number {
            *counts.entry(number).or_default() += 1;
        }
    }
    counts
}

/// Waits until so many arrived: a server may still be delivering.
pub fn all_arrived(folder: &Path, count: usize) -> HashMap<u64, usize> {
    for _ in 0..400 {
        let counts = arrived(folder);
        if counts.values().sum::<usize>() >= count {
            return counts;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    arrived(folder)
}

/// A sink that keeps what it gets; it has PIPELINING and no CHUNKING.
pub fn sink(options: &[&str]) -> Option<(Server, Desk)> {
    let server = Server::start_with("smtp-sink", &[], options)?;
    let desk = Desk::plain(server.mx);
    Some((server, desk))
}
