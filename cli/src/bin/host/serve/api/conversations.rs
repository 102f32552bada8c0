//! `GET /v1/conversations` and `GET /v1/conversations/{id}`.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use smtp_logs::causes::{Explanation, Language};
use std::sync::Arc;

use super::query;
use crate::serve::app::App;
use crate::serve::feed::{Conversation, Filter, Outcome, Summary};
use crate::serve::lines::{self, Found};
use crate::serve::problem::Problem;

/// Conversations on a page, where it is not said, and at most.
const DEFAULT: usize = 50;
const MOST: usize = 200;

/// What is asked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    pub transporter: Option<String>,
    pub outcome: Option<String>,
    pub text: Option<String>,
    pub before: Option<u64>,
    pub limit: Option<usize>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct List<'a> {
    conversations: Vec<Summary<'a>>,
    /// `before` of the next page.
    next: Option<u64>,
    /// Conversations that the service remembers.
    held: usize,
    /// Older ones that it has forgotten; the log's files may still have them.
    dropped: u64,
}

#[derive(Serialize)]
struct Line<'a> {
    file: u32,
    at: u64,
    line: &'a str,
}

#[derive(Serialize)]
struct Error<'a> {
    phase: &'static str,
    kind: &'static str,
    message: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct One<'a> {
    #[serde(flatten)]
    summary: Summary<'a>,
    lines: Vec<Line<'a>>,
    /// Lines are missing: too many, or their file was recycled.
    incomplete: bool,
    error: Option<Error<'a>>,
    explanation: Option<&'a Explanation>,
}

/// All that is known of one conversation.
pub struct Detail {
    pub conversation: Conversation,
    pub found: Found,
    pub explanation: Option<Explanation>,
}

impl Query {
    /// The filter; empty texts ask for nothing, as an empty field of a form.
    pub fn filter(&self) -> Result<Filter, Problem> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let outcome = given(&self.outcome).map(|word| {
            Outcome::parse(&word)
                .ok_or_else(|| Problem::bad_request("`outcome` is one of running, accepted, partly, failed, unknown."))
        });
        let text = given(&self.text).map(|text| text.to_lowercase());
        Ok(Filter { transporter: given(&self.transporter), outcome: outcome.transpose()?, text })
    }

    /// Conversations on a page.
    pub fn room(&self) -> Result<usize, Problem> {
        match self.limit {
            None => Ok(DEFAULT),
            Some(limit @ 1..=MOST) => Ok(limit),
            Some(_) => Err(Problem::bad_request(format!("`limit` is a number from 1 to {MOST}."))),
        }
    }
}

pub async fn list(State(app): State<Arc<App>>, uri: Uri) -> Result<Response, Problem> {
    let query: Query = query(&uri)?;
    let page = app.feed.page(&query.filter()?, query.before.unwrap_or(u64::MAX), query.room()?);
    let conversations = page.list.iter().map(Conversation::summary).collect();
    Ok(Json(List { conversations, next: page.next, held: page.held, dropped: page.dropped }).into_response())
}

pub async fn one(State(app): State<Arc<App>>, Path(id): Path<String>) -> Result<Response, Problem> {
    let Detail { conversation, found, explanation } = detail(&app, &id).await?;
    let lines = found.lines.iter().map(|(at, line)| Line { file: at.file, at: at.byte, line });
    let error = conversation.failed.as_ref().map(|failed| {
        let (phase, kind) = failed.words();
        Error { phase, kind, message: &failed.message }
    });
    let one = One {
        summary: conversation.summary(),
        lines: lines.collect(),
        incomplete: found.incomplete,
        error,
        explanation: explanation.as_ref(),
    };
    Ok(Json(one).into_response())
}

/// Looks a conversation up, and reads its lines.
pub async fn detail(app: &App, id: &str) -> Result<Detail, Problem> {
    let known = id.parse().ok().and_then(|id| app.feed.conversation(id));
    let conversation = known.ok_or_else(|| {
        Problem::not_found("No such conversation is known (any more). The files of the log may have it.")
    })?;
    let found = lines::read(app.log.folder(), &conversation).await;
    let server = app.pool(Some(&conversation.transporter)).map(|pool| pool.server.host.clone()).unwrap_or_default();
    let language = if app.settings().log.spanish { Language::Spanish } else { Language::English };
    let explanation = conversation.failed.as_ref().map(|failed| failed.explain(&server, language));
    Ok(Detail { conversation, found, explanation })
}
