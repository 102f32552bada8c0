//! AUTH.

use super::opening::{failed, password};
use super::talk::Setup;
use crate::Secret;
use crate::error::{Kind, Phase, Retry};
use crate::sasl::{Credentials, Mechanism, Mode};
use crate::session::Outcome;

fn token(setup: &mut Setup) {
    let (user, token) = (Some("joe@x.example".to_owned()), Some(Secret::new("t0ken-t0ken")));
    setup.settings.credentials = Some(Credentials { user, password: None, token });
}

fn secured(setup: &mut Setup) {
    setup.tls = Some(super::talk::facts());
    setup.settings.port = 465;
}

#[test]
fn plain_with_and_without_initial_response() {
    let opening = "S: 220 x\nC: EHLO [192.0.2.1]\nS: 250-x\nS: 250 AUTH LOGIN PLAIN";
    let heard = Setup::check().with(password).with(secured).hold(&format!(
        "{opening}
         C: AUTH PLAIN AGpvZQBzM2NyZXQtdzByZA==
         S: 235 welcome
         C: NOOP
         S: 250 OK"
    ));
    assert!(heard.log.contains(&format!("C > \"AUTH PLAIN {}\"", "*".repeat(32))), "{:#?}", heard.log);
    let two_steps = Setup::check().with(password).with(secured).with(|setup| setup.settings.initial_response = false);
    let heard = two_steps.hold(&format!(
        "{opening}
         C: AUTH PLAIN
         S: 334
         C: AGpvZQBzM2NyZXQtdzByZA==
         S: 535-5.7.8 No: AGpvZQBzM2NyZXQtdzByZA==
         S: 535 5.7.8 s3cret-w0rd
         C: QUIT
         S: 221 bye"
    ));
    assert_eq!(failed(&heard), (Phase::Auth, Kind::AuthenticationFailed, Retry::Never));
    assert!(heard.log.contains(&format!("C > \"{}\"", "*".repeat(32))), "{:#?}", heard.log);
    let all = format!("{heard:?}");
    for secret in ["s3cret-w0rd", "AGpvZQBzM2NyZXQtdzByZA"] {
        assert!(!all.contains(secret), "{all}");
    }
}

#[test]
fn login_cram_and_external() {
    let heard = Setup::check().with(password).with(secured).hold(
        "S: 220 x
         C: EHLO [192.0.2.1]
         S: 250-x
         S: 250 AUTH=LOGIN
         C: AUTH LOGIN
         S: 334 VXNlcm5hbWU6
         C: am9l
         S: 334 UGFzc3dvcmQ6
         C: czNjcmV0LXcwcmQ=
         S: 235 welcome
         C: NOOP
         S: 250 OK",
    );
    assert!(matches!(heard.last(), Outcome::Checked(_)));
    let external = |setup: &mut Setup| {
        setup.settings.credentials = Some(Credentials::default());
        setup.settings.mode = Some(Mode::Mechanism(Mechanism::External));
    };
    let opening = "S: 220 x\nC: EHLO [192.0.2.1]\nS: 250-x\nS: 250 AUTH EXTERNAL";
    Setup::check()
        .with(secured)
        .with(external)
        .hold(&format!("{opening}\nC: AUTH EXTERNAL =\nS: 235\nC: NOOP\nS: 250"));
    Setup::check()
        .with(secured)
        .with(external)
        .with(|setup| setup.settings.initial_response = false)
        .hold(&format!("{opening}\nC: AUTH EXTERNAL\nS: 334\nC:\nS: 235\nC: NOOP\nS: 250"));
}

#[test]
fn a_challenge_that_cannot_be_read_is_cancelled() {
    for answer in ["501 cancelled", "535 no", "250 what"] {
        let heard = Setup::check().with(password).with(secured).hold(&format!(
            "S: 220 x
             C: EHLO [192.0.2.1]
             S: 250-x
             S: 250 AUTH CRAM-MD5
             C: AUTH CRAM-MD5
             S: 334 !!!
             C: *
             S: {answer}
             C: QUIT
             S: 221 bye"
        ));
        assert_eq!(failed(&heard), (Phase::Auth, Kind::AuthenticationFailed, Retry::AfterChange));
        assert_eq!(heard.events().len(), 1, "{:?}", heard.log);
    }
}

