//! What every request passes: the Host header, who asks and what he may, and the headers of every answer.

mod host;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::app::App;
use super::auth::{Nobody, Principal, Role};
use super::problem::Problem;

/// The header in which the page's script confirms that it is ours.
pub const CSRF: &str = "x-csrf-token";

/// Whose connection a request came over.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

impl Peer {
    pub fn of<B>(request: &axum::http::Request<B>) -> IpAddr {
        request.extensions().get::<Peer>().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip())
    }
}

/// Around everything.
pub async fn all(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let mut response =
        if host::is_ours(&app, &request) { next.run(request).await } else { Problem::misdirected().into_response() };
    secure(response.headers_mut());
    app.metrics.answered(response.status().as_u16());
    tracing::debug!(%method, path = %crate::terminal::safe(&path), status = response.status().as_u16(), "request");
    response
}

fn secure(headers: &mut axum::http::HeaderMap) {
    const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                          form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// A layer of the API: lets through who may.
pub async fn api(State((app, role)): State<(Arc<App>, Role)>, mut request: Request, next: Next) -> Response {
    match who(&app, &request) {
        Err(nobody) => nobody,
        Ok(who) if !who.may(role) => {
            Problem::forbidden(format!("It needs the role `{}`.", role.word())).into_response()
        }
        Ok(who) => {
            if let Some(session) = who.session.as_ref().filter(|_| changes(request.method())) {
                let token = request.headers().get(CSRF).and_then(|value| value.to_str().ok());
                if !session.confirms(token.unwrap_or_default()) {
                    return Problem::forbidden("A session's requests need the header X-CSRF-Token.").into_response();
                }
            }
            request.extensions_mut().insert(who);
            next.run(request).await
        }
    }
}

/// A layer of the page: who is not known is led to the login.
pub async fn page(State(app): State<Arc<App>>, mut request: Request<Body>, next: Next) -> Response {
    if changes(request.method()) && !host::is_same_origin(&request) {
        return (StatusCode::FORBIDDEN, "This form was sent from another site.").into_response();
    }
    match app.access.who(request.headers(), Peer::of(&request)) {
        Ok(who) if who.session.is_some() => {
            request.extensions_mut().insert(who);
            next.run(request).await
        }
        _ => Redirect::to("/login").into_response(),
    }
}

fn who(app: &App, request: &Request) -> Result<Principal, Response> {
    app.access.who(request.headers(), Peer::of(request)).map_err(|nobody| {
        match nobody {
            Nobody::Anonymous => Problem::unauthorized("Give a token: Authorization: Bearer …"),
            Nobody::Unknown => {
                app.metrics.logins_failed.fetch_add(1, Ordering::Relaxed);
                Problem::unauthorized("This token or session is not known.")
            }
            Nobody::Wait(wait) => Problem::too_many(wait.as_secs() + 1),
        }
        .into_response()
    })
}

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}
