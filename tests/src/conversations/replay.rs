//! One file replayed in one way.

use std::cell::RefCell;
use std::rc::Rc;

use smtp_guest::transporter::Transporter;

use super::message;
use super::network::{Paper, Scripted};
use super::operation::{MailWords, Operation};
use super::script::Script;
use super::world::{Feed, World};
use super::{outcome, setting, tls};

/// What a replay left behind.
#[derive(PartialEq, Eq)]
pub struct Trace {
    pub log: String,
    pub outcome: String,
    /// Where the client left the script.
    pub fault: Option<String>,
}

type Client = Transporter<Scripted, Paper>;

pub fn replay(script: Script, feed: Feed) -> Result<Trace, String> {
    let operations = script.settings.iter().filter(|(key, _)| key == "do");
    let operations = operations.map(|(_, text)| Operation::parse(text)).collect::<Result<Vec<_>, _>>()?;
    let extended = script.is("extended", false);
    let settings = match setting::settings(&script) {
        Ok(settings) => settings,
        Err(error) => {
            return Ok(Trace { log: String::new(), outcome: outcome::error("settings", &error), fault: None });
        }
    };
    let host = script.value("host").unwrap_or(setting::HOST);
    let facts = tls::facts(host, script.value("tls").unwrap_or("TLSv1.3"));
    let local_ip = script.value("local").unwrap_or("192.0.2.1").parse().map_err(|_| "local is no address")?;
    let language = setting::language(&script);

    let world = Rc::new(RefCell::new(World::new(script, feed)));
    let network = Scripted { world: world.clone(), facts, local_ip };
    let logs = Paper { world: world.clone(), extended };
    let mut count = 0;
    let entropy = Box::new(move || {
        count += 1;
        [count; 16]
    });
    let mut client = Client::new(settings, language, network, logs, entropy);
    let mut outcomes = Vec::new();
    for operation in &operations {
        world.borrow_mut().begin();
        let before = effort(&world);
        let text = match operation {
            Operation::Check => outcome::check(&client.check()),
            Operation::Mail(words) => send(&mut client, words),
            Operation::Mails(mails, overlap) => send_all(&mut client, mails, *overlap),
            Operation::Close => {
                client.close();
                "close".to_owned()
            }
        };
        let after = effort(&world);
        outcomes.push(format!("{text}\n    round trips: {}, writes: {}", after.0 - before.0, after.1 - before.1));
    }
    drop(client);
    let mut world = world.borrow_mut();
    world.end();
    let log = if extended { &world.extended } else { &world.regular };
    Ok(Trace { log: folded(log), outcome: outcomes.join("\n"), fault: world.fault.take() })
}

fn send(client: &mut Client, words: &MailWords) -> String {
    let name = words.option("content").unwrap_or("hello");
    match (words.envelope(), message::content(name, words.option("size").is_some())) {
        (Ok(envelope), Ok(mut content)) => outcome::mail(&client.send(envelope, &mut *content)),
        (Err(error), _) | (_, Err(error)) => outcome::error("mail", &error),
    }
}

fn send_all(client: &mut Client, mails: &[MailWords], overlap: bool) -> String {
    let item = |words: &MailWords| {
        let name = words.option("content").unwrap_or("hello");
        Ok((words.envelope()?, message::content(name, words.option("size").is_some())?))
    };
    let results = client.send_all(mails.iter().map(item).collect(), overlap);
    results.iter().map(outcome::mail).collect::<Vec<_>>().join("\n")
}

fn effort(world: &RefCell<World>) -> (usize, usize) {
    let world = world.borrow();
    (world.round_trips, world.writes)
}

/// The log as text; lines that repeat stand once, with how often.
fn folded(log: &[String]) -> String {
    let mut lines = Vec::new();
    for run in log.chunk_by(|a, b| a == b) {
        match run {
            [line] => lines.push(line.clone()),
            [line, ..] => lines.push(format!("{line} × {}", run.len())),
            [] => {}
        }
    }
    lines.join("\n")
}
