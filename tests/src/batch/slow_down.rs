//! A server that says 421 and "too many": the batch gets slower, and every mail arrives once.

use super::run::{Desk, all_arrived, mails};
use crate::servers::{Gate, Server};

#[test]
fn connections_and_messages_are_limited() {
    // Postfix spares its own networks, unless told.
    let limits = "smtpd_client_event_limit_exceptions =\nsmtpd_client_connection_count_limit = 2\n\
                  smtpd_client_message_rate_limit = 40\nanvil_rate_time_unit = 1s\nanvil_status_update_time = 1s";
    let Some(server) = Server::start_with("postfix", &[("EXTRA_MAIN_CF", limits)], &[]) else { return };
    let desk = Desk::starttls(&server, server.mx);
    desk.write("batch.jsonl", mails(100));
    let ran = desk.run(&["--connections", "8", "--log", "--log-dir", "logs"]).exits(0).says("100 sent, 0 failed");
    assert!(ran.results.iter().all(|result| result["success"] == true));
    let log = std::fs::read_to_string(desk.folder.join("logs/SMTPLog_1.txt")).expect("a log");
    assert!(log.contains("too many connections") || log.contains("too much mail"), "nothing was limited");
    let counts = all_arrived(&server.folder.join("mail/inbox/new"), 100);
    assert!(counts.len() == 100 && counts.values().all(|count| *count == 1), "{counts:?}");
}

/// smtp-sink says no to the first connections in each of its ways, then a good one stands behind the same port.
#[test]
fn a_sink_that_says_no_for_a_while() {
    let Some(good) = Server::start("smtp-sink") else { return };
    let folder = good.folder.join("mail");
    let modes: [&[&str]; 4] = [
        &["-Q", "CONNECT"],
        &["-Q", "MAIL"],
        &["-Q", "."],
        &["-r", "MAIL", "-b", "421 4.7.0 Too many connections from your host"],
    ];
    let mut sent = 0;
    for mode in modes {
        let Some(bad) = Server::start_with("smtp-sink", &[], mode) else { return };
        let (good_port, bad_port) = (good.mx, bad.mx);
        let gate = Gate::to(move |number| if number < 5 { bad_port } else { good_port });
        let desk = Desk::plain(gate.port);
        desk.write("batch.jsonl", mails(60));
        let ran = desk.run(&["--connections", "4"]).exits(0).says("60 sent, 0 failed");
        assert!(ran.results.iter().all(|result| result["success"] == true), "{mode:?}: {ran:#?}");
        sent += 1;
        let counts = all_arrived(&folder, 60 * sent);
        assert!(counts.len() == 60 && counts.values().all(|count| *count == sent), "{mode:?}: {counts:?}");
    }
}
