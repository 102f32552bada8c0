//! Whose words a reply is in, and the rules that know those words.

use super::{Class, Failure, Phase, Text};
use regex::bytes::{Regex, RegexBuilder};
use serde::Deserialize;
use std::sync::{LazyLock, OnceLock};

/// A mail service or a mail server program.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// `Gmail`.
    pub name: String,
    /// Names of its servers, as a regular expression.
    servers: Option<Pattern>,
    /// What only its servers say at first, likewise.
    greetings: Option<Pattern>,
    /// What only this provider writes, likewise.
    signs: Option<Pattern>,
    #[serde(rename = "rule")]
    rules: Vec<Rule>,
}

/// One text that is known.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// A regular expression over the reply's text in lower case: lines joined by blanks, enhanced codes taken out.
    text: Pattern,
    class: String,
    /// Reply codes, where the text alone is not enough: `"550"`, `"4"` for 4yz.
    #[serde(default)]
    codes: Vec<String>,
    /// Enhanced codes, likewise: `"5.7.26"`, `"7.26"` for any class.
    #[serde(default)]
    enhanced: Vec<String>,
    /// Phases, likewise.
    #[serde(default)]
    phases: Vec<Phase>,
    /// Where the text stands in public.
    pub source: String,
    /// The provider's own advice, where the class's is too general.
    pub advice: Option<Text>,
}

impl Rule {
    /// What it tells.
    pub fn class(&self) -> &'static Class {
        Class::named(&self.class)
    }

    #[cfg(test)]
    pub(super) fn classes() -> impl Iterator<Item = &'static str> {
        Provider::all().iter().flat_map(|provider| &provider.rules).map(|rule| rule.class.as_str())
    }

    #[cfg(test)]
    pub(super) fn patterns() -> impl Iterator<Item = &'static Pattern> {
        let of =
            |provider: &'static Provider| provider.servers.iter().chain(&provider.greetings).chain(&provider.signs);
        let texts = Provider::all().iter().flat_map(|provider| &provider.rules).map(|rule| &rule.text);
        Provider::all().iter().flat_map(of).chain(texts)
    }

    fn applies(&self, phase: Phase, code: &str, enhanced: Option<&str>) -> bool {
        (self.codes.is_empty() || self.codes.iter().any(|prefix| !code.is_empty() && code.starts_with(prefix)))
            && (self.phases.is_empty() || self.phases.contains(&phase))
            && (self.enhanced.is_empty()
                || enhanced.is_some_and(|has| {
                    self.enhanced.iter().any(|want| want == has || has.get(2..).is_some_and(|end| end == want))
                }))
    }
}

/// What the rules know of a failure.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known {
    /// The rule that fits.
    pub rule: Option<&'static Rule>,
    /// Whose words these are.
    pub provider: Option<&'static Provider>,
}

macro_rules! files {
    ($($name:literal)*) => { &[$(include_str!(concat!("data/rules/", $name, ".toml"))),*] };
}

/// From the most particular to the most general: the first rule that fits counts.
const FILES: &[&str] = files![
    "gmail" "microsoft" "yahoo" "icloud" "united-internet" "zoho" "amazon-ses" "sendgrid" "brevo" "mailgun" "tencent" "smtp2go" "mimecast" "proofpoint" "barracuda" "rackspace" "comcast" "spamhaus" "postfix" "exim" "sendmail" "dovecot" "qmail" "hmailserver" "common"
];

/// A regular expression, compiled when it is first needed. One automaton for all (a `RegexSet`) was measured a hundred times
/// slower: with this many rules it has a new state for almost every byte of a text that it has not seen.
#[derive(Debug, Deserialize)]
#[serde(from = "String")]
pub struct Pattern {
    text: String,
    compiled: OnceLock<Regex>,
}

impl From<String> for Pattern {
    fn from(text: String) -> Pattern {
        Pattern { text, compiled: OnceLock::new() }
    }
}

impl Pattern {
    pub(super) fn fits(&self, text: &str) -> bool {
        self.regex().is_match(text.as_bytes())
    }

    #[cfg(test)]
    pub(super) fn as_str(&self) -> &str {
        self.regex().as_str()
    }

    fn regex(&self) -> &Regex {
        self.compiled.get_or_init(|| {
            let regex = RegexBuilder::new(&self.text).unicode(false).build();
            regex.expect("the rules are regular expressions, as a test sees to")
        })
    }
}

impl Provider {
    /// All of them; the last is everybody.
    pub fn all() -> &'static [Provider] {
        static ALL: LazyLock<Vec<Provider>> = LazyLock::new(|| FILES.iter().map(|file| super::parse(file)).collect());
        &ALL
    }

    /// Whether it has this rule.
    pub(super) fn has(&self, rule: &Rule) -> bool {
        self.rules.iter().any(|own| std::ptr::eq(own, rule))
    }

    fn wrote(&self, server: &str, greeting: &str, text: &str) -> bool {
        let fits = |pattern: &Option<Pattern>, text| pattern.as_ref().is_some_and(|pattern| pattern.fits(text));
        fits(&self.servers, server) || fits(&self.greetings, greeting) || fits(&self.signs, text)
    }
}

impl Known {
    /// Looks for the rule and the provider. `code` is 0 where there is no reply.
    pub fn look_up(failure: &Failure, code: u16, enhanced: Option<&str>, text: &str) -> Known {
        let text = &text.to_lowercase();
        let server = &failure.server.unwrap_or_default().to_lowercase();
        let greeting = &failure.greeting.unwrap_or_default().to_lowercase();
        let code = &if code == 0 { String::new() } else { code.to_string() };
        let fitting = |provider: &'static Provider| {
            let rules = provider.rules.iter();
            let mut rules = rules.filter(|rule| rule.applies(failure.phase, code, enhanced));
            rules.find(|rule| rule.text.fits(text))
        };
        let (everybody, particular) = Provider::all().split_last().expect("there are providers");
        // Without a sign of who wrote them, words that many use say nothing of a provider.
        let signs = without_addresses(text);
        let theirs: Vec<_> = particular.iter().filter(|provider| provider.wrote(server, greeting, &signs)).collect();
        let found = theirs.iter().find_map(|provider| Some((*provider, fitting(provider)?)));
        match found {
            Some((provider, rule)) => Known { rule: Some(rule), provider: Some(provider) },
            None => Known { rule: fitting(everybody), provider: theirs.first().copied() },
        }
    }
}

/// A reply that names a mailbox at a provider need not be the provider's.
fn without_addresses(text: &str) -> String {
    let words = text.split_inclusive(char::is_whitespace);
    words.filter(|word| !word.contains('@') || word.contains("://")).collect()
}
