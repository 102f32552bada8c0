//! A mail with its attachments as `multipart/form-data`: the part `mail` first, then the files in the order in which the
//! mail names them. They go to the wire as they come in; nothing of them is stored.

use axum::body::Body;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{FromRequest, Request};
use smtp_cli::mail_json::Content;
use std::sync::Arc;
use std::time::Duration;

use super::job::Mail;
use super::part::{PartWriter, part};
use super::{Answer, Envelope, start};
use crate::serve::app::App;
use crate::serve::problem::Problem;

/// How long the next piece of a file may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// Bytes of the part `mail`.
const LARGEST_MAIL: usize = 10 << 20;
/// Files of one mail.
const MOST_FILES: usize = 100;

/// Reads the mail, and feeds the files to it.
pub async fn send(app: &Arc<App>, envelope: Envelope, request: Request<Body>) -> Answer {
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|error| Problem::bad_request(format!("The form can't be read: {error}")))?;
    let json = mail_part(&mut form).await?;
    let letter = super::letter(&json, true, &envelope.pool)?;
    let mut writers = Vec::new();
    let mut parts = Vec::new();
    for attachment in &letter.attachments {
        if let Content::Path(path) = &attachment.content {
            let (writer, reader) = part(envelope.pool.limits.max_bytes);
            writers.push((path.to_string_lossy().into_owned(), writer));
            parts.push(reader);
        }
    }
    if writers.len() > MOST_FILES {
        return Err(Problem::unprocessable(format!("A mail has at most {MOST_FILES} files.")));
    }
    let job = start(app, envelope, &json, Mail { letter, parts }, None)?;
    tokio::pin!(job);
    let fed = tokio::select! {
        answer = &mut job => return answer,
        fed = feed(&mut form, writers) => fed,
    };
    // The mail ends by what was fed to it, or by what was not.
    let answer = job.await;
    fed?;
    answer
}

async fn mail_part(form: &mut Multipart) -> Result<Vec<u8>, Problem> {
    let field = next(form).await?.filter(|field| field.name() == Some("mail"));
    let mut field =
        field.ok_or_else(|| Problem::unprocessable("The first part must be `mail`, with the mail as JSON."))?;
    let mut json = Vec::new();
    while let Some(piece) = piece(&mut field).await? {
        if json.len() + piece.len() > LARGEST_MAIL {
            return Err(Problem::too_large(LARGEST_MAIL as u64));
        }
        json.extend_from_slice(&piece);
    }
    Ok(json)
}

/// Every writer that is dropped before its end makes the mail fail.
async fn feed(form: &mut Multipart, writers: Vec<(String, PartWriter)>) -> Result<(), Problem> {
    for (name, writer) in writers {
        let Some(mut field) = next(form).await? else {
            return Err(Problem::unprocessable(format!("The part `{}` is missing.", crate::terminal::safe(&name))));
        };
        if field.name() != Some(name.as_str()) {
            let wanted = crate::terminal::safe(&name);
            return Err(Problem::unprocessable(format!(
                "The parts must come in the order in which the mail names them: `{wanted}` is next."
            )));
        }
        while let Some(piece) = piece(&mut field).await? {
            if !writer.write(piece).await {
                return Ok(());
            }
        }
        writer.end().await;
    }
    match next(form).await? {
        Some(_) => Err(Problem::unprocessable("There are more parts than the mail names.")),
        None => Ok(()),
    }
}

async fn next(form: &mut Multipart) -> Result<Option<Field<'_>>, Problem> {
    let field = tokio::time::timeout(PATIENCE, form.next_field()).await.map_err(|_| Problem::slow())?;
    field.map_err(|error| Problem::bad_request(format!("The form can't be read: {}", error.body_text())))
}

async fn piece(field: &mut Field<'_>) -> Result<Option<axum::body::Bytes>, Problem> {
    let piece = tokio::time::timeout(PATIENCE, field.chunk()).await.map_err(|_| Problem::slow())?;
    piece.map_err(|error| Problem::bad_request(format!("The form can't be read: {}", error.body_text())))
}
