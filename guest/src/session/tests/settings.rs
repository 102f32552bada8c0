use super::*;
use crate::Secret;

fn kind(mode: Option<Mode>, user: bool, password: bool, token: bool) -> Option<Kind> {
    let mut settings = Settings::new(Host::parse("mx.example").unwrap());
    settings.mode = mode;
    if user || password || token {
        settings.credentials = Some(Credentials {
            user: user.then(|| "joe".to_owned()),
            password: password.then(|| Secret::new("x")),
            token: token.then(|| Secret::new("y")),
        });
    }
    settings.check().err().map(|error| error.kind)
}

#[test]
fn what_fits_together() {
    let plain = Some(Mode::Mechanism(Mechanism::Plain));
    let bearer = Some(Mode::Mechanism(Mechanism::OAuthBearer));
    for (mode, user, password, token) in [
        (None, false, false, false),
        (None, true, true, false),
        (None, true, false, true),
        (None, false, false, true),
        (plain, true, true, false),
        (Some(Mode::OAuth2), true, false, true),
        (bearer, false, false, true),
        (Some(Mode::Mechanism(Mechanism::External)), true, false, false),
    ] {
        assert_eq!(kind(mode, user, password, token), None, "{mode:?} {user} {password} {token}");
    }
    for (mode, user, password, token) in [
        (None, true, false, false),
        (None, false, true, false),
        (plain, false, false, false),
        (plain, true, false, true),
        (Some(Mode::OAuth2), true, true, false),
        (bearer, true, true, false),
    ] {
        assert_eq!(kind(mode, user, password, token), Some(Kind::ContradictingSettings), "{mode:?}");
    }
}

#[test]
fn zeros() {
    let good = Settings::new(Host::parse("mx.example").unwrap());
    for bad in [
        Settings { port: 0, ..good.clone() },
        Settings { send_limit_ms: 0, ..good.clone() },
        Settings { connect_limit_ms: 0, ..good.clone() },
    ] {
        assert_eq!(bad.check().unwrap_err().kind, Kind::InvalidInput);
    }
    assert!(!good.tls_at_once() && Settings { port: 465, ..good }.tls_at_once());
}
