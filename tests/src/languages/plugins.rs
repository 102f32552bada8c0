//! The same plugin in four languages, against the server of `host demo` and against Postfix: one log for all.

use super::{built, c};
use crate::cli::run::{Stage, run};
use crate::plugins::guests;
use crate::servers::{Server, arrived};
use std::fs;
use std::path::{Path, PathBuf};

const GRANTS: [&str; 4] = ["--env", "MAIL_USER=alice", "--env", "MAIL_PASSWORD=wonderland"];

/// Every plugin that could be built here.
fn plugins() -> Vec<(&'static str, PathBuf)> {
    let found = [
        ("rust", guests::mail_plugin().map(Path::to_owned)),
        ("python", built("python.wasm")),
        ("javascript", built("javascript.wasm")),
        ("c", c::plugin()),
    ];
    found.into_iter().filter_map(|(name, path)| path.map(|path| (name, path))).collect()
}

#[test]
fn each_sends_the_same_mail() {
    let stage = Stage::new();
    let port = stage.starttls_port().to_string();
    let allow = format!("localhost:{port}");
    let mut logs = Vec::new();
    for (number, (name, plugin)) in plugins().into_iter().enumerate() {
        let folder = stage.folder.join(name);
        let mut arguments = vec!["run", "--allow", &allow, "--ca-file", "ca.pem", "--log", "--log-dir", name];
        arguments.extend(["--max-cpu", "300"]);
        arguments.extend(GRANTS);
        arguments.extend([plugin.to_str().unwrap(), "localhost", &port, "ana@plugin.test"]);
        arguments.extend(["bob@mail.test", "nobody@mail.test"]);
        let ran = run(&stage.folder, &arguments, b"").exits(0);
        let lines: Vec<_> = ran.out.lines().collect();
        assert!(lines[0].starts_with("sent: 250 "), "{name}: {}", ran.told());
        assert!(lines[1].starts_with("accepted: bob@mail.test (250 "), "{name}: {}", ran.told());
        assert!(lines[2].starts_with("refused: nobody@mail.test (550 "), "{name}: {}", ran.told());
        let received = stage.received();
        assert_eq!(received.len(), number + 1, "{name}");
        let mail = received[number].text();
        for part in ["Subject: From a plugin", "filename=\"figures.csv\"", "January,31"] {
            assert!(mail.contains(part), "{name}: {part} is not in {mail}");
        }
        logs.push((name, super::hosts::comparable(&fs::read_to_string(folder.join("SMTPLog_1.txt")).unwrap())));
    }
    for (name, log) in &logs {
        assert_eq!(*log, logs[0].1, "the log of {name} and that of {}", logs[0].0);
    }
}

#[test]
fn each_goes_through_postfix() {
    let refusals = "smtpd_recipient_restrictions = check_recipient_access inline:{\
                    {nobody-here@mail.test = 550 5.1.1 no such mailbox}}";
    let Some(server) = Server::start_with("postfix", &[("EXTRA_MAIN_CF", refusals)], &[]) else { return };
    let port = server.submission.to_string();
    let (allow, ca) = (format!("localhost:{port}"), server.ca());
    for (name, plugin) in plugins() {
        let sender = format!("{name}@mail.test");
        let mut arguments = vec!["run", "--allow", &allow, "--ca-file", ca.to_str().unwrap(), "--max-cpu", "300"];
        arguments.extend(GRANTS);
        arguments.extend([plugin.to_str().unwrap(), "localhost", &port, &sender, "bob@mail.test"]);
        arguments.push("nobody-here@mail.test");
        let ran = run(&server.folder, &arguments, b"").exits(0);
        assert!(ran.out.contains("accepted: bob@mail.test (250 "), "{name}: {}", ran.told());
        assert!(ran.out.contains("refused: nobody-here@mail.test (5"), "{name}: {}", ran.told());
        let mail = arrived(&server.folder.join("mail/inbox/new"), &format!("From: {sender}"));
        let mail = String::from_utf8_lossy(&mail);
        assert!(mail.contains("filename=\"figures.csv\"") && mail.contains("January,31"), "{name}: {mail}");
    }
}
