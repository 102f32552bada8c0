//! One mail on a live connection, ours beside others: the time of one `send`.

use crate::log::{connected, mail};
use crate::median;
use crate::smtp_sink::SmtpSink;
use smtp_host::Host;
use std::process::Command;
use std::time::Instant;

const TURNS: usize = 5;
const MAILS: usize = 400;

pub fn measure() {
    let Some(sink) = SmtpSink::start() else { return };
    let (port, mails) = (sink.port.to_string(), MAILS.to_string());
    let lettre = || crate::peer("small").map(|mut command| time(command.args(["live", &port, &mails])));
    let nodemailer = || {
        let module = std::env::var("SERVER_PROGRAMS").ok()? + "/node/node_modules/nodemailer";
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/bench/peers/small.mjs");
        let exists = std::path::Path::new(&module).exists();
        exists.then(|| time(Command::new("node").args([script, &module, &port, &mails])))
    };
    let (mut our, mut rust, mut node) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        our.push(ours(sink.port));
        rust.extend(lettre());
        node.extend(nodemailer());
    }
    println!("  ours        {:6.0} us a mail on a live connection to smtp-sink", median(our.clone()));
    for (name, times) in [("lettre", rust), ("nodemailer", node)] {
        if times.is_empty() {
            println!("  NOT MEASURED: {name}; tests/bench/run installs it");
            continue;
        }
        let ratio = median(our.iter().zip(&times).map(|(our, their)| our / their).collect());
        println!("  {name:11} {:6.0} us; ours takes {ratio:.2} times as long", median(times));
    }
}

fn ours(port: u16) -> f64 {
    let host = Host::builder().build().expect("a host");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut transporter = connected(&host, port).await;
        let mut times = Vec::with_capacity(MAILS);
        for _ in 0..MAILS {
            let begun = Instant::now();
            transporter.send(&mail()).await.expect("sent");
            times.push(begun.elapsed().as_secs_f64() * 1e6);
        }
        median(times)
    })
}

/// Microseconds, as the program prints them.
fn time(command: &mut Command) -> f64 {
    let output = command.output().expect("it runs");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number")
}
