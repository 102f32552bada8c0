use super::*;
use crate::session::{EnvelopeId, Original};

fn mail(from: &ReversePath) -> Mail<'_> {
    Mail {
        from,
        size: None,
        body: Body::SevenBit,
        utf8: false,
        ret: None,
        envid: None,
        require_tls: false,
        priority: None,
        by: None,
        hold_for: None,
    }
}

#[test]
fn each_command() {
    let name = EhloName::parse("me.example").unwrap();
    let from = ReversePath::parse("a@x.example").unwrap();
    let to = Address::parse("b@x.example").unwrap();
    let full = Mail {
        size: Some(7),
        body: Body::EightBit,
        utf8: true,
        ret: Some(ReturnContent::Headers),
        envid: Some(Xtext::new(EnvelopeId::parse("a+b =c").unwrap().as_str())),
        require_tls: true,
        priority: Priority::new(-3).ok(),
        by: DeliverBy::new(120, false, true).ok(),
        hold_for: Some(60),
        ..mail(&from)
    };
    let null = ReversePath::Null;
    let binary = Mail {
        body: Body::Binary,
        ret: Some(ReturnContent::Full),
        by: DeliverBy::new(-5, true, false).ok(),
        ..mail(&null)
    };
    let some = Notify::On { success: true, failure: false, delay: true };
    let none = Notify::On { success: false, failure: false, delay: false };
    let orcpt = Some(Orcpt::new(Original::parse("c+d@x").unwrap().as_str()));
    for (command, text) in [
        (Command::Ehlo(&name), "EHLO me.example"),
        (Command::Helo(&name), "HELO me.example"),
        (Command::StartTls, "STARTTLS"),
        (Command::Auth("LOGIN"), "AUTH LOGIN"),
        (Command::Cancel, "*"),
        (Command::Mail(&mail(&from)), "MAIL FROM:<a@x.example>"),
        (
            Command::Mail(&full),
            "MAIL FROM:<a@x.example> SIZE=7 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=a+2Bb+20+3Dc REQUIRETLS \
             MT-PRIORITY=-3 BY=120;RT HOLDFOR=60",
        ),
        (Command::Mail(&binary), "MAIL FROM:<> BODY=BINARYMIME RET=FULL BY=-5;N"),
        (Command::Rcpt(&Rcpt { to: &to, notify: None, orcpt: None }), "RCPT TO:<b@x.example>"),
        (
            Command::Rcpt(&Rcpt { to: &to, notify: Some(some), orcpt }),
            "RCPT TO:<b@x.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;c+2Bd@x",
        ),
        (
            Command::Rcpt(&Rcpt { to: &to, notify: Some(Notify::Never), orcpt: Some(Orcpt::new("ñ@x")) }),
            "RCPT TO:<b@x.example> NOTIFY=NEVER ORCPT=utf-8;\\x{F1}@x",
        ),
        (Command::Rcpt(&Rcpt { to: &to, notify: Some(none), orcpt: None }), "RCPT TO:<b@x.example>"),
        (Command::Data, "DATA"),
        (Command::Dot, "."),
        (Command::Bdat { size: 5, last: false }, "BDAT 5"),
        (Command::Bdat { size: 0, last: true }, "BDAT 0 LAST"),
        (Command::Rset, "RSET"),
        (Command::Noop, "NOOP"),
        (Command::Quit, "QUIT"),
    ] {
        assert_eq!(command.to_string(), text);
    }
}

#[test]
fn what_the_types_refuse() {
    assert!(EnvelopeId::parse("a\r\nb").is_err());
    assert!(EnvelopeId::parse(&"a".repeat(101)).is_err());
    assert!(EnvelopeId::parse("ü").is_err());
    assert!(Original::parse("a\nb").is_err());
    assert!(Original::parse("").is_err());
    assert!(Priority::new(10).is_err());
    assert!(DeliverBy::new(0, false, false).is_err());
    assert!(DeliverBy::new(1_000_000_000, true, false).is_err());
}
