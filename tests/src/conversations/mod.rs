//! Conversations that a person can read, each replayed whole, line by line and byte by byte.
//!
//! The files and their form: `tests/conversations/README.md`.

// An error is made once in a conversation: its size is of no account.
#![allow(clippy::result_large_err)]

mod bless;
mod message;
mod network;
mod operation;
mod outcome;
mod replay;
mod script;
mod secrets;
mod seed;
mod setting;
mod step;
mod tls;
mod world;

use std::path::{Path, PathBuf};

use replay::Trace;
use script::Script;
use world::Feed;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conversations")
}

/// Every script below a folder.
fn scripts(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder of conversations") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("contents") {
            found.extend(scripts(&path));
        } else if path.extension().is_some_and(|extension| extension == "txt") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn conversations() {
    let only = std::env::var("CONVERSATIONS").unwrap_or_default();
    let is_blessing = std::env::var_os("BLESS").is_some();
    let paths: Vec<PathBuf> =
        scripts(&folder()).into_iter().filter(|path| path.to_string_lossy().contains(&only)).collect();
    assert!(!paths.is_empty(), "no conversation has {only:?} in its path");
    let complaints: Vec<String> = paths.iter().filter_map(|path| judge(path, is_blessing).err()).collect();
    assert!(complaints.is_empty(), "{} of {}:\n\n{}", complaints.len(), paths.len(), complaints.join("\n"));
}

/// Replays one file in every way.
fn judge(path: &Path, is_blessing: bool) -> Result<(), String> {
    let name = path.strip_prefix(folder()).unwrap_or(path).display().to_string();
    let run = |feed| -> Result<Trace, String> {
        replay::replay(Script::read(path)?, feed).map_err(|error| format!("{name}: {error}\n"))
    };
    let script = Script::read(path)?;
    let whole = run(Feed::Whole)?;
    if let Some(fault) = &whole.fault {
        return Err(format!("{name}: {fault}\n{}\n{}\n", whole.log, whole.outcome));
    }
    secrets::search(&script, &whole).map_err(|found| format!("{name}: {found}\n"))?;
    // Where it matters what comes at once, the other ways are another conversation.
    let others: &[Feed] = if script.value("feeds") == Some("whole") { &[] } else { &[Feed::Lines, Feed::Bytes] };
    for &feed in others {
        let trace = run(feed)?;
        if trace != whole {
            let fault = trace.fault.unwrap_or_default();
            let difference =
                bless::difference(&whole.log, &trace.log) + &bless::difference(&whole.outcome, &trace.outcome);
            return Err(format!("{name}: fed by {feed:?} it goes otherwise. {fault}\n{difference}"));
        }
    }
    if (&script.log, &script.outcome) == (&whole.log, &whole.outcome) {
        return Ok(());
    }
    let difference = bless::difference(&script.log, &whole.log) + &bless::difference(&script.outcome, &whole.outcome);
    if is_blessing {
        println!("{name}\n{difference}");
        return std::fs::write(path, script.with(&whole.log, &whole.outcome))
            .map_err(|error| format!("{name}: {error}"));
    }
    Err(format!("{name}:\n{difference}"))
}
