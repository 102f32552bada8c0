//! `FILE[;name=…;type=…;cid=…;disposition=…]`.

use smtp_cli::mail_json::{Attachment, Content};
use smtp_host::types::Disposition;
use std::path::{Path, PathBuf};

use super::text::one_line;
use crate::exit::Failure;

/// What `--attach` says.
#[derive(Debug, PartialEq, Eq)]
struct Spec {
    file: PathBuf,
    name: Option<String>,
    media_type: Option<String>,
    cid: Option<String>,
    disposition: Option<String>,
}

/// What the option names; the file is opened later.
pub fn parse(value: &str) -> Result<Attachment, Failure> {
    one_line("--attach", value)?;
    let Spec { file, name, media_type, cid, disposition } = spec(value);
    let name = name.or_else(|| file_name(&file));
    let disposition = match disposition.as_deref() {
        None => None,
        Some("inline") => Some(Disposition::Inline),
        Some("attachment") => Some(Disposition::Attachment),
        Some(_) => return Err(Failure::usage("--attach: the disposition is inline or attachment")),
    };
    Ok(Attachment { content: Content::Path(file), name, media_type, cid, disposition })
}

fn file_name(file: &Path) -> Option<String> {
    file.file_name().map(|name| name.to_string_lossy().into_owned())
}

/// A semicolon that no known key follows belongs to what stands before it: to the file's name, or to the type.
fn spec(value: &str) -> Spec {
    let mut fields: Vec<(&str, String)> = Vec::new();
    for part in value.split(';') {
        let key = ["name", "type", "cid", "disposition"].into_iter().find_map(|key| {
            let value = part.trim_start().strip_prefix(key)?.strip_prefix('=')?;
            Some((key, value.to_owned()))
        });
        match (key, fields.last_mut()) {
            (Some(field), Some(_)) => fields.push(field),
            (_, None) => fields.push(("file", part.to_owned())),
            (None, Some((_, before))) => {
                before.push(';');
                before.push_str(part);
            }
        }
    }
    let mut take = |wanted: &str| fields.iter().rposition(|(key, _)| *key == wanted).map(|at| fields.swap_remove(at).1);
    Spec {
        file: take("file").unwrap_or_default().into(),
        name: take("name"),
        media_type: take("type"),
        cid: take("cid").map(|cid| cid.trim_start_matches('<').trim_end_matches('>').to_owned()),
        disposition: take("disposition"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specs() {
        let text = |text: &str| Some(text.to_owned());
        for (value, file, name, media_type, cid) in [
            ("a.txt", "a.txt", None, None, None),
            ("a;b.txt", "a;b.txt", None, None, None),
            ("/x/a.txt;name=b.txt", "/x/a.txt", text("b.txt"), None, None),
            ("a;type=text/plain;charset=utf-8;name=ñ;n", "a", text("ñ;n"), text("text/plain;charset=utf-8"), None),
            ("logo.png; cid=<logo>; type=image/png", "logo.png", None, text("image/png"), text("logo")),
            ("name=x", "name=x", None, None, None),
        ] {
            assert_eq!(spec(value), Spec { file: file.into(), name, media_type, cid, disposition: None }, "{value}");
        }
    }
}
