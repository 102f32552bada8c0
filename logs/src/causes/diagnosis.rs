//! What a failure means and what to do: the output.

use super::provider::{Known, Provider, Rule};
use super::words::Words;
use super::{Class, EnhancedCode, Failure, Group, Language, ReplyCode, Retry, StatusCode, Symptom};
use serde::Serialize;

/// What is known of a failure.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// The kind of failure. [`Class::unknown`] where neither the words nor the codes tell.
    pub class: &'static Class,
    /// What told it.
    pub basis: Basis,
    /// The meaning of the reply code.
    pub reply_code: Option<&'static ReplyCode>,
    /// The enhanced code as sent.
    pub enhanced: Option<EnhancedCode>,
    /// Its meaning, where the registry has it.
    pub status_code: Option<&'static StatusCode>,
    /// Whose words these are.
    pub provider: Option<&'static Provider>,
    /// The rule that fitted.
    pub rule: Option<&'static Rule>,
    /// Whether to send again.
    pub retry: Retry,
}

/// What a diagnosis rests on, from the surest down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The log's own event.
    Event,
    /// The server's words are known.
    Words,
    /// The enhanced code.
    EnhancedCode,
    /// The reply code.
    ReplyCode,
    /// Nothing.
    Nothing,
}

/// A diagnosis in words, for people and for JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// The class's stable name.
    pub class: &'static str,
    /// What it is about.
    pub group: Group,
    /// What happened, as a heading.
    pub title: &'static str,
    /// What the codes mean: one sentence each.
    pub meaning: Vec<String>,
    /// Whose words these are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<&'static str>,
    /// What to do.
    pub advice: &'static str,
    /// Whether to send again.
    pub retry: Retry,
    /// What it rests on.
    pub basis: Basis,
    /// Where the server's words are documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<&'static str>,
}

/// Tells what a failure means. Never fails: what is not known is [`Class::unknown`].
pub fn diagnose(failure: &Failure) -> Diagnosis {
    let (code, enhanced, text, event) = match &failure.symptom {
        Symptom::Reply { code, enhanced, text } => (*code, *enhanced, *text, None),
        Symptom::Event { event, text } => (0, None, *text, Some(*event)),
    };
    let words = Words::of(text);
    let enhanced = enhanced.or(words.enhanced);
    let known = Known::look_up(failure, code, enhanced.map(|code| code.to_string()).as_deref(), &words.text);
    let reply_code = ReplyCode::find(code);
    let status_code = enhanced.and_then(StatusCode::find);
    let (class, basis) = match event {
        // What an event quotes (a certificate's subject, say) tells no more than the event does.
        Some(event) => (Class::of_event(event), Basis::Event),
        None => of_reply(&known, status_code, reply_code),
    };
    let rule = known.rule.filter(|_| basis == Basis::Words);
    Diagnosis {
        class,
        basis,
        reply_code,
        enhanced,
        status_code,
        // An event is our own words.
        provider: known.provider.filter(|_| event.is_none()),
        rule,
        retry: class.retry(code),
    }
}

fn of_reply(known: &Known, status: Option<&StatusCode>, reply: Option<&ReplyCode>) -> (&'static Class, Basis) {
    let by_words = known.rule.map(|rule| (rule.class(), Basis::Words));
    let by_status = || status.and_then(StatusCode::class).map(|class| (class, Basis::EnhancedCode));
    let by_reply = || reply.and_then(ReplyCode::class).map(|class| (class, Basis::ReplyCode));
    by_words.or_else(by_status).or_else(by_reply).unwrap_or((Class::unknown(), Basis::Nothing))
}

impl Diagnosis {
    /// Puts it into words.
    pub fn explain(&self, language: Language) -> Explanation {
        let advice = self.rule.and_then(|rule| rule.advice.as_ref()).unwrap_or(&self.class.advice);
        let reply = self.reply_code.map(|entry| (entry.code.to_string(), entry.meaning.of(language)));
        let status = self.enhanced.zip(self.status_code);
        let status = status.map(|(code, entry)| (code.to_string(), entry.meaning.of(language)));
        let meanings = match (reply, status) {
            // Both say the same.
            (Some((reply, meaning)), Some((status, same))) if meaning == same => {
                vec![(format!("{reply} {status}"), meaning)]
            }
            (reply, status) => reply.into_iter().chain(status).collect(),
        };
        Explanation {
            class: &self.class.name,
            group: self.class.group,
            title: self.class.title.of(language),
            meaning: meanings.into_iter().map(|(code, meaning)| format!("{code}: {meaning}")).collect(),
            provider: self.provider.map(|provider| provider.name.as_str()),
            advice: advice.of(language),
            retry: self.retry,
            basis: self.basis,
            // The page of a rule for everybody is not about this provider's words.
            source: self
                .rule
                .filter(|rule| self.provider.is_none_or(|provider| provider.has(rule)))
                .map(|rule| rule.source.as_str()),
        }
    }
}
