//! Objects whose properties are all known: an unknown one is an error that names the nearest.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

/// A JSON object.
pub trait Object: Default {
    /// What it is, for errors: `a mail`.
    const WHAT: &'static str;
    /// Its properties, 64 at most.
    const NAMES: &'static [&'static str];

    /// Takes the value of one of [`Self::NAMES`].
    fn property<'de, A: MapAccess<'de>>(&mut self, name: &'static str, map: &mut A) -> Result<(), A::Error>;

    /// What is wrong with the object as a whole.
    fn check(&self) -> Result<(), String> {
        Ok(())
    }
}

/// Reads an object.
pub fn read<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

/// Reads the properties of an object that has begun.
pub fn read_map<'de, T: Object, A: MapAccess<'de>>(mut map: A) -> Result<T, A::Error> {
    let mut object = T::default();
    let mut seen = 0u64;
    while let Some(number) = map.next_key_seed(Key(T::NAMES))? {
        let name = T::NAMES[number];
        if seen & (1 << number) != 0 {
            return Err(Error::custom(format_args!("`{name}` stands there twice")));
        }
        seen |= 1 << number;
        // The place in the inner error stays that of the whole.
        object.property(name, &mut map).map_err(|error| Error::custom(format_args!("{name}: {error}")))?;
    }
    object.check().map_err(Error::custom)?;
    Ok(object)
}

/// The next value; none where it is `null`.
pub fn value<'de, T: Deserialize<'de>, A: MapAccess<'de>>(map: &mut A) -> Result<Option<T>, A::Error> {
    map.next_value()
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} as an object", T::WHAT)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        read_map(map)
    }
}

/// A name as its number.
struct Key(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for Key {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Key {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a property's name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        self.0.iter().position(|known| *known == name).ok_or_else(|| Error::custom(unknown(name, self.0)))
    }
}

/// The longest that an unknown name is repeated.
const SHOWN: usize = 40;

fn unknown(name: &str, known: &[&'static str]) -> String {
    let plain = |text: &str| text.replace(['-', '_', ' '], "").to_ascii_lowercase();
    let wanted = plain(&name.chars().take(SHOWN).collect::<String>());
    // Somebody who types `reply` or `text` has the beginning right; jaro_winkler values that.
    let nearness = |known: &str| strsim::jaro_winkler(&wanted, &plain(known));
    let nearest = known.iter().map(|known| (nearness(known), *known)).max_by(|a, b| a.0.total_cmp(&b.0));
    let shown: String = name.chars().take(SHOWN).collect();
    match nearest {
        Some((nearness, nearest)) if nearness > 0.7 => {
            format!("there is no property `{shown}`: did you mean `{nearest}`?")
        }
        _ => format!("there is no property `{shown}`: there are {}", known.join(", ")),
    }
}
