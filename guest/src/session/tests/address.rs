use proptest::prelude::*;

use super::*;

#[test]
fn addresses() {
    for (text, wire, utf8) in [
        ("a@b", "a@b", false),
        ("john.q.public+tag@example.com", "john.q.public+tag@example.com", false),
        ("!#$%&'*+-/=?^_`{|}~@x.example", "!#$%&'*+-/=?^_`{|}~@x.example", false),
        ("\"a b\"@x.example", "\"a b\"@x.example", false),
        ("\"a\\\"@b\"@x.example", "\"a\\\"@b\"@x.example", false),
        ("a@[192.0.2.1]", "a@[192.0.2.1]", false),
        ("a@bücher.example", "a@xn--bcher-kva.example", false),
        ("jürgen@bücher.example", "jürgen@xn--bcher-kva.example", true),
        ("\"ü ü\"@x.example", "\"ü ü\"@x.example", true),
    ] {
        let address = Address::parse(text).unwrap();
        assert_eq!((address.to_string().as_str(), address.needs_utf8(), address.as_str()), (wire, utf8, text));
    }
    assert_eq!(ReversePath::parse("").unwrap().to_string(), "<>");
    assert_eq!(ReversePath::parse("a@b").unwrap().to_string(), "<a@b>");
}

#[test]
fn the_place_is_marked() {
    for (text, message) in [
        ("a@b\r\nX", "`a@b\\r\\nX`: character 4 (CR) is not allowed in an address"),
        ("a\0@b", "`a\\0@b`: character 2 (NUL) is not allowed in an address"),
        ("\"a\nb\"@c", "`\\\"a\\nb\\\"@c`: character 3 (LF) is not allowed in an address"),
        ("ü ü@c", "`ü ü@c`: character 2 (blank) is not allowed in an address"),
        ("a..b@c", "`a..b@c`: character 3 (`.`) is not allowed in an address"),
        (".a@c", "`.a@c`: character 1 (`.`) is not allowed in an address"),
        ("a.@c", "`a.@c`: character 2 (`.`) is not allowed in an address"),
        ("a>@c", "`a>@c`: character 2 (`>`) is not allowed in an address"),
        ("a@b@c", "`a@b@c`: character 4 (`@`) is not allowed in a domain"),
        ("a@b c", "`a@b c`: character 4 (blank) is not allowed in a domain"),
        ("ab", "`ab` has no `@`: an address is name@domain"),
        ("", "`` has no `@`: an address is name@domain"),
        ("@b", "`@b` has nothing before the `@`"),
        ("a@", "`a@`: the domain `` is empty"),
        ("\"a@b", "`\\\"a@b` has no closing quote"),
        ("\"a\\", "`\\\"a\\\\` has no closing quote"),
        ("\"a\"b@c", "`\\\"a\\\"b@c`: character 4 (`b`) is not allowed in an address"),
        ("a\u{85}@c", "`a\\u{85}@c`: character 2 (U+0085) is not allowed in an address"),
    ] {
        assert_eq!(Address::parse(text).expect_err(text).message, message);
    }
    assert!(Address::parse(&format!("{}@b", "a".repeat(65))).is_err());
    let long = format!("{}@{}", "a".repeat(64), ["b".repeat(60).as_str(); 4].join("."));
    assert!(Address::parse(&long).is_err());
}

proptest! {
    #[test]
    fn nothing_gets_through_that_could_end_a_line_or_a_path(text in "(?s).{0,40}|[a\"\\\\@.<> \r\n\0ü]{0,12}@[a.\\[\\]: \r\n-]{0,8}") {
        if let Ok(address) = Address::parse(&text) {
            let wire = address.to_string();
            prop_assert!(!wire.contains(['\r', '\n', '\0']));
            prop_assert!(wire.starts_with('"') || !wire.contains(['<', '>', ' ']));
            prop_assert!(Address::parse(&wire).is_ok());
        }
    }
}
