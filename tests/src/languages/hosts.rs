//! Hosts in Python and Node.js: the same conversation gives the same log as with the host in Rust, byte for byte but for
//! fields 2 to 4 and for what is new in every mail; with the server of `host demo` and with Postfix.

use super::built;
use super::logs::{Inbox, attachment, comparable};
use crate::cli::run::Stage;
use crate::servers::refusing_postfix;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A program and its first arguments.
pub struct Driver {
    name: &'static str,
    command: fn() -> Option<Command>,
}

const DRIVERS: [Driver; 2] = [Driver { name: "python", command: python }, Driver { name: "node", command: node }];

pub fn drivers() -> impl Iterator<Item = Driver> {
    DRIVERS.into_iter()
}

impl Driver {
    /// Whether it could be built here.
    pub fn is_here(&self) -> bool {
        (self.command)().is_some()
    }
}

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
    for secret in ["wonderland", "wrong horse", "looking glass"] {
        assert!(!log.contains(secret), "{log}");
    }
    Some((result, comparable(&log)))
}

const NOTE: &[u8] = b"a note \xff\x00 of bytes\r\n.\n";

/// A folder to run in, and the server's authority where it is believed.
pub struct Scene<'a> {
    pub folder: &'a Path,
    pub ca: Option<PathBuf>,
}

/// One conversation with every host; the Rust one's log is the measure. `each` is told who sent a mail.
pub fn alike(scene: &Scene, name: &str, server: Value, to: &[&str], outcome: &str, each: &dyn Fn(&str)) {
    let note = scene.folder.join("note.bin");
    fs::write(&note, NOTE).expect("an attachment");
    let at_once = server["tls_at_once"] == true;
    let url = format!("{}://localhost:{}", if at_once { "smtps" } else { "smtp" }, server["port"]);
    let logs = scene.folder.join(format!("{name}-rust"));
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
    if let Some(proxy) = server["proxy"].as_object() {
        let scheme = if proxy["kind"] == "socks5" { "socks5" } else { "http" };
        let (user, at) = (proxy["user"].as_str().unwrap(), proxy["host"].as_str().unwrap());
        command.args(["--proxy", &format!("{scheme}://{user}@{at}:{}", proxy["port"])]);
        command.env("SMTP_PROXY_PASSWORD", proxy["password"].as_str().unwrap());
    }
    if let Some(mode) = server["authentication_mode"].as_str() {
        command.args(["--auth", &mode.replace("sha256", "sha-256")]);
    }
    if let Some(ca) = &scene.ca {
        command.arg("--ca-file").arg(ca);
    }
    let output = command.output().expect("the host runs");
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let kind = told["errors"][0]["kind"].as_str().unwrap_or("sent");
    assert_eq!(kind, outcome, "{name}: {told}");
    each("rust");
    let measure = comparable(&fs::read_to_string(logs.join("SMTPLog_1.txt")).expect("a log"));
    for driver in &DRIVERS {
        let mut server = server.clone();
        server["host"] = "localhost".into();
        let mut job = json!({
            "server": server,
            "folder": format!("{name}-{}", driver.name),
            "mail": {
                "from": "ana@mail.test", "to": to, "subject": "Größe", "textBody": "Hello\n.\n",
                "messageId": "fixed@mail.test", "attachments": ["note.bin"],
            },
        });
        if let Some(ca) = &scene.ca {
            job["ca"] = ca.to_str().expect("a path").into();
        }
        let Some((result, log)) = drive(driver, &job, scene.folder) else { continue };
        assert_eq!(log, measure, "{name}: the log of {} is not that of the host in Rust", driver.name);
        assert_eq!(result["kind"].as_str().unwrap_or("sent"), outcome, "{name}, {}: {result}", driver.name);
        assert_eq!(result["status"], told["status"], "{name}, {}: {result}", driver.name);
        if let Some(recipients) = result["recipients"].as_array() {
            let accepted = |list: &[Value]| list.iter().map(|one| one["accepted"].clone()).collect::<Vec<_>>();
            assert_eq!(accepted(recipients), accepted(told["recipients"].as_array().unwrap()), "{name}: {result}");
        }
        each(driver.name);
    }
}

#[test]
fn the_log_is_the_same() {
    let stage = Stage::new();
    let (starttls, plain) = (stage.starttls_port(), stage.plain_port());
    let login =
        |mode: &str| json!({"port": starttls, "user": "alice", "password": "wonderland", "authentication_mode": mode});
    let believing = Scene { folder: &stage.folder, ca: Some(stage.folder.join("ca.pem")) };
    let doubting = Scene { folder: &stage.folder, ca: None };
    let bob: &[&str] = &["bob@mail.test"];
    let arrives = |who: &str| {
        let (name, content) = attachment(&stage.received().last().expect("a mail").content);
        assert!(name == "note.bin" && content == NOTE, "{who}: the attachment was changed");
    };
    alike(&believing, "scram", login("scram-sha256"), bob, "sent", &arrives);
    alike(&believing, "plain", login("plain"), &["bob@mail.test", "nobody@mail.test"], "sent", &arrives);
    let nothing = |_: &str| ();
    let mut wrong = login("plain");
    wrong["password"] = "wrong horse".into();
    alike(&believing, "wrong-password", wrong, bob, "authentication-failed", &nothing);
    alike(&doubting, "unknown-issuer", login("plain"), bob, "certificate-refused", &nothing);
    alike(&believing, "not-offered", json!({"port": plain}), bob, "tls-not-offered", &nothing);
    alike(&believing, "no-tls", json!({"port": plain, "tls_at_once": true}), bob, "plain-text-on-tls-port", &nothing);
    alike(&believing, "nobody", json!({"port": free_port()}), bob, "connection-refused", &nothing);
}

/// STARTTLS and a login, an attachment, and one recipient of two who is refused; then a wrong password.
#[test]
fn the_log_is_the_same_with_postfix() {
    let Some(server) = refusing_postfix() else { return };
    let inbox = Inbox::of(&server);
    let scene = Scene { folder: &server.folder, ca: Some(server.ca()) };
    let login = |password: &str, mode: &str| json!({"port": server.submission, "user": "alice", "password": password, "authentication_mode": mode});
    let arrives = |who: &str| {
        let (name, content) = attachment(&inbox.take("Message-ID: <fixed@mail.test>"));
        assert!(name == "note.bin" && content == NOTE, "{who}: the attachment was changed");
        assert!(inbox.is_empty(), "{who}: more than one mail");
    };
    let to = ["bob@mail.test", "nobody-here@mail.test"];
    alike(&scene, "plain", login("wonderland", "plain"), &to, "sent", &arrives);
    alike(&scene, "scram", login("wonderland", "scram-sha256"), &to, "sent", &arrives);
    let at_once = json!({"port": server.tls, "tls_at_once": true, "user": "alice", "password": "wonderland"});
    alike(&scene, "tls-at-once", at_once, &to, "sent", &arrives);
    alike(&scene, "wrong-password", login("wrong horse", "plain"), &to, "authentication-failed", &|_| ());
}

pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// Where a package is used from.
pub fn bindings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../bindings")
}
