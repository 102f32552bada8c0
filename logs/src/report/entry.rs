//! What the page shows of a conversation.

use super::lines::{Lines, shown};
use crate::causes::{Explanation, Language};
use crate::conversation::{
    Authentication, Cause, Conversation, Delivery, Ending, Outcome, Phase, Reply, Standing, Tls, Trouble,
};
use crate::explain::explanation;
use serde::Serialize;
use std::collections::HashMap;
use std::io::{self, Read, Seek};

/// A conversation.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// From 1.
    pub number: u64,
    /// `2019-02-06T15:03:11.586`
    pub started: Option<String>,
    /// From the first line to the last, in milliseconds.
    pub duration: Option<u64>,
    /// Fields 3 and 4: `5 7`.
    pub process: String,
    /// The server's name.
    pub server: Option<String>,
    /// Its port.
    pub port: Option<u16>,
    /// `TLSv1.3`, `on`, `off`, `failed` or `unknown`.
    pub tls: String,
    /// Cipher suite, certificate and issuer, where the log tells.
    pub certificate: Option<String>,
    /// `PLAIN`, and whether the server accepted it.
    pub login: Option<(String, &'static str)>,
    /// How it went.
    pub outcome: Outcome,
    /// How it ended.
    pub ending: Ending,
    /// Its mails.
    pub mails: Vec<MailEntry>,
    /// What decided.
    pub failures: Vec<FailureEntry>,
    /// Where the time went: name and milliseconds, in the order of a conversation.
    pub phases: Vec<(&'static str, u64)>,
    /// The longest waits that were longer than usual.
    pub waits: Vec<(Phase, u64, u64)>,
    /// Its first and last line, and how many it has.
    pub lines: (u64, u64, u64),
    /// Which file, from 0.
    pub file: u32,
    /// What was said; empty where it is not shown.
    #[serde(skip_serializing_if = "is_empty", serialize_with = "of_lines")]
    pub said: Lines,
    /// Lines that are not shown; `None` where none is.
    pub left_out: Option<u64>,
}

/// A mail.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MailEntry {
    /// The sender of the envelope.
    pub sender: Option<String>,
    /// Recipients: address, `accepted`, `refused` or `unanswered`, and the words of a refusal.
    pub recipients: Vec<(String, Standing, Option<String>)>,
    /// Recipients that the server took, and that it refused.
    pub accepted: u64,
    /// That it refused.
    pub refused: u64,
    /// `Subject`, as it is encoded.
    pub subject: Option<String>,
    /// `Message-ID`.
    pub message_id: Option<String>,
    /// Bytes.
    pub size: Option<u64>,
    /// What became of it.
    pub delivery: Delivery,
    /// The reply that decided.
    pub reply: Option<String>,
}

/// Something that failed.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FailureEntry {
    /// Which cause: its place in the page's list.
    pub cause: usize,
    /// In which phase.
    pub phase: Phase,
    /// The line that shows it.
    pub line: u64,
    /// The words of the server, or of the event.
    pub words: String,
    /// Whom it is about.
    pub recipient: Option<String>,
}

/// The explanations that the conversations share.
pub struct Causes {
    language: Language,
    list: Vec<Explanation>,
    places: HashMap<String, usize>,
}

impl Causes {
    /// None yet.
    pub fn new(language: Language) -> Causes {
        Causes { language, list: Vec::new(), places: HashMap::new() }
    }

    pub(super) fn is_spanish(&self) -> bool {
        self.language == Language::Spanish
    }

    /// All of them.
    pub fn list(&self) -> &[Explanation] {
        &self.list
    }

    /// The place of a trouble's explanation.
    fn place(&mut self, trouble: &Trouble, told: &Conversation) -> usize {
        let found = explanation(told, trouble, self.language);
        // Each class with a handful of codes and providers: some hundreds at most.
        let key =
            format!("{} {:?} {:?} {:?} {}", found.class, found.provider, found.meaning, found.source, found.advice);
        *self.places.entry(key).or_insert_with(|| {
            self.list.push(found);
            self.list.len() - 1
        })
    }
}

