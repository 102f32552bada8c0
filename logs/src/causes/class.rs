//! Kinds of failure, each with what to do about it.

use super::{Event, Text, table};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A kind of failure.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Stable name, in kebab case: `app-password-needed`.
    pub name: String,
    /// What it is about.
    pub group: Group,
    /// What happened, as a heading.
    pub title: Text,
    /// What to do, in one or two sentences.
    pub advice: Text,
    retry: ClassRetry,
    #[serde(default)]
    events: Vec<Event>,
}

/// What a kind of failure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Group {
    Network,
    Tls,
    Authentication,
    Sender,
    Recipient,
    Content,
    Reputation,
    Rate,
    Server,
    Protocol,
    Local,
    Unknown,
}

/// Whether to send the mail again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Retry {
    /// It may pass without any change.
    Later,
    /// It will fail again.
    Never,
    /// It may pass once something was changed: settings, the mail, an account.
    AfterChange,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ClassRetry {
    Later,
    Never,
    AfterChange,
    ByCode,
}

impl Class {
    /// All of them.
    pub fn all() -> &'static [Class] {
        static TABLE: LazyLock<Vec<Class>> = LazyLock::new(|| table(include_str!("data/classes.toml")));
        &TABLE
    }

    /// The class of that name.
    pub fn find(name: &str) -> Option<&'static Class> {
        static INDEX: LazyLock<HashMap<&str, &Class>> =
            LazyLock::new(|| Class::all().iter().map(|class| (class.name.as_str(), class)).collect());
        INDEX.get(name).copied()
    }

    /// The class that a rule names. A test sees to it that all of them exist.
    pub(super) fn named(name: &str) -> &'static Class {
        Class::find(name).unwrap_or_else(Class::unknown)
    }

    /// The class of what nothing is known of.
    pub fn unknown() -> &'static Class {
        Class::find("unknown").unwrap_or(&Class::all()[0])
    }

    /// The class of an event.
    pub fn of_event(event: Event) -> &'static Class {
        Class::all().iter().find(|class| class.events.contains(&event)).unwrap_or_else(Class::unknown)
    }

    /// The events that have this cause.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Whether to send again after a reply with this code (0: no reply).
    pub fn retry(&self, code: u16) -> Retry {
        match (self.retry, code) {
            (ClassRetry::Later, _) | (ClassRetry::ByCode, 400..=499) => Retry::Later,
            (ClassRetry::AfterChange, _) => Retry::AfterChange,
            (ClassRetry::Never | ClassRetry::ByCode, _) => Retry::Never,
        }
    }
}
