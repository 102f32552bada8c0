//! The pool: its limits, its clones, its numbers.

use super::{mail, plain, server};
use crate::cli::run::Stage;
use smtp_host::types::{ErrorKind, Phase};
use smtp_host::{Blocking, Host, Pool};
use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

fn shared<T: Clone + Send + Sync + 'static>(_: &T) {}

#[test]
fn many_callers_few_connections() {
    let stage = Stage::new();
    let blocking = Blocking::new().unwrap();
    let host = Host::builder().build().unwrap();
    let pool = Pool::builder(host, server(&stage)).connections(3).mails_per_connection(5).build();
    shared(&pool);
    thread::scope(|scope| {
        for caller in 0..10 {
            let (pool, blocking) = (pool.clone(), &blocking);
            scope.spawn(move || {
                for number in 0..4 {
                    let to = format!("{caller}-{number}@mail.test");
                    blocking.wait(pool.send(&mail(&to))).map_err(|error| error.message).unwrap();
                    assert!(pool.metrics().in_use <= 3);
                }
            });
        }
    });
    let arrived: BTreeSet<_> = stage.received().into_iter().flat_map(|mail| mail.to).collect();
    assert_eq!(arrived.len(), 40);
    let metrics = pool.metrics();
    assert_eq!((metrics.accepted, metrics.not_accepted, metrics.unknown), (40, 0, 0));
    assert!(metrics.made >= 8, "a new one after five mails: {metrics:?}");
    assert_eq!((metrics.in_use, metrics.waiting), (0, 0));
    assert!(metrics.bytes > 40 * 100);
    // A refusal is counted, and ends nothing.
    blocking.wait(pool.send(&mail("nobody@mail.test"))).unwrap_err();
    blocking.wait(pool.send(&mail("bob@mail.test"))).map_err(|error| error.message).unwrap();
    assert_eq!((pool.metrics().accepted, pool.metrics().not_accepted), (41, 1));
    blocking.wait(pool.close());
    assert_eq!(blocking.wait(pool.send(&mail("bob@mail.test"))).unwrap_err().message, "the pool is closed");
}

/// A transporter that is shared: tasks of any thread take turns, and one that gives up ends nobody else's mail.
#[test]
fn one_connection_for_many_tasks() {
    let stage = Stage::new();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let host = Host::builder().build().unwrap();
    let pool = Pool::builder(host, server(&stage)).connections(1).build();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..8)
            .map(|number| {
                let pool = pool.clone();
                tokio::spawn(async move {
                    for part in 0..3 {
                        pool.send(&mail(&format!("{number}-{part}@mail.test"))).await.map_err(|error| error.message)?;
                    }
                    Ok::<_, String>(())
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!((pool.metrics().made, pool.metrics().accepted), (1, 24), "{:?}", pool.metrics());
        // Given up at its first wait for the server, while somebody else stands in line.
        let (first, second) = (mail("gone@mail.test"), mail("last@mail.test"));
        let mut given_up = Box::pin(pool.send(&first));
        tokio::select! {
            biased;
            _ = &mut given_up => panic!("a mail that took no time"),
            () = std::future::ready(()) => {}
        }
        assert_eq!(pool.metrics().in_use, 1);
        let waiting = pool.clone();
        let waiting = tokio::spawn(async move { waiting.send(&second).await });
        tokio::task::yield_now().await;
        drop(given_up);
        waiting.await.unwrap().map_err(|error| error.message).unwrap();
        assert_eq!(pool.metrics().made, 2, "a cancelled transporter is replaced: {:?}", pool.metrics());
        pool.close().await;
    });
    let arrived: BTreeSet<_> = stage.received().into_iter().flat_map(|mail| mail.to).collect();
    assert!(arrived.contains("last@mail.test") && arrived.len() >= 25, "{arrived:?}");
}

#[test]
fn mails_keep_their_pace() {
    let stage = Stage::open();
    let blocking = Blocking::new().unwrap();
    let host = Host::builder().build().unwrap();
    let pool = Pool::builder(host, plain("localhost", stage.plain_port())).mails_per_second(20.0).build();
    let start = Instant::now();
    for _ in 0..5 {
        blocking.wait(pool.send(&mail("bob@mail.test"))).map_err(|error| error.message).unwrap();
    }
    assert!(start.elapsed() >= Duration::from_millis(200), "four intervals lie between five mails");
    assert_eq!(pool.metrics().made, 1);
}

#[test]
fn idle_connections_end() {
    let stage = Stage::open();
    let blocking = Blocking::new().unwrap();
    let host = Host::builder().build().unwrap();
    let settings = plain("localhost", stage.plain_port());
    let pool = Pool::builder(host, settings).idle_time(Duration::from_millis(50)).build();
    blocking.wait(pool.send(&mail("bob@mail.test"))).map_err(|error| error.message).unwrap();
    let until = Instant::now() + Duration::from_secs(20);
    while pool.metrics().idle > 0 {
        assert!(Instant::now() < until, "the idle connection stays");
        thread::sleep(Duration::from_millis(10));
    }
    blocking.wait(pool.send(&mail("bob@mail.test"))).map_err(|error| error.message).unwrap();
    assert_eq!(pool.metrics().made, 2);
}

#[test]
fn nobody_waits_for_ever() {
    let stage = Stage::open();
    let blocking = Blocking::new().unwrap();
    let host = Host::builder().build().unwrap();
    let settings = plain("localhost", stage.plain_port());
    let pool = Pool::builder(host, settings).connections(1).patience(Duration::from_millis(50)).build();
    let lease = blocking.wait(pool.lease()).map_err(|error| error.message).unwrap();
    let error = blocking.wait(pool.send(&mail("bob@mail.test"))).unwrap_err();
    assert_eq!((error.kind, error.phase), (ErrorKind::TimedOut, Phase::Policy));
    assert_eq!(pool.metrics().in_use, 1);
    drop(lease);
    blocking.wait(pool.send(&mail("bob@mail.test"))).map_err(|error| error.message).unwrap();
}
