use crate::causes::*;
use std::collections::HashSet;

const EVENTS: [Event; 37] = [
    Event::NameNotResolved,
    Event::ConnectionRefused,
    Event::Unreachable,
    Event::ConnectTimedOut,
    Event::NotConnected,
    Event::ProxyFailed,
    Event::PolicyDenied,
    Event::TimedOut,
    Event::ConnectionLost,
    Event::ReplyNotUnderstood,
    Event::ReplyTooLong,
    Event::ServiceClosing,
    Event::CertificateUnknownIssuer,
    Event::CertificateSelfSigned,
    Event::CertificateExpired,
    Event::CertificateNotYetValid,
    Event::CertificateWrongName,
    Event::CertificateRevoked,
    Event::CertificatePin,
    Event::CertificateInvalid,
    Event::TlsNotSpoken,
    Event::TlsOnPlainPort,
    Event::TlsNothingInCommon,
    Event::TrustSettings,
    Event::TlsLost,
    Event::TlsFailed,
    Event::InjectedBytes,
    Event::StarttlsNotOffered,
    Event::StarttlsRefused,
    Event::AuthNotOffered,
    Event::AuthNotPossible,
    Event::AuthBroken,
    Event::OauthError,
    Event::ExtensionNotOffered,
    Event::MailTooLarge,
    Event::ContentFailed,
    Event::OutcomeUnknown,
];

#[test]
fn every_class_has_its_name_once_and_is_written_in_both_languages() {
    let mut names = HashSet::new();
    for class in Class::all() {
        assert!(names.insert(&class.name), "{}", class.name);
        assert!(class.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", class.name);
        for text in [&class.title, &class.advice] {
            assert_ne!(text.of(Language::English), text.of(Language::Spanish), "{}", class.name);
        }
        assert!(class.advice.of(Language::English).ends_with('.'), "{}", class.name);
        assert!(class.advice.of(Language::Spanish).ends_with('.'), "{}", class.name);
    }
    assert!(names.contains(&"unknown".to_owned()));
}

#[test]
fn every_event_has_exactly_one_cause() {
    for event in EVENTS {
        assert_ne!(Class::of_event(event).name, "unknown", "{event:?}");
        let found = diagnose(&Failure::event(Phase::Connect, event));
        assert_eq!((found.class.name.as_str(), found.basis), (Class::of_event(event).name.as_str(), Basis::Event));
    }
    let named: Vec<_> = Class::all().iter().flat_map(Class::events).collect();
    assert_eq!(named.len(), EVENTS.len());
}

#[test]
fn every_code_names_a_class_that_exists() {
    for entry in StatusCode::all() {
        let parts: Vec<_> = entry.code.split('.').collect();
        assert_eq!((parts.len(), parts[0]), (3, "X"), "{}", entry.code);
        let code = EnhancedCode { class: 5, subject: parts[1].parse().unwrap(), detail: parts[2].parse().unwrap() };
        assert!(std::ptr::eq(StatusCode::find(code).unwrap(), entry));
    }
    // The registry has no gap in any subject.
    for (subject, last) in [0, 10, 4, 6, 7, 6, 10, 30].into_iter().enumerate() {
        for detail in 0..=last {
            let code = EnhancedCode { class: 5, subject: subject as u16, detail };
            assert!(StatusCode::find(code).is_some(), "{code}");
        }
    }
    assert_eq!(StatusCode::all().len(), 81);
    for code in [421, 450, 535, 550, 554, 556] {
        assert_eq!(ReplyCode::find(code).unwrap().code, code);
    }
    for name in ReplyCode::classes().chain(StatusCode::classes()).chain(Rule::classes()) {
        assert!(Class::find(name).is_some(), "no class {name}");
    }
}

#[test]
fn enhanced_codes_are_read_as_servers_write_them() {
    let code = EnhancedCode { class: 5, subject: 7, detail: 8 };
    for (text, rest) in [
        ("5.7.8 Bad", "Bad"),
        ("5.7.8", ""),
        ("#5.7.8 Bad", "Bad"),
        ("5.7.8: Bad", " Bad".trim()),
        ("[5.7.8] Bad", "Bad"),
        (" 5.7.8  Bad", "Bad"),
    ] {
        assert_eq!(EnhancedCode::at_start(text), Some((code, rest)), "{text}");
    }
    for text in ["", "5.7", "5.7.8.9 x", "6.7.8 x", "5.7.8x", "5..8 x", "5.7.1234 x", "192.0.2.1 blocked", "55.7.8 x"] {
        assert_eq!(EnhancedCode::at_start(text), None, "{text}");
    }
}

#[test]
fn what_nobody_knows_is_said_as_unknown_with_the_codes_meaning() {
    let found = diagnose(&Failure::reply(Phase::Content, 554, "Zorp blarg 7"));
    assert_eq!((found.class.name.as_str(), found.basis, found.retry), ("unknown", Basis::Nothing, Retry::Never));
    let said = found.explain(Language::Spanish);
    assert_eq!(said.meaning, ["554: La operación falló, o aquí no hay servicio SMTP"]);
    let later = diagnose(&Failure::reply(Phase::Content, 451, "Zorp blarg 7"));
    assert_eq!((later.class.name.as_str(), later.retry), ("unknown", Retry::Later));
    // A code that nobody defined.
    let found = diagnose(&Failure::reply(Phase::Data, 599, "5.99.99 ?"));
    assert_eq!((found.class.name.as_str(), found.explain(Language::English).meaning.len()), ("unknown", 0));
}

#[test]
fn every_rule_is_a_regular_expression_in_lower_case() {
    let mut count = 0;
    for pattern in Rule::patterns() {
        let text = pattern.as_str();
        let mut bytes = text.bytes();
        while let Some(byte) = bytes.next() {
            match byte {
                b'\\' => drop(bytes.next()),
                _ => assert!(!byte.is_ascii_uppercase(), "never fits a text in lower case: {text}"),
            }
        }
        assert!(!text.is_empty() && !pattern.fits(""), "fits nothing at all: {text}");
        count += 1;
    }
    assert!(count > 300, "{count}");
}
