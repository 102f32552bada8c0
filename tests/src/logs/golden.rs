//! What is shown of the logs in `tests/logs`, to the letter. `BLESS=1` writes it anew.

use super::folder;
use crate::cli::run;
use std::fs;

/// Each: the log, the arguments, the exit code, and the file of the expected output.
const SHOWN: &[(&str, &[&str], i32, &str)] = &[
    ("seed.log", &["explain"], 69, "seed.explain.txt"),
    ("seed.log", &["explain", "--language", "es"], 69, "seed.explain-es.txt"),
    ("seed.log", &["explain", "--json"], 69, "seed.explain.json"),
    ("seed.log", &["view"], 0, "seed.view.txt"),
    ("seed.log", &["view", "--json"], 0, "seed.view.json"),
    ("mixture.log", &["explain"], 69, "mixture.explain.txt"),
    ("mixture.log", &["explain", "--language", "es"], 69, "mixture.explain-es.txt"),
    ("mixture.log", &["explain", "--json", "--conversation", "3"], 69, "mixture.explain-3.json"),
    ("mixture.log", &["view"], 0, "mixture.view.txt"),
    ("mixture.log", &["view", "--conversation", "16", "--content"], 0, "mixture.view-16.txt"),
    ("mixture.log", &["view", "--errors", "--process", "3"], 0, "mixture.view-errors-3.txt"),
    ("mixture.log", &["explain", "--grep", "expired on"], 69, "mixture.explain-grep.txt"),
];

#[test]
fn as_it_is_shown() {
    let is_blessing = std::env::var_os("BLESS").is_some();
    let mut wrong = String::new();
    for (log, arguments, code, expected) in SHOWN {
        let all: Vec<_> = ["logs"].iter().chain(*arguments).chain([log]).copied().collect();
        let ran = run(&folder(), &all, b"");
        let path = folder().join(expected);
        if is_blessing {
            fs::write(&path, &ran.out).expect("a file");
        }
        let known = fs::read_to_string(&path).unwrap_or_default();
        if known != ran.out || ran.code != *code {
            wrong.push_str(&format!("{}\nexit {}, not {code}:\n{}\n{}", all.join(" "), ran.code, ran.out, ran.err));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn standard_input_reads_the_same() {
    let text = fs::read(folder().join("mixture.log")).expect("the log");
    for arguments in [&["explain"][..], &["view", "--errors"]] {
        let with = |file: &'static str| ["logs"].iter().chain(arguments).chain([&file]).copied().collect::<Vec<_>>();
        let (file, piped) = (run(&folder(), &with("mixture.log"), b""), run(&folder(), &with("-"), &text));
        assert_eq!(piped.out.lines().count(), file.out.lines().count(), "{}", piped.told());
        assert_eq!(piped.code, file.code);
        let without_hints = |text: &str| text.lines().filter(|line| !line.contains("extract")).count();
        assert_eq!(without_hints(&piped.out), without_hints(&file.out));
    }
}

#[test]
fn exit_codes_and_errors() {
    run(&folder(), &["logs", "explain", "missing.log"], b"").exits(66).says("'missing.log' can't be read");
    run(&folder(), &["logs", "explain", "."], b"").exits(66).says("is a folder");
    run(&folder(), &["logs", "explain", "seed.view.json"], b"").exits(65).says("no line of a conversation log");
    run(&folder(), &["logs", "view", "-"], b"hello\n").exits(65).says("no line of a conversation log");
    run(&folder(), &["logs", "explain", "--since", "yesterday", "seed.log"], b"").exits(64).says("--since");
    run(&folder(), &["logs", "explain", "--grep", "(", "seed.log"], b"").exits(64).says("--grep");
    // All that is asked for went well.
    run(&folder(), &["logs", "explain", "--conversation", "2", "mixture.log"], b"").exits(0);
    run(&folder(), &["logs", "explain", "--since", "2030-01-01", "seed.log"], b"").exits(0);
    run(&folder(), &["logs", "--help"], b"").exits(0);
    for command in ["view", "follow", "explain", "extract"] {
        assert!(run(&folder(), &["logs", command, "--help"], b"").exits(0).out.contains("Example"), "{command}");
    }
}
