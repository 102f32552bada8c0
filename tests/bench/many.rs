//! Many small mails over 8 connections: `host send --batch` beside lettre's pool, to the same server, in turns.

use crate::ack::Server;
use crate::{host, median};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

const MAILS: usize = 20_000;
const CONNECTIONS: usize = 8;
const TURNS: usize = 5;

pub fn measure() {
    let server = Server::start();
    let folder = std::env::temp_dir().join(format!("smtp-many-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let batch = folder.join("batch.jsonl");
    fs::write(&batch, lines()).expect("the batch");
    let ours = |more: &[&str]| {
        let mut command = Command::new(host());
        command.args(["send", "--server", &format!("smtp://127.0.0.1:{}", server.port), "--accept-unsecure"]);
        command.arg("--batch").arg(&batch).args(["--connections", &CONNECTIONS.to_string()]).args(more);
        command
    };
    let theirs = || {
        let mut command = Command::new(peer());
        command.args([server.port as usize, MAILS, CONNECTIONS].map(|number| number.to_string()));
        command
    };
    let results = folder.join("results.jsonl");
    let journal = folder.join("journal.jsonl");
    let (mut plain, mut kept, mut overlapping, mut lettre) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    // The first turn fills the compilation cache, and does not count.
    for turn in 0..=TURNS {
        let _ = fs::remove_file(&journal);
        let journal = journal.to_str().expect("a path in ASCII");
        let rates = [
            run(ours(&[]), Some(&results)),
            run(ours(&["--resume", journal]), Some(&results)),
            run(ours(&["--overlap"]), Some(&results)),
            run(theirs(), None),
        ];
        if turn > 0 {
            for (all, rate) in [&mut plain, &mut kept, &mut overlapping, &mut lettre].into_iter().zip(rates) {
                all.push(rate);
            }
        }
    }
    let ratio = |ours: &[f64]| median(ours.iter().zip(&lettre).map(|(ours, theirs)| ours / theirs).collect());
    println!("  {MAILS} mails over {CONNECTIONS} connections, whole processes, median of {TURNS}:");
    println!("  lettre's pool              {:8.0} mails/s", median(lettre.clone()));
    for (name, rates) in [("--batch", &plain), ("--batch --resume", &kept), ("--batch --overlap", &overlapping)] {
        println!("  {name:26} {:8.0} mails/s, {:4.1} times lettre", median(rates.clone()), ratio(rates));
    }
    println!("  (promised: at least 4 times)");
    let _ = fs::remove_dir_all(folder);
}

fn lines() -> String {
    let mut lines = String::new();
    for number in 1..=MAILS {
        let _ = writeln!(
            lines,
            r#"{{"from":"Alice <alice@mail.test>","to":"bob{number}@mail.test","subject":"A small mail, number {number}","textBody":"Nothing but a line of text.\n"}}"#
        );
    }
    lines
}

/// Mails per second of a whole process.
fn run(mut command: Command, results: Option<&Path>) -> f64 {
    let out = results.map_or_else(Stdio::null, |path| File::create(path).expect("a file").into());
    let start = Instant::now();
    let output = command.stdin(Stdio::null()).stdout(out).stderr(Stdio::piped()).output().expect("it runs");
    let rate = MAILS as f64 / start.elapsed().as_secs_f64();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    if let Some(path) = results {
        let results = fs::read_to_string(path).expect("results");
        let sent = results.lines().filter(|line| line.contains("\"success\":true")).count();
        assert_eq!(sent, MAILS, "{command:?}");
    }
    rate
}

/// lettre in a program of its own, built by `tests/bench/run`.
fn peer() -> std::path::PathBuf {
    let program = std::env::current_exe().expect("this program has a path");
    let target = program.ancestors().nth(3).expect("target/release/deps/THIS");
    target.join("peers/release/many")
}
