//! Whether a request is meant for this host: a page of another site can't reach it under a name of its own.

use axum::http::{Request, header};

use crate::serve::app::App;

/// Whether Host names the loopback, or a name of the configuration.
pub fn is_ours<B>(app: &App, request: &Request<B>) -> bool {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let Some(name) = host.to_str().ok().and_then(name) else { return false };
    is_loopback(&name) || app.settings().hosts.contains(&name)
}

/// Whether a form comes from a page of ours. Browsers tell where it comes from.
pub fn is_same_origin<B>(request: &Request<B>) -> bool {
    let text = |name| request.headers().get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    let host = text(header::HOST).unwrap_or_default();
    text(header::ORIGIN)
        .is_none_or(|origin| origin.split_once("://").is_some_and(|(_, of)| of.eq_ignore_ascii_case(host)))
}

fn is_loopback(name: &str) -> bool {
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || bare.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

/// The name without the port, in lower case.
fn name(host: &str) -> Option<String> {
    let end = match host.rfind(']') {
        Some(end) => end + 1,
        None => host.find(':').unwrap_or(host.len()),
    };
    let (name, port) = host.split_at(end);
    let port_is_one = port.strip_prefix(':').map_or(port.is_empty(), |port| port.parse::<u16>().is_ok());
    (port_is_one && !name.is_empty()).then(|| name.trim_end_matches('.').to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (host, expected) in [
            ("localhost:8025", Some("localhost")),
            ("127.0.0.1", Some("127.0.0.1")),
            ("[::1]:80", Some("[::1]")),
            ("Mail.Example.COM.:443", Some("mail.example.com")),
            ("localhost:x", None),
            ("", None),
            ("a:1:2", None),
        ] {
            assert_eq!(name(host).as_deref(), expected, "{host}");
        }
        assert!(
            is_loopback("[::1]") && is_loopback("127.1.2.3") && !is_loopback("10.0.0.1") && !is_loopback("evil.test")
        );
    }
}
