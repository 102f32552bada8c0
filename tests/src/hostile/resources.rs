//! Processor, time, memory.

use super::cage::Cage;

#[test]
fn who_takes_too_much_is_stopped() {
    let Some(cage) = Cage::new() else { return };
    for (attack, grants, code, words, log) in [
        (
            "processor-loop",
            ["--max-cpu", "1"],
            77,
            "computed for more than 1 s; --max-cpu",
            "computed for more than 1 s",
        ),
        ("processor-calls", ["--max-cpu", "1"], 77, "computed for more than 1 s; --max-cpu", "computed"),
        ("processor-sleep", ["--timeout", "1"], 77, "took more than 1 s; --timeout", "took more than 1 s"),
        ("processor-recursion", ["--max-cpu", "9"], 70, "the component trapped: ", "it trapped"),
        ("processor-trap", ["--max-cpu", "9"], 70, "the component trapped", "it trapped"),
        ("processor-zero", ["--max-cpu", "9"], 70, "out of bounds memory access", "out of bounds"),
        ("memory-small", ["--max-memory", "32"], 77, "more than 32 MiB of memory; --max-memory", "32 MiB of memory"),
        ("memory-huge", ["--max-memory", "64"], 77, "more than 64 MiB of memory; --max-memory", "64 MiB of memory"),
        ("system-threads", ["--max-cpu", "9"], 0, "", ""),
        ("system-process", ["--max-cpu", "9"], 0, "", ""),
        ("system-exit", ["--max-cpu", "9"], 1, "", ""),
    ] {
        let ran = match grants {
            ["--timeout", seconds] => cage.attack_within(seconds, &[], &[attack]),
            grants => cage.attack(&grants, &[attack]),
        };
        ran.exits(code).says(words);
        if !log.is_empty() {
            let written = cage.log();
            let last = written.lines().last().unwrap_or_default();
            assert!(last.contains("### SMTP Component stopped: ") && last.contains(log), "{attack}: {last}");
        }
    }
    cage.neighbours_are_well();
}
