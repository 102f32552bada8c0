//! What a line of the conversation log costs: nanoseconds an append with the log off, on, and on while another host appends
//! to the same file.
//!
//! `cargo run --release -p smtp-host --example log_files [FOLDER]`

use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

use smtp_host::log_files::{Identity, LogError, LogFiles, Written};

const STATEMENT: &str = "S < \"250 2.1.5 <somebody@example.com> Recipient ok\"";

fn main() -> Result<(), LogError> {
    let folder = std::env::args().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = folder.join(format!("log-files-{}", std::process::id()));
    let logs = LogFiles::builder().folder(&folder).extended_folder(&folder).regular(1).build()?;
    let other = LogFiles::builder().folder(&folder).regular(1).build()?;
    let identity = Identity::new(&logs);

    logs.set_regular(0)?;
    time("regular log, off", 10_000_000, || black_box(&logs).append_regular(&identity, black_box(&[STATEMENT])));
    logs.set_regular(1)?;
    time("regular log, one line", 200_000, || logs.append_regular(&identity, &[STATEMENT]));
    time("regular log, ten lines", 50_000, || logs.append_regular(&identity, &[STATEMENT; 10]));
    let mut turn = false;
    time("regular log, one line, two hosts by turns", 100_000, || {
        turn = !turn;
        if turn { logs.append_regular(&identity, &[STATEMENT]) } else { other.append_regular(&identity, &[STATEMENT]) }
    });
    let log = logs.open_extended("extended.txt")?;
    time("extended log, one line", 200_000, || log.append(&identity, &[STATEMENT]));

    let _ = std::fs::remove_dir_all(folder);
    Ok(())
}

fn time(what: &str, times: u32, mut append: impl FnMut() -> Written) {
    let began = Instant::now();
    let lost = (0..times).filter(|_| append() == Written::Lost).count();
    let each = began.elapsed().as_nanos() as f64 / f64::from(times);
    println!("{each:>9.1} ns an append: {what}{}", if lost > 0 { " (lines were lost)" } else { "" });
}
