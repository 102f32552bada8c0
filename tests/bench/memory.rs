//! What an idle transporter keeps resident: the growth of this process by many of them, and where it is.

use crate::log::connected;
use crate::sink::Sink;
use smtp_host::Host;
use std::collections::BTreeMap;

const FIRST: usize = 16;
const MORE: usize = 256;

pub fn measure() {
    let sink = Sink::start();
    let host = Host::builder().build().expect("a host");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut transporters = Vec::with_capacity(FIRST + MORE);
        for _ in 0..FIRST {
            transporters.push(connected(&host, sink.port).await);
        }
        let before = account();
        for _ in 0..MORE {
            transporters.push(connected(&host, sink.port).await);
        }
        let after = account();
        let each = (resident(&after) - resident(&before)) / MORE as f64;
        println!("  {each:.1} KiB for each of {MORE} transporters after their first mail (promised: at most 64 KiB)");
        for (what, kib) in &after {
            let more = (kib - before.get(what).copied().unwrap_or(0.0)) / MORE as f64;
            if more >= 0.1 {
                println!("    {more:6.1} KiB {what}");
            }
        }
    });
}

fn resident(account: &BTreeMap<String, f64>) -> f64 {
    account.values().sum()
}

/// What is resident is one of these.
const SHARES: [(&str, &str); 4] = [
    ("Private_Dirty:", "its own"),
    ("Private_Clean:", "its own, unchanged"),
    ("Shared_Dirty:", "shared"),
    ("Shared_Clean:", "shared, unchanged"),
];

/// KiB resident by kind of mapping.
fn account() -> BTreeMap<String, f64> {
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
            *account.entry(format!("{kind}, {what}")).or_default() += kib;
        }
    }
    account
}
