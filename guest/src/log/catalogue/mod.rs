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
}
