//! Errors of the API: problem details (RFC 9457).

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

/// One error.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    #[serde(skip_serializing_if = "String::is_empty")]
    detail: String,
    /// What came of a mail that was not sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<Value>,
    #[serde(skip)]
    headers: Vec<(HeaderName, String)>,
}

impl Problem {
    fn new(status: StatusCode, kind: &str, title: &'static str, detail: impl Into<String>) -> Problem {
        Problem {
            kind: format!("urn:smtp-transporter:problem:{kind}"),
            title,
            status: status.as_u16(),
            detail: detail.into(),
            result: None,
            headers: Vec::new(),
        }
    }

    pub fn bad_request(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, "bad-request", "The request can't be understood", detail)
    }

    /// Neither token nor session, or an unknown one.
    pub fn unauthorized(detail: &str) -> Problem {
        let problem = Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", "Who asks is not known", detail);
        problem.with(header::WWW_AUTHENTICATE, "Bearer".to_owned())
    }

    pub fn forbidden(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::FORBIDDEN, "forbidden", "This is not allowed", detail)
    }

    pub fn not_found(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not-found", "There is no such thing", detail)
    }

    pub fn method() -> Problem {
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "This can't be done here", "")
    }

    pub fn slow() -> Problem {
        let title = "The request came too slowly";
        Problem::new(StatusCode::REQUEST_TIMEOUT, "too-slow", title, "").with(header::CONNECTION, "close".to_owned())
    }

    pub fn conflict(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::CONFLICT, "conflict", "The state does not allow it", detail)
    }

    pub fn too_large(limit: u64) -> Problem {
        let detail = format!("At most {limit} bytes are taken.");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The request is too large", detail)
            .with(header::CONNECTION, "close".to_owned())
    }

    pub fn media_type(expected: &str) -> Problem {
        let title = "The content is of a type that is not taken";
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", title, format!("It must be {expected}."))
    }

    /// The Host of the request is none of ours.
    pub fn misdirected() -> Problem {
        let detail =
            "The Host header names another host than this one. The configuration's key `hosts` names further ones.";
        Problem::new(StatusCode::MISDIRECTED_REQUEST, "misdirected", "The request is meant for another host", detail)
    }

    /// The content is wrong.
    pub fn unprocessable(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "The content is wrong", detail)
    }

    pub fn too_many(seconds: u64) -> Problem {
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-attempts", "Too many failed logins", "")
            .with(header::RETRY_AFTER, seconds.max(1).to_string())
    }

    pub fn internal(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "A defect of this service", detail)
    }

    /// For a while, no more is taken.
    pub fn busy(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "There is too much to do", detail)
            .with(header::RETRY_AFTER, "5".to_owned())
    }

    /// A mail or a check came to nothing.
    pub fn not_sent(status: StatusCode, title: &'static str, detail: &str, result: Value) -> Problem {
        let detail = detail.to_owned();
        Problem { result: Some(result), ..Problem::new(status, "not-sent", title, detail) }
    }

    fn with(mut self, name: HeaderName, value: String) -> Problem {
        self.headers.push((name, value));
        self
    }

    /// In a sentence, for the page.
    pub fn sentence(&self) -> String {
        if self.detail.is_empty() { self.title.to_owned() } else { format!("{}: {}", self.title, self.detail) }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = self.headers.clone();
        let mut response = (status, Json(self)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        for (name, value) in headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}
