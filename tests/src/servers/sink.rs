//! Postfix's smtp-sink, which misbehaves on request: what each misbehaviour is called, and what to do about it.

use super::client::{Answer, Client};
use super::every::delivers;
use super::server::Server;
use super::tee::Tee;

/// The options of smtp-sink, then exit code, phase, kind, delivery and retry.
type Row = (&'static str, i32, &'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const TABLE: [Row; 31] = [
    // 5xx
    ("-f CONNECT",   69, "greeting",  "refused",                "not-accepted", "never"),
    ("-f EHLO,HELO", 69, "ehlo",      "refused",                "not-accepted", "after-change"),
    ("-f MAIL",      69, "mail-from", "sender-refused",         "not-accepted", "never"),
    ("-f RCPT",      69, "rcpt-to",   "all-recipients-refused", "not-accepted", "never"),
    ("-f DATA",      69, "data",      "message-refused",        "not-accepted", "never"),
    ("-f .",         69, "content",   "message-refused",        "not-accepted", "never"),
    // 4xx
    ("-r CONNECT",   75, "greeting",  "refused",                "not-accepted", "later"),
    ("-r EHLO,HELO", 75, "ehlo",      "refused",                "not-accepted", "later"),
    ("-r MAIL",      75, "mail-from", "sender-refused",         "not-accepted", "later"),
    ("-r RCPT",      75, "rcpt-to",   "all-recipients-refused", "not-accepted", "later"),
    ("-r DATA",      75, "data",      "message-refused",        "not-accepted", "later"),
    ("-r .",         75, "content",   "message-refused",        "not-accepted", "later"),
    // Hangs up without a word.
    ("-q CONNECT",   75, "greeting",  "connection-lost",        "not-accepted", "later"),
    ("-q EHLO",      75, "ehlo",      "connection-lost",        "not-accepted", "later"),
    ("-q MAIL",      75, "mail-from", "connection-lost",        "not-accepted", "later"),
    ("-q RCPT",      75, "rcpt-to",   "connection-lost",        "not-accepted", "later"),
    ("-q DATA",      75, "data",      "connection-lost",        "not-accepted", "later"),
    ("-q .",         75, "content",   "connection-lost",        "unknown",      "later"),
    // 421 and hangs up.
    ("-Q CONNECT",   75, "greeting",  "service-closing",        "not-accepted", "later"),
    ("-Q EHLO",      75, "ehlo",      "service-closing",        "not-accepted", "later"),
    ("-Q MAIL",      75, "mail-from", "service-closing",        "not-accepted", "later"),
    ("-Q RCPT",      75, "rcpt-to",   "service-closing",        "not-accepted", "later"),
    ("-Q DATA",      75, "data",      "service-closing",        "not-accepted", "later"),
    ("-Q .",         75, "content",   "service-closing",        "not-accepted", "later"),
    // 550 to the content and no ear afterwards.
    ("-A 1",         69, "content",   "message-refused",        "not-accepted", "never"),
    // Too slow for the limits of the caller: 1 s to connect, 2 s to send. (Pipelined commands it would answer in the
    // wrong order.)
    ("-W CONNECT:4", 75, "greeting",  "timed-out",              "not-accepted", "later"),
    ("-W EHLO:4",    75, "ehlo",      "timed-out",              "not-accepted", "later"),
    ("-p -W MAIL:4", 75, "mail-from", "timed-out",              "not-accepted", "later"),
    ("-p -W RCPT:4", 75, "rcpt-to",   "timed-out",              "not-accepted", "later"),
    ("-p -W DATA:4", 75, "data",      "timed-out",              "not-accepted", "later"),
    ("-p -W .:4",    75, "content",   "timed-out",              "unknown",      "later"),
];

#[test]
fn misbehaving() {
    let mut wrong = Vec::new();
    for (options, code, phase, kind, delivery, retry) in TABLE {
        let Some(answer) = against(options, &["--connect-timeout", "1", "--send-timeout", "2"]) else { return };
        let (json, error) = (&answer.json, &answer.json["errors"][0]);
        let told =
            [&error["phase"], &error["kind"], &json["delivery"], &json["retry"]].map(|v| v.as_str().unwrap_or("-"));
        if answer.code != code || told != [phase, kind, delivery, retry] {
            wrong.push(format!("{options}: expected {code} {phase} {kind} {delivery} {retry}\n{}", answer.told()));
        }
        assert_eq!(
            answer.extended.statements.last().map(String::as_str),
            Some("### SMTP Connection closed"),
            "{options}"
        );
    }
    assert!(wrong.is_empty(), "{} of {} went wrong:\n\n{}", wrong.len(), TABLE.len(), wrong.join("\n"));
}

/// Odd, but no reason not to send.
#[test]
fn odd_but_good() {
    let modes = [
        "-f EHLO", "-e", "-p", "-8", "-E", "-N", "-a", "-P", "-T 1", "-H 1", "-f QUIT", "-r QUIT", "-q QUIT", "-Q QUIT",
    ];
    for options in modes {
        let Some(answer) = against(options, &[]) else { return };
        eprintln!("{options}");
        answer.sent();
    }
}

#[test]
fn authentication_missing() {
    let Some(server) = Server::start_with("smtp-sink", &[], &["-a"]) else { return };
    let answer = Client::plain(server.mx).login("alice", "wonderland").small_mail().send();
    let answer = answer.failed(77, "auth", "authentication-not-offered");
    assert!(!answer.extended.client().iter().any(|line| line.starts_with("MAIL ")), "{}", answer.told());
}

/// What the tap heard is what the log says, line by line; with PIPELINING, and with 1 MB in the content.
#[test]
fn log_is_the_conversation() {
    let Some(server) = Server::start("smtp-sink") else { return };
    delivers(Client::plain(server.mx), server.mx, false, &server.folder.join("mail"), "to-the-sink");
    let tap = Tee::before(server.mx);
    let large = [&super::fixture::message("large")[..], &b"....\r\n0123456789\r\n".repeat(58_000)].concat();
    let answer = Client::plain(tap.port).eml(&large, "alice@mail.test", &["a@mail.test", "b@mail.test"]).send().sent();
    let (client, server) = tap.lines();
    assert!(
        answer.extended.client() == client,
        "{} lines logged, {} sent",
        answer.extended.client().len(),
        client.len()
    );
    assert_eq!(answer.extended.server(), server);
}

fn against(options: &str, more: &[&str]) -> Option<Answer> {
    let arguments: Vec<&str> = options.split(' ').collect();
    let server = Server::start_with("smtp-sink", &[], &arguments)?;
    Some(Client::plain(server.mx).args(more.iter().copied()).small_mail().send())
}
