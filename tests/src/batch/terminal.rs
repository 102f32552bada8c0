//! The progress bar shows on a terminal, and nowhere else.

use super::run::{mails, sink};
use crate::servers::{host, not_run};
use std::process::{Command, Stdio};

#[test]
fn progress_shows_on_a_terminal_only() {
    let Some((server, desk)) = sink(&["-p", "-W", "DATA:1"]) else { return };
    desk.write("batch.jsonl", mails(3));
    let ran = desk.run(&[]).exits(0);
    assert!(!ran.said.contains('\r') && !ran.said.contains(" of 3 mails"), "{:?}", ran.said);

    let line = format!(
        "{} send --server smtp://127.0.0.1:{} --accept-unsecure --batch batch.jsonl > out",
        host().display(),
        server.mx
    );
    // `script` gives it a terminal of its own.
    let output = Command::new("script")
        .args(["-q", "-e", "-c", &line, "typescript"])
        .current_dir(&desk.folder)
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .output();
    let Ok(output) = output else { return not_run("script", "the program `script` of util-linux is missing") };
    assert!(output.status.success(), "{output:?}");
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(shown.contains(" of 3 mails") && shown.contains("/s") && shown.contains("left"), "{shown:?}");
    assert_eq!(desk.results().len(), 3);
}
