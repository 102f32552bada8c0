//! Whose words a reply is in, and the rules that know those words.

use super::{Class, Failure, Phase, Text};
use regex::{RegexSet, RegexSetBuilder};
use serde::Deserialize;
use std::sync::LazyLock;

/// A mail service or a mail server program.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// `Gmail`.
    pub name: String,
    /// Names of its servers, as a regular expression.
    servers: Option<String>,
    /// What only this provider writes, as a regular expression.
    signs: Option<String>,
    #[serde(rename = "rule")]
    rules: Vec<Rule>,
}

/// One text that is known.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// A regular expression over the reply's text, in any case: lines joined by blanks, enhanced codes taken out.
    text: String,
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
        Rules::get().providers.iter().flat_map(|provider| &provider.rules).map(|rule| rule.class.as_str())
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

/// All rules of all providers, compiled.
pub struct Rules {
    providers: Vec<Provider>,
    servers: RegexSet,
    signs: RegexSet,
    texts: RegexSet,
    /// (provider, rule) for each text.
    index: Vec<(usize, usize)>,
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

impl Rules {
    /// The rules of this crate.
    pub fn get() -> &'static Rules {
        static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::compile(FILES));
        &RULES
    }

    fn compile(files: &[&str]) -> Rules {
        let providers: Vec<Provider> = files.iter().map(|file| super::parse(file)).collect();
        let set = |patterns: Vec<&str>| {
            let set = RegexSetBuilder::new(patterns).case_insensitive(true).size_limit(1 << 26).build();
            set.expect("the rules are regular expressions, as a test sees to")
        };
        let never = r"[^\s\S]";
        let index: Vec<_> = providers
            .iter()
            .enumerate()
            .flat_map(|(provider, data)| (0..data.rules.len()).map(move |rule| (provider, rule)))
            .collect();
        Rules {
            servers: set(providers.iter().map(|provider| provider.servers.as_deref().unwrap_or(never)).collect()),
            signs: set(providers.iter().map(|provider| provider.signs.as_deref().unwrap_or(never)).collect()),
            texts: set(index.iter().map(|(provider, rule)| providers[*provider].rules[*rule].text.as_str()).collect()),
            index,
            providers,
        }
    }

    /// Looks for the rule and the provider. `text` is normalised.
    pub fn look_up(&'static self, failure: &Failure, code: u16, enhanced: Option<&str>, text: &str) -> Known {
        let code = if code == 0 { String::new() } else { code.to_string() };
        let signed = self.signs.matches(text);
        let named = self.servers.matches(failure.server.unwrap_or_default());
        let is_theirs = |provider: usize| signed.matched(provider) || named.matched(provider);
        let fitting: Vec<_> = self
            .texts
            .matches(text)
            .into_iter()
            .map(|found| self.index[found])
            .filter(|(provider, rule)| self.providers[*provider].rules[*rule].applies(failure.phase, &code, enhanced))
            .collect();
        // A server's own rules come first; without any, whoever wrote the words.
        let best = fitting.iter().find(|(provider, _)| is_theirs(*provider)).or(fitting.first());
        let provider = (0..self.providers.len()).find(|provider| is_theirs(*provider));
        let general = self.providers.len() - 1;
        Known {
            rule: best.map(|(provider, rule)| &self.providers[*provider].rules[*rule]),
            provider: provider
                .or(best.map(|(provider, _)| *provider).filter(|provider| *provider != general))
                .map(|provider| &self.providers[provider]),
        }
    }
}
