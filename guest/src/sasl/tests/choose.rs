//! Which mechanism is taken, and what is said where none is.

use super::super::{ChooseError, Mode, choose};
use super::*;

const GMAIL: &str = "LOGIN PLAIN XOAUTH2 PLAIN-CLIENTTOKEN OAUTHBEARER XOAUTH";
const ALL: &str = "EXTERNAL LOGIN plain CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-256-PLUS OAUTHBEARER XOAUTH2";

/// On TLS with channel binding.
fn pick(offered: &str, who: &Credentials, mode: Option<Mode>) -> Result<Mechanism, ChooseError> {
    choose(&names(offered), who, mode, true, false, true)
}

fn names(offered: &str) -> Vec<String> {
    offered.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn the_best_that_is_offered() {
    let who = who("user", "password", "");
    let order = [
        Mechanism::ScramSha256Plus,
        Mechanism::ScramSha256,
        Mechanism::ScramSha1,
        Mechanism::CramMd5,
        Mechanism::Plain,
        Mechanism::Login,
    ];
    for (index, best) in order.into_iter().enumerate() {
        let offered: Vec<&str> = order[index..].iter().rev().map(|mechanism| mechanism.name()).collect();
        assert_eq!(pick(&format!("EXTERNAL XOAUTH2 {}", offered.join(" ")), &who, None), Ok(best));
    }
    assert_eq!(choose(&names(ALL), &who, None, true, false, false), Ok(Mechanism::ScramSha256));
    assert_eq!(pick(GMAIL, &who, None), Ok(Mechanism::Plain));
}

#[test]
fn a_token_is_preferred() {
    assert_eq!(pick(GMAIL, &who("user", "password", "token"), None), Ok(Mechanism::XOAuth2));
    assert_eq!(pick("OAUTHBEARER PLAIN", &who("user", "password", "token"), None), Ok(Mechanism::OAuthBearer));
    assert_eq!(pick("PLAIN", &who("user", "password", "token"), None), Ok(Mechanism::Plain));
    assert_eq!(pick(ALL, &who("", "", "token"), None), Ok(Mechanism::OAuthBearer));
}

#[test]
fn the_mode_decides() {
    let who = who("user", "password", "token");
    for mechanism in Mechanism::ALL {
        assert_eq!(pick(ALL, &who, Some(Mode::Mechanism(mechanism))), Ok(mechanism));
        assert_eq!(Mechanism::parse(&mechanism.name().to_lowercase()), Some(mechanism));
    }
    assert_eq!(pick(ALL, &who, Some(Mode::OAuth2)), Ok(Mechanism::XOAuth2));
    assert_eq!(pick("OAUTHBEARER", &who, Some(Mode::OAuth2)), Ok(Mechanism::OAuthBearer));
    assert_eq!(
        pick("PLAIN", &who, Some(Mode::Mechanism(Mechanism::CramMd5))),
        Err(ChooseError::NoneInCommon { wanted: vec![Mechanism::CramMd5], offered: names("PLAIN") })
    );
    assert_eq!(pick(ALL, &Credentials::default(), Some(Mode::Mechanism(Mechanism::External))), Ok(Mechanism::External));
}

#[test]
fn no_secret_goes_in_the_clear() {
    let who = who("user", "password", "token");
    let unsecured = |offered, mode, accepted| choose(&names(offered), &who, mode, false, accepted, false);
    assert_eq!(unsecured(ALL, None, false), Ok(Mechanism::ScramSha256));
    assert_eq!(unsecured("PLAIN CRAM-MD5", None, false), Ok(Mechanism::CramMd5));
    assert_eq!(unsecured("PLAIN LOGIN XOAUTH2", None, true), Ok(Mechanism::XOAuth2));
    for mechanism in Mechanism::ALL.into_iter().filter(|mechanism| mechanism.shows_secret()) {
        assert_eq!(
            unsecured(mechanism.name(), Some(Mode::Mechanism(mechanism)), false),
            Err(ChooseError::Unsecured { remaining: vec![mechanism], offered: names(mechanism.name()) })
        );
    }
}

#[test]
fn what_is_missing_is_said_to_a_person() {
    let says = |result: Result<Mechanism, ChooseError>| result.unwrap_err().to_string();
    let full = who("user", "password", "");
    assert_eq!(
        says(pick("GSSAPI NTLM", &full, None)),
        "The server offers GSSAPI, NTLM; what was asked for and the secrets given here can serve is SCRAM-SHA-256-PLUS, SCRAM-SHA-256, SCRAM-SHA-1, CRAM-MD5, PLAIN, LOGIN."
    );
    assert_eq!(
        says(pick("XOAUTH2", &full, Some(Mode::OAuth2))),
        "OAuth 2.0 needs an access token, which was not given."
    );
    assert_eq!(
        says(pick(ALL, &who("user", "", ""), None)),
        "Authentication needs a password or an access token, which was not given."
    );
    assert_eq!(
        says(pick(ALL, &who("", "password", ""), None)),
        "Authentication needs a user name, which was not given."
    );
    assert!(says(pick("", &full, None)).contains("offers no authentication."));
    assert!(says(choose(&[], &full, None, false, false, false)).contains("on an unencrypted connection"));
    assert!(says(choose(&names("PLAIN NTLM"), &full, None, false, false, false)).contains("(PLAIN, NTLM) only PLAIN"));
    let plus = Some(Mode::Mechanism(Mechanism::ScramSha256Plus));
    assert!(says(choose(&names(ALL), &full, plus, true, false, false)).starts_with("SCRAM-SHA-256-PLUS must be bound"));
}

#[test]
fn a_strange_offer_can_not_flood_the_sentence() {
    let strange: Vec<String> = (0..1000).map(|_| format!("\x1b{}", "É".repeat(500))).collect();
    let text = choose(&strange, &who("user", "password", ""), None, true, false, false).unwrap_err().to_string();
    assert!(text.len() < 1000 && text.is_ascii(), "{text}");
}
