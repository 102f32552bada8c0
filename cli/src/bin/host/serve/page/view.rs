//! What the templates show, in the words that they show it in.

use askama::Template;
use axum::body::Bytes;
use serde::de::DeserializeOwned;

use crate::serve::api::{Detail, ListQuery};
use crate::serve::app::App;
use crate::serve::auth::{Principal, Role};
use crate::serve::feed::{Conversation, Kind, Outcome, Page};
use crate::serve::log::{State, Status, download};

/// The state of the log.
#[derive(Template)]
#[template(path = "serve/log.html")]
pub struct LogView {
    pub csrf: String,
    pub word: &'static str,
    pub is_off: bool,
    pub is_on: bool,
    pub is_paused: bool,
    /// Seconds since it was turned on.
    pub seconds: u64,
    pub duration: String,
    pub since: String,
    pub file: String,
    /// The file's name, where it can be downloaded.
    pub name: String,
    pub size: String,
    pub keep: usize,
    pub folder: String,
    pub changeable: bool,
    pub may_change: bool,
}

/// A page of the list.
#[derive(Template)]
#[template(path = "serve/list.html")]
pub struct ListView {
    pub rows: Vec<Row>,
    pub held: usize,
    pub dropped: u64,
    pub filtered: bool,
    /// The query of the next page.
    pub next: Option<String>,
    /// The query of this one, without `before`.
    pub query: String,
    pub may_read: bool,
    /// The newest page, which changes by itself.
    pub live: bool,
}

pub struct Row {
    pub id: u64,
    pub selected: bool,
    pub time: String,
    pub stamp: String,
    pub transporter: String,
    pub who: String,
    pub from: String,
    pub subject: String,
    pub outcome: &'static str,
    pub label: &'static str,
    pub status: String,
    pub took: String,
}

/// One conversation.
#[derive(Template)]
#[template(path = "serve/conversation.html")]
pub struct ConversationView {
    pub row: Row,
    pub running: bool,
    pub status_text: String,
    pub lines: Vec<Line>,
    pub incomplete: bool,
    pub failure: Option<Failure>,
}

pub struct Failure {
    pub title: String,
    pub meaning: Vec<String>,
    pub advice: String,
    pub retry: &'static str,
    pub phase: &'static str,
    pub message: String,
    pub source: String,
}

pub struct Line {
    pub key: String,
    pub time: String,
    pub side: &'static str,
    pub text: String,
}

/// What came of a form.
pub struct Notice {
    pub good: bool,
    pub text: String,
}

/// The whole page.
#[derive(Template)]
#[template(path = "serve/page.html")]
pub struct PageView {
    pub csrf: String,
    pub who: String,
    pub may_send: bool,
    pub may_administer: bool,
    pub notice: Option<Notice>,
    pub log: LogView,
    pub transporters: Vec<String>,
    pub filter: FilterView,
    pub list: ListView,
    pub selected: Option<ConversationView>,
    pub selected_id: u64,
    pub files: Vec<FileView>,
}

pub struct FilterView {
    pub transporter: String,
    pub outcome: String,
    pub text: String,
}

pub struct FileView {
    pub name: String,
    pub size: String,
}

/// A rendered template; a defect of one is told instead.
pub fn render(template: &impl Template) -> String {
    template.render().unwrap_or_else(|error| {
        tracing::error!(%error, "a template can't be rendered");
        "A defect of the page: see the service's own log.".to_owned()
    })
}

/// The fields of a form.
pub fn form<T: DeserializeOwned>(bytes: &Bytes) -> Result<T, ()> {
    serde_urlencoded::from_bytes(bytes).map_err(|_| ())
}

pub fn log(app: &App, who: &Principal) -> LogView {
    let Status { state, file, size, since, seconds, keep, folder, changeable, .. } = app.log.status();
    let file = file.unwrap_or_default();
    let name = std::path::Path::new(&file).file_name().map(|name| name.to_string_lossy().into_owned());
    let seconds = seconds.unwrap_or(0);
    LogView {
        csrf: who.session.as_ref().map(|session| session.csrf.clone()).unwrap_or_default(),
        word: match state {
            State::Off => "off",
            State::On => "on",
            State::Paused => "paused",
        },
        is_off: state == State::Off,
        is_on: state == State::On,
        is_paused: state == State::Paused,
        seconds,
        duration: duration(seconds),
        since: since.map(|since| since.chars().take(19).collect::<String>().replace('T', " ")).unwrap_or_default(),
        name: name.filter(|name| size.unwrap_or(0) > 0 && download::number(name).is_some()).unwrap_or_default(),
        file,
        size: bytes(size.unwrap_or(0)),
        keep,
        folder,
        changeable,
        may_change: who.may(Role::Administer),
    }
}

