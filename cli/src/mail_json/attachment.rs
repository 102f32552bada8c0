//! Attachments.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use smtp_host::types::Disposition;
use std::fmt;
use std::path::Path;

use super::letter::{Attachment, Content};
use super::object::{self, Object, value};

/// With padding or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

#[derive(Default)]
pub struct Files(pub Vec<Attachment>);

impl<'de> Deserialize<'de> for Files {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Files, D::Error> {
        let files: Vec<File> = Deserialize::deserialize(deserializer)?;
        Ok(Files(files.into_iter().filter_map(File::attachment).collect()))
    }
}

#[derive(Default)]
struct File {
    path: Option<String>,
    content: Option<Base64>,
    text: Option<String>,
    name: Option<String>,
    media_type: Option<String>,
    cid: Option<String>,
    disposition: Option<DispositionWord>,
}

impl<'de> Deserialize<'de> for File {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<File, D::Error> {
        object::read(deserializer)
    }
}

impl Object for File {
    const WHAT: &'static str = "an attachment";
    const NAMES: &'static [&'static str] =
        &["path", "content", "text", "name", "type", "mediaType", "cid", "disposition"];

    fn property<'de, A: MapAccess<'de>>(&mut self, name: &'static str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "path" => self.path = value(map)?,
            "content" => self.content = value(map)?,
            "text" => self.text = value(map)?,
            "name" => self.name = value(map)?,
            "type" | "mediaType" => self.media_type = value(map)?,
            "cid" => self.cid = value(map)?,
            "disposition" => self.disposition = value(map)?,
            _ => drop(map.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }

    fn check(&self) -> Result<(), String> {
        let given = [self.path.is_some(), self.content.is_some(), self.text.is_some()];
        match given.into_iter().filter(|given| *given).count() {
            1 => Ok(()),
            0 => Err("an attachment needs `path`, `content` (base64) or `text`".to_owned()),
            _ => Err("an attachment has one of `path`, `content` and `text`, not several".to_owned()),
        }
    }
}

impl File {
    fn attachment(self) -> Option<Attachment> {
        let last = |path: &str| Path::new(path).file_name().map(|name| name.to_string_lossy().into_owned());
        let name = self.name.or_else(|| self.path.as_deref().and_then(last));
        let content = self.path.map(|path| Content::Path(path.into()));
        let content = content.or(self.content.map(|bytes| Content::Bytes(bytes.0)));
        let content = content.or(self.text.map(Content::Text))?;
        let cid = self.cid.map(|cid| cid.trim_start_matches('<').trim_end_matches('>').to_owned());
        let disposition = self.disposition.map(|word| match word {
            DispositionWord::Attachment => Disposition::Attachment,
            DispositionWord::Inline => Disposition::Inline,
        });
        Some(Attachment { content, name, media_type: self.media_type, cid, disposition })
    }
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum DispositionWord {
    Attachment,
    Inline,
}

struct Base64(Vec<u8>);

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Base64, D::Error> {
        struct Base64Visitor;
        impl Visitor<'_> for Base64Visitor {
            type Value = Base64;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes as a text of base64")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Base64, E> {
                let wrong = |error| E::custom(format_args!("this is not base64: {error}"));
                // Most have no line ends in them.
                if text.bytes().any(|byte| byte.is_ascii_whitespace()) {
                    let bare: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
                    return BASE64.decode(bare).map(Base64).map_err(wrong);
                }
                BASE64.decode(text).map(Base64).map_err(wrong)
            }
        }
        deserializer.deserialize_str(Base64Visitor)
    }
}
