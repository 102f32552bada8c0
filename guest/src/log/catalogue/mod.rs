//! Every event in every language, side by side. A third language is one more line in each entry, and a field of
//! [`Text`](super::language::Text).
//!
//! The manner: one sentence that says the phase, the cause, and what was being waited for; what somebody else said
//! stands behind it in parentheses or quotes. `{name}` is a value; every language has the same values.

mod connection;
mod mail;
mod parts;
mod session;
mod tls;

pub use connection::*;
pub use mail::*;
pub use parts::*;
pub use session::*;
pub use tls::*;

/// Writes a table of texts: a constant for each, and `ALL` of them for the tests.
macro_rules! texts {
    ($($name:ident en $en:literal es $es:literal)*) => {
        $(pub const $name: $crate::log::language::Text = $crate::log::language::Text { en: $en, es: $es };)*

        #[cfg(test)]
        pub(super) const TABLE: &[(&str, $crate::log::language::Text)] = &[$((stringify!($name), $name)),*];
    };
}
use texts;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::language::{Language, Text, Value};
    use smtp_logs::Event;

    fn places(text: &str) -> Vec<&str> {
        let mut names: Vec<_> = text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn every_language_says_the_same_values() {
        for (name, text) in [connection::TABLE, mail::TABLE, parts::TABLE, session::TABLE, tls::TABLE].concat() {
            assert_eq!(places(text.en), places(text.es), "{name}");
            assert!(!text.en.contains(char::is_control) && !text.es.contains(char::is_control), "{name}");
            assert_ne!(text.es, "", "{name}");
        }
    }

    /// What fills a place, one word for each language where it is one of the catalogue's own parts.
    fn value(name: &str, language: Language) -> String {
        let own = |text: &Text| text.in_language(language).to_owned();
        match name {
            "port" => "587".into(),
            "limit" | "elapsed" => "1.5 s".into(),
            "status" => "550".into(),
            "bytes" | "size" | "count" | "accepted" | "refused" => "12".into(),
            "awaiting" => own(&AWAITING_RCPT_TO),
            "failure" => own(&FAILURE_RESET),
            name => format!("<{name}>"),
        }
    }

    fn fill(text: &Text, language: Language, more: &[(&str, String)]) -> String {
        let places = places(text.en).into_iter().map(|name| (name, value(name, language)));
        let known: Vec<_> =
            more.iter().cloned().chain(places).map(|(name, value)| (name, Value::Text(value))).collect();
        let mut filled = String::new();
        text.fill(language, &known, &mut filled);
        filled
    }

    /// `limit` is a number of bytes in two of the sentences.
    fn recognised(text: &Text, language: Language, more: &[(&str, String)]) -> Event {
        let with_bytes: Vec<_> = more.iter().cloned().chain([("limit", "12".to_owned())]).collect();
        let readings = [more, &with_bytes].map(|more| Event::recognise(&fill(text, language, more)));
        let known = readings.into_iter().find(|event| !matches!(event, Event::Other { .. }));
        known.unwrap_or_else(|| panic!("the reader of logs does not know: {}", fill(text, language, more)))
    }

    #[test]
    fn the_reader_of_logs_knows_every_sentence_in_every_language() {
        for (name, text) in [connection::TABLE, mail::TABLE, session::TABLE, tls::TABLE].concat() {
            if name == "UNNAMED" {
                continue;
            }
            let english = recognised(&text, Language::English, &[]);
            assert_eq!(english, recognised(&text, Language::Spanish, &[]), "{name}");
            let told = format!("{english:?}");
            for place in places(text.en).into_iter().filter(|place| value(place, Language::English).starts_with('<')) {
                assert!(told.contains(&format!("<{place}>")), "{name} loses {place}: {told}");
            }
        }
    }

    #[test]
    fn and_every_part_of_one() {
        let mut told = Vec::new();
        for (name, text) in parts::TABLE {
            let (sentence, place) = match name.split('_').next() {
                Some("AWAITING") => (&TIMED_OUT, "awaiting"),
                Some("FAILURE") => (&LOST, "failure"),
                _ => continue,
            };
            let event = |language| recognised(sentence, language, &[(place, fill(text, language, &[]))]);
            assert_eq!(event(Language::English), event(Language::Spanish), "{name}");
            told.push(format!("{:?}", event(Language::English)));
        }
        let count = told.len();
        told.sort();
        told.dedup();
        assert_eq!(told.len(), count, "each is told from the others");
    }
}
