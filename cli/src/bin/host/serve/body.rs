//! Bodies of requests: bounded in size, in time, and in what all of them take up together.

use axum::body::Body;
use axum::http::{HeaderMap, Request, header};
use futures_util::StreamExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;

use super::app::App;
use super::problem::Problem;

/// How long the next piece may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the whole may take.
const WHOLE: Duration = Duration::from_secs(120);
/// A share of the memory for bodies.
const SHARE: usize = 64 << 10;

/// The memory that a body takes up, until it is dropped.
pub struct Held(#[allow(dead_code)] Option<OwnedSemaphorePermit>);

/// A body that was read.
pub struct Read {
    pub bytes: Vec<u8>,
    pub held: Held,
}

/// Reads a body of at most `limit` bytes.
pub async fn read(app: &Arc<App>, request: Request<Body>, limit: usize) -> Result<Read, Problem> {
    let told = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if told.is_some_and(|told| told > limit as u64) {
        return Err(Problem::too_large(limit as u64));
    }
    let all = tokio::time::timeout(WHOLE, pieces(app, request.into_body(), limit));
    all.await.map_err(|_| Problem::slow())?
}

async fn pieces(app: &Arc<App>, body: Body, limit: usize) -> Result<Read, Problem> {
    let mut stream = body.into_data_stream();
    let mut bytes = Vec::new();
    let mut held: Option<OwnedSemaphorePermit> = None;
    let mut room = 0;
    loop {
        let next = tokio::time::timeout(PATIENCE, stream.next()).await.map_err(|_| Problem::slow())?;
        let Some(piece) = next else { break };
        let piece = piece.map_err(|_| Problem::bad_request("The body ends too early."))?;
        if bytes.len() + piece.len() > limit {
            return Err(Problem::too_large(limit as u64));
        }
        while bytes.len() + piece.len() > room {
            let share = app.budget.clone().try_acquire_many_owned((SHARE >> 10) as u32);
            let share = share.map_err(|_| Problem::busy("There is no memory for more mails at the moment."))?;
            match &mut held {
                Some(held) => held.merge(share),
                None => held = Some(share),
            }
            room += SHARE;
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(Read { bytes, held: Held(held) })
}

/// The media type without its parameters, in lower case.
pub fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
