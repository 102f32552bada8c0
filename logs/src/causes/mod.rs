//! What a failure means: its kind, what the codes say, whose words these are, and what to do.
//!
//! ```
//! use smtp_logs::causes::{Failure, Language, Phase, diagnose};
//!
//! let text = "5.7.8 Username and Password not accepted. For more information, go to\n\
//!             5.7.8  https://support.google.com/mail/?p=BadCredentials ffacd0b85a97d-38a8e3a2ae1 - gsmtp";
//! let found = diagnose(&Failure::reply(Phase::Auth, 535, text).from_server("smtp.gmail.com"));
//! assert_eq!(found.class.name, "bad-credentials");
//! let explained = found.explain(Language::English);
//! assert_eq!(explained.provider, Some("Gmail"));
//! ```
//!
//! Nothing here is code that knows a provider: the tables in `data/` do. See `docs/causes.md`.

mod class;
mod codes;
mod diagnosis;
mod failure;
mod language;
mod provider;
mod words;

#[cfg(test)]
mod tests;

pub use class::{Class, Group, Retry};
pub use codes::{EnhancedCode, ReplyCode, StatusCode};
pub use diagnosis::{Basis, Diagnosis, Explanation, diagnose};
pub use failure::{Event, Failure, Phase, Symptom};
pub use language::{Language, Text, UnknownLanguage};
pub use provider::{Provider, Rule};

use serde::de::DeserializeOwned;

/// Reads a file of `data/`, which is part of the program.
fn parse<T: DeserializeOwned>(text: &str) -> T {
    toml::from_str(text).expect("the tables of this crate are sound, as a test sees to")
}

/// Reads a file of entries: `[[entry]]`.
fn table<T: DeserializeOwned>(text: &str) -> Vec<T> {
    #[derive(serde::Deserialize)]
    struct Table<T> {
        entry: Vec<T>,
    }
    parse::<Table<T>>(text).entry
}
