//! Many transporters in several processes on one regular log, and a disk that fills up while mails go.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use smtp_host::Host;
use smtp_host::log_files::LogFiles;
use smtp_host::types::{Header, Server};
use tokio::task::JoinSet;

use super::client::{self, mail, told};
use super::disk::Disk;
use super::plan::Plan;
use super::server::Scripted;

const PROCESSES: usize = 2;
const TRANSPORTERS: usize = 32;
/// So many mails each make more than 100,000 lines together.
const MAILS: usize = 90;
/// What a process of this test reads: its number and the folder to write into.
const ROLE: &str = "TRANSPORTERS_TEST_ROLE";
/// A file is closed when it has reached this.
const FULL: usize = 10_000_000;

fn process(folder: &Path, number: usize) -> Child {
    let module = module_path!().split_once("::").map_or("", |(_, module)| module);
    Command::new(std::env::current_exe().expect("this program has a path"))
        .args(["--exact", &format!("{module}::a_process_of_transporters")])
        .env(ROLE, format!("{number}:{}", folder.display()))
        .stdout(Stdio::null())
        .spawn()
        .expect("another process")
}

/// Does nothing unless it was started by the test below.
#[test]
fn a_process_of_transporters() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let (number, folder) = role.split_once(':').expect("number and folder");
    let logs = LogFiles::builder().folder(folder).keep(0).regular(1).build().expect("logs");
    let host = Host::builder().logs(logs).build().expect("the component");
    let scripted = Scripted::start(Plan::good());
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut running = JoinSet::new();
        for transporter in 0..TRANSPORTERS {
            let (host, who) = (host.clone(), format!("{number}.{transporter}"));
            let settings = Server { log_file: None, send_time_out: Some(100), ..client::settings(scripted.port) };
            running.spawn(async move {
                let mut transporter = host.transporter(settings).await.expect("settings that fit together");
                for number in 0..MAILS {
                    let mut mail = mail();
                    let filler = " and so on".repeat(70);
                    mail.headers = vec![Header { name: "X-Who".into(), value: format!("{who} {number}{filler}") }];
                    let receipt = transporter.send(&mail).await.unwrap_or_else(|error| panic!("{error:?}"));
                    assert!(receipt.warnings.is_empty(), "{:?}", receipt.warnings);
                }
                transporter.close().await;
            });
        }
        while let Some(ended) = running.join_next().await {
            ended.expect("no panic");
        }
    });
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("smtp-{name}-{}", std::process::id()));
        std::fs::create_dir(&folder).expect("a folder");
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The statements of a log whose other fields are as they must be: counted from 1 without a hole, and never back in time.
fn statements(text: &str) -> Vec<&str> {
    assert!(text.ends_with('\n'), "the last line is torn");
    let mut before = "";
    let numbered = text.lines().zip(1..);
    numbered
        .map(|(line, number)| {
            let fields: Vec<&str> = line.splitn(5, ' ').collect();
            let [counter, stamp, slot, unique, statement] = fields[..] else { panic!("no log line: {line}") };
            assert_eq!(counter.parse(), Ok(number), "{line}");
            assert!(stamp >= before && stamp.len() == 23, "{before} before {line}");
            assert!(slot.parse::<u32>().is_ok() && unique.parse::<u64>().is_ok(), "{line}");
            let is_quoted = |start| statement.starts_with(start) && statement.ends_with('"');
            assert!(is_quoted("C > \"") || is_quoted("S < \"") || statement.starts_with("### SMTP "), "{line}");
            before = stamp;
            statement
        })
        .collect()
}

