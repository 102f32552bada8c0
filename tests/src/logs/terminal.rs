//! What a log looks like on a terminal: folded, coloured, through a pager; and what it can do to one, which is nothing.

use crate::servers::{host, not_run};
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A log that would like to move the terminal: escapes, C1 controls, a clipboard, another order of writing.
const HOSTILE: &[u8] = b"1 2026-11-25T10:00:00.000 1 1 ### SMTP Connected to '\x1b[2Jh' on port 25. (unsecured)\n\
2 2026-11-25T10:00:00.010 1 1 S < \"220 \x1b]52;c;aGVsbG8=\x07 \xc2\x9b31m \xe2\x80\xae\xff \r\x08\"\n\
3 2026-11-25T10:00:00.020 1 1 C > \"MAIL FROM:<\x1b[31m@b>\"\n\
4 2026-11-25T10:00:00.030 1 1 S < \"550 \x1bP0;1|17/ab\x1b\\ no\"\n\
\x1b[2J\x1b[H\x9b2J no line of a log\n\
5 2026-11-25T10:00:00.040 1 1 ### SMTP Connection closed\n";

struct Terminal {
    folder: PathBuf,
    columns: u32,
    environment: Vec<(&'static str, String)>,
    keys: &'static str,
}

impl Terminal {
    /// None where there is no `script`, which gives a program a terminal of its own.
    fn new(name: &str, columns: u32) -> Option<Terminal> {
        if Command::new("script").arg("--version").output().is_err() {
            not_run("script", "the program `script` of util-linux is missing");
            return None;
        }
        let folder = std::env::temp_dir().join(format!("smtp-terminal-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        fs::copy(super::folder().join("mixture.log"), folder.join("mixture.log")).expect("the log");
        fs::write(folder.join("hostile.log"), HOSTILE).expect("a file");
        Some(Terminal { folder, columns, environment: vec![("PAGER", "cat".into())], keys: "" })
    }

    fn with(mut self, name: &'static str, value: &str) -> Terminal {
        self.environment.push((name, value.to_owned()));
        self
    }

    /// What `host logs …` writes there, with LF alone, and its exit code.
    fn shows(&self, arguments: &str) -> (String, i32) {
        let line = format!("stty cols {} rows 24; exec {} logs {arguments}", self.columns, host().display());
        let mut command = Command::new("script");
        command.args(["-q", "-e", "-c", &line, "typescript"]).current_dir(&self.folder);
        command.env("TERM", "xterm-256color").env_remove("NO_COLOR").env_remove("LESS");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        let mut script = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("script runs");
        let _ = script.stdin.take().expect("a pipe").write_all(self.keys.as_bytes());
        let output = script.wait_with_output().expect("it ends");
        let shown = String::from_utf8(output.stdout).expect("UTF-8 and nothing else");
        (shown.replace("\r\n", "\n").replace("^D\x08\x08", ""), output.status.code().expect("not killed"))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Without its colours. What else an escape could do is left in.
fn without_colours(text: &str) -> String {
    let mut rest = text;
    let mut plain = String::new();
    while let Some(at) = rest.find("\x1b[") {
        plain.push_str(&rest[..at]);
        let after = &rest[at + 2..];
        let end = after.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(after.len());
        match after[end..].strip_prefix('m') {
            Some(behind) => rest = behind,
            None => {
                plain.push('\x1b');
                rest = after;
            }
        }
    }
    plain + rest
}

#[test]
fn lines_are_folded_and_coloured() {
    for columns in [40, 80, 120] {
        let Some(terminal) = Terminal::new(&format!("folded-{columns}"), columns) else { return };
        for arguments in ["view mixture.log", "explain mixture.log", "explain --language es mixture.log"] {
            let (shown, _) = terminal.shows(arguments);
            let plain = without_colours(&shown);
            assert!(!plain.contains(|c: char| c.is_control() && c != '\n'), "{plain:?}");
            for line in plain.lines() {
                assert!(line.chars().count() <= columns as usize, "{arguments} at {columns}: {line}");
            }
            // Folding leaves out nothing but blanks.
            let words = |text: &str| text.split_whitespace().collect::<String>();
            assert!(words(&plain).contains("550"), "{plain}");
            assert!(shown.contains("\x1b[1;31m"), "what failed stands out: {shown}");
        }
        let (shown, code) = terminal.shows("view --conversation 15 mixture.log");
        assert_eq!(code, 0);
        for colour in ["\x1b[36mC > \"DATA\"", "\x1b[32mS < \"354 Go", "\x1b[1;31mS < \"550 ", "\x1b[33m### SMTP"] {
            assert!(shown.contains(colour), "{colour:?} is not in {shown:?}");
        }
    }
}

#[test]
fn without_colours_where_they_are_not_wanted_or_not_known() {
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let Some(terminal) = Terminal::new(name, 80) else { return };
        let (shown, _) = terminal.with(name, value).shows("view mixture.log");
        assert!(!shown.contains('\x1b') && shown.contains("── #"), "{name}: {shown:?}");
        assert!(shown.lines().all(|line| line.chars().count() <= 80), "{name} is still folded");
    }
}

#[test]
fn nothing_in_a_log_moves_the_terminal() {
    let Some(terminal) = Terminal::new("hostile", 80) else { return };
    for arguments in
        ["view hostile.log", "explain hostile.log", "view --json hostile.log", "explain --json hostile.log"]
    {
        let (shown, _) = terminal.shows(arguments);
        let plain = without_colours(&shown);
        assert!(shown.contains("550"), "{shown}");
        let moves = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{2028}');
        assert!(!plain.contains(moves), "{arguments}: {plain:?}");
        // The only colours are our own: the log has none that came through.
        assert!(!shown.contains("\x1b[31m@b"), "{shown:?}");
    }
}

#[test]
fn a_pager_shows_it_and_may_leave_early() {
    let Some(terminal) = Terminal::new("pager", 80) else { return };
    let terminal = terminal.with("PAGER", "tee paged");
    let (shown, code) = terminal.shows("view mixture.log");
    let paged = fs::read_to_string(terminal.folder.join("paged")).expect("what the pager read");
    assert_eq!((shown, code), (paged, 0));

    let terminal = terminal.with("PAGER", "head -n 1");
    let (shown, code) = terminal.shows("view mixture.log");
    assert_eq!((shown.lines().count(), code), (1, 0), "{shown}");

    // A pager that is not there: all at once.
    let terminal = terminal.with("PAGER", "no-such-pager -R");
    assert!(terminal.shows("view mixture.log").0.lines().count() > 200);
    assert!(terminal.shows("view --no-pager mixture.log").0.lines().count() > 200);

    // Ctrl-C is for the pager: what reads the log does not leave it alone with the terminal.
    let script = terminal.folder.join("pager.sh");
    fs::write(&script, "kill -INT $PPID\nsleep 0.3\ncat\n").expect("a file");
    let terminal = terminal.with("PAGER", "sh pager.sh");
    let (shown, code) = terminal.shows("view mixture.log");
    assert!(shown.lines().count() > 200 && code == 0, "exit {code}: {shown}");
}

#[test]
fn less_is_the_pager_where_none_is_named() {
    let Some(mut terminal) = Terminal::new("less", 80) else { return };
    if Command::new("less").arg("--version").output().is_err() {
        return not_run("less", "the pager `less` is missing");
    }
    terminal.environment = vec![("PAGER", String::new())];
    terminal.keys = "q";
    let (shown, code) = terminal.shows("view mixture.log");
    assert!(code == 0 && shown.contains("── #"), "exit {code}: {shown:?}");
    assert!(shown.lines().count() < 60, "one page, and then it was left: {shown}");
    assert!(shown.contains("\x1b[36mC > "), "less shows colours: {shown:?}");
}
