//! Hosts in Python and Node.js: the same conversation gives the same log as with the host in Rust, byte for byte but for
//! fields 2 to 4 and for what is new in every mail.

use super::built;
use crate::cli::run::Stage;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A program and its first arguments.
struct Driver {
    name: &'static str,
    command: fn() -> Option<Command>,
}

const DRIVERS: [Driver; 2] = [Driver { name: "python", command: python }, Driver { name: "node", command: node }];

pub fn python() -> Option<Command> {
    let mut command = Command::new(built("venv/bin/python")?);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    command.env("PYTHONPATH", root.join("../bindings/python/src")).arg(root.join("languages/hosts/driver.py"));
    Some(command)
}

fn node() -> Option<Command> {
    built("npm/node_modules/smtp-transporter/.complete")?;
    // Beside its dependencies, where Node.js looks for them.
    let driver = built("npm")?.join("driver.mjs");
    fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("languages/hosts/driver.mjs"), &driver).expect("a copy");
    let mut command = Command::new("node");
    command.arg(driver);
    Some(command)
}

/// Statements alone, with numbers; what no two mails share is starred.
pub fn comparable(log: &str) -> String {
    let mut text = String::new();
    for line in log.lines() {
        let fields: Vec<_> = line.splitn(5, ' ').collect();
        let [counter, _, _, _, statement] = fields[..] else { panic!("no log line: {line}") };
        text.push_str(&format!("{counter} {}\n", starred(statement)));
    }
    text
}

fn starred(statement: &str) -> String {
    for fresh in ["C > \"Date: ", "C > \"Message-ID: <", "S < \"334 "] {
        if statement.starts_with(fresh) && statement != "S < \"334 \"" {
            return format!("{fresh}*\"");
        }
    }
    let cut = |from: &str, until: &[char]| {
        let at = statement.find(from)? + from.len();
        let rest = &statement[at..];
        Some(format!("{}*{}", &statement[..at], &rest[rest.find(until).unwrap_or(rest.len())..]))
    };
    cut("after ", &[' '])
        .filter(|_| statement.starts_with("### SMTP No connection"))
        .or_else(|| cut("queued as ", &['"', ' ']))
        .or_else(|| cut("boundary=\"=_", &['"']))
        .unwrap_or_else(|| statement.to_owned())
}

fn drive(driver: &Driver, job: &Value, folder: &Path) -> Option<(Value, String)> {
    let mut command = (driver.command)()?;
    let mut child = command
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{}: {error}", driver.name));
    child.stdin.take().expect("a pipe").write_all(job.to_string().as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}", driver.name);
    let result =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{}: {error} {said}", driver.name));
    let log = fs::read_to_string(folder.join(job["folder"].as_str().unwrap()).join("SMTPLog_1.txt")).expect("a log");
    assert!(!log.contains("wonderland") && !log.contains("wrong horse"), "{log}");
    Some((result, comparable(&log)))
}

/// One conversation with every host; the Rust one's log is the measure.
fn alike(stage: &Stage, scene: &str, server: Value, ca: bool, to: &[&str], outcome: &str) {
    let note = stage.folder.join("note.txt");
    fs::write(&note, "a note\n").expect("an attachment");
    let at_once = server["tls_at_once"] == true;
    let url = format!("{}://localhost:{}", if at_once { "smtps" } else { "smtp" }, server["port"]);
    let logs = stage.folder.join(format!("{scene}-rust"));
    let mut command = Command::new(crate::servers::host());
    command.args(["send", "--server", &url, "--log", "--json", "--from", "ana@mail.test", "--subject", "Größe"]);
    command.args(["--text", "Hello\n.\n", "--message-id", "fixed@mail.test", "--attach"]).arg(&note);
    command.arg("--log-dir").arg(&logs).env("THE_PASSWORD", server["password"].as_str().unwrap_or_default());
    for to in to {
        command.args(["--to", to]);
    }
    if let Some(user) = server["user"].as_str() {
        command.args(["--user", user, "--password-env", "THE_PASSWORD"]);
    }
    if let Some(mode) = server["authentication_mode"].as_str() {
        command.args(["--auth", &mode.replace("sha256", "sha-256")]);
    }
    if ca {
        command.arg("--ca-file").arg(stage.folder.join("ca.pem"));
    }
    let output = command.output().expect("the host runs");
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let kind = told["errors"][0]["kind"].as_str().unwrap_or("sent");
    assert_eq!(kind, outcome, "{scene}: {told}");
    let measure = comparable(&fs::read_to_string(logs.join("SMTPLog_1.txt")).expect("a log"));
    for driver in &DRIVERS {
        let mut server = server.clone();
        server["host"] = "localhost".into();
        let mut job = json!({
            "server": server,
            "folder": format!("{scene}-{}", driver.name),
            "mail": {
                "from": "ana@mail.test", "to": to, "subject": "Größe", "textBody": "Hello\n.\n",
                "messageId": "fixed@mail.test", "attachments": ["note.txt"],
            },
        });
        if ca {
            job["ca"] = "ca.pem".into();
        }
        let Some((result, log)) = drive(driver, &job, &stage.folder) else { continue };
        assert_eq!(log, measure, "{scene}: the log of {} is not that of the host in Rust", driver.name);
        assert_eq!(result["kind"].as_str().unwrap_or("sent"), outcome, "{scene}, {}: {result}", driver.name);
        assert_eq!(result["status"], told["status"], "{scene}, {}: {result}", driver.name);
    }
}

#[test]
fn the_log_is_the_same() {
    let stage = Stage::new();
    let (starttls, plain) = (stage.starttls_port(), stage.plain_port());
    let login =
        |mode: &str| json!({"port": starttls, "user": "alice", "password": "wonderland", "authentication_mode": mode});
    let bob: &[&str] = &["bob@mail.test"];
    alike(&stage, "scram", login("scram-sha256"), true, bob, "sent");
    alike(&stage, "plain", login("plain"), true, &["bob@mail.test", "nobody@mail.test"], "sent");
    let mut wrong = login("plain");
    wrong["password"] = "wrong horse".into();
    alike(&stage, "wrong-password", wrong, true, bob, "authentication-failed");
    alike(&stage, "unknown-issuer", login("plain"), false, bob, "certificate-refused");
    alike(&stage, "not-offered", json!({"port": plain}), true, bob, "tls-not-offered");
    alike(&stage, "no-tls", json!({"port": plain, "tls_at_once": true}), true, bob, "plain-text-on-tls-port");
    alike(&stage, "nobody", json!({"port": free_port()}), true, bob, "connection-refused");
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// Where a package is used from.
pub fn bindings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../bindings")
}
