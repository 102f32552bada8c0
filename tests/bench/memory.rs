//! What an idle transporter keeps resident: the growth of this process by many of them.

use crate::log::connected;
use crate::sink::Sink;
use smtp_host::Host;

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
        let before = resident();
        for _ in 0..MORE {
            transporters.push(connected(&host, sink.port).await);
        }
        let each = (resident() - before) / MORE as f64;
        println!("  {each:.1} KiB for each of {MORE} transporters after their first mail (promised: at most 64 KiB)");
    });
}

/// KiB.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
