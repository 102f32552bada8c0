//! What is asked of the server for one mail: DSN and the other extensions.

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess};
use smtp_host::types::{DeliverBy, DeliverByMode, DeliveryOptions, Notify, NotifyOn, ReturnContent};

use super::list::Commas;
use super::object::{self, Object, value};

pub struct Delivery(pub DeliveryOptions);

impl Default for Delivery {
    fn default() -> Delivery {
        Delivery(DeliveryOptions {
            require_all: false,
            return_content: None,
            envelope_id: None,
            notify: None,
            require_tls: false,
            priority: None,
            deliver_by: None,
            hold_for: None,
        })
    }
}

impl<'de> Deserialize<'de> for Delivery {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Delivery, D::Error> {
        object::read(deserializer)
    }
}

impl Object for Delivery {
    const WHAT: &'static str = "options";
    const NAMES: &'static [&'static str] =
        &["requireAll", "returnContent", "envelopeId", "notify", "requireTls", "priority", "deliverBy", "holdFor"];

    fn property<'de, A: MapAccess<'de>>(&mut self, name: &'static str, map: &mut A) -> Result<(), A::Error> {
        let options = &mut self.0;
        match name {
            "requireAll" => options.require_all = value(map)?.unwrap_or_default(),
            "returnContent" => {
                options.return_content = value(map)?.map(|word| match word {
                    ReturnWord::Full => ReturnContent::Full,
                    ReturnWord::Headers => ReturnContent::Headers,
                });
            }
            "envelopeId" => options.envelope_id = value(map)?,
            "notify" => options.notify = value::<NotifyWords, A>(map)?.map(|words| words.0),
            "requireTls" => options.require_tls = value(map)?.unwrap_or_default(),
            "priority" => options.priority = value(map)?,
            "deliverBy" => options.deliver_by = value::<By, A>(map)?.map(|by| by.0),
            "holdFor" => options.hold_for = value(map)?,
            _ => drop(map.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum ReturnWord {
    Full,
    Headers,
}

/// `never`, or any of `success`, `failure` and `delay`, as a text with commas or a list.
pub struct NotifyWords(pub Notify);

impl<'de> Deserialize<'de> for NotifyWords {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<NotifyWords, D::Error> {
        let Commas(words) = Deserialize::deserialize(deserializer)?;
        if words == ["never"] {
            return Ok(NotifyWords(Notify::Never));
        }
        let mut on = NotifyOn::empty();
        for word in &words {
            on |= match word.as_str() {
                "success" => NotifyOn::SUCCESS,
                "failure" => NotifyOn::FAILURE,
                "delay" => NotifyOn::DELAY,
                _ => return Err(Error::custom("it is `never`, or any of `success`, `failure` and `delay`")),
            };
        }
        Ok(NotifyWords(Notify::On(on)))
    }
}

struct By(DeliverBy);

impl Default for By {
    fn default() -> By {
        By(DeliverBy { seconds: 0, mode: DeliverByMode::Return, trace: false })
    }
}

impl<'de> Deserialize<'de> for By {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<By, D::Error> {
        object::read(deserializer)
    }
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum ByWord {
    Return,
    Notify,
}

impl Object for By {
    const WHAT: &'static str = "deliverBy";
    const NAMES: &'static [&'static str] = &["seconds", "mode", "trace"];

    fn property<'de, A: MapAccess<'de>>(&mut self, name: &'static str, map: &mut A) -> Result<(), A::Error> {
        match name {
            "seconds" => self.0.seconds = map.next_value()?,
            "mode" => {
                self.0.mode = match map.next_value()? {
                    ByWord::Return => DeliverByMode::Return,
                    ByWord::Notify => DeliverByMode::Notify,
                };
            }
            "trace" => self.0.trace = value(map)?.unwrap_or_default(),
            _ => drop(map.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}
