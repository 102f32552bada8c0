//! Dropping a call: the connection is cut, the log says so, and nothing else is harmed.

use super::{mail, plain};
use crate::cli::run::Stage;
use smtp_host::log_files::LogFiles;
use smtp_host::types::Delivery;
use smtp_host::{Host, Pool};
use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::time::Duration;
use tokio::time::timeout;

/// A call that waits is dropped in its middle.
#[test]
fn a_dropped_call_ends_the_transporter() {
    let stage = Stage::open();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let folder = stage.folder.join("logs");
    let logs = LogFiles::builder().folder(&folder).extended_folder(&folder).regular(1).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let host = Host::builder().logs(logs).build().unwrap();
        let mut settings = plain("127.0.0.1", port);
        settings.log_file = Some("extended.txt".to_owned());
        let mut transporter = host.transporter(settings).await.map_err(|error| error.message).unwrap();
        let mail = mail("bob@mail.test");
        assert!(timeout(Duration::from_millis(300), transporter.send(&mail)).await.is_err());
        assert!(!transporter.is_usable());
        let error = timeout(Duration::from_secs(5), transporter.send(&mail)).await.expect("at once").unwrap_err();
        assert!(error.message.contains("make a new one"), "{}", error.message);
        assert_eq!(error.delivery, Delivery::NotAccepted);
        // The connection is cut although the transporter is still there.
        let (mut connection, _) = silent.accept().unwrap();
        connection.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        assert_eq!(connection.read(&mut [0; 64]).unwrap_or(0), 0);

        // A neighbour in the same engine is well.
        let other = host.transporter(plain("localhost", stage.plain_port())).await;
        other.map_err(|error| error.message).unwrap().send(&mail).await.map_err(|error| error.message).unwrap();
    });
    for name in ["SMTPLog_1.txt", "extended.txt"] {
        let log = fs::read_to_string(folder.join(name)).unwrap();
        assert!(log.contains("### SMTP Component stopped: the program gave the call up"), "{name}: {log}");
    }
    assert_eq!(stage.received().len(), 1);
}

/// Without QUIT the connection is cut, and whoever reads the log must not wonder why it has no end.
#[test]
fn a_transporter_that_is_not_closed_says_so() {
    let stage = Stage::open();
    let folder = stage.folder.join("logs");
    let logs = LogFiles::builder().folder(&folder).extended_folder(&folder).regular(1).build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let host = Host::builder().logs(logs).build().unwrap();
        for name in ["closed.txt", "dropped.txt"] {
            let mut settings = plain("localhost", stage.plain_port());
            settings.log_file = Some(name.to_owned());
            let mut transporter = host.transporter(settings).await.map_err(|error| error.message).unwrap();
            transporter.send(&mail("bob@mail.test")).await.map_err(|error| error.message).unwrap();
            if name == "closed.txt" {
                transporter.close().await;
            }
        }
        // One that never connected has nothing to tell.
        drop(host.transporter(plain("localhost", stage.plain_port())).await);
    });
    let log = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let words = "### SMTP Component stopped: the program ended without closing it; its connections are cut\n";
    assert!(!log("closed.txt").contains("stopped"), "{}", log("closed.txt"));
    assert!(log("dropped.txt").ends_with(words), "{}", log("dropped.txt"));
    assert_eq!(log("SMTPLog_1.txt").matches("stopped").count(), 1);
}

/// In a pool the place goes to the next.
#[test]
fn a_dropped_call_leaves_the_pool_its_place() {
    let stage = Stage::open();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let host = Host::builder().build().unwrap();
        let pool = Pool::builder(host, plain("localhost", stage.plain_port())).connections(1).build();
        for _ in 0..20 {
            let mail = mail("dropped@mail.test");
            // Some are dropped before they begin, some in their middle, some when they are done.
            let _ = timeout(Duration::from_millis(3), pool.send(&mail)).await;
        }
        pool.send(&mail("bob@mail.test")).await.map_err(|error| error.message).unwrap();
        assert_eq!(pool.metrics().in_use, 0);
    });
    assert!(stage.received().iter().any(|mail| mail.to == ["bob@mail.test"]));
}
