//! Which hosts and ports a component may talk to. Nothing, unless it was granted.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use crate::tls_sockets::Host;

/// The network grants of one component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    grants: Vec<Grant>,
}

/// One `HOST:PORT` pattern: `smtp.example.com:587`, `*.example.com:587`, `[::1]:25`, `10.0.0.5:*`, `*:*`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    host: Pattern,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Pattern {
    Any,
    /// The part behind `*`, with its dot.
    Below(String),
    Exactly(Host),
}

/// What the policy says of one host and port; the addresses are asked about one by one.
#[derive(Clone, Debug)]
pub(crate) struct Permit<'a> {
    policy: &'a Policy,
    host: &'a Host,
    port: u16,
    /// The grant names this very host: then its addresses may be private ones.
    named: bool,
}

impl Policy {
    /// Grants nothing.
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds a grant.
    pub fn allow(&mut self, grant: Grant) -> &mut Self {
        self.grants.push(grant);
        self
    }

    /// Adds a grant for exactly this host (name or address) and port.
    pub fn allow_exactly(&mut self, host: &str, port: u16) -> Result<&mut Self, String> {
        let host = Pattern::Exactly(host.parse()?);
        Ok(self.allow(Grant { host, port: Some(port) }))
    }

    /// Says whether a connection may go to `host`; the error names what would allow it.
    pub(crate) fn check<'a>(&'a self, host: &'a Host, port: u16) -> Result<Permit<'a>, String> {
        let mut permit = Permit { policy: self, host, port, named: false };
        let mut wild = false;
        for grant in self.grants.iter().filter(|grant| grant.covers_port(port)) {
            match &grant.host {
                Pattern::Exactly(exact) => permit.named |= exact == host,
                Pattern::Any => wild = true,
                Pattern::Below(suffix) => wild |= matches!(host, Host::Name(name) if name.ends_with(suffix.as_str())),
            }
        }
        let private = match host {
            Host::Ip(ip) => !is_public(*ip),
            // RFC 6761: the machine itself, whoever resolves it.
            Host::Name(name) => name == "localhost" || name.ends_with(".localhost"),
        };
        match (permit.named, wild) {
            (true, _) => Ok(permit),
            (false, true) if !private => Ok(permit),
            (false, true) => Err(permit.private_refusal(&host.to_string())),
            (false, false) => {
                let target = host.with_port(port);
                Err(format!("the host has not granted {target}; --allow {target} would"))
            }
        }
    }
}

impl Permit<'_> {
    /// Says whether an address that the host's name resolved to may be connected to.
    pub(crate) fn check_address(&self, ip: IpAddr) -> Result<(), String> {
        let ip = ip.to_canonical();
        let named = self.named || {
            let literal = Pattern::Exactly(Host::Ip(ip));
            self.policy.grants.iter().any(|grant| grant.covers_port(self.port) && grant.host == literal)
        };
        if named || is_public(ip) { Ok(()) } else { Err(self.private_refusal(&ip.to_string())) }
    }

    fn private_refusal(&self, what: &str) -> String {
        let target = self.host.with_port(self.port);
        format!("{what} is a private address, which a wildcard does not grant; --allow {target} would")
    }
}

impl Grant {
    fn covers_port(&self, port: u16) -> bool {
        self.port.is_none_or(|granted| granted == port)
    }
}

impl FromStr for Grant {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (host, port) = text
            .rsplit_once(':')
            .ok_or_else(|| format!("\"{text}\" names no port: HOST:PORT, or HOST:* for every port"))?;
        let port = match port {
            "*" => None,
            digits => match digits.parse::<u16>() {
                Ok(port) if port > 0 => Some(port),
                _ => return Err(format!("\"{digits}\" is no port: 1 to 65535, or *")),
            },
        };
        if host.contains(':') && !host.starts_with('[') {
            return Err(format!("\"{text}\": an IPv6 address stands in brackets, [::1]:25"));
        }
        let host = match host.strip_prefix("*.") {
            _ if host == "*" => Pattern::Any,
            Some(suffix) => match suffix.parse()? {
                Host::Name(name) => Pattern::Below(format!(".{name}")),
                Host::Ip(ip) => return Err(format!("\"{host}\": there is nothing below the address {ip}")),
            },
            None => Pattern::Exactly(host.parse()?),
        };
        Ok(Self { host, port })
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let port = self.port.map_or("*".to_owned(), |port| port.to_string());
        match &self.host {
            Pattern::Any => write!(f, "*:{port}"),
            Pattern::Below(suffix) => write!(f, "*{suffix}:{port}"),
            Pattern::Exactly(host) => f.write_str(&host.with_port(port)),
        }
    }
}

