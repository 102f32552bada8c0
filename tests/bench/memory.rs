//! What an idle transporter keeps resident: the growth of this process by many of them, and where it is.

use crate::log::connected;
use crate::sink::Sink;
use smtp_host::{Host, Transporter};
use std::collections::BTreeMap;
use std::process::Command;

/// KiB by kind of mapping.
type Account = BTreeMap<String, f64>;

const FIRST: usize = 16;
const MORE: usize = 256;

pub fn measure() {
    let sink = Sink::start();
    for (name, builder) in [("on demand", Host::builder()), ("from a pool", Host::builder().pooling(1000))] {
        let host = builder.build().expect("a host");
        let (before, after) = grow(&host, sink.port, FIRST, MORE);
        let more = |what: &str| {
            let sum =
                |account: &Account| account.iter().filter(|(kind, _)| kind.contains(what)).map(|(_, kib)| kib).sum();
            let (before, after): (f64, f64) = (sum(&before), sum(&after));
            (after - before) / MORE as f64
        };
        println!(
            "  {:.1} KiB of its own for each of {MORE} idle transporters made {name} (promised: at most 64 KiB)",
            more(OWN)
        );
        println!("  {:.1} KiB more are shown as resident, which all of them share", more(SHARED));
        for (what, kib) in &after {
            let more = (kib - before.get(what).copied().unwrap_or(0.0)) / MORE as f64;
            if more >= 0.1 {
                println!("    {more:6.1} KiB {what}");
            }
        }
    }
}

/// What this program is called with to measure where nothing else has left free memory behind.
pub const ARGUMENT: &str = "idle-in-a-process";

/// A server's worth of idle transporters, in a process of its own.
pub fn measure_many() {
    let program = std::env::current_exe().expect("this program has a path");
    let status = Command::new(program).arg(ARGUMENT).status().expect("this program runs");
    assert!(status.success(), "{status}");
}

/// From a pool: so many made on demand are more mappings than Linux allows a process (vm.max_map_count).
pub fn measure_here() {
    const MANY: usize = 10_000;
    let files = (MANY + 1000).to_string();
    let limit = Command::new("prlimit")
        .args(["--pid", &std::process::id().to_string()])
        .arg(format!("--nofile={files}"))
        .status();
    if !limit.is_ok_and(|status| status.success()) {
        println!("  NOT MEASURED: {MANY} connections need {files} open files (prlimit --nofile, as root)");
        return;
    }
    // Inherits the limit.
    let sink = Sink::start();
    let host = Host::builder().pooling(MANY as u32).build().expect("a host");
    let before = proportional();
    let _kept = grow_to(&host, sink.port, MANY);
    let made = if host.is_pooling() { "from a pool" } else { "on demand" };
    let (mib, shown) = (proportional() - before, status("VmRSS:"));
    println!("  {mib:.0} MiB more for {MANY} idle transporters made {made} (promised: at most 640 MiB)");
    println!("  {shown:.0} MiB are shown as resident (VmRSS), shared pages once for each transporter");
}

/// What was resident with `first` transporters that had sent a mail, and with `more`.
fn grow(host: &Host, port: u16, first: usize, more: usize) -> (Account, Account) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut transporters = Vec::with_capacity(first + more);
        for _ in 0..first {
            transporters.push(connected(host, port).await);
        }
        let before = account();
        for _ in 0..more {
            transporters.push(connected(host, port).await);
        }
        (before, account())
    })
}

fn grow_to(host: &Host, port: u16, count: usize) -> (tokio::runtime::Runtime, Vec<Transporter>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let transporters = runtime.block_on(async {
        let mut transporters = Vec::with_capacity(count);
        for _ in 0..count {
            transporters.push(connected(host, port).await);
        }
        transporters
    });
    (runtime, transporters)
}

/// MiB, each shared page divided among those who share it: what the machine has less.
fn proportional() -> f64 {
    field("/proc/self/smaps_rollup", "Pss:") / 1024.0
}

fn status(name: &str) -> f64 {
    field("/proc/self/status", name) / 1024.0
}

fn field(file: &str, name: &str) -> f64 {
    let text = std::fs::read_to_string(file).expect("Linux");
    let line = text.lines().find_map(|line| line.strip_prefix(name)).expect("the field");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// What is resident is one of these.
const SHARES: [(&str, &str); 4] =
    [("Private_Dirty:", OWN), ("Private_Clean:", OWN), ("Shared_Dirty:", SHARED), ("Shared_Clean:", SHARED)];
const OWN: &str = "(own)";
const SHARED: &str = "(shared)";

/// KiB resident by kind of mapping.
fn account() -> Account {
    let text = std::fs::read_to_string("/proc/self/smaps").expect("Linux");
    let mut account = BTreeMap::new();
    let mut kind = String::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let first = words.next().unwrap_or_default();
        if !first.ends_with(':') {
            let size = first.split_once('-').map_or(0, |(from, to)| {
                let at = |text| u64::from_str_radix(text, 16).unwrap_or(0);
                at(to) - at(from)
            });
            let mode = words.next().unwrap_or_default();
            let name = words.nth(3).unwrap_or("anonymous");
            kind = format!("{mode} {name} of {} KiB", size / 1024);
        } else if let Some((_, what)) = SHARES.iter().find(|(name, _)| *name == first) {
            let kib: f64 = words.next().and_then(|kib| kib.parse().ok()).unwrap_or(0.0);
            *account.entry(format!("{kind} {what}")).or_default() += kib;
        }
    }
    account
}
