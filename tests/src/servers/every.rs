//! What is expected of the client in front of every server.

use super::client::{Answer, Client};
use super::fixture::{self, message};
use super::log::{Log, escaped};
use super::mailbox::{arrived, assert_same};
use super::server::Server;
use std::path::Path;

pub const USER: &str = "alice";
pub const PASSWORD: &str = "wonderland";
const FROM: &str = "alice@mail.test";
const TO: &str = "bob@mail.test";

/// A message with all that can be spoilt arrives as it was, and both logs tell all of it.
#[track_caller]
pub fn delivers(client: Client, port: u16, at_once: bool, inbox: &Path, tag: &str) {
    let message = message(tag);
    let answer = client.eml(&message, FROM, &[TO]).send().sent();
    assert_eq!(answer.json["bytes"], message.len(), "{}", answer.told());
    assert_eq!(answer.json["recipients"][0]["accepted"], true, "{}", answer.told());
    assert_logs(&answer, &message, port, at_once);
    assert!(taken_out(&answer.file) == message, "the log gives the mail back: {}", answer.told());
    assert_same(&arrived(inbox, tag), &message);
}

/// The one mail of an extended log.
fn taken_out(log: &[u8]) -> Vec<u8> {
    let mut found = Vec::new();
    smtp_logs::conversations(log, |told| found.push(told)).expect("memory can be read");
    assert_eq!(found.len(), 1);
    let mut mail = Vec::new();
    let taken = smtp_logs::extract::extract(std::io::Cursor::new(log), &found[0], &found[0].mails[0], &mut mail);
    taken.expect("an extended log has the mail");
    mail
}

/// Both logs are whole, and differ in the body of the mail alone.
#[track_caller]
fn assert_logs(answer: &Answer, message: &[u8], port: u16, at_once: bool) {
    let (regular, extended) = (&answer.regular, &answer.extended);
    extended.whole(port, at_once);
    regular.whole(port, at_once);
    let commands = extended.client();
    let by_data = commands.contains(&"DATA");
    let sent: Vec<String> = fixture::lines(message)
        .into_iter()
        .map(|line| if by_data && line.starts_with(b".") { [b".", line].concat() } else { line.to_vec() })
        .map(|line| escaped(&line))
        .collect();
    assert_eq!(extended.content(), sent, "the extended log has the content line by line");
    let header = sent.iter().position(String::is_empty).expect("a header ends with an empty line");
    assert!(regular.content().starts_with(&extended.content()[..header]), "the regular log has the header");
    assert!(regular.content().len() <= header + 1, "and nothing of the body:\n{}", regular.text());
    assert_eq!(regular.client().len() - regular.content().len(), commands.len() - sent.len());
    assert_eq!(regular.server(), extended.server());
    assert_eq!(events(regular).len(), events(extended).len() + 1, "one event more: what was left out");
    assert_eq!(commands.last(), Some(&"QUIT"));
    assert!(extended.server().last().is_some_and(|line| line.starts_with("221")));
}

fn events(log: &Log) -> Vec<&String> {
    log.statements.iter().filter(|statement| statement.starts_with("### ")).collect()
}

/// A wrong password is told as such, and no mail is tried.
#[track_caller]
pub fn refuses_password(client: Client) {
    let answer = client.login(USER, "not-the-password").small_mail().send().failed(77, "auth", "authentication-failed");
    assert_eq!(answer.json["status"], 535, "{}", answer.told());
    assert_eq!(answer.json["delivery"], "not-accepted");
    assert_nothing_of_the_mail(&answer);
    assert!(!answer.extended.text().contains("not-the-password"));
    assert!(answer.extended.server().iter().any(|line| line.starts_with("535")));
}

/// Without the authority's certificate nothing but EHLO and STARTTLS is said.
#[track_caller]
pub fn refuses_certificate(port: u16, scheme: &str) {
    let client = Client::to(&format!("{scheme}://localhost:{port}")).login(USER, PASSWORD).small_mail();
    let answer = client.send().failed(69, "tls", "certificate-refused");
    assert_nothing_of_the_mail(&answer);
    let said = answer.extended.client();
    assert!(said.iter().all(|line| line.starts_with("EHLO ") || *line == "STARTTLS"), "{}", answer.told());
    assert!(answer.extended.event("issuer"), "{}", answer.told());
}

#[track_caller]
fn assert_nothing_of_the_mail(answer: &Answer) {
    let said = answer.extended.client();
    assert!(!said.iter().any(|line| line.starts_with("MAIL ") || line.starts_with("Subject:")), "{}", answer.told());
}

/// The mechanism logs in for real, a mail goes, and the secret stands nowhere.
#[track_caller]
pub fn logs_in(client: Client, mechanism: &str, secret: &str) {
    eprintln!("AUTH {mechanism}");
    let answer = client.args(["--auth", &mechanism.to_lowercase()]).small_mail().send().sent();
    let said = answer.extended.client();
    let command = format!("AUTH {mechanism}");
    assert!(
        said.iter().any(|line| **line == command || line.starts_with(&format!("{command} *"))),
        "{}",
        answer.told()
    );
    assert!(answer.extended.server().iter().any(|line| line.starts_with("235")), "{}", answer.told());
    assert!(!answer.told().contains(secret), "{}", answer.told());
}

/// One of two recipients is refused, and the other gets the mail; then all are.
#[track_caller]
pub fn refuses_recipient(client: impl Fn() -> Client, refused: &str, inbox: &Path, tag: &str) {
    let message = message(tag);
    let answer = client().eml(&message, FROM, &[refused, TO]).send().sent();
    let results = &answer.json["recipients"];
    assert!(results[0]["accepted"] == false && results[1]["accepted"] == true, "{}", answer.told());
    assert!(results[0]["status"].as_u64().is_some_and(|status| status >= 500), "{}", answer.told());
    assert!(answer.regular.event(refused), "{}", answer.told());
    assert_same(&arrived(inbox, tag), &message);

    let answer = client().eml(&message, FROM, &[refused]).send().failed(69, "rcpt-to", "all-recipients-refused");
    assert_eq!(answer.json["recipients"][0]["accepted"], false, "{}", answer.told());
    assert_eq!(answer.json["delivery"], "not-accepted", "{}", answer.told());

    let both = client().eml(&message, FROM, &[refused, TO]).arg("--require-all").send();
    let both = both.failed(69, "rcpt-to", "recipient-refused");
    assert_eq!(both.json["delivery"], "not-accepted", "{}", both.told());
}

/// Everything that a server with TLS and passwords is asked, over STARTTLS and TLS at once.
#[track_caller]
pub fn over_tls(server: &Server, starttls: u16, inbox: &Path) {
    delivers(Client::starttls(server, starttls).login(USER, PASSWORD), starttls, false, inbox, "by-starttls");
    delivers(Client::tls(server).login(USER, PASSWORD), server.tls, true, inbox, "by-tls");
    for more in ["--no-pipelining", "--no-chunking", "--no-initial-response"] {
        let client = Client::starttls(server, starttls).login(USER, PASSWORD).arg(more);
        delivers(client, starttls, false, inbox, &format!("with{more}"));
    }
    refuses_password(Client::starttls(server, starttls));
    refuses_password(Client::tls(server));
    refuses_certificate(starttls, "smtp");
    refuses_certificate(server.tls, "smtps");
}