#[test]
fn transporters_of_two_processes_on_one_log() {
    let folder = Folder::new("load");
    let children: Vec<Child> = (0..PROCESSES).map(|number| process(&folder.0, number)).collect();
    for mut child in children {
        assert!(child.wait().expect("its end").success());
    }
    let files = std::fs::read_dir(&folder.0).expect("the folder").count();
    let mut lines = 0;
    let mut events: HashMap<String, usize> = HashMap::new();
    let mut next: HashMap<String, usize> = HashMap::new();
    for number in 1..=files {
        let text = std::fs::read_to_string(folder.0.join(format!("SMTPLog_{number}.txt"))).expect("a log");
        let last = text.lines().last().map_or(0, |line| line.len() + 1);
        let is_full = text.len() >= FULL;
        assert!(is_full == (number < files) && text.len() - last < FULL, "file {number} has {} bytes", text.len());
        for statement in statements(&text) {
            lines += 1;
            if let Some(event) = statement.strip_prefix("### SMTP ") {
                *events.entry(event.split(" '").next().unwrap_or(event).to_owned()).or_default() += 1;
            }
            // Each transporter's mails are there once, in order.
            if let Some((_, who)) = statement.split_once("C > \"X-Who: ") {
                let mut words = who.split([' ', '"']);
                let (who, mail) = (words.next().expect("who"), words.next().expect("which mail"));
                let expected = next.entry(who.to_owned()).or_default();
                assert_eq!(mail.parse(), Ok(*expected), "{statement}");
                *expected += 1;
            }
        }
    }
    assert!(lines >= 100_000 && files > 1, "{lines} lines in {files} files: {events:?}");
    assert_eq!(next.len(), PROCESSES * TRANSPORTERS);
    assert!(next.values().all(|mails| *mails == MAILS), "{next:?}");
    let all = PROCESSES * TRANSPORTERS;
    let accepted = "Mail accepted by the server with 250. (recipients accepted: 2, refused: 0)";
    let count = |event: &str| events.get(event).copied().unwrap_or(0);
    assert_eq!(
        (count("Connected to"), count(accepted), count("Connection closed")),
        (all, all * MAILS, all),
        "{events:?}"
    );
}

/// A disk of 256 KiB that is full in the middle: the mails go on, the caller is warned, and the log says how many lines are
/// missing.
#[tokio::test]
async fn a_full_disk_stops_no_mail() {
    let folder = Disk::mount("full", "size=256k");
    let logs = LogFiles::builder().folder(&folder.0).regular(1).reporter(|_| {}).build().expect("logs");
    let host = Host::builder().logs(logs).build().expect("the component");
    let scripted = Scripted::start(Plan::good());
    let settings = Server { log_file: None, ..client::settings(scripted.port) };
    let mut transporter = host.transporter(settings).await.expect("settings that fit together");
    let log = || std::fs::read_to_string(folder.0.join("SMTPLog_1.txt")).expect("the log");

    let receipt = transporter.send(&mail()).await.unwrap_or_else(|error| panic!("{}", told(&error, &log())));
    assert!(receipt.warnings.is_empty(), "{:?}", receipt.warnings);
    let before = statements(&log()).len();
    let filler = folder.0.join("filler");
    let mut file = std::fs::File::create(&filler).expect("a file");
    while std::io::Write::write_all(&mut file, &[0; 4096]).is_ok() {}
    drop(file);

    let mut warned = 0;
    for _ in 0..20 {
        let receipt = transporter.send(&mail()).await.unwrap_or_else(|error| panic!("{}", told(&error, &log())));
        warned += usize::from(receipt.warnings.iter().any(|text| text.contains("could not be written")));
    }
    assert!(warned >= 15, "{warned} of 20 were warned");
    std::fs::remove_file(&filler).expect("room");
    let receipt = transporter.send(&mail()).await.unwrap_or_else(|error| panic!("{}", told(&error, &log())));
    assert!(receipt.warnings.is_empty(), "{:?}", receipt.warnings);
    transporter.close().await;
    assert_eq!(scripted.after(1).await.mails(), 22);

    let text = log();
    let all = statements(&text);
    let markers: Vec<&&str> = all.iter().filter(|statement| statement.starts_with("### SMTP Log: ")).collect();
    let [marker] = markers[..] else { panic!("one marker: {markers:?}") };
    let missing = marker.strip_prefix("### SMTP Log: ").and_then(|rest| rest.split(' ').next()?.parse::<usize>().ok());
    // The first mail has the connection before it; the last one the marker, and the end of the connection (3 lines).
    let a_mail = all.len() - before - 4 - written_while_full(&all, before);
    assert_eq!(
        missing,
        Some(20 * a_mail - written_while_full(&all, before)),
        "{a_mail} lines a mail: {marker}\n{text}"
    );
}

/// Lines between the first mail and the marker.
fn written_while_full(all: &[&str], before: usize) -> usize {
    all.iter().position(|statement| statement.starts_with("### SMTP Log: ")).expect("a marker") - before
}
