//! Events, figures, health, the transporters' names, reloading, and the document that describes it all.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

use super::query;
use crate::serve::app::App;
use crate::serve::events::{self, Lines};
use crate::serve::problem::Problem;

/// The OpenAPI document.
const OPENAPI: &str = include_str!("openapi.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    /// `all`, `none`, or the number of a conversation.
    lines: Option<String>,
}

#[derive(Serialize)]
struct Transporter {
    name: String,
    host: String,
    port: u16,
    connections: usize,
    #[serde(rename = "inUse")]
    in_use: usize,
}

#[derive(Serialize)]
pub struct Transporters {
    transporters: Vec<Transporter>,
}

pub async fn events(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let query: Query = query(&uri)?;
    let lines = match query.lines.as_deref() {
        None | Some("all") => Lines::All,
        Some("none") => Lines::None,
        Some(id) => Lines::Of(
            id.parse().map_err(|_| Problem::bad_request("`lines` is all, none, or the number of a conversation."))?,
        ),
    };
    events::watch(&app, lines, &headers)
}

pub async fn transporters(State(app): State<Arc<App>>) -> Json<Transporters> {
    let settings = app.settings();
    let transporters = settings.pools.values().map(|pool| Transporter {
        name: pool.name.to_string(),
        host: pool.server.host.clone(),
        port: pool.server.port.unwrap_or(587),
        connections: pool.limits.connections,
        in_use: pool.in_use(),
    });
    Json(Transporters { transporters: transporters.collect() })
}

pub async fn metrics(State(app): State<Arc<App>>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], app.metrics.text(&app)).into_response()
}

pub async fn reload(State(app): State<Arc<App>>) -> Result<StatusCode, Problem> {
    app.reload().await.map_err(|why| {
        tracing::error!(%why, "the configuration was not reloaded");
        Problem::conflict(why)
    })?;
    tracing::info!("configuration reloaded");
    Ok(StatusCode::NO_CONTENT)
}

pub async fn healthz(State(app): State<Arc<App>>) -> Response {
    if *app.stopping.borrow() {
        return Problem::busy("The service ends.").into_response();
    }
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], "ok\n").into_response()
}

pub async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI).into_response()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_document_is_json_and_names_every_route() {
        let document: serde_json::Value = serde_json::from_str(super::OPENAPI).unwrap();
        let described: Vec<_> = document["paths"].as_object().unwrap().keys().cloned().collect();
        let source = include_str!("mod.rs");
        let routed = source.split("route(\"").skip(1).filter_map(|rest| rest.split('"').next());
        let mut count = std::collections::BTreeSet::new();
        for path in routed {
            assert!(described.iter().any(|known| known == path), "{path} is not described");
            count.insert(path);
        }
        assert_eq!(count.len(), described.len());
    }
}
