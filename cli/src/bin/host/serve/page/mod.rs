//! The page for administrators: rendered here, kept up to date by a little script, usable without it.

mod actions;
mod login;
mod parts;
mod view;

use axum::Router;
use axum::http::header;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use std::sync::Arc;

use super::app::App;
use super::guard;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
const ICON: &str = include_str!("icon.svg");

/// The page, its parts and its forms.
pub fn router(app: &Arc<App>) -> Router<Arc<App>> {
    let inside = Router::new()
        .route("/", get(parts::page))
        .route("/conversations/{id}", get(parts::page_of))
        .route("/part/log", get(parts::log))
        .route("/part/list", get(parts::list))
        .route("/part/conversation/{id}", get(parts::conversation))
        .route("/log", post(actions::log))
        .route("/check", post(actions::check))
        .route("/send", post(actions::send))
        .route("/reload", post(actions::reload))
        .route("/logout", post(login::logout))
        .route_layer(from_fn_with_state(app.clone(), guard::page));
    let outside = Router::new()
        .route("/login", get(login::form).post(login::login))
        .route("/style.css", get(|| async { file("text/css; charset=utf-8", STYLE) }))
        .route("/script.js", get(|| async { file("text/javascript; charset=utf-8", SCRIPT) }))
        .route("/favicon.svg", get(|| async { file("image/svg+xml", ICON) }));
    inside.merge(outside)
}

fn file(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], text).into_response()
}
