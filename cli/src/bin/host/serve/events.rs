//! `GET /v1/events`: server-sent events, live, and resumed where a watcher left off.
//!
//! A watcher reads from the ring at his own pace. Who is so slow that what he wants has left the ring is dropped; when he
//! comes again, the event `reset` tells him to read the list anew.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use std::convert::Infallible;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::app::App;
use super::feed::{Event, Topic};
use super::problem::Problem;

/// Events that are sent at a time.
const BATCH: usize = 512;
/// Between two batches: many lines are then one write.
const PAUSE: Duration = Duration::from_millis(50);
/// When nothing happens, this often a comment tells that the connection lives.
const PULSE: Duration = Duration::from_secs(15);
/// Milliseconds after which a browser comes again.
const RETRY: u32 = 1000;

/// Which lines are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    All,
    None,
    Of(u64),
}

struct Watcher {
    app: Arc<App>,
    lines: Lines,
    at: u64,
    first: Option<String>,
    changes: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
    _permit: OwnedSemaphorePermit,
}

/// Begins to watch.
pub fn watch(app: &Arc<App>, lines: Lines, headers: &HeaderMap) -> Result<Response, Problem> {
    let permit = app.watchers.clone().try_acquire_owned();
    let permit = permit.map_err(|_| Problem::busy("As many watchers as are allowed are there already."))?;
    let last = app.feed.last();
    let mut first = format!("retry: {RETRY}\n");
    let at = match headers.get("last-event-id").map(|id| resumed(app, id.to_str().unwrap_or_default())) {
        None => {
            // An ID to resume from, before anything has happened.
            let _ = write!(first, "id: {}-{last}\nevent: hello\ndata: {{}}\n", app.feed.run);
            last
        }
        Some(Some(at)) => at,
        Some(None) => {
            let _ = write!(first, "id: {}-{last}\nevent: reset\ndata: {{}}\n", app.feed.run);
            last
        }
    };
    first.push('\n');
    app.metrics.watchers.fetch_add(1, Ordering::Relaxed);
    let watcher = Watcher {
        app: app.clone(),
        lines,
        at,
        first: Some(first),
        changes: app.feed.changes(),
        stopping: app.stopping.clone(),
        _permit: permit,
    };
    let body = Body::from_stream(stream::unfold(watcher, |mut watcher| async move {
        let text = watcher.next().await?;
        Some((Ok::<_, Infallible>(Bytes::from(text)), watcher))
    }));
    Ok(([(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")], body).into_response())
}

/// Where a watcher left off, if that is still there.
fn resumed(app: &App, id: &str) -> Option<u64> {
    let at = id.strip_prefix(&app.feed.run)?.strip_prefix('-')?.parse().ok()?;
    app.feed.after(at, 0).is_ok().then_some(at)
}

impl Watcher {
    /// The next piece of the stream; `None` where it ends.
    async fn next(&mut self) -> Option<String> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        loop {
            if *self.stopping.borrow() {
                return None;
            }
            self.changes.borrow_and_update();
            // Too slow: the stream ends.
            let events = self.app.feed.after(self.at, BATCH).ok()?;
            if let Some(last) = events.last() {
                let full = events.len() == BATCH;
                self.at = last.number;
                let text = self.text(&events);
                if !full {
                    tokio::time::sleep(PAUSE).await;
                }
                if !text.is_empty() {
                    return Some(text);
                }
                continue;
            }
            tokio::select! {
                _ = self.changes.changed() => {}
                _ = self.stopping.changed() => {}
                () = tokio::time::sleep(PULSE) => return Some(": still here\n\n".to_owned()),
            }
        }
    }

    fn text(&self, events: &[Event]) -> String {
        let mut text = String::new();
        for Event { number, topic, data } in events {
            let name = match (topic, self.lines) {
                (Topic::Line(_), Lines::All) => "line",
                (Topic::Line(of), Lines::Of(wanted)) if *of == wanted => "line",
                (Topic::Line(_), _) => continue,
                (Topic::Conversation, _) => "conversation",
                (Topic::Log, _) => "log",
            };
            // Writing into a `String` can't fail.
            let _ = write!(text, "id: {}-{number}\nevent: {name}\ndata: {data}\n\n", self.app.feed.run);
        }
        text
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.app.metrics.watchers.fetch_sub(1, Ordering::Relaxed);
        // However it ended: by what was no longer there, or by a write that nobody took.
        let was_too_slow = self.app.feed.after(self.at, 0).is_err();
        self.app.metrics.watchers_dropped.fetch_add(was_too_slow.into(), Ordering::Relaxed);
    }
}
