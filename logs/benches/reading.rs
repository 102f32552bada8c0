//! The figures that reading promises, measured: `cargo bench -p smtp-logs`.
//!
//! A log of 2 GiB with 10,000 conversations in a mixture is written into the temporary folder, explained, and removed.
//! `wc -l` reads the same file in the same run, before each pass. Rates are by CPU time, so that a busy machine does not
//! spoil them, and medians; each pass is a process of its own, whose memory is its own. HOST=target/release/host measures
//! the command itself.

use smtp_logs::causes::Language;
use smtp_logs::explain::{Style, Summary, Teller};
use smtp_logs::reader::Reader;
use smtp_logs::{Grouper, Outcome};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

const SIZE: u64 = 2 << 30;
const CONVERSATIONS: u64 = 10_000;
const PAIRS: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match &arguments[..] {
        [what, file] if what == "explain" => return explain(Path::new(file)),
        [what, file] if what == "first-error" => return first_error(Path::new(file)),
        _ => {}
    }
    let logs = [
        ("250 open at once", 250, false),
        ("all 10,000 open at once", CONVERSATIONS, false),
        ("all 10,000 open at once, mails in chunks", CONVERSATIONS, true),
    ];
    for (name, at_once, chunked) in logs {
        let path = std::env::temp_dir().join(format!("smtp-logs-{}.txt", std::process::id()));
        let log = Log(path);
        write_log(&log.0, SIZE, at_once, chunked).expect("room for the log in the temporary folder");
        println!("\n{} MiB, {CONVERSATIONS} conversations, {name}", SIZE >> 20);
        measure(&log.0, SIZE);
    }
}

/// Removed when dropped.
struct Log(PathBuf);

impl Drop for Log {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn measure(log: &Path, size: u64) {
    let this = std::env::current_exe().expect("this program has a path");
    let wc = || {
        let mut command = Command::new("wc");
        command.arg("-l").arg(log);
        command
    };
    let explain = || match std::env::var_os("HOST") {
        Some(host) => {
            let mut command = Command::new(host);
            command.args(["logs", "explain"]).arg(log);
            command
        }
        None => {
            let mut command = Command::new(&this);
            command.arg("explain").arg(log);
            command
        }
    };
    // The first reading brings the file into memory.
    run(wc());
    let pairs: Vec<_> = (0..PAIRS).map(|_| (run(wc()), run(explain()))).collect();
    let median = |of: &dyn Fn(&(Run, Run)) -> f64| {
        let mut values: Vec<_> = pairs.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[PAIRS / 2]
    };
    let rate = |cpu: f64| size as f64 / 1e6 / cpu;
    let peak = pairs.iter().map(|(_, run)| run.peak).max().unwrap_or(0);
    println!("  wc -l:   {:6.0} MB/s", median(&|(wc, _)| rate(wc.cpu)));
    println!(
        "  explain: {:6.0} MB/s, {:.2} of wc -l (promised: 300 MB/s, a quarter)",
        median(&|(_, explain)| rate(explain.cpu)),
        median(&|(wc, explain)| wc.cpu / explain.cpu)
    );
    println!("  memory:  {} MiB at most (promised: under 100 MiB)", peak >> 20);
    let mut first = Command::new(&this);
    first.arg("first-error").arg(log);
    let start = Instant::now();
    run(first);
    println!("  view --errors | head: {:.3} s to the first one", start.elapsed().as_secs_f64());
}

struct Run {
    /// Seconds.
    cpu: f64,
    /// Bytes.
    peak: u64,
}

/// Runs it to its end. The figures are the kernel's, by way of `/usr/bin/time`-like accounting of children.
fn run(mut command: Command) -> Run {
    let before = cpu_of_children();
    let mut child = command.stdout(Stdio::null()).stdin(Stdio::null()).spawn().expect("it runs");
    let mut peak = 0;
    loop {
        if let Some(status) = child.try_wait().expect("a child") {
            // 69: explain has told of failures.
            assert!(matches!(status.code(), Some(0 | 69)), "{command:?}: {status}");
            break;
        }
        peak = peak.max(peak_of(child.id()));
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    Run { cpu: cpu_of_children() - before, peak }
}

/// The most that a process had resident.
fn peak_of(process: u32) -> u64 {
    let Ok(status) = std::fs::read_to_string(format!("/proc/{process}/status")) else { return 0 };
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) << 10
}

/// Seconds of user and system time of the children that were waited for: fields 16 and 17 of /proc/self/stat.
fn cpu_of_children() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let after_name = stat.rsplit(") ").next().expect("its fields");
    let ticks: f64 = after_name.split(' ').skip(13).take(2).map(|field| field.parse::<f64>().expect("a number")).sum();
    ticks / 100.0
}

/// What `host logs explain` does.
fn explain(path: &Path) {
    let teller = Teller { language: Language::English, style: Style::plain() };
    let mut out = BufWriter::new(io::stdout());
    let (mut grouper, mut summary) = (Grouper::new(), Summary::default());
    let file = File::open(path).expect("the log");
    let mut told = Vec::new();
    let read = Reader::new().read(file, |item| {
        summary.item(item);
        grouper.item(item, |conversation| told.push(conversation));
        for conversation in told.drain(..) {
            summary.conversation(&conversation);
            teller.tell(&conversation, None, &mut out).expect("output");
        }
    });
    read.expect("the log can be read");
    assert_eq!(summary.conversations, CONVERSATIONS, "{summary:?}");
    assert_eq!(summary.failed, CONVERSATIONS / 100, "{summary:?}");
    for sentence in summary.told(Language::English) {
        writeln!(out, "{sentence}").expect("output");
    }
}

