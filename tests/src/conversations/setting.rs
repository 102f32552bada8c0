//! The settings of a script, as the transporter has them.

use smtp_guest::Secret;
use smtp_guest::log::Language;
use smtp_guest::sasl::{Credentials, Mechanism, Mode};
use smtp_guest::session::{EhloName, Host, Settings};

use super::script::Script;

pub const HOST: &str = "mx.example.com";

/// The settings; an error is the settings' own.
pub fn settings(script: &Script) -> Result<Settings, smtp_guest::Error> {
    let mut settings = Settings::new(Host::parse(script.value("host").unwrap_or(HOST))?);
    settings.port = script.number("port", 587) as u16;
    settings.credentials = credentials(script);
    settings.mode = script.value("mode").and_then(mode);
    settings.accept_unsecure = script.is("accept-unsecure", false);
    settings.ehlo_name = script.value("ehlo").map(EhloName::parse).transpose()?;
    settings.initial_response = script.is("initial-response", true);
    settings.pipelining = script.is("pipelining", true);
    settings.chunking = script.is("chunking", true);
    settings.keep_alive = script.is("keep-alive", true);
    settings.connect_limit_ms = script.number("connect-limit", 30) * 1000;
    settings.send_limit_ms = script.number("send-limit", 100) * 1000;
    settings.check()?;
    Ok(settings)
}

pub fn language(script: &Script) -> Language {
    if script.value("language") == Some("es") { Language::Spanish } else { Language::English }
}

fn credentials(script: &Script) -> Option<Credentials> {
    let secret = |key| script.value(key).map(Secret::new);
    let given = Credentials {
        user: script.value("user").map(str::to_owned),
        password: secret("password"),
        token: secret("token"),
    };
    (given != Credentials::default()).then_some(given)
}

fn mode(name: &str) -> Option<Mode> {
    if name == "oauth2" { Some(Mode::OAuth2) } else { Mechanism::parse(name).map(Mode::Mechanism) }
}