#[test]
fn oauth_errors_are_told() {
    let json = "eyJzdGF0dXMiOiI0MDEifQ==";
    for (mechanism, answer) in [("XOAUTH2", "C:"), ("OAUTHBEARER", "C: AQ==")] {
        let first = match mechanism {
            "XOAUTH2" => "dXNlcj1qb2VAeC5leGFtcGxlAWF1dGg9QmVhcmVyIHQwa2VuLXQwa2VuAQE=",
            _ => "bixhPWpvZUB4LmV4YW1wbGUsAWhvc3Q9bXguZXhhbXBsZQFwb3J0PTQ2NQFhdXRoPUJlYXJlciB0MGtlbi10MGtlbgEB",
        };
        let heard = Setup::check().with(token).with(secured).hold(&format!(
            "S: 220 x
             C: EHLO [192.0.2.1]
             S: 250-x
             S: 250 AUTH {mechanism}
             C: AUTH {mechanism} {first}
             S: 334 {json}
             {answer}
             S: 535 5.7.8 no
             C: QUIT
             S: 221 bye"
        ));
        assert_eq!(failed(&heard), (Phase::Auth, Kind::AuthenticationFailed, Retry::Never));
        assert!(heard.events().iter().any(|event| event.contains("401")), "{:?}", heard.log);
    }
}

#[test]
fn a_response_over_the_line_limit_goes_in_two_steps() {
    let long = |setup: &mut Setup| {
        token(setup);
        if let Some(credentials) = &mut setup.settings.credentials {
            credentials.token = Some(Secret::new("x".repeat(12_000)));
        }
    };
    let heard = Setup::check().with(long).with(secured);
    let response = {
        use base64::Engine as _;
        let plain = format!("user=joe@x.example\x01auth=Bearer {}\x01\x01", "x".repeat(12_000));
        base64::engine::general_purpose::STANDARD.encode(plain)
    };
    heard.hold(&format!(
        "S: 220 x\nC: EHLO [192.0.2.1]\nS: 250-x\nS: 250 AUTH XOAUTH2\nC: AUTH XOAUTH2\nS: 334\nC: {response}\nS: 235\nC: NOOP\nS: 250"
    ));
}

#[test]
fn authentication_that_is_not_to_be_had() {
    for (offer, kind) in [
        ("S: 250 x", Kind::AuthenticationNotOffered),
        ("S: 250-x\nS: 250 AUTH", Kind::AuthenticationNotOffered),
        ("S: 250-x\nS: 250 AUTH GSSAPI", Kind::MechanismNotOffered),
    ] {
        let heard = Setup::check()
            .with(password)
            .with(secured)
            .hold(&format!("S: 220 x\nC: EHLO [192.0.2.1]\n{offer}\nC: QUIT\nS: 221 bye"));
        assert_eq!(failed(&heard), (Phase::Auth, kind, Retry::AfterChange));
        assert_eq!(heard.events().len(), 1);
    }
}

#[test]
fn a_server_without_the_proof_is_not_believed() {
    let scram = |setup: &mut Setup| setup.settings.mode = Some(Mode::Mechanism(Mechanism::ScramSha256));
    let heard = Setup::check().with(password).with(secured).with(scram).hold(
        "S: 220 x
         C: EHLO [192.0.2.1]
         S: 250-x
         S: 250 AUTH SCRAM-SHA-256
         C: AUTH SCRAM-SHA-256 biwsbj1qb2Uscj1uMG5jZQ==
         S: 235 welcome
         C: QUIT
         S: 221 bye",
    );
    assert_eq!(failed(&heard), (Phase::Auth, Kind::AuthenticationFailed, Retry::AfterChange));
}

#[test]
fn no_password_goes_in_the_clear_unless_that_was_accepted() {
    let opening = "S: 220 x\nC: EHLO [192.0.2.1]\nS: 250-x\nS: 250 AUTH PLAIN";
    let heard = Setup::check()
        .with(password)
        .hold(&format!("{opening}\nC: AUTH PLAIN AGpvZQBzM2NyZXQtdzByZA==\nS: 235\nC: NOOP\nS: 250"));
    assert!(matches!(heard.last(), Outcome::Checked(_)));
    let required = |setup: &mut Setup| setup.settings.accept_unsecure = false;
    let heard = Setup::check().with(password).with(required).hold(&format!("{opening}\nC: QUIT\nS: 221"));
    assert_eq!(failed(&heard), (Phase::StartTls, Kind::TlsNotOffered, Retry::AfterChange));
}

#[test]
fn challenges_without_end_have_one() {
    let rounds = "S: 334 VXNlcm5hbWU6\nC: am9l\nS: 334 UGFzc3dvcmQ6\nC: czNjcmV0LXcwcmQ=\nS: 334 UGFzc3dvcmQ6\nC: *";
    let heard = Setup::check().with(password).with(secured).hold(&format!(
        "S: 220 x\nC: EHLO [192.0.2.1]\nS: 250-x\nS: 250 AUTH LOGIN\nC: AUTH LOGIN\n{rounds}\nS: 501\nC: QUIT\nS: 221"
    ));
    assert_eq!(failed(&heard), (Phase::Auth, Kind::AuthenticationFailed, Retry::AfterChange));
}
