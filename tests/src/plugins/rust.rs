//! The plugin in Rust, against the server of `host demo` and against Postfix.

use super::guests::mail_plugin;
use crate::cli::run::{Ran, Stage, run};
use crate::servers::{Server, arrived};
use std::fs;
use std::path::Path;

/// `host run GRANTS PLUGIN ARGUMENTS`.
fn plugin(folder: &Path, grants: &[&str], arguments: &[&str]) -> Option<Ran> {
    let plugin = mail_plugin()?.to_str().unwrap();
    let all: Vec<_> = ["run"].iter().chain(grants).chain(&[plugin]).chain(arguments).copied().collect();
    Some(run(folder, &all, b""))
}

#[test]
fn a_plugin_sends_a_mail_with_an_attachment() {
    let stage = Stage::new();
    let port = stage.starttls_port().to_string();
    let allow = format!("localhost:{port}");
    let grants = [
        "--allow",
        &allow,
        "--ca-file",
        "ca.pem",
        "--env",
        "MAIL_USER=alice",
        "--env",
        "MAIL_PASSWORD=wonderland",
        "--log",
        "--log-dir",
        "logs",
    ];
    let arguments = ["localhost", &port, "ana@plugin.test", "bob@mail.test", "nobody@mail.test"];
    let Some(ran) = plugin(&stage.folder, &grants, &arguments) else { return };
    let ran = ran.exits(0);
    let lines: Vec<_> = ran.out.lines().collect();
    assert!(lines[0].starts_with("sent: 250 "), "{}", ran.told());
    assert!(lines[1].starts_with("accepted: bob@mail.test (250 "), "{}", ran.told());
    assert!(lines[2].starts_with("refused: nobody@mail.test (550 "), "{}", ran.told());
    let received = stage.received();
    assert_eq!((received.len(), received[0].user.as_deref()), (1, Some("alice")));
    let mail = received[0].text();
    for part in ["From a plugin", "filename=\"figures.csv\"", "text/csv", "January,31"] {
        assert!(mail.contains(part), "{part} is not in {mail}");
    }
    let log = fs::read_to_string(stage.folder.join("logs/SMTPLog_1.txt")).unwrap();
    assert!(log.contains("### SMTP Connected to 'localhost'") && log.contains("figures.csv"), "{log}");
    assert!(!log.contains("wonderland"), "{log}");
}

/// The password goes from the host to the wire: the plugin knows its name, the log shows asterisks.
#[test]
fn a_secret_that_the_plugin_never_sees() {
    let stage = Stage::new();
    let port = stage.starttls_port().to_string();
    let allow = format!("localhost:{port}");
    let grants = ["--allow", &allow, "--ca-file", "ca.pem", "--env", "MAIL_USER=alice", "--env", "MAIL_SECRET=mailbox"];
    let arguments = ["localhost", &port, "ana@plugin.test", "bob@mail.test"];
    let Some(ran) = plugin(&stage.folder, &grants, &arguments) else { return };
    ran.exits(1).says("no secret named 'mailbox'");
    let grants: Vec<_> =
        grants.into_iter().chain(["--secret", "mailbox=password", "--log", "--log-dir", "logs"]).collect();
    let Some(ran) = plugin(&stage.folder, &grants, &arguments) else { return };
    ran.exits(0);
    assert_eq!(stage.received()[0].user.as_deref(), Some("alice"));
    let log = fs::read_to_string(stage.folder.join("logs/SMTPLog_1.txt")).unwrap();
    assert!(log.contains("C > \"AUTH ") && !log.contains("wonderland"), "{log}");
    // Who could ask for the secret itself is not loaded.
    let Some(zoo) = super::guests::zoo() else { return };
    let all = ["run", "--secret", "mailbox=password", zoo.to_str().unwrap(), "network-names", "25"];
    run(&stage.folder, &all, b"").exits(77).says("by which it could read the secrets");
}

#[test]
fn without_grants_a_plugin_reaches_nothing() {
    let stage = Stage::new();
    let port = stage.starttls_port().to_string();
    let arguments = ["localhost", &port, "ana@plugin.test", "bob@mail.test"];
    let Some(ran) = plugin(&stage.folder, &[], &arguments) else { return };
    let line = format!("refused: the host has not granted localhost:{port}; --allow localhost:{port} would\n");
    ran.exits(1).says(&line).says("note: the component read the environment, and nothing of it is granted; --env NAME");
    assert_eq!(stage.received(), []);
}

#[test]
fn a_plugin_and_postfix() {
    let refusals = "smtpd_recipient_restrictions = check_recipient_access inline:{\
                    {nobody-here@mail.test = 550 5.1.1 no such mailbox}}";
    let Some(server) = Server::start_with("postfix", &[("EXTRA_MAIN_CF", refusals)], &[]) else { return };
    let port = server.submission.to_string();
    let allow = format!("localhost:{port}");
    let ca = server.ca();
    let grants = [
        "--allow",
        &allow,
        "--ca-file",
        ca.to_str().unwrap(),
        "--env",
        "MAIL_USER=alice",
        "--env",
        "MAIL_PASSWORD=wonderland",
    ];
    let arguments = ["localhost", &port, "alice@mail.test", "bob@mail.test", "nobody-here@mail.test"];
    let Some(ran) = plugin(&server.folder, &grants, &arguments) else { return };
    let ran = ran.exits(0);
    assert!(ran.out.contains("accepted: bob@mail.test (250 "), "{}", ran.told());
    assert!(ran.out.contains("refused: nobody-here@mail.test (5"), "{}", ran.told());
    let mail = arrived(&server.folder.join("mail/inbox/new"), "From a plugin");
    let mail = String::from_utf8_lossy(&mail);
    assert!(mail.contains("filename=\"figures.csv\"") && mail.contains("January,31"), "{mail}");
}

/// A transporter given as a component takes the options of `host send`, and needs a grant for its own server.
#[test]
fn a_transporter_as_component() {
    let stage = Stage::new();
    let component = stage.folder.join("transporter.wasm");
    fs::write(&component, smtp_guest_artifact::COMPONENT).unwrap();
    let server = stage.server();
    let mail = ["--from", "a@b.test", "--to", "c@d.test", "--text", "t", "--json"];
    let arguments: Vec<_> = server.iter().map(String::as_str).chain(mail).collect();
    let with = |grants: &[&str]| {
        let all: Vec<_> =
            ["run"].iter().chain(grants).chain(&["transporter.wasm"]).chain(&arguments).copied().collect();
        run(&stage.folder, &all, b"")
    };
    let ran = with(&[]).exits(77).says("--allow localhost:");
    assert_eq!(ran.json()["errors"][0]["kind"], "denied");
    let allow = format!("localhost:{}", stage.starttls_port());
    assert_eq!(with(&["--allow", &allow]).exits(0).json()["delivery"], "accepted");
    assert_eq!(stage.received().len(), 1);
}
