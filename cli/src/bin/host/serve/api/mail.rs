//! `POST /v1/send`, `POST /v1/check`.

use axum::Json;
use axum::body::Body;
use axum::extract::{Extension, State};
use axum::http::{Request, Uri};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::sync::Arc;

use super::query;
use crate::serve::app::App;
use crate::serve::auth::Principal;
use crate::serve::problem::Problem;
use crate::serve::send::{self, Envelope};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    transporter: Option<String>,
}

pub async fn send(
    State(app): State<Arc<App>>,
    Extension(who): Extension<Principal>,
    uri: Uri,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let query: Query = query(&uri)?;
    let pool = app.pool(query.transporter.as_deref())?;
    let envelope = Envelope::new(pool, &who, request.headers())?;
    let result = send::send(&app, envelope, request).await?;
    Ok(Json(&*result).into_response())
}

pub async fn check(State(app): State<Arc<App>>, uri: Uri) -> Result<Response, Problem> {
    let query: Query = query(&uri)?;
    let pool = app.pool(query.transporter.as_deref())?;
    let result = send::check(&app, pool).await?;
    Ok(Json(&*result).into_response())
}
