//! The HTTP API, below `/v1`.

mod conversations;
mod log;
mod mail;
mod service;

pub use conversations::{Detail, Query as ListQuery, detail};
pub use log::apply;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use serde::de::DeserializeOwned;
use std::sync::Arc;

use super::app::App;
use super::auth::Role;
use super::guard;
use super::problem::Problem;

/// What the API answers, each part to those who may.
pub fn router(app: &Arc<App>) -> Router<Arc<App>> {
    let may = |role| from_fn_with_state((app.clone(), role), guard::api);
    let send = Router::new()
        .route("/v1/send", post(mail::send))
        .route("/v1/check", post(mail::check))
        .route_layer(may(Role::Send));
    let read = Router::new()
        .route("/v1/log", get(log::status))
        .route("/v1/log/files", get(log::files))
        .route("/v1/log/files/{name}", get(log::download))
        .route("/v1/log/files/{name}/report", get(log::report))
        .route("/v1/conversations", get(conversations::list))
        .route("/v1/conversations/{id}", get(conversations::one))
        .route("/v1/events", get(service::events))
        .route("/v1/transporters", get(service::transporters))
        .route("/metrics", get(service::metrics))
        .route_layer(may(Role::Read));
    let administer = Router::new()
        .route("/v1/log", axum::routing::put(log::change))
        .route("/v1/reload", post(service::reload))
        .route_layer(may(Role::Administer));
    let open = Router::new().route("/healthz", get(service::healthz)).route("/openapi.json", get(service::openapi));
    send.merge(read).merge(administer).merge(open)
}

/// The query of a request.
fn query<T: DeserializeOwned>(uri: &axum::http::Uri) -> Result<T, Problem> {
    axum::extract::Query::try_from_uri(uri)
        .map(|query: axum::extract::Query<T>| query.0)
        .map_err(|error| Problem::bad_request(crate::terminal::safe(&error.body_text())))
}