/// What `host logs view --errors` does until the first conversation is shown.
fn first_error(path: &Path) {
    let mut grouper = Grouper::new().keep_steps();
    let mut reader = Reader::new();
    let mut file = File::open(path).expect("the log");
    let mut piece = vec![0; 256 << 10];
    loop {
        let count = io::Read::read(&mut file, &mut piece).expect("the log can be read");
        let mut found = count == 0;
        reader.push(&piece[..count], |item| {
            grouper.item(item, |told| found |= told.outcome() == Outcome::Failed);
        });
        if found {
            return;
        }
    }
}

/// A line of an attachment.
const CONTENT: &str = "UEsDBBQAAAAIAAAAIQAekRq38wAAAE4CAAALAAAAX3JlbHMvLnJlbHONksFOwzAMhu9IvEPl+5pu";

/// One conversation as the extended log has it, statement by statement.
struct Script {
    number: u64,
    step: u64,
    lines: u64,
    chunked: bool,
}

impl Script {
    /// The next statement; none where it is over.
    fn next(&mut self, text: &mut String) -> bool {
        use std::fmt::Write as _;
        text.clear();
        let (number, step) = (self.number, self.step);
        self.step += 1;
        let fails = number % 100 == 99;
        let content = 17;
        let done = match step {
            0 => write!(text, "### SMTP Connected to 'smtp{}.example.com' on port 465. (secured)", number % 7),
            1 => write!(text, "S < \"220 smtp.example.com ESMTP {number}\""),
            2 => write!(text, "C > \"EHLO client.example.org\""),
            3 => write!(text, "S < \"250-smtp.example.com greets client.example.org\""),
            4 => write!(text, "S < \"250-PIPELINING\""),
            5 => write!(text, "S < \"250-SIZE 35882577\""),
            6 => write!(text, "S < \"250-AUTH PLAIN LOGIN SCRAM-SHA-256\""),
            7 => write!(text, "S < \"250 ENHANCEDSTATUSCODES\""),
            8 => write!(text, "C > \"AUTH PLAIN ********************************\""),
            9 if fails => write!(text, "S < \"535 5.7.8 Error: authentication failed: {number}\""),
            10 if fails => write!(text, "C > \"QUIT\""),
            11 if fails => write!(text, "S < \"221 2.0.0 Bye\""),
            12 if fails => write!(text, "### SMTP Connection closed"),
            _ if fails => return false,
            9 => write!(text, "S < \"235 2.7.0 Authentication successful\""),
            10 => write!(text, "C > \"MAIL FROM:<sender{number}@example.org> SIZE=200000\""),
            11 => write!(text, "C > \"RCPT TO:<recipient{number}@example.net>\""),
            12 if self.chunked => {
                let header = format!("Subject: Number {number}").len() as u64 + 4;
                write!(text, "C > \"BDAT {} LAST\"", header + self.lines * (CONTENT.len() as u64 + 2))
            }
            12 => write!(text, "C > \"DATA\""),
            13 => write!(text, "S < \"250 2.1.0 Ok\""),
            14 => write!(text, "S < \"250 2.1.5 Ok\""),
            15 if self.chunked => return self.next(text),
            15 => write!(text, "S < \"354 End data with <CR><LF>.<CR><LF>\""),
            16 => write!(text, "C > \"Subject: Number {number}\""),
            17 => write!(text, "C > \"\""),
            _ if step <= content + self.lines => {
                text.push_str("C > \"");
                text.push_str(CONTENT);
                text.push('"');
                Ok(())
            }
            _ => match step - content - self.lines {
                1 if self.chunked => return self.next(text),
                1 => write!(text, "C > \".\""),
                2 => write!(text, "S < \"250 2.0.0 Ok: queued as {number:X}\""),
                3 => {
                    write!(text, "### SMTP Mail accepted by the server with 250. (recipients accepted: 1, refused: 0)")
                }
                4 => write!(text, "C > \"QUIT\""),
                5 => write!(text, "S < \"221 2.0.0 Bye\""),
                6 => write!(text, "### SMTP Connection closed"),
                _ => return false,
            },
        };
        done.is_ok()
    }
}

fn write_log(path: &Path, size: u64, at_once: u64, chunked: bool) -> io::Result<()> {
    // A line of content has some 124 bytes.
    let lines = (size / CONVERSATIONS).saturating_sub(2500) / 124;
    let script = |number| Script { number, step: 0, lines, chunked };
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut open: Vec<Script> = (0..at_once).map(script).collect();
    let (mut begun, mut counter, mut turn, mut text) = (at_once, 0u64, 0, String::new());
    while !open.is_empty() {
        turn = (turn + 1) % open.len();
        // Some lines in a row, as one write of the client makes them.
        for _ in 0..1 + counter % 3 {
            if open[turn].next(&mut text) {
                counter += 1;
                let (milli, number) = (counter / 20, open[turn].number);
                let (second, minute, hour) = (milli / 1000 % 60, milli / 60_000 % 60, milli / 3_600_000);
                let slot = number % at_once + 1;
                writeln!(
                    out,
                    "{counter} 2026-11-25T{hour:02}:{minute:02}:{second:02}.{:03} {slot} {} {text}",
                    milli % 1000,
                    number + 1
                )?;
            } else {
                if begun < CONVERSATIONS {
                    open[turn] = script(begun);
                    begun += 1;
                } else {
                    open.swap_remove(turn);
                }
                break;
            }
        }
    }
    out.flush()
}
