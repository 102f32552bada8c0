//! `POST /v1/send` and `POST /v1/check`.

mod job;
mod keys;
mod multipart;
mod part;

pub use keys::Keys;

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use ring::digest::{Context, SHA256};
use serde_json::Value;
use smtp_cli::mail_json::{self, Letter, Paths};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use super::app::App;
use super::auth::Principal;
use super::body;
use super::pool::Pool;
use super::problem::Problem;
use job::Mail;
use keys::Claim;

/// The header with the key.
const KEY: &str = "idempotency-key";

/// The result as JSON, or what went wrong.
pub type Answer = Result<Arc<Value>, Problem>;

/// How a mail is to be sent.
pub struct Envelope {
    pub pool: Arc<Pool>,
    /// Whose key, and the key.
    pub key: Option<(String, String)>,
}

impl Envelope {
    pub fn new(pool: Arc<Pool>, who: &Principal, headers: &HeaderMap) -> Result<Envelope, Problem> {
        let mut keys = headers.get_all(KEY).iter();
        let key = match (keys.next(), keys.next()) {
            (None, _) => None,
            (Some(key), None) => {
                let key = key.to_str().ok().filter(|key| Keys::is_key(key));
                let key =
                    key.ok_or_else(|| Problem::bad_request("Idempotency-Key has 1 to 255 printable ASCII letters."))?;
                Some((who.name.clone(), key.to_owned()))
            }
            _ => return Err(Problem::bad_request("There are two headers Idempotency-Key.")),
        };
        Ok(Envelope { pool, key })
    }
}

/// Sends the mail that a request carries.
pub async fn send(app: &Arc<App>, envelope: Envelope, request: Request<Body>) -> Answer {
    match body::media_type(request.headers()).as_str() {
        "application/json" => {
            let limit = app.settings().body_limit;
            let body = body::read(app, request, limit).await?;
            if body.bytes.len() as u64 > envelope.pool.limits.max_bytes {
                return Err(Problem::too_large(envelope.pool.limits.max_bytes));
            }
            let letter = letter(&body.bytes, false, &envelope.pool)?;
            let job = start(app, envelope, &body.bytes, Mail { letter, parts: Vec::new() }, Some(body.held))?;
            job.await
        }
        "multipart/form-data" => multipart::send(app, envelope, request).await,
        _ => Err(Problem::media_type("application/json or multipart/form-data")),
    }
}

/// Sends a mail that the page has made.
pub async fn send_letter(app: &Arc<App>, pool: Arc<Pool>, letter: Letter) -> Answer {
    let job = start(app, Envelope { pool, key: None }, &[], Mail { letter, parts: Vec::new() }, None)?;
    job.await
}

/// Checks a transporter.
pub async fn check(app: &Arc<App>, pool: Arc<Pool>) -> Answer {
    let job = app.job(job::check(app.clone(), pool));
    job.await.unwrap_or_else(|error| Err(Problem::internal(error.to_string())))
}

/// Reads a mail. `parts`: its attachments may name parts of the form; files of this machine never.
fn letter(json: &[u8], parts: bool, pool: &Pool) -> Result<Letter, Problem> {
    let paths = if parts { Paths::From(PathBuf::new()) } else { Paths::Refused };
    let letter = mail_json::read(json, &paths).map_err(|error| {
        let text = crate::terminal::safe(&error.to_string());
        Problem::unprocessable(text)
    })?;
    letter.check().map_err(Problem::unprocessable)?;
    let named = letter.envelope.as_ref().and_then(|envelope| envelope.recipients.as_ref()).map(Vec::len);
    let recipients = named.unwrap_or(letter.to.len() + letter.cc.len() + letter.bcc.len());
    if recipients > pool.limits.max_recipients {
        let most = pool.limits.max_recipients;
        return Err(Problem::unprocessable(format!("This transporter takes at most {most} recipients for one mail.")));
    }
    Ok(letter)
}

type Waiting = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// Begins to send; what is returned waits for the answer, and nothing stops the mail when it is dropped.
fn start(
    app: &Arc<App>,
    envelope: Envelope,
    json: &[u8],
    mail: Mail,
    held: Option<body::Held>,
) -> Result<Waiting, Problem> {
    let Envelope { pool, key } = envelope;
    let ticket = match &key {
        None => None,
        Some((owner, key)) => match app.keys.claim(owner, key, digest(&pool.name, json)) {
            Claim::Mine(ticket) => Some(ticket),
            Claim::Another(told) => {
                return Ok(Box::pin(async move {
                    let busy = || Problem::busy("The mail with the same key was not tried.");
                    keys::wait(told).await.unwrap_or_else(|| Err(busy()))
                }));
            }
            Claim::Mismatch => {
                return Err(Problem::unprocessable("This Idempotency-Key was used for another mail."));
            }
            Claim::Full => return Err(Problem::busy("No more keys can be remembered for now.")),
        },
    };
    let job = job::send(app.clone(), pool, mail, ticket);
    let handle = app.job(async move {
        let _held = held;
        job.await
    });
    Ok(Box::pin(async move { handle.await.unwrap_or_else(|error| Err(Problem::internal(error.to_string()))) }))
}

fn digest(transporter: &str, json: &[u8]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(transporter.as_bytes());
    context.update(&[0]);
    context.update(json);
    let mut digest = [0; 32];
    digest.copy_from_slice(context.finish().as_ref());
    digest
}