impl Entry {
    /// What is shown of a conversation, but for its lines.
    pub fn new(conversation: &Conversation, causes: &mut Causes) -> Entry {
        let server = conversation.server.as_ref();
        let host = server.map(|server| server.host.as_str());
        let failures = conversation.failures.iter().filter_map(|place| conversation.troubles.get(*place));
        let (tls, certificate) = tls(&conversation.tls);
        Entry {
            number: conversation.number,
            started: conversation.started().map(|stamp| stamp.to_string()),
            duration: conversation.duration_ms(),
            process: format!("{} {}", conversation.process.id, conversation.process.unique),
            server: host.map(shown),
            port: server.and_then(|server| server.port),
            tls,
            certificate,
            login: login(&conversation.authentication),
            outcome: conversation.outcome(),
            ending: conversation.ending,
            mails: conversation.mails.iter().map(mail).collect(),
            failures: failures.map(|trouble| failure(trouble, conversation, causes)).collect(),
            phases: phases(conversation),
            waits: {
                let slow = conversation.waits.iter().filter(|wait| wait.stands_out());
                slow.map(|wait| (wait.phase, wait.ms, wait.at.number)).collect()
            },
            lines: (conversation.first.number, conversation.last.number, conversation.lines),
            file: conversation.first.file,
            said: Lines::default(),
            left_out: None,
        }
    }

    pub(super) fn keep_steps(&mut self, conversation: &Conversation) {
        self.said = Lines::new(&conversation.steps, conversation.steps_left_out);
    }

    pub(super) fn read_lines<F: Read + Seek>(&mut self, files: &mut [F], left: &mut usize) -> io::Result<()> {
        self.said.read(files, left)?;
        self.left_out = (!is_empty(&self.said)).then_some(self.said.left_out());
        Ok(())
    }
}

fn is_empty(lines: &Lines) -> bool {
    lines.said().is_empty()
}

fn of_lines<S: serde::Serializer>(lines: &Lines, serializer: S) -> Result<S::Ok, S::Error> {
    lines.said().serialize(serializer)
}

fn tls(tls: &Tls) -> (String, Option<String>) {
    match tls {
        Tls::Unknown => ("unknown".into(), None),
        Tls::Off => ("off".into(), None),
        Tls::AtOnce => ("on".into(), None),
        Tls::Failed => ("failed".into(), None),
        Tls::StartTls { version, cipher, subject, issuer, expires, .. } => {
            (shown(version), Some(shown(&format!("{cipher}\n{subject}\n{issuer}\n{expires}"))))
        }
    }
}

fn login(authentication: &Authentication) -> Option<(String, &'static str)> {
    match authentication {
        Authentication::None => None,
        Authentication::Begun { mechanism } => Some((shown(mechanism), "begun")),
        Authentication::Accepted { mechanism } => Some((shown(mechanism), "accepted")),
        Authentication::Refused { mechanism, .. } => Some((shown(mechanism), "refused")),
    }
}

fn mail(mail: &crate::Mail) -> MailEntry {
    let recipients = mail.recipients.iter();
    let recipient =
        |one: &crate::conversation::Recipient| (shown(&one.address), one.standing, one.reply.as_ref().map(reply_words));
    MailEntry {
        sender: mail.sender.as_deref().map(shown),
        recipients: recipients.map(recipient).collect(),
        accepted: mail.accepted,
        refused: mail.refused,
        subject: mail.subject.as_deref().map(shown),
        message_id: mail.message_id.as_deref().map(shown),
        size: mail.content.size,
        delivery: mail.delivery,
        reply: mail.reply.as_ref().map(reply_words),
    }
}

fn failure(trouble: &Trouble, told: &Conversation, causes: &mut Causes) -> FailureEntry {
    FailureEntry {
        cause: causes.place(trouble, told),
        phase: trouble.phase,
        line: trouble.at.number,
        words: match &trouble.cause {
            Cause::Reply(reply) => reply_words(reply),
            Cause::Event(event) => shown(event.words()),
        },
        recipient: trouble.recipient.as_deref().map(shown),
    }
}

/// `550 5.1.1 No such user`; the lines of a longer reply below one another.
fn reply_words(reply: &Reply) -> String {
    shown(&if reply.code == 0 { reply.text.clone() } else { format!("{} {}", reply.code, reply.text) })
}

/// The phases that took time, in the order of a conversation.
fn phases(conversation: &Conversation) -> Vec<(&'static str, u64)> {
    let phases = conversation.phases;
    let all = [
        ("connect", phases.connect),
        ("greeting", phases.greeting),
        ("ehlo", phases.ehlo),
        ("starttls", phases.starttls),
        ("tls", phases.tls),
        ("auth", phases.auth),
        ("noop", phases.noop),
        ("envelope", phases.envelope),
        ("data", phases.data),
        ("reply", phases.reply),
        ("quit", phases.quit),
        ("idle", phases.idle),
    ];
    all.into_iter().filter_map(|(name, ms)| ms.map(|ms| (name, ms))).collect()
}
