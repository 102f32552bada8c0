//! Many senders at once with the log on, while many watch: nothing is lost, doubled, or waited for.

use super::http::{connect, head, request};
use super::service::Service;
use crate::servers::{Server, files, host};
use serde_json::json;
use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What the senders and the watchers saw.
struct Figures {
    mails: usize,
    lines_watched: u64,
    megabytes: u64,
    watchers_dropped: u64,
}

#[test]
fn many_senders_and_watchers() {
    // SERVE_LOAD_SECONDS: longer, as tests/bench/run does.
    let seconds = std::env::var("SERVE_LOAD_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(6);
    let Some(figures) = run(host(), 500, 10, Duration::from_secs(seconds)) else { return };
    let Figures { mails, lines_watched, megabytes, watchers_dropped } = figures;
    eprintln!("{mails} mails, {lines_watched} lines watched, {megabytes} MB, {watchers_dropped} watchers dropped");
}

/// Sends for so long. None: smtp-sink is not on this machine.
fn run(host: &Path, senders: usize, watchers: usize, long: Duration) -> Option<Figures> {
    let server = Server::start("smtp-sink")?;
    let transporter = format!(
        "[transporter.main]\nserver = \"smtp://127.0.0.1:{}\"\naccept-unsecure = true\nconnections = 16\n",
        server.mx
    );
    let service = Service::start(host, &transporter);
    service.log_on();
    let (port, bearer) = (service.port, format!("Bearer {}", service.token));
    let (over, lines, megabytes) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    let answered = Mutex::new(Vec::new());
    let mut slow = connect(port);
    slow.write_all(head(port, "GET", "/v1/events", &[("Authorization", &bearer)], None).as_bytes()).expect("sent");
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..watchers {
            scope.spawn(|| watch(port, &bearer, &over, &lines));
        }
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                megabytes.fetch_max(resident(service.id()) / 1000, Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        let sending: Vec<_> = (0..senders)
            .map(|sender| {
                let (bearer, answered) = (&bearer, &answered);
                scope.spawn(move || {
                    for n in 0.. {
                        if begun.elapsed() > long {
                            return;
                        }
                        let subject = format!("load {sender}-{n}.");
                        send(port, bearer, &subject);
                        answered.lock().unwrap().push(subject);
                    }
                })
            })
            .collect();
        let ended: Vec<_> = sending.into_iter().map(|sender| sender.join()).collect();
        over.store(true, Ordering::Relaxed);
        // Watchers that wait for an event get one more.
        service.ask("PUT", "/v1/log", Some(&json!({"state": "paused"})));
        assert!(ended.iter().all(Result::is_ok), "not all mails went");
    });
    let answered = answered.into_inner().unwrap();
    once_each(&server.folder.join("mail"), &answered);
    assert_eq!(service.figure("smtp_mails_total{transporter=\"main\",result=\"accepted\"}"), answered.len() as f64);
    let log = service.log();
    let logged = log.matches("C > \"Subject: load ").count();
    assert_eq!(logged, answered.len(), "each mail's header is in the log once");
    let megabytes = megabytes.into_inner();
    assert!(megabytes < 600, "{megabytes} MB");
    assert!(!service.ask("GET", "/v1/conversations", None).json()["conversations"].as_array().unwrap().is_empty());

    if service.figure("smtp_log_lines_total") > 60_000.0 {
        dropped_and_back(&service, slow, &bearer);
    }
    Some(Figures {
        mails: answered.len(),
        lines_watched: lines.into_inner(),
        megabytes,
        watchers_dropped: service.figure("smtp_watchers_dropped_total") as u64,
    })
}

/// Who did not read at all was not waited for; he finds the end of what he was sent, and begins anew.
fn dropped_and_back(service: &Service, mut slow: TcpStream, bearer: &str) {
    let mut told = Vec::new();
    // An end or a reset, and no minute of silence.
    let ended = slow.read_to_end(&mut told);
    assert!(!ended.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock), "he is still waited for");
    let told = String::from_utf8_lossy(&told);
    let last = told.rsplit("\nid: ").find_map(|rest| Some(rest.split_once('\n')?.0.to_owned())).expect("an ID");
    assert!(service.figure("smtp_watchers_dropped_total") >= 1.0);
    let mut again = connect(service.port);
    let headers = [("Authorization", bearer), ("Last-Event-ID", &last)];
    again.write_all(head(service.port, "GET", "/v1/events", &headers, None).as_bytes()).expect("sent");
    let mut piece = [0; 4096];
    let mut told = String::new();
    while !told.contains("event: reset") {
        let length = again.read(&mut piece).expect("an event in time");
        assert!(length > 0, "{told}");
        told.push_str(&String::from_utf8_lossy(&piece[..length]));
    }
}

fn send(port: u16, bearer: &str, subject: &str) {
    let mail = json!({"from": "a@mail.test", "to": "b@mail.test", "subject": subject, "textBody": "x"}).to_string();
    let headers = [("Authorization", bearer), ("Content-Type", "application/json"), ("Idempotency-Key", subject)];
    let sent = request(port, "POST", "/v1/send", &headers, mail.as_bytes());
    assert_eq!(sent.status, 200, "{}", sent.text());
}

/// Counts lines; comes again, as a browser does, where it was dropped.
fn watch(port: u16, bearer: &str, over: &AtomicBool, lines: &AtomicU64) {
    let mut last = String::new();
    while !over.load(Ordering::Relaxed) {
        let mut stream = connect(port);
        let mut headers = vec![("Authorization", bearer)];
        if !last.is_empty() {
            headers.push(("Last-Event-ID", &last));
        }
        let text = head(port, "GET", "/v1/events", &headers, None);
        stream.write_all(text.as_bytes()).expect("sent");
        let mut seen = None;
        let mut rest = String::new();
        let mut piece = [0; 65536];
        while !over.load(Ordering::Relaxed) {
            let Ok(length @ 1..) = stream.read(&mut piece) else { break };
            rest.push_str(&String::from_utf8_lossy(&piece[..length]));
            let whole = rest.rfind('\n').map_or(0, |at| at + 1);
            for line in rest[..whole].lines() {
                lines.fetch_add(u64::from(line == "event: line"), Ordering::Relaxed);
                seen = line.strip_prefix("id: ").map(ToOwned::to_owned).or(seen);
            }
            rest.drain(..whole);
        }
        last = seen.unwrap_or(last);
    }
}

/// Every mail that was answered is there, once.
fn once_each(folder: &Path, answered: &[String]) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for file in files(folder) {
        let text = String::from_utf8_lossy(&file).into_owned();
        let subject = text.lines().find_map(|line| line.strip_prefix("Subject: ")).expect("a subject");
        *counts.entry(subject.to_owned()).or_default() += 1;
    }
    for subject in answered {
        assert_eq!(counts.get(subject), Some(&1), "{subject}");
    }
    assert_eq!(counts.len(), answered.len(), "there are mails that nobody was told of");
}

/// Kilobytes of a process that are in memory.
fn resident(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
