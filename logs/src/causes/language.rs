//! The languages that people read.

use serde::Deserialize;

/// A language that explanations are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// `en`.
    #[default]
    English,
    /// `es`.
    Spanish,
}

/// The same words in every language.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    en: String,
    es: String,
}

impl Text {
    /// The words in one language.
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Spanish => &self.es,
        }
    }
}

impl std::str::FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        match text {
            "en" => Ok(Language::English),
            "es" => Ok(Language::Spanish),
            _ => Err(UnknownLanguage),
        }
    }
}

/// The language is neither `en` nor `es`.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a language that is known here: use en or es")]
pub struct UnknownLanguage;
