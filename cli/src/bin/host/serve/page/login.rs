//! Logging in with a token, and out.

use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::view::render;
use crate::serve::app::App;
use crate::serve::auth::Nobody;
use crate::serve::body;
use crate::serve::guard::Peer;

/// Bytes of a form with a token.
const LARGEST: usize = 4096;

#[derive(Template)]
#[template(path = "serve/login.html")]
struct Login {
    said: String,
}

#[derive(Deserialize)]
struct Form {
    token: String,
}

pub async fn form() -> Response {
    page(StatusCode::OK, "")
}

/// No CSRF token is needed: whoever makes somebody log in knows the token.
pub async fn login(State(app): State<Arc<App>>, request: Request<Body>) -> Response {
    let peer = Peer::of(&request);
    let Ok(read) = body::read(&app, request, LARGEST).await else {
        return page(StatusCode::BAD_REQUEST, "The form can't be read.");
    };
    let form = axum::body::Bytes::from(read.bytes);
    let Ok(Form { token }) = super::view::form(&form) else {
        return page(StatusCode::BAD_REQUEST, "The form can't be read.");
    };
    match app.access.token(token.trim(), peer) {
        Ok(who) => match app.access.sessions.begin(&who.name) {
            Some(cookie) => {
                tracing::info!(name = %who.name, "logged in");
                ([(header::SET_COOKIE, app.access.set_cookie(&cookie))], Redirect::to("/")).into_response()
            }
            None => page(StatusCode::INTERNAL_SERVER_ERROR, "This machine has no randomness."),
        },
        Err(Nobody::Wait(wait)) => {
            let said = format!("Too many failed logins: wait {} seconds.", wait.as_secs() + 1);
            page(StatusCode::TOO_MANY_REQUESTS, &said)
        }
        Err(_) => {
            app.metrics.logins_failed.fetch_add(1, Ordering::Relaxed);
            tracing::warn!(%peer, "login with an unknown token");
            page(StatusCode::FORBIDDEN, "This token is not known.")
        }
    }
}

pub async fn logout(State(app): State<Arc<App>>, request: Request<Body>) -> Response {
    let cookie = app.access.cookie(request.headers()).map(ToOwned::to_owned);
    if let Err(refused) = super::actions::confirmed::<super::actions::Nothing>(&app, request).await {
        return refused;
    }
    if let Some(cookie) = cookie {
        app.access.sessions.end(&cookie);
    }
    ([(header::SET_COOKIE, app.access.set_cookie(""))], Redirect::to("/login")).into_response()
}

fn page(status: StatusCode, said: &str) -> Response {
    (status, Html(render(&Login { said: said.to_owned() }))).into_response()
}
