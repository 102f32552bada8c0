//! `/v1/log` and the files of the log.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{Request, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::Serialize;
use smtp_logs::causes::Language;
use std::sync::Arc;
use tokio::io::AsyncReadExt;

use crate::serve::app::App;
use crate::serve::body;
use crate::serve::log::{Change, Refusal, Status, download};
use crate::serve::problem::Problem;
use crate::serve::report;

/// Bytes of a request that changes the log.
const LARGEST: usize = 4096;
/// Bytes of a file that are read at a time.
const PIECE: usize = 64 << 10;

#[derive(Serialize)]
struct LogFile {
    name: String,
    size: u64,
}

#[derive(Serialize)]
pub struct Files {
    files: Vec<LogFile>,
}

pub async fn status(State(app): State<Arc<App>>) -> Json<Status> {
    Json(app.log.status())
}

pub async fn change(State(app): State<Arc<App>>, request: Request<Body>) -> Result<Json<Status>, Problem> {
    if body::media_type(request.headers()) != "application/json" {
        return Err(Problem::media_type("application/json"));
    }
    let body = body::read(&app, request, LARGEST).await?;
    let change: Change = serde_json::from_slice(&body.bytes).map_err(|error| {
        let text = crate::terminal::safe(&error.to_string());
        Problem::unprocessable(text)
    })?;
    apply(&app, &change)?;
    Ok(Json(app.log.status()))
}

/// Changes the log, and tells whoever watches.
pub fn apply(app: &App, change: &Change) -> Result<(), Problem> {
    app.log.change(change).map_err(|refusal| match refusal {
        Refusal::Forced => Problem::conflict("The configuration does not allow changes of the log."),
        Refusal::Wrong(why) => Problem::unprocessable(why),
        Refusal::Log(error) => Problem::conflict(format!("The log can't be written: {error}")),
    })?;
    let status = app.log.status();
    tracing::info!(state = ?status.state, file = status.file.as_deref().unwrap_or_default(), "log changed");
    app.feed.log_changed(&status);
    Ok(())
}

pub async fn files(State(app): State<Arc<App>>) -> Json<Files> {
    let file = |(number, size)| LogFile { name: download::name(number), size };
    Json(Files { files: download::list(app.log.folder()).into_iter().map(file).collect() })
}

pub async fn download(State(app): State<Arc<App>>, Path(name): Path<String>) -> Result<Response, Problem> {
    let missing = || Problem::not_found("There is no such file of the log.");
    let number = download::number(&name).ok_or_else(missing)?;
    let (file, length) = download::open(app.log.folder(), number).await.map_err(|_| missing())?;
    // What is appended meanwhile is left out, so that the length that was told is right.
    let pieces = stream::try_unfold(file.take(length), |mut file| async move {
        let mut piece = Vec::with_capacity(PIECE);
        match (&mut file).take(PIECE as u64).read_to_end(&mut piece).await? {
            0 => Ok::<_, std::io::Error>(None),
            _ => Ok(Some((Bytes::from(piece), file))),
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_LENGTH, length.to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", download::name(number))),
    ];
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// One at a time is drawn: a report takes memory and a while.
pub async fn report(State(app): State<Arc<App>>, Path(name): Path<String>) -> Result<Response, Problem> {
    let missing = || Problem::not_found("There is no such file of the log.");
    let number = download::number(&name).ok_or_else(missing)?;
    let (file, _) = download::open(app.log.folder(), number).await.map_err(|_| missing())?;
    let file = file.into_std().await;
    let language = if app.settings().log.spanish { Language::Spanish } else { Language::English };
    let _turn = app.reports.acquire().await.map_err(|_| Problem::busy(""))?;
    let name = download::name(number);
    let drawn = tokio::task::spawn_blocking(move || report::draw(file, &name, language)).await;
    let page = drawn.map_err(|error| Problem::internal(error.to_string()))?;
    let page = page.map_err(|error| Problem::internal(format!("The report can't be drawn: {error}")))?;
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"SMTPLog_{number}.html\"")),
    ];
    Ok((headers, page).into_response())
}