/// Whether an address belongs to the public Internet (IANA's special-purpose registries, RFC 6890).
fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = match (a, b, c) {
        (0 | 10 | 127, ..) | (169, 254, _) | (192, 168, _) => true, // this network, private, loopback, link-local
        (172, 16..=31, _) => true,                                  // private
        (100, 64..=127, _) => true,                                 // carrier-grade NAT, RFC 6598
        (192, 0, 0 | 2) | (198, 51, 100) | (203, 0, 113) => true,   // protocol assignments, documentation
        (198, 18 | 19, _) => true,                                  // benchmarking
        (224.., ..) => true,                                        // multicast, reserved, broadcast
        _ => false,
    };
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match (a, b) {
        // Addresses that carry an IPv4 address to whoever translates them: NAT64 (RFC 6052), 6to4 (RFC 3056).
        (0x64, 0xff9b) => [c, d, e, f] == [0; 4] && is_public_v4(v4(g, h)),
        (0x2002, _) => is_public_v4(v4(b, c)),
        (0x2001, 0..=0x1ff) | (0x2001, 0xdb8) | (0x3fff, 0..=0xfff) => false, // assignments with Teredo, documentation
        // Global unicast. All else is loopback, unspecified, IPv4-compatible, ULA, link-local, site-local, multicast.
        (0x2000..=0x3fff, _) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(grants: &[&str]) -> Policy {
        let mut policy = Policy::none();
        for grant in grants {
            policy.allow(grant.parse().unwrap());
        }
        policy
    }

    fn allows(grants: &[&str], host: &str, port: u16, ip: &str) -> bool {
        let (policy, host) = (policy(grants), host.parse().unwrap());
        policy.check(&host, port).and_then(|permit| permit.check_address(ip.parse().unwrap())).is_ok()
    }

    #[test]
    fn patterns() {
        const PUBLIC: &str = "93.184.216.34";
        for (grant, host, port, expected) in [
            ("smtp.example.com:587", "SMTP.example.com.", 587, true),
            ("smtp.example.com:587", "smtp.example.com", 465, false),
            ("smtp.example.com:*", "smtp.example.com", 465, true),
            ("*.example.com:587", "a.b.example.com", 587, true),
            ("*.example.com:587", "example.com", 587, false),
            ("*.example.com:587", "evilexample.com", 587, false),
            ("*:587", "anything.test", 587, true),
            ("*.34:587", "93.184.216.34", 587, false),
            ("bücher.example:587", "xn--bcher-kva.example", 587, true),
        ] {
            let allowed = grant.parse::<Grant>().is_ok() && allows(&[grant], host, port, PUBLIC);
            assert_eq!(allowed, expected, "{grant} {host}:{port}");
        }
    }

    #[test]
    fn private_addresses_only_where_they_are_named() {
        const PRIVATE: [&str; 16] = [
            "10.0.0.5",
            "127.0.0.1",
            "172.31.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:10.0.0.5",
            "64:ff9b::a00:5",
        ];
        for ip in PRIVATE {
            assert!(!allows(&["*:*", "*.intern:*"], "mail.intern", 25, ip), "{ip}");
            assert!(!allows(&["*:*"], ip, 25, ip), "{ip}");
            assert!(allows(&["mail.intern:25"], "mail.intern", 25, ip), "{ip}");
            let literal = ip.parse::<Host>().unwrap().with_port(25);
            assert!(allows(&[&literal], ip, 25, ip), "{ip}");
            assert!(allows(&["*:*", &literal], "mail.intern", 25, ip), "{ip}");
        }
        for ip in ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"] {
            assert!(allows(&["*:*"], ip, 25, ip), "{ip}");
        }
        assert!(!allows(&["*:*"], "localhost", 25, "93.184.216.34"));
    }

    #[test]
    fn a_refusal_names_the_option() {
        let host = "::1".parse().unwrap();
        assert_eq!(
            Policy::none().check(&host, 25).unwrap_err(),
            "the host has not granted [::1]:25; --allow [::1]:25 would"
        );
    }

    #[test]
    fn grants_read_back_as_they_were_written() {
        for text in ["*:*", "*.example.com:587", "[::1]:25", "10.0.0.5:*", "smtp.example.com:465"] {
            assert_eq!(text.parse::<Grant>().unwrap().to_string(), text);
        }
        for text in ["smtp.example.com", "a:0", "a:99999", "::1:25", "a b:25", "*.10.0.0.1:25", "a*.b:25", ":25"] {
            assert!(text.parse::<Grant>().is_err(), "{text}");
        }
    }
}
