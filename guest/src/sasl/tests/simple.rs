//! The mechanisms of one or two lines.

use super::*;

#[test]
fn plain_is_rfc_4616_section_4() {
    let mut exchange = begin(Mechanism::Plain, &who("tim", "tanstaaftanstaaf", "")).unwrap();
    assert_eq!(exchange.initial().as_deref(), Some("AHRpbQB0YW5zdGFhZnRhbnN0YWFm"));
    assert_eq!(exchange.initial(), None);
    assert_eq!(exchange.respond(""), Err(Error::Unexpected));
}

#[test]
fn plain_waits_for_the_prompt_where_it_must() {
    for prompt in ["", "R28gYWhlYWQ=", "go ahead, please"] {
        let mut exchange = begin(Mechanism::Plain, &who("tim", "tanstaaftanstaaf", "")).unwrap();
        assert_eq!(exchange.respond(prompt), Ok(Step::Answer("AHRpbQB0YW5zdGFhZnRhbnN0YWFm".into())));
        assert_eq!(exchange.respond(""), Err(Error::Unexpected));
    }
}

#[test]
fn plain_takes_any_text_but_nul() {
    let mut exchange = begin(Mechanism::Plain, &who("ju,l=ie@exämple", " p\"ß\r\n\x01 ", "")).unwrap();
    assert_eq!(initial(&mut exchange).as_deref(), Some("\0ju,l=ie@exämple\0 p\"ß\r\n\x01 "));
    assert_eq!(begin(Mechanism::Plain, &who("t\0im", "x", "")).unwrap_err(), Error::Forbidden("the user name"));
    assert_eq!(begin(Mechanism::Plain, &who("tim", "x\0y", "")).unwrap_err(), Error::Forbidden("the password"));
}

#[test]
fn login_answers_in_order_whatever_is_asked() {
    for prompts in [["VXNlcm5hbWU6", "UGFzc3dvcmQ6"], ["UGFzc3dvcmQ6", "VXNlcm5hbWU6"], ["", "what?!"]] {
        let mut exchange = begin(Mechanism::Login, &who("tim", "secret", "")).unwrap();
        assert_eq!(exchange.initial(), None);
        assert_eq!(exchange.respond(prompts[0]), Ok(Step::Answer("dGlt".into())));
        assert_eq!(exchange.respond(prompts[1]), Ok(Step::Answer("c2VjcmV0".into())));
        assert_eq!(exchange.respond(prompts[1]), Err(Error::Unexpected));
    }
}

#[test]
fn cram_md5_is_rfc_2195_section_2() {
    let mut exchange = begin(Mechanism::CramMd5, &who("tim", "tanstaaftanstaaf", "")).unwrap();
    assert_eq!(exchange.initial(), None);
    assert_eq!(
        exchange.respond("PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+"),
        Ok(Step::Answer("dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw".into()))
    );
    assert_eq!(exchange.respond("PDE4"), Err(Error::Unexpected));
}

#[test]
fn cram_md5_refuses_garbage() {
    let mut exchange = begin(Mechanism::CramMd5, &who("tim", "x", "")).unwrap();
    assert_eq!(exchange.respond("<1896.697170952@postoffice>"), Err(Error::NotReadable));
    let mut exchange = begin(Mechanism::CramMd5, &who("tim", "x", "")).unwrap();
    assert_eq!(exchange.respond(&"A".repeat(20_000)), Err(Error::TooLong));
}

#[test]
fn xoauth2_as_google_has_it() {
    let mut exchange =
        begin(Mechanism::XOAuth2, &who("someuser@example.com", "", "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg"))
            .unwrap();
    assert_eq!(
        exchange.initial().as_deref(),
        Some(
            "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ=="
        )
    );
    assert_eq!(exchange.oauth_error(), None);
    let refusal =
        "eyJzdGF0dXMiOiI0MDEiLCJzY2hlbWVzIjoiYmVhcmVyIG1hYyIsInNjb3BlIjoiaHR0cHM6Ly9tYWlsLmdvb2dsZS5jb20vIn0K";
    assert_eq!(exchange.respond(refusal), Ok(Step::Answer(String::new())));
    assert_eq!(
        exchange.oauth_error(),
        Some("{\"status\":\"401\",\"schemes\":\"bearer mac\",\"scope\":\"https://mail.google.com/\"}\n")
    );
    assert_eq!(exchange.respond(refusal), Err(Error::Unexpected));
}

#[test]
fn oauthbearer_is_rfc_7628_section_4() {
    // 4.1, with our host and port.
    let mut exchange =
        begin(Mechanism::OAuthBearer, &who("user@example.com", "", "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="))
            .unwrap();
    assert_eq!(
        initial(&mut exchange).as_deref(),
        Some(
            "n,a=user@example.com,\x01host=server.example.com\x01port=587\x01auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01"
        )
    );
    // 4.3
    let refusal = "eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIiwic2NvcGUiOiJleGFtcGxlX3Njb3BlIiwib3BlbmlkLWNvbmZpZ3VyYXRpb24iOiJodHRwczovL2V4YW1wbGUuY29tLy53ZWxsLWtub3duL29wZW5pZC1jb25maWd1cmF0aW9uIn0=";
    assert_eq!(exchange.respond(refusal), Ok(Step::Answer("AQ==".into())));
    assert_eq!(
        exchange.oauth_error(),
        Some(
            r#"{"status":"invalid_token","scope":"example_scope","openid-configuration":"https://example.com/.well-known/openid-configuration"}"#
        )
    );
}

#[test]
fn oauthbearer_escapes_the_user_or_does_without() {
    let mut exchange = begin(Mechanism::OAuthBearer, &who("a,b=c", "", "token")).unwrap();
    assert!(initial(&mut exchange).unwrap().starts_with("n,a=a=2Cb=3Dc,\x01host="));
    let mut exchange = begin(Mechanism::OAuthBearer, &who("", "", "token")).unwrap();
    assert!(initial(&mut exchange).unwrap().starts_with("n,,\x01host="));
}

#[test]
fn separators_in_oauth_fields_are_refused() {
    for mechanism in [Mechanism::XOAuth2, Mechanism::OAuthBearer] {
        let user = begin(mechanism, &who("u\x01auth=Bearer x", "", "t"));
        assert_eq!(user.unwrap_err(), Error::Forbidden("the user name"));
        assert_eq!(begin(mechanism, &who("u", "", "t\r\n")).unwrap_err(), Error::Forbidden("the access token"));
    }
}

#[test]
fn external_says_who_or_nothing() {
    assert_eq!(begin(Mechanism::External, &who("", "", "")).unwrap().initial().as_deref(), Some("="));
    assert_eq!(begin(Mechanism::External, &who("", "", "")).unwrap().respond(""), Ok(Step::Answer(String::new())));
    let mut exchange = begin(Mechanism::External, &who("fred@example.com", "", "")).unwrap();
    assert_eq!(initial(&mut exchange).as_deref(), Some("fred@example.com"));
    assert_eq!(exchange.succeeded(), Ok(()));
}

#[test]
fn what_is_missing_is_named() {
    assert_eq!(begin(Mechanism::Plain, &who("", "x", "")).unwrap_err(), Error::Missing("a user name"));
    assert_eq!(begin(Mechanism::ScramSha1, &who("tim", "", "t")).unwrap_err(), Error::Missing("a password"));
    assert_eq!(begin(Mechanism::XOAuth2, &who("tim", "x", "")).unwrap_err(), Error::Missing("an access token"));
}
