//! A mail with an attachment of one gigabyte: throughput and memory of `host send`, beside other clients, to the same
//! sink. The rate is the bytes of the attachment by the life of the whole process; all send it as base64, but where the
//! line says otherwise.

use crate::host;
use crate::sink::Sink;
use smtp_host::types::{Attachment, Content, Mail, Mailbox, Server};
use smtp_host::{FileStream, Host};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const MIB: usize = 1 << 20;
const LARGE: usize = 1024 * MIB;
/// For those who take a minute for a gigabyte.
const SMALLER: usize = 128 * MIB;
const PEOPLE: [&str; 4] = ["--from", "ann@client.test", "--to", "bob@client.test"];
/// All that the component may allocate: what it needs beyond that, it does not get.
const GUEST: usize = 4 * MIB;

pub fn measure() {
    let folder = std::env::temp_dir().join(format!("smtp-large-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let files = Files {
        large: file(&folder, "large.bin", LARGE),
        smaller: file(&folder, "smaller.bin", SMALLER),
        empty: file(&folder, "empty.bin", 0),
        eml: message(&folder),
        certificate: folder.join("certificate.pem"),
    };
    let key = folder.join("key.pem");
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    fs::write(&files.certificate, made.cert.pem()).expect("a file");
    fs::write(&key, made.signing_key.serialize_pem()).expect("a file");

    let secured = [files.certificate.as_path(), &key];
    guest(&Sink::start(), &files.large);
    for (how, secured) in [("in the clear", &[][..]), ("over TLS", &secured)] {
        let (sink, binary) = (Sink::start_with(secured, false), Sink::start_with(secured, true));
        println!("  {how}:");
        let is_tls = !secured.is_empty();
        if !is_tls {
            alone(sink.port);
        }
        ours(&files, sink.port, binary.port, is_tls);
        peers(&files, sink.port, is_tls);
    }
    fs::remove_dir_all(&folder).expect("the folder goes");
}

struct Files {
    large: PathBuf,
    smaller: PathBuf,
    empty: PathBuf,
    eml: PathBuf,
    certificate: PathBuf,
}

/// What the sink itself can take: one chunk, written from memory.
fn alone(port: u16) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the sink listens");
    let mut answers = BufReader::new(stream.try_clone().expect("a handle")).lines();
    let wire = LARGE / 57 * 78;
    write!(stream, "MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nBDAT {wire} LAST\r\n").expect("it is written");
    let (start, piece) = (Instant::now(), vec![b'Q'; 64 << 10]);
    let mut left = wire;
    while left > 0 {
        let now = left.min(piece.len());
        stream.write_all(&piece[..now]).expect("it is written");
        left -= now;
    }
    for _ in 0..4 {
        answers.next().expect("an answer").expect("it can be read");
    }
    let rate = (LARGE / MIB) as f64 / start.elapsed().as_secs_f64();
    println!("    the sink alone         {rate:7.0} MiB/s, as many bytes as base64 makes, written from memory");
}

/// In this process, with a limit that ends the component where it needs more.
fn guest(sink: &Sink, large: &Path) {
    let host = Host::builder().max_memory(GUEST).build().expect("a host");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let server = Server { accept_unsecure_connection: Some(true), ..crate::log::server(sink.port) };
        let mut transporter = host.transporter(server).await.expect("a transporter");
        let (stream, size) = FileStream::open(large).await.expect("the file");
        let content = Content::Stream(transporter.stream(stream).expect("a stream"));
        let attachment = Attachment {
            content,
            size: Some(size),
            name: Some("large.bin".to_owned()),
            media_type: None,
            cid: None,
            disposition: None,
        };
        let mailbox = |email: &str| Mailbox { name: None, email: email.to_owned() };
        let mail = Mail {
            from: vec![mailbox(PEOPLE[1])],
            to: vec![mailbox(PEOPLE[3])],
            attachments: vec![attachment],
            ..crate::log::mail()
        };
        let receipt = transporter.send(&mail).await.expect("it goes with so little memory");
        println!("  {} bytes went with {} MiB of memory granted to the component", receipt.bytes, GUEST / MIB);
        transporter.close().await;
    });
}

fn ours(files: &Files, port: u16, binary: u16, tls: bool) {
    let command = |port: u16| {
        let mut command = Command::new(host());
        let scheme = if tls { "smtps" } else { "smtp" };
        command.args(["send", "--server", &format!("{scheme}://localhost:{port}")]).args(PEOPLE);
        match tls {
            true => command.arg("--ca-file").arg(&files.certificate),
            false => command.arg("--accept-unsecure"),
        };
        command
    };
    let empty = run(command(port).arg("--attach").arg(&files.empty));
    let large = run(command(port).arg("--attach").arg(&files.large));
    say("host send", LARGE, &large);
    println!("    {:22} {:7.1} MiB above an empty run", "  its memory", (large.peak - empty.peak) as f64 / 1024.0);
    say(
        "host send --log",
        LARGE,
        &run(command(port)
            .arg("--log")
            .arg("--log-dir")
            .arg(files.eml.with_file_name("log"))
            .arg("--attach")
            .arg(&files.large)),
    );
    say("  by DATA", LARGE, &run(command(port).arg("--no-chunking").arg("--attach").arg(&files.large)));
    say("  by BINARYMIME", LARGE, &run(command(binary).arg("--attach").arg(&files.large)));
    say("host send --eml", LARGE, &run(command(port).arg("--eml").arg(&files.eml)));
}

