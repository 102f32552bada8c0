//! What the regular log costs: the same mails with it and without, in turns, to a server that answers at once and to
//! real ones.

use crate::median;
use crate::server::Server as Real;
use crate::sink::Sink;
use crate::smtp_sink::SmtpSink;
use smtp_host::log_files::LogFiles;
use smtp_host::types::{Mail, Mailbox, RootStore, Server, Trust};
use smtp_host::{Host, Transporter};
use std::time::Instant;

pub fn measure() {
    let sink = Sink::start();
    let ratio = pairs("a server that answers at once", server(sink.port), 25, 1000);
    println!("  cost of the log: {:.1} % (promised: at most 5 %)", (1.0 - ratio) * 100.0);
    drop(sink);
    if let Some(sink) = SmtpSink::start() {
        let ratio = pairs("smtp-sink of Postfix", server(sink.port), 15, 500);
        println!("  cost of the log: {:.1} %", (1.0 - ratio) * 100.0);
    }
    if let Some(postfix) = Real::start("postfix") {
        let pem = std::fs::read(postfix.ca()).expect("the certificate");
        let trust = Trust { roots: vec![RootStore::Pem(pem)], pin_sha256: None, client_certificate: None };
        let secured = Server { host: "localhost".into(), trust: Some(trust), ..server(postfix.mx) };
        let ratio = pairs("Postfix, TLS", secured, 5, 100);
        println!("  cost of the log: {:.1} %", (1.0 - ratio) * 100.0);
    }
}

/// Mails with the log by mails without, the median of the pairs.
fn pairs(name: &str, server: Server, turns: usize, mails: usize) -> f64 {
    let folder = std::env::temp_dir().join(format!("smtp-bench-{}", std::process::id()));
    let logs = LogFiles::builder().folder(&folder).build().expect("logs");
    let host = Host::builder().logs(logs.clone()).build().expect("a host");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (mut with, mut without) = (Vec::new(), Vec::new());
    runtime.block_on(async {
        let mut transporter = connected_to(&host, server).await;
        for turn in 0..2 * turns {
            // Which of a pair comes first changes, so that neither has the quieter half of the machine's time.
            let on = (turn % 2 == 1) == (turn % 4 < 2);
            logs.set_regular(u32::from(on)).expect("the log can be switched");
            let start = Instant::now();
            for _ in 0..mails {
                transporter.send(&mail()).await.expect("sent");
            }
            let each = mails as f64 / start.elapsed().as_secs_f64();
            if on { &mut with } else { &mut without }.push(each);
        }
    });
    let _ = std::fs::remove_dir_all(folder);
    let ratio = median(with.iter().zip(&without).map(|(with, without)| with / without).collect());
    println!("  {name}, one connection, mails/s: {:.0} without the log, {:.0} with it", median(without), median(with));
    ratio
}

/// A transporter that has sent one mail and keeps its connection.
pub async fn connected(host: &Host, port: u16) -> Transporter {
    connected_to(host, server(port)).await
}

async fn connected_to(host: &Host, server: Server) -> Transporter {
    let mut transporter = host.transporter(server).await.expect("a transporter");
    transporter.send(&mail()).await.expect("sent");
    transporter
}

/// In the clear, nobody logs in.
pub fn server(port: u16) -> Server {
    Server {
        port: Some(port),
        accept_unsecure_connection: Some(true),
        keep_alive: Some(true),
        ..Server::new("127.0.0.1")
    }
}

/// A small mail.
pub fn mail() -> Mail {
    let mailbox = |email: &str| Mailbox { name: None, email: email.into() };
    Mail {
        to: vec![mailbox("bob@mail.test")],
        subject: Some("A small mail".into()),
        text_body: Some("Nothing but a line of text.\n".into()),
        ..Mail::new(vec![mailbox("alice@mail.test")])
    }
}
