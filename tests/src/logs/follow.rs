//! A log that is followed while it grows, through rotation.

use crate::servers::host;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// A running `host logs follow`; ended when dropped.
struct Following {
    child: Child,
    lines: Receiver<String>,
}

impl Following {
    fn start(arguments: &[&str], folder: &PathBuf) -> Following {
        let mut child = Command::new(host())
            .args(["logs", "follow"])
            .args(arguments)
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the host runs");
        let out = BufReader::new(child.stdout.take().expect("its output"));
        let (send, lines) = channel();
        std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        Following { child, lines }
    }

    /// Waits until a line with this text comes.
    #[track_caller]
    fn sees(&self, text: &str) {
        loop {
            match self.lines.recv_timeout(Duration::from_secs(30)) {
                Ok(line) if line.contains(text) => return,
                Ok(_) => {}
                Err(error) => panic!("{text:?} is never shown: {error}"),
            }
        }
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("smtp-follow-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir(&folder).expect("a folder");
    folder
}

fn line(counter: u32, statement: &str) -> String {
    format!("{counter} 2026-11-25T10:00:00.000 1 1 {statement}\n")
}

#[test]
fn through_rotation() {
    let folder = folder("rotation");
    let mut first = File::create(folder.join("SMTPLog_1.txt")).expect("a log");
    first.write_all(line(1, "C > \"one\"").as_bytes()).expect("written");
    let following = Following::start(&["."], &folder);
    following.sees("C > \"one\"");
    // A line that comes in two pieces is one.
    let text = line(2, "C > \"two\"");
    first.write_all(&text.as_bytes()[..30]).expect("written");
    first.write_all(&text.as_bytes()[30..]).expect("written");
    following.sees("C > \"two\"");
    // The next number.
    fs::write(folder.join("SMTPLog_2.txt"), line(1, "C > \"three\"")).expect("a log");
    following.sees("C > \"three\"");
    // Another file in its place.
    fs::rename(folder.join("SMTPLog_2.txt"), folder.join("old")).expect("renamed");
    fs::write(folder.join("SMTPLog_2.txt"), line(1, "C > \"four\"")).expect("a log");
    following.sees("C > \"four\"");
    let _ = fs::remove_dir_all(folder);
}

#[test]
fn failures_as_they_happen() {
    let folder = folder("errors");
    let mut log = File::create(folder.join("log.txt")).expect("a log");
    let following = Following::start(&["--errors", "log.txt"], &folder);
    let good = [
        "### SMTP Connected to 'good' on port 25. (unsecured)",
        "S < \"220 h\"",
        "C > \"NOOP\"",
        "S < \"250 ok\"",
        "### SMTP Connection closed",
    ];
    let bad =
        ["### SMTP Connected to 'bad' on port 25. (unsecured)", "S < \"554 go away\"", "### SMTP Connection closed"];
    // The follower may not have looked at the end of the file yet: say it until it is heard.
    for round in 0.. {
        for (counter, statement) in good.iter().chain(&bad).enumerate() {
            log.write_all(line(counter as u32 + 1, statement).as_bytes()).expect("written");
        }
        match following.lines.recv_timeout(Duration::from_millis(500)) {
            Ok(line) => {
                assert!(line.contains("bad") && line.contains("FAILED"), "{line}");
                break;
            }
            Err(_) => assert!(round < 60, "the failure is never shown"),
        }
    }
    following.sees("554 go away");
    let _ = fs::remove_dir_all(folder);
}