fn peers(files: &Files, port: u16, tls: bool) {
    let ca = if tls { files.certificate.to_string_lossy().into_owned() } else { "-".to_owned() };
    let bench = Path::new(env!("CARGO_MANIFEST_DIR")).join("bench");
    let peers = std::env::var_os("PEERS").map(PathBuf::from);
    if let Some(peers) = &peers {
        for name in ["lettre", "mail-send"] {
            let mut command = Command::new(peers.join("large"));
            say(name, LARGE, &run(command.args([name, &port.to_string(), &ca]).arg(&files.large)));
        }
    } else {
        println!("    lettre, mail-send: NOT RUN, PEERS does not say where they are: use tests/bench/run");
    }
    let deps = std::env::var_os("SERVER_PROGRAMS").map(|folder| PathBuf::from(folder).join("node"));
    match deps.filter(|deps| deps.join("node_modules/nodemailer").exists()) {
        Some(deps) => {
            let mut node = Command::new("node");
            node.arg(bench.join("peers/nodemailer.mjs")).arg(port.to_string()).arg(&ca).arg(&files.smaller);
            say("nodemailer", SMALLER, &run(node.env("NODE_DEPS", deps)));
        }
        None => println!("    nodemailer: NOT RUN, it is not installed: use tests/bench/run"),
    }
    let curl = || {
        let mut curl = Command::new("curl");
        let scheme = if tls { "smtps" } else { "smtp" };
        curl.args(["-sS", "--mail-from", PEOPLE[1], "--mail-rcpt", PEOPLE[3]]);
        curl.arg(format!("{scheme}://localhost:{port}/client.test"));
        if tls {
            curl.arg("--cacert").arg(&files.certificate);
        }
        curl
    };
    let form = format!("=@{};encoder=base64", files.smaller.display());
    say("curl -F", SMALLER, &run(curl().args(["-F", "=text", "-F", &form])));
    say("curl -T (finished)", LARGE, &run(curl().arg("-T").arg(&files.eml)));
}

struct Run {
    wall: f64,
    /// KiB that were resident at the most.
    peak: i64,
}

fn say(name: &str, size: usize, run: &Run) {
    let rate = (size / MIB) as f64 / run.wall;
    println!("    {name:22} {rate:7.0} MiB/s, {:7.0} MiB resident", run.peak as f64 / 1024.0);
}

fn run(command: &mut Command) -> Run {
    let start = Instant::now();
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    // The peak only grows, so the last look is right but for what the last milliseconds took.
    while child.try_wait().expect("a child").is_none() {
        let seen = fs::read_to_string(&status).unwrap_or_default();
        let line = seen.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(peak);
        std::thread::sleep(Duration::from_millis(4));
    }
    let wall = start.elapsed().as_secs_f64();
    let output = child.wait_with_output().expect("its output");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Run { wall, peak }
}

/// Bytes that no encoder finds easy.
fn file(folder: &Path, name: &str, size: usize) -> PathBuf {
    let path = folder.join(name);
    let mut out = BufWriter::with_capacity(MIB, File::create(&path).expect("a file"));
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    for _ in 0..size / 8 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        out.write_all(&state.to_le_bytes()).expect("room on the disk");
    }
    out.flush().expect("room on the disk");
    path
}

/// A finished message with a body of the large size: lines of base64's length, some of which begin with a dot.
fn message(folder: &Path) -> PathBuf {
    let path = folder.join("message.eml");
    let mut out = BufWriter::with_capacity(MIB, File::create(&path).expect("a file"));
    out.write_all(b"From: ann@client.test\r\nTo: bob@client.test\r\nDate: Fri, 06 Feb 2026 15:03:11 +0100\r\n")
        .and_then(|()| out.write_all(b"Message-ID: <large@client.test>\r\nSubject: large\r\n\r\n"))
        .expect("room on the disk");
    let line = [&[b'Q'; 76], &b"\r\n"[..]].concat();
    for number in 0..LARGE / line.len() {
        let start: &[u8] = if number % 64 == 0 { b"." } else { b"" };
        out.write_all(start).and_then(|()| out.write_all(&line)).expect("room on the disk");
    }
    out.flush().expect("room on the disk");
    path
}
