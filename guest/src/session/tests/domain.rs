use super::*;

fn error(text: &str) -> String {
    Domain::parse(text).expect_err(text).message
}

#[test]
fn domains() {
    for (text, ascii) in [
        ("example.com", "example.com"),
        ("localhost", "localhost"),
        ("Mail.EXAMPLE.com", "Mail.EXAMPLE.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ("1.2.3.example", "1.2.3.example"),
        ("[192.0.2.1]", "[192.0.2.1]"),
        ("[IPv6:2001:db8::1]", "[IPv6:2001:db8::1]"),
        ("[tag:data]", "[tag:data]"),
    ] {
        assert_eq!(Domain::parse(text).map(|domain| domain.to_string()), Ok(ascii.to_owned()), "{text}");
    }
}

#[test]
fn what_is_no_domain() {
    for (text, message) in [
        ("", "``: the domain is empty"),
        ("a b", "`a b`: character 2 (blank) is not allowed in a domain"),
        ("a\r\nRCPT", "`a\\r\\nRCPT`: character 2 (CR) is not allowed in a domain"),
        ("a..b", "`a..b`: the domain has an empty label: two dots in a row, or one at an end"),
        (".a", "`.a`: the domain has an empty label: two dots in a row, or one at an end"),
        ("a.", "`a.`: the domain has an empty label: two dots in a row, or one at an end"),
        ("-a", "`-a`: the domain has a label that begins or ends with a hyphen"),
        ("a_b", "`a_b`: character 2 (`_`) is not allowed in a domain"),
        ("[1.2.3]", "`[1.2.3]`: the domain is no address literal"),
        ("[IPv6:1.2.3.4]", "`[IPv6:1.2.3.4]`: the domain is no address literal"),
        ("[a:b\r]", "`[a:b\\r]`: the domain is no address literal"),
        ("a／b.example", "`a／b.example`: the domain is no international domain name (IDNA)"),
    ] {
        assert_eq!(error(text), message);
    }
    assert!(error(&"a".repeat(64)).contains("over 63"));
    assert!(error(&["a"; 130].join(".")).contains("over 255"));
}

#[test]
fn ehlo_names() {
    assert_eq!(EhloName::from(IpAddr::from([192, 0, 2, 1])).to_string(), "[192.0.2.1]");
    let six: IpAddr = "2001:db8::1".parse().unwrap();
    assert_eq!(EhloName::from(six).to_string(), "[IPv6:2001:db8::1]");
    let mapped: IpAddr = "::ffff:192.0.2.1".parse().unwrap();
    assert_eq!(EhloName::from(mapped).to_string(), "[192.0.2.1]");
    assert!(EhloName::parse("me\nQUIT").is_err());
}

#[test]
fn hosts() {
    for (text, ascii) in
        [("mail_server", "mail_server"), ("::1", "::1"), ("127.0.0.1", "127.0.0.1"), ("bücher.de", "xn--bcher-kva.de")]
    {
        let host = Host::parse(text).unwrap();
        assert_eq!((host.as_str(), host.ascii()), (text, ascii));
    }
    for text in ["", "a b", "[::1]", "a/b", "a:25", "a\0"] {
        assert!(Host::parse(text).is_err(), "{text:?}");
    }
}
