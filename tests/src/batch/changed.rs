//! Files that are not what they were when their mail was begun: the mail is ended so that the server does not take it,
//! whatever it has of it by then, and the rest of the batch goes.

use super::run::{Desk, arrived, mail, number};
use crate::servers::{Gate, Server};
use serde_json::json;
use std::fs;
use std::process::Command;
use std::time::Duration;

const SIZE: usize = 400_000;

/// How the file is changed between RCPT and the content.
type Change = fn(&std::path::Path);

fn changed(server: &Server, inbox: &str, change: Change, options: &[&str], words: &str) {
    let file = std::env::temp_dir().join(format!("smtp-changed-{}-{}", std::process::id(), server.mx));
    fs::write(&file, vec![b'x'; SIZE]).expect("a file");
    let gate = {
        let file = file.clone();
        let mut done = false;
        Gate::at(server.mx, "RCPT TO:<changing@", move || {
            if !std::mem::replace(&mut done, true) {
                change(&file);
            }
        })
    };
    let desk = Desk::plain(gate.port);
    key(&desk);
    let mut second = mail(2);
    second["to"] = json!("changing@mail.test");
    second["attachments"] = json!([{"path": file}]);
    desk.write("batch.jsonl", format!("{second}\n{}\n{}\n", mail(1), mail(3)));
    let ran = desk.run(options).exits(66);
    let told = format!("{words}: {ran:#?}");
    assert!(ran.results.iter().map(number).eq(1..=3), "{told}");
    let error = &ran.results[0]["errors"][0];
    assert_eq!(
        (&ran.results[0]["success"], &ran.results[0]["delivery"]),
        (&json!(false), &json!("not-accepted")),
        "{told}"
    );
    assert_eq!((&error["phase"], &error["kind"]), (&json!("content"), &json!("content-failed")), "{told}");
    assert!(error["message"].as_str().is_some_and(|message| message.contains(words)), "{told}");
    assert!(ran.results[1..].iter().all(|result| result["success"] == true), "{told}");
    // The two that went are there; half a mail would be a third.
    let folder = server.folder.join(inbox);
    let counts = super::run::all_arrived(&folder, 2);
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(arrived(&folder), counts, "{told}");
    assert!(counts.len() == 2 && !counts.contains_key(&2), "{counts:?} {told}");
    for path in fs::read_dir(&folder).into_iter().flatten().flatten() {
        fs::remove_file(path.path()).expect("the folder is emptied");
    }
    let _ = fs::remove_file(file);
}

fn key(desk: &Desk) {
    let path = desk.folder.join("key.pem");
    let made = Command::new("openssl").args(["genpkey", "-algorithm", "ed25519", "-out"]).arg(path).output();
    assert!(made.is_ok_and(|output| output.status.success()), "openssl makes a key");
}

fn shrink(file: &std::path::Path) {
    fs::OpenOptions::new()
        .write(true)
        .open(file)
        .and_then(|file| file.set_len(SIZE as u64 / 2))
        .expect("a shorter file");
}

fn grow(file: &std::path::Path) {
    fs::OpenOptions::new()
        .write(true)
        .open(file)
        .and_then(|file| file.set_len(SIZE as u64 * 2))
        .expect("a longer file");
}

/// Its length stays, so that only the signature could tell.
fn rewrite(file: &std::path::Path) {
    fs::write(file, vec![b'y'; SIZE]).expect("another file");
}

fn all(server: &Server, inbox: &str, options: &[&str]) {
    let with = |more: &[&'static str]| -> Vec<&str> { options.iter().copied().chain(more.iter().copied()).collect() };
    let signed = with(&["--dkim-key", "key.pem", "--dkim-selector", "s", "--dkim-domain", "mail.test"]);
    changed(server, inbox, shrink, options, "it ended after 200000 of the 400000 bytes that were announced");
    changed(server, inbox, grow, options, "it is longer than the 400000 bytes that were announced");
    changed(server, inbox, rewrite, &signed, "gave other bytes when it was read again than those that were signed");
    changed(server, inbox, shrink, &signed, "it ended after 200000 of the 400000 bytes that were announced");
}

#[test]
fn by_data() {
    let Some(server) = Server::start("smtp-sink") else { return };
    all(&server, "mail", &[]);
}

#[test]
fn by_chunks() {
    let Some(server) = Server::start_with("exim", &[("TLS_HOSTS", "")], &[]) else { return };
    all(&server, "mail/new", &[]);
}
