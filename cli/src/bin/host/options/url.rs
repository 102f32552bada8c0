//! `smtp://user@host:587`, `smtps://host`, `socks5://host:1080`.

use super::domain;
use crate::exit::Failure;

/// The parts of a URL that names a server.
#[derive(Debug, PartialEq, Eq)]
pub struct Url {
    pub scheme: String,
    pub user: Option<String>,
    pub host: String,
    pub port: Option<u16>,
}

impl Url {
    /// Takes a URL apart. No message repeats it as a whole: it may hold a password.
    pub fn parse(option: &str, schemes: &[&str], url: &str) -> Result<Url, Failure> {
        let known = schemes.iter().map(|scheme| format!("{scheme}://")).collect::<Vec<_>>().join(" or ");
        let usage = |why: &str| Failure::usage(format!("{option}: {why}"));
        let Some((scheme, rest)) = url.split_once("://") else {
            return Err(usage(&format!("the URL begins with {known}")));
        };
        let scheme = scheme.to_ascii_lowercase();
        if !schemes.contains(&scheme.as_str()) {
            return Err(usage(&format!("the URL begins with {known}, not with '{scheme}://'")));
        }
        let (user, place) = match rest.rsplit_once('@') {
            Some((user, _)) if user.contains(':') => {
                return Err(usage(
                    "a password can't stand in the URL, where other users of the machine can see it: use a file \
                     (--password-file) or the environment (--password-env)",
                ));
            }
            Some((user, place)) => {
                (Some(decode(user).ok_or_else(|| usage("the user is no percent-encoded text"))?), place)
            }
            None => (None, rest),
        };
        let place = place.strip_suffix('/').unwrap_or(place);
        let (host, port) = split_port(place);
        let port = match port {
            None => None,
            Some(port) => match port.parse() {
                Ok(port) if port > 0 => Some(port),
                _ => return Err(usage("the port is a number from 1 to 65535")),
            },
        };
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        if let Some(address) = bare {
            if address.parse::<std::net::Ipv6Addr>().is_err() {
                return Err(Failure::data(format!("{option}: no IPv6 address stands in the brackets")).at(host, 1));
            }
        } else if let Err((at, why)) = domain::check(host) {
            return Err(Failure::data(format!("{option}: {why}")).at(host, at));
        }
        Ok(Url { scheme, user, host: bare.unwrap_or(host).to_owned(), port })
    }
}

/// A colon in brackets belongs to the address.
fn split_port(place: &str) -> (&str, Option<&str>) {
    let from = place.rfind(']').unwrap_or(0);
    match place[from..].rfind(':') {
        Some(colon) => (&place[..from + colon], Some(&place[from + colon + 1..])),
        None => (place, None),
    }
}

/// `user%40example.com`
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                (digit()? * 16 + digit()?) as u8
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;

    fn parse(url: &str) -> Result<Url, Failure> {
        Url::parse("--server", &["smtp", "smtps"], url)
    }

    #[test]
    fn parts() {
        let url = |scheme: &str, user: Option<&str>, host: &str, port| {
            Ok(Url { scheme: scheme.into(), user: user.map(Into::into), host: host.into(), port })
        };
        assert_eq!(parse("smtp://mail.example.com"), url("smtp", None, "mail.example.com", None));
        assert_eq!(parse("SMTPS://h:465/"), url("smtps", None, "h", Some(465)));
        assert_eq!(parse("smtp://a%40b@h:25"), url("smtp", Some("a@b"), "h", Some(25)));
        assert_eq!(parse("smtp://a@b.c@h"), url("smtp", Some("a@b.c"), "h", None));
        assert_eq!(parse("smtp://[::1]:2525"), url("smtp", None, "::1", Some(2525)));
    }

    #[test]
    fn wrong_ones() {
        for (url, exit) in [
            ("mail.example.com", Exit::Usage),
            ("http://h", Exit::Usage),
            ("smtp://u:secret@h", Exit::Usage),
            ("smtp://h:0", Exit::Usage),
            ("smtp://h:x", Exit::Usage),
            ("smtp://h:70000", Exit::Usage),
            ("smtp://", Exit::Data),
            ("smtp://a b", Exit::Data),
            ("smtp://h/path", Exit::Data),
            ("smtp://[x]", Exit::Data),
            ("smtp://h\r\nx", Exit::Data),
        ] {
            let failure = parse(url).unwrap_err();
            assert_eq!(failure.exit, exit, "{url}: {}", failure.message);
            assert!(!failure.message.contains("secret"), "{}", failure.message);
        }
    }
}
