//! Sendmail, which keeps a mail's header and body in two files of its queue.

use super::client::Client;
use super::every::refuses_certificate;
use super::fixture::{lines, message};
use super::mailbox::arrived;
use super::server::Server;

#[test]
fn queued() {
    let Some(server) = Server::start("sendmail") else { return };
    let message = message("queued");
    for (client, port, at_once) in
        [(Client::starttls(&server, server.mx), server.mx, false), (Client::tls(&server), server.tls, true)]
    {
        let answer = client.eml(&message, "alice@mail.test", &["bob@mail.test"]).send().sent();
        answer.extended.whole(port, at_once);
        let stored = arrived(&server.folder.join("queue"), "--=_edge_=--");
        let all = lines(&message);
        let body = all.iter().position(|line| line.is_empty()).expect("a body") + 1;
        assert!(lines(&stored) == all[body..], "the body was changed");
        arrived(&server.folder.join("queue"), "H??Message-ID: <queued@client.test>");
        refuses_certificate(port, if at_once { "smtps" } else { "smtp" });
        std::fs::read_dir(server.folder.join("queue"))
            .expect("the queue")
            .flatten()
            .for_each(|entry| std::fs::remove_file(entry.path()).expect("an emptied queue"));
    }
}
