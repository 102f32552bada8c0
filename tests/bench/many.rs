//! Many small mails over 8 connections: `host send --batch` beside lettre's pool, to the same server, in turns.

use crate::ack::{Packets, Server};
use crate::smtp_sink::SmtpSink;
use crate::{host, median};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

const MAILS: usize = 20_000;
const CONNECTIONS: usize = 8;
const TURNS: usize = 5;
/// lettre waits 40 ms for each mail where acknowledgements are delayed, and 25 ms where the server is away: a tenth of the
/// mails tells its rate.
const MAILS_WHERE_DELAYED: usize = MAILS / 10;

pub fn measure() {
    println!("  {MAILS} mails over {CONNECTIONS} connections, whole processes, median of {TURNS}:");
    for (packets, ours, theirs, words) in [
        (Packets::Delayed, MAILS, MAILS_WHERE_DELAYED, "a server as Linux has it"),
        (Packets::Away, MAILS_WHERE_DELAYED, MAILS_WHERE_DELAYED, "the same with TCP_QUICKACK, and 5 ms away"),
        (
            Packets::AtOnce,
            MAILS,
            MAILS,
            "the same with TCP_QUICKACK, on this machine: nobody waits, and what counts is work",
        ),
    ] {
        println!("  {words}:");
        let server = Server::start(packets);
        against(server.port, ours, theirs);
    }
    if let Some(sink) = SmtpSink::start() {
        println!("  Postfix's smtp-sink:");
        against(sink.port, MAILS, MAILS_WHERE_DELAYED);
    }
    println!("  (promised: at least 4 times lettre's pool)");
}

fn against(port: u16, mails: usize, theirs: usize) {
    let folder = std::env::temp_dir().join(format!("smtp-many-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let batch = folder.join("batch.jsonl");
    fs::write(&batch, lines(mails)).expect("the batch");
    let ours = |more: &[&str]| {
        let mut command = Command::new(host());
        command.args(["send", "--server", &format!("smtp://127.0.0.1:{port}"), "--accept-unsecure"]);
        command.arg("--batch").arg(&batch).args(["--connections", &CONNECTIONS.to_string()]).args(more);
        command
    };
    let lettre = || {
        let mut command = Command::new(peer());
        command.args([usize::from(port), theirs, CONNECTIONS].map(|number| number.to_string()));
        command
    };
    let results = folder.join("results.jsonl");
    let journal = folder.join("journal.jsonl");
    let journal = journal.to_str().expect("a path in ASCII");
    let mut rates: [Vec<f64>; 4] = Default::default();
    // The first turn fills the compilation cache, and does not count.
    for turn in 0..=TURNS {
        let _ = fs::remove_file(journal);
        let turns = [
            run(lettre(), theirs, None),
            run(ours(&[]), mails, Some(&results)),
            run(ours(&["--resume", journal]), mails, Some(&results)),
            run(ours(&["--overlap"]), mails, Some(&results)),
        ];
        if turn > 0 {
            rates.iter_mut().zip(turns).for_each(|(all, rate)| all.push(rate));
        }
    }
    for (name, all) in ["lettre's pool", "--batch", "--batch --resume", "--batch --overlap"].iter().zip(&rates) {
        let ratio = median(all.iter().zip(&rates[0]).map(|(ours, theirs)| ours / theirs).collect());
        println!("    {name:18} {:8.0} mails/s, {ratio:5.1} times lettre", median(all.clone()));
    }
    let _ = fs::remove_dir_all(folder);
}

fn lines(mails: usize) -> String {
    let mut lines = String::new();
    for number in 1..=mails {
        let _ = writeln!(
            lines,
            r#"{{"from":"Alice <alice@mail.test>","to":"bob{number}@mail.test","subject":"A small mail, number {number}","textBody":"Nothing but a line of text.\n"}}"#
        );
    }
    lines
}

/// Mails per second of a whole process.
fn run(mut command: Command, mails: usize, results: Option<&Path>) -> f64 {
    let out = results.map_or_else(Stdio::null, |path| File::create(path).expect("a file").into());
    let start = Instant::now();
    let output = command.stdin(Stdio::null()).stdout(out).stderr(Stdio::piped()).output().expect("it runs");
    let rate = mails as f64 / start.elapsed().as_secs_f64();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    if let Some(path) = results {
        let results = fs::read_to_string(path).expect("results");
        let sent = results.lines().filter(|line| line.contains("\"success\":true")).count();
        assert_eq!(sent, mails, "{command:?}");
    }
    rate
}

/// lettre in a program of its own, built by `tests/bench/run`.
fn peer() -> std::path::PathBuf {
    let program = std::env::current_exe().expect("this program has a path");
    let target = program.ancestors().nth(3).expect("target/release/deps/THIS");
    target.join("peers/release/many")
}
