//! The page's forms: the log, a check, a test mail, reloading.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use smtp_cli::mail_json::Letter;
use smtp_cli::mailbox;
use std::sync::Arc;

use super::parts;
use super::view::{self, Notice};
use crate::serve::api::ListQuery;
use crate::serve::app::App;
use crate::serve::auth::{Principal, Role};
use crate::serve::body;
use crate::serve::log::{Change, State as LogState};
use crate::serve::problem::Problem;
use crate::serve::send::{self, Answer};

/// Bytes of a form.
const LARGEST: usize = 256 << 10;

/// A form and who sent it.
pub struct Sent<T> {
    form: T,
    who: Principal,
    /// The script asks for the result alone, not for a page.
    script: bool,
}

#[derive(Deserialize)]
pub struct Nothing {}

#[derive(Deserialize)]
pub struct LogForm {
    action: String,
    #[serde(default)]
    first: String,
    #[serde(default)]
    keep: String,
}

#[derive(Deserialize)]
pub struct CheckForm {
    transporter: String,
}

#[derive(Deserialize)]
pub struct MailForm {
    transporter: String,
    from: String,
    to: String,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    text: String,
}

/// Reads a form, and makes sure that a page of ours sent it.
pub async fn confirmed<T: DeserializeOwned>(app: &Arc<App>, request: Request<Body>) -> Result<Sent<T>, Response> {
    #[derive(Deserialize)]
    struct Csrf {
        #[serde(default)]
        csrf: String,
    }
    let refused = |status, why: &'static str| (status, why).into_response();
    let Some(who) = request.extensions().get::<Principal>().cloned() else {
        return Err(refused(StatusCode::FORBIDDEN, "Log in first."));
    };
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let script = accept.starts_with("application/json");
    let read = body::read(app, request, LARGEST).await.map_err(IntoResponse::into_response)?;
    let bytes = axum::body::Bytes::from(read.bytes);
    let csrf = view::form::<Csrf>(&bytes).map(|form| form.csrf).unwrap_or_default();
    if !who.session.as_ref().is_some_and(|session| session.confirms(&csrf)) {
        return Err(refused(
            StatusCode::FORBIDDEN,
            "This form is not of this session: go back, reload, and try again.",
        ));
    }
    let form = view::form(&bytes).map_err(|_| refused(StatusCode::BAD_REQUEST, "The form can't be read."))?;
    Ok(Sent { form, who, script })
}

impl<T> Sent<T> {
    fn needs(&self, role: Role) -> Result<(), Problem> {
        if self.who.may(role) {
            return Ok(());
        }
        Err(Problem::forbidden(format!("It needs the role `{}`.", role.word())))
    }
}

pub async fn log(State(app): State<Arc<App>>, request: Request<Body>) -> Response {
    let sent: Sent<LogForm> = match confirmed(&app, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let changed = sent
        .needs(Role::Administer)
        .and_then(|()| change(&sent.form))
        .and_then(|change| crate::serve::api::apply(&app, &change));
    let said = changed.map(|()| match app.log.status().state {
        LogState::On => "The log is on: conversations are recorded.".to_owned(),
        LogState::Paused => "The log is paused.".to_owned(),
        LogState::Off => "The log is off.".to_owned(),
    });
    answer(&app, sent, said).await
}

fn change(form: &LogForm) -> Result<Change, Problem> {
    let number = |text: &str, what: &str| match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Problem::unprocessable(format!("{what} is a number."))),
    };
    let (state, first) = match form.action.as_str() {
        "start" => (Some(LogState::On), number(&form.first, "The first file")?),
        "resume" => (Some(LogState::On), None),
        "pause" => (Some(LogState::Paused), None),
        "stop" => (Some(LogState::Off), None),
        "keep" => (None, None),
        _ => return Err(Problem::bad_request("There is no such action.")),
    };
    let first = if form.action == "start" { Some(first.unwrap_or(1)) } else { first };
    Ok(Change { state, first, keep: number(&form.keep, "The number of files")? })
}

pub async fn check(State(app): State<Arc<App>>, request: Request<Body>) -> Response {
    let sent: Sent<CheckForm> = match confirmed(&app, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let checked = match sent.needs(Role::Send).and_then(|()| app.pool(Some(&sent.form.transporter))) {
        Ok(pool) => send::check(&app, pool).await,
        Err(problem) => Err(problem),
    };
    let name = sent.form.transporter.clone();
    let said = words(checked, |status| format!("{name}: the server answers {status}"));
    answer(&app, sent, said).await
}

pub async fn send(State(app): State<Arc<App>>, request: Request<Body>) -> Response {
    let sent: Sent<MailForm> = match confirmed(&app, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let mail = sent.needs(Role::Send).and_then(|()| Ok((app.pool(Some(&sent.form.transporter))?, letter(&sent.form)?)));
    let result = match mail {
        Ok((pool, letter)) => send::send_letter(&app, pool, letter).await,
        Err(problem) => Err(problem),
    };
    answer(&app, sent, words(result, |status| format!("The mail was sent: {status}"))).await
}

fn letter(form: &MailForm) -> Result<Letter, Problem> {
    let wrong = |what: &str, error: mailbox::Wrong| Problem::unprocessable(format!("{what}: {}", error.why));
    Ok(Letter {
        from: mailbox::parse_list(&form.from).map_err(|error| wrong("From", error))?,
        to: mailbox::parse_list(&form.to).map_err(|error| wrong("To", error))?,
        subject: Some(form.subject.clone()),
        text_body: Some(form.text.clone()),
        ..Letter::default()
    })
}

pub async fn reload(State(app): State<Arc<App>>, request: Request<Body>) -> Response {
    let sent: Sent<Nothing> = match confirmed(&app, request).await {
        Ok(sent) => sent,
        Err(refused) => return refused,
    };
    let said = match sent.needs(Role::Administer) {
        Ok(()) => app.reload().await.map_err(Problem::conflict),
        Err(problem) => Err(problem),
    };
    answer(&app, sent, said.map(|()| "The configuration was read anew.".to_owned())).await
}

fn words(answer: Answer, good: impl Fn(String) -> String) -> Result<String, Problem> {
    answer.map(|result| {
        let text = result["statusText"].as_str().unwrap_or_default();
        good(format!("{} {text}", result["status"]))
    })
}

/// The result alone, or the page with it.
async fn answer<T>(app: &Arc<App>, sent: Sent<T>, said: Result<String, Problem>) -> Response {
    let (good, text) = match &said {
        Ok(text) => (true, text.clone()),
        Err(problem) => (false, problem.sentence()),
    };
    if sent.script {
        return Json(json!({ "good": good, "said": text })).into_response();
    }
    parts::whole(app, &sent.who, &ListQuery::default(), None, Some(Notice { good, text })).await
}
