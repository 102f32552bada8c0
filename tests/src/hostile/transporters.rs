//! Transporters that loop, trap, lie or reach elsewhere, by themselves and below an honest plugin.

use crate::cli::run::{Ran, Stage, run};
use crate::plugins::guests;
use std::fs;
use std::net::TcpListener;

fn stage() -> Option<Stage> {
    let transporter = guests::hostile_transporter()?;
    let stage = Stage::open();
    fs::copy(transporter, stage.folder.join("hostile.wasm")).unwrap();
    Some(stage)
}

fn send(stage: &Stage, host: &str, port: u16) -> Ran {
    let server = format!("smtp://{host}:{port}");
    let grants = ["run", "--max-cpu", "1", "--max-memory", "64", "--log", "--log-dir", "logs", "--allow", "*:*"];
    let mail = ["--server", &server, "--from", "a@b.test", "--to", "c@d.test", "--text", "t", "--json"];
    let all: Vec<_> = grants.iter().chain(&["hostile.wasm"]).chain(&mail).copied().collect();
    run(&stage.folder, &all, b"")
}

#[test]
fn by_themselves() {
    let Some(stage) = stage() else { return };
    for (host, code, words) in [
        ("loop-in-new.test", 77, "--max-cpu would allow more"),
        ("loop-in-send.test", 77, "--max-cpu would allow more"),
        ("trap-in-new.test", 70, "the component trapped"),
        ("trap-in-send.test", 70, "the component trapped"),
        ("memory-in-send.test", 70, "64 MiB of memory; --max-memory would allow more"),
        ("flood-in-send.test", 70, "64 MiB of memory"),
    ] {
        let ran = send(&stage, host, 25).exits(code).says(words);
        let json = ran.json();
        assert_eq!(json["success"], false, "{host}: {json}");
    }
    let log = fs::read_to_string(stage.folder.join("logs/SMTPLog_1.txt")).unwrap();
    assert!(log.contains("### SMTP Component stopped: it wanted more than 64 MiB of memory"), "{log}");
    // `run` has looked already that nothing of it moves a terminal.
    let lies = send(&stage, "lies.test", 25).json();
    assert_eq!(lies["recipients"].as_array().map(Vec::len), Some(1000));

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let ran = send(&stage, "elsewhere.test", port).says("is a private address, which a wildcard does not grant");
    assert!(ran.json()["statusText"].as_str().unwrap().starts_with("refused: "), "{}", ran.told());
    assert!(listener.accept().is_err(), "it came through");
}

#[test]
fn below_a_plugin() {
    let (Some(stage), Some(plugin)) = (stage(), guests::mail_plugin()) else { return };
    let plugin = plugin.to_str().unwrap();
    for (host, code, words) in [
        ("loop-in-send.test", 77, "--max-cpu would allow more"),
        ("trap-in-send.test", 70, "the component trapped"),
        ("lies.test", 0, ""),
    ] {
        let all =
            ["run", "--max-cpu", "1", "--transporter", "hostile.wasm", plugin, host, "25", "a@b.test", "c@d.test"];
        let ran = std::panic::catch_unwind(|| run(&stage.folder, &all, b""));
        match ran {
            Ok(ran) => drop(ran.exits(code).says(words)),
            // What a plugin prints into a pipe is its own business; `run` in the tests does not know that.
            Err(_) => assert_eq!(host, "lies.test"),
        }
    }
    run(&stage.folder, &["run", "--transporter", plugin, plugin], b"")
        .exits(65)
        .says("is a command, not a transporter");
    run(&stage.folder, &["run", "--transporter", "hostile.wasm", "hostile.wasm"], b"")
        .exits(64)
        .says("does not import one");
}
