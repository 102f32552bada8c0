//! Host names and addresses as people write them, made one of a kind.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

/// A host that was checked: nothing in it can break a request line or a resolver.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// Lower-case A-labels, without a dot at the end.
    Name(String),
    /// IPv4-mapped IPv6 addresses stand here as IPv4.
    Ip(IpAddr),
}

impl Host {
    /// The host with its port, an IPv6 address in brackets.
    pub fn with_port(&self, port: impl fmt::Display) -> String {
        match self {
            Self::Ip(IpAddr::V6(ip)) => format!("[{ip}]:{port}"),
            other => format!("{other}:{port}"),
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Ip(ip) => ip.fmt(f),
        }
    }
}

impl FromStr for Host {
    type Err = String;

    /// Takes a name (international ones too), an IPv4 or an IPv6 address, the latter with or without brackets.
    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(ip) = text.parse::<IpAddr>() {
            return Ok(Self::Ip(ip.to_canonical()));
        }
        if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let ip = inner.parse::<Ipv6Addr>().map_err(|_| refusal(text))?;
            return Ok(Self::Ip(IpAddr::V6(ip).to_canonical()));
        }
        let name = if text.is_ascii() {
            text.to_ascii_lowercase()
        } else {
            idna::domain_to_ascii(text).map_err(|_| refusal(text))?
        };
        let name = name.strip_suffix('.').unwrap_or(&name);
        if is_name(name) { Ok(Self::Name(name.to_owned())) } else { Err(refusal(text)) }
    }
}

/// Underscores are no host name's letters by RFC 952, and stand in many a private one.
fn is_name(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    // `127.1` and `0x7f000001` are addresses to a resolver: whoever means an address writes it in full.
    let last = name.rsplit('.').next().unwrap_or_default();
    let number = last.bytes().all(|b| b.is_ascii_digit()) || last.starts_with("0x");
    name.len() <= 253 && !number && name.split('.').all(label)
}

fn refusal(text: &str) -> String {
    let shown: String = text.chars().take(80).collect();
    format!("\"{}\" is neither a host name nor an address", shown.escape_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_for_each_host() {
        for (text, host) in [
            ("Smtp.Example.COM.", "smtp.example.com"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("::ffff:127.0.0.1", "127.0.0.1"),
            ("[2001:DB8::1]", "2001:db8::1"),
            ("mail_host.intern", "mail_host.intern"),
        ] {
            assert_eq!(text.parse::<Host>().map(|h| h.to_string()), Ok(host.to_owned()));
        }
    }

    #[test]
    fn what_is_no_host() {
        let long = "a".repeat(64);
        for text in
            ["", ".", "a..b", "a b", "a\r\nb", "127.1", "2130706433", "0x7f.0x1", "fe80::1%eth0", "a:25", "-a", &long]
        {
            assert!(text.parse::<Host>().is_err(), "{text}");
        }
    }
}
