//! Ctrl-C: what is in flight is finished, and what was not sent is said; twice, and it ends at once.

use super::run::{Desk, all_arrived, arrived, mails, number, sink};
use std::collections::BTreeSet;
use std::process::{Child, Command};
use std::time::Duration;

fn interrupt(child: &Child) {
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.expect("kill runs").success());
}

fn wait_for_results(desk: &Desk, child: &mut Child, count: usize) {
    while desk.results().len() < count {
        assert!(child.try_wait().expect("it can be asked").is_none(), "it ended by itself");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn the_mails_in_flight_are_finished() {
    // A second for each mail, so that some are in flight.
    let Some((server, desk)) = sink(&["-p", "-W", "DATA:1"]) else { return };
    desk.write("batch.jsonl", mails(40));
    let options = ["--connections", "3", "--resume", "journal"];
    let mut child = desk.start(&options);
    wait_for_results(&desk, &mut child, 2);
    interrupt(&child);
    let ran = desk.end(child).exits(75).says("interrupted: ").says("not sent: lines ");
    let sent: BTreeSet<u64> = ran.results.iter().filter(|result| result["success"] == true).map(number).collect();
    assert!(sent.len() == ran.results.len() && (3..=12).contains(&sent.len()), "{ran:#?}");
    let folder = server.folder.join("mail");
    let counts = all_arrived(&folder, sent.len());
    assert_eq!(counts.keys().copied().collect::<BTreeSet<_>>(), sent);
    // What was not sent is all the rest.
    assert!(ran.said.contains(&format!("{} to 40", sent.len() + 1)), "{}", ran.said);
}

#[test]
fn twice_ends_it_at_once() {
    let Some((server, desk)) = sink(&["-p", "-W", "DATA:60"]) else { return };
    desk.write("batch.jsonl", mails(4));
    let mut child = desk.start(&["--resume", "journal"]);
    let begun = || std::fs::read_to_string(desk.folder.join("journal")).unwrap_or_default().contains("begun");
    while !begun() {
        std::thread::sleep(Duration::from_millis(10));
    }
    interrupt(&child);
    while !std::fs::read_to_string(desk.folder.join("err")).unwrap_or_default().contains("interrupted") {
        assert!(child.try_wait().expect("it can be asked").is_none(), "it ended by itself");
        std::thread::sleep(Duration::from_millis(10));
    }
    interrupt(&child);
    desk.end(child).exits(130);
    assert!(arrived(&server.folder.join("mail")).is_empty());
}
