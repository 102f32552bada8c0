//! How long it takes to make a transporter, from a pool and on demand.

use crate::log::server;
use crate::median;
use smtp_host::Host;
use std::time::Instant;

const TIMES: usize = 2000;

pub fn measure() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for pooling in [true, false] {
        let builder = Host::builder();
        let host = if pooling { builder.pooling(1000) } else { builder }.build().expect("a host");
        let times = runtime.block_on(async {
            let mut times = Vec::with_capacity(TIMES);
            for _ in 0..TIMES {
                let begun = Instant::now();
                let transporter = host.transporter(server(2525)).await.expect("a transporter");
                times.push(begun.elapsed().as_secs_f64() * 1e6);
                drop(transporter);
            }
            times
        });
        let name = if host.is_pooling() { "from a pool (promised: at most 50 us)" } else { "on demand" };
        println!("  {:6.1} us to make a transporter {name}, the median of {TIMES}", median(times));
    }
}