pub fn list(page: &Page, query: &ListQuery, selected: u64, may_read: bool) -> ListView {
    let text = |name: &str, value: &Option<String>| {
        let value = value.as_deref().filter(|value| !value.is_empty())?;
        Some(format!("{name}={}", encoded(value)))
    };
    let parts = [text("transporter", &query.transporter), text("outcome", &query.outcome), text("text", &query.text)];
    let base = parts.into_iter().flatten().collect::<Vec<_>>().join("&");
    ListView {
        rows: page.list.iter().map(|conversation| row(conversation, selected)).collect(),
        held: page.held,
        dropped: page.dropped,
        filtered: !base.is_empty(),
        next: page
            .next
            .map(|next| if base.is_empty() { format!("before={next}") } else { format!("{base}&before={next}") }),
        query: base,
        may_read,
        live: query.before.is_none(),
    }
}

pub fn row(conversation: &Conversation, selected: u64) -> Row {
    let Conversation { id, kind, transporter, from, to, recipients, subject, started, outcome, status, .. } =
        conversation;
    let others = recipients.saturating_sub(1);
    Row {
        id: *id,
        selected: *id == selected,
        time: started.get(11..19).unwrap_or(started).to_owned(),
        stamp: started.replace('T', " "),
        transporter: transporter.to_string(),
        who: match (kind, others) {
            (Kind::Check, _) => "Check of the connection".to_owned(),
            (Kind::Mail, 0) => to.to_string(),
            (Kind::Mail, others) => format!("{to} and {others} more"),
        },
        from: from.to_string(),
        subject: subject.to_string(),
        outcome: outcome.word(),
        label: match (outcome, kind) {
            (Outcome::Running, _) => "running",
            (Outcome::Accepted, Kind::Check) => "answers",
            (Outcome::Accepted, Kind::Mail) => "accepted",
            (Outcome::Partly, _) => "accepted in part",
            (Outcome::Failed, _) => "failed",
            (Outcome::Unknown, _) => "unknown",
        },
        status: if *status > 0 { status.to_string() } else { String::new() },
        took: conversation
            .milliseconds
            .map(|ms| if ms < 10_000 { format!("{ms} ms") } else { duration((ms / 1000).into()) })
            .unwrap_or_default(),
    }
}

pub fn conversation(detail: &Detail) -> ConversationView {
    let Detail { conversation, found, explanation } = detail;
    let failure = conversation.failed.as_ref().zip(explanation.as_ref()).map(|(failed, explained)| Failure {
        title: explained.title.to_owned(),
        meaning: explained.meaning.clone(),
        advice: explained.advice.to_owned(),
        retry: match explained.retry {
            smtp_logs::causes::Retry::Later => "It may go later without any change.",
            smtp_logs::causes::Retry::Never => "It won't go, however often it is tried.",
            smtp_logs::causes::Retry::AfterChange => "It may go once something was changed.",
        },
        phase: failed.words().0,
        message: failed.message.to_string(),
        source: explained.source.unwrap_or_default().to_owned(),
    });
    let lines = found.lines.iter().map(|(at, line)| {
        let mut fields = line.splitn(5, ' ');
        let stamp = fields.nth(1).unwrap_or_default();
        let text = fields.nth(2).unwrap_or(line);
        let (side, text) = match text.as_bytes() {
            [b'C', b' ', b'>', b' ', ..] => ("client", &text[4..]),
            [b'S', b' ', b'<', b' ', ..] => ("server", &text[4..]),
            [b'#', b'#', b'#', b' ', ..] => ("event", &text[4..]),
            _ => ("event", text),
        };
        let key = format!("{}:{}", at.file, at.byte);
        Line { key, time: stamp.get(11..).unwrap_or(stamp).to_owned(), side, text: text.to_owned() }
    });
    ConversationView {
        row: row(conversation, 0),
        running: conversation.outcome == Outcome::Running,
        status_text: conversation.status_text.to_string(),
        lines: lines.collect(),
        incomplete: found.incomplete,
        failure,
    }
}

pub fn files(app: &App) -> Vec<FileView> {
    let file = |(number, size)| FileView { name: download::name(number), size: bytes(size) };
    download::list(app.log.folder()).into_iter().take(50).map(file).collect()
}

/// `1:02:03`, `2:03`
fn duration(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// `1.2 MB`
fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{:.1} kB", count as f64 / 1e3),
        _ => format!("{:.1} MB", count as f64 / 1e6),
    }
}

/// For a query: everything but letters and digits as `%XX`.
fn encoded(text: &str) -> String {
    let byte =
        |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        assert_eq!((duration(59), duration(3723)), ("0:59".into(), "1:02:03".into()));
        assert_eq!((bytes(999), bytes(1234), bytes(12_345_678)), ("999 B".into(), "1.2 kB".into(), "12.3 MB".into()));
        assert_eq!(encoded("a&b ñ"), "a%26b%20%C3%B1");
    }
}
