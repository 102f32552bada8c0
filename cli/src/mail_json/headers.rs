//! Further header fields: an object, or a list where the order of equal names matters.

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use smtp_host::types::Header;
use std::fmt;

use super::object::{self, Object, value};

#[derive(Default)]
pub struct Headers(pub Vec<Header>);

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Headers, D::Error> {
        deserializer.deserialize_any(HeadersVisitor)
    }
}

struct HeadersVisitor;

impl<'de> Visitor<'de> for HeadersVisitor {
    type Value = Headers;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("headers: {\"X-Name\": \"value\"} or [{\"name\", \"value\"}]")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Headers, A::Error> {
        let mut all = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            let Values(values) = map.next_value()?;
            all.extend(values.into_iter().map(|value| Header { name: name.clone(), value }));
        }
        Ok(Headers(all))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Headers, A::Error> {
        let mut all = Vec::new();
        while let Some(Pair(header)) = list.next_element()? {
            all.push(header);
        }
        Ok(Headers(all))
    }
}

/// One value or several.
struct Values(Vec<String>);

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Values, D::Error> {
        struct ValuesVisitor;
        impl<'de> Visitor<'de> for ValuesVisitor {
            type Value = Values;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the header's value, or a list of values")
            }

            fn visit_str<E>(self, text: &str) -> Result<Values, E> {
                Ok(Values(vec![text.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Values, A::Error> {
                let mut all = Vec::new();
                while let Some(item) = list.next_element()? {
                    all.push(item);
                }
                Ok(Values(all))
            }
        }
        deserializer.deserialize_any(ValuesVisitor)
    }
}

struct Pair(Header);

impl Default for Pair {
    fn default() -> Pair {
        Pair(Header { name: String::new(), value: String::new() })
    }
}

impl<'de> Deserialize<'de> for Pair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pair, D::Error> {
        object::read(deserializer)
    }
}

impl Object for Pair {
    const WHAT: &'static str = "a header";
    const NAMES: &'static [&'static str] = &["name", "value"];

    fn property<'de, A: MapAccess<'de>>(&mut self, name: &'static str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "name" => self.0.name = value(map)?.unwrap_or_default(),
            "value" => self.0.value = value(map)?.unwrap_or_default(),
            _ => drop(map.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}
