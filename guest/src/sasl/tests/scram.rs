//! SCRAM with the examples of its RFCs, and with servers that cheat.

use super::*;

const SHA1_NONCE: &str = "fyko+d2lbbFgONRv9qkxdawL";
const SHA1_FIRST: &str = "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096";
const SHA256_NONCE: &str = "rOprNGfwEbeRWgbNEkqO";
const SHA256_FIRST: &str = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

fn sha1() -> Exchange {
    let mut exchange = begin_with(Mechanism::ScramSha1, &who("user", "pencil", ""), SHA1_NONCE, None, &[]).unwrap();
    assert_eq!(initial(&mut exchange).as_deref(), Some("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL"));
    exchange
}

#[test]
fn sha_1_is_rfc_5802_section_5() {
    let mut exchange = sha1();
    assert_eq!(
        answer(&mut exchange, SHA1_FIRST).as_deref(),
        Ok("c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=")
    );
    assert_eq!(exchange.succeeded(), Err(Error::NotProven));
    assert_eq!(answer(&mut exchange, "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=").as_deref(), Ok(""));
    assert_eq!(exchange.succeeded(), Ok(()));
    assert_eq!(answer(&mut exchange, "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="), Err(Error::Unexpected));
}

#[test]
fn sha_256_is_rfc_7677_section_3() {
    let mut exchange = begin_with(Mechanism::ScramSha256, &who("user", "pencil", ""), SHA256_NONCE, None, &[]).unwrap();
    assert_eq!(initial(&mut exchange).as_deref(), Some("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"));
    assert_eq!(
        answer(&mut exchange, SHA256_FIRST).as_deref(),
        Ok(
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
        )
    );
    assert_eq!(answer(&mut exchange, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=").as_deref(), Ok(""));
    assert_eq!(exchange.succeeded(), Ok(()));
}

#[test]
fn the_first_message_may_wait_for_an_empty_challenge() {
    let mut exchange = begin_with(Mechanism::ScramSha1, &who("user", "pencil", ""), SHA1_NONCE, None, &[]).unwrap();
    assert_eq!(answer(&mut exchange, "").as_deref(), Ok("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL"));
    assert!(answer(&mut exchange, SHA1_FIRST).unwrap().ends_with("p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="));
}

#[test]
fn the_binding_goes_back_in_c() {
    let tls = TlsFacts { version: "TLSv1.3".into(), exporter: Some(vec![0xab; 32]), ..TlsFacts::default() };
    let who = who("user", "pencil", "");
    let mut exchange = begin_with(Mechanism::ScramSha256Plus, &who, SHA256_NONCE, Some(&tls), &[]).unwrap();
    assert_eq!(initial(&mut exchange).as_deref(), Some("p=tls-exporter,,n=user,r=rOprNGfwEbeRWgbNEkqO"));
    let mut bound = b"p=tls-exporter,,".to_vec();
    bound.extend([0xab; 32]);
    let response = answer(&mut exchange, SHA256_FIRST).unwrap();
    assert!(response.starts_with(&format!("c={},r=rOpr", wire::encode(bound))), "{response}");

    let mut exchange = begin_with(Mechanism::ScramSha256, &who, SHA256_NONCE, Some(&tls), &["SCRAM-SHA-256"]).unwrap();
    assert!(initial(&mut exchange).unwrap().starts_with("y,,n=user"));
    assert!(answer(&mut exchange, SHA256_FIRST).unwrap().starts_with("c=eSws,r="));

    assert_eq!(begin(Mechanism::ScramSha256Plus, &who).unwrap_err(), Error::NoChannelBinding);
}

#[test]
fn names_are_escaped_and_prepared() {
    let first = |user: &str| initial(&mut begin(Mechanism::ScramSha256, &who(user, "x", "")).unwrap()).unwrap();
    assert_eq!(first("a,b=c"), "n,,n=a=2Cb=3Dc,r=nonce");
    // RFC 4013 section 3, examples 1, 4 and 5.
    assert_eq!(first("I\u{ad}X"), "n,,n=IX,r=nonce");
    assert_eq!(first("\u{aa}"), "n,,n=a,r=nonce");
    assert_eq!(first("\u{2168}"), "n,,n=IX,r=nonce");
    // Example 7 has no prepared form.
    assert_eq!(first("\u{627}\u{31}"), "n,,n=\u{627}\u{31},r=nonce");
    assert_eq!(begin(Mechanism::ScramSha1, &who("a\0b", "x", "")).unwrap_err(), Error::Forbidden("the user name"));
}

#[test]
fn passwords_are_prepared_alike() {
    let proof = |password: &str| {
        let who = who("user", password, "");
        let mut exchange = begin_with(Mechanism::ScramSha1, &who, SHA1_NONCE, None, &[]).unwrap();
        exchange.initial();
        answer(&mut exchange, SHA1_FIRST).unwrap()
    };
    assert_eq!(proof("pen\u{ad}cil"), proof("pencil"));
    assert_eq!(proof("\u{2168}"), proof("IX"));
    assert_ne!(proof("\u{627}\u{31}"), proof("\u{627}"));
}

#[test]
fn a_server_that_cheats_is_found_out() {
    let refuses = |message: &str| answer(&mut sha1(), message).unwrap_err();
    let ours = SHA1_NONCE;
    assert_eq!(refuses("r=somebodyelse,s=QSXCR+Q6sek8bf92,i=4096"), Error::ForeignNonce);
    assert!(matches!(refuses(&format!("r={ours},s=QSXCR+Q6sek8bf92,i=4096")), Error::Malformed(_)));
    for iterations in ["0", "1000001", "99999999999999999999", "4294967297"] {
        assert_eq!(refuses(&format!("r={ours}x,s=QSXCR+Q6sek8bf92,i={iterations}")), Error::Iterations);
    }
    for message in ["", "r=", "m=ext,r=x", "x", &format!("r={ours}x"), &format!("r={ours}x,s=QSXC")] {
        assert!(matches!(refuses(message), Error::Malformed(_)), "{message}");
    }
    for iterations in ["", "-1", "+1", "4096x", "1e3"] {
        let error = refuses(&format!("r={ours}x,s=QSXCR+Q6sek8bf92,i={iterations}"));
        assert!(matches!(error, Error::Malformed(_)), "{iterations}");
    }
    assert!(matches!(refuses(&format!("r={ours}x,s=!!,i=4096")), Error::Malformed(_)));
    assert_eq!(refuses("e=unknown-user,x=y"), Error::Refused("unknown-user".into()));
    assert_eq!(sha1().respond("!!!"), Err(Error::NotReadable));
    assert_eq!(sha1().respond("/////w=="), Err(Error::NotReadable));
}

#[test]
fn a_server_without_proof_is_not_believed() {
    let at_the_end = || {
        let mut exchange = sha1();
        answer(&mut exchange, SHA1_FIRST).unwrap();
        exchange
    };
    let mut exchange = at_the_end();
    assert_eq!(answer(&mut exchange, "v=AAAApqV8S7suAoZWja4dJRkFsKQ="), Err(Error::WrongSignature));
    assert_eq!(exchange.succeeded(), Err(Error::NotProven));
    // Nor after a second try.
    assert_eq!(answer(&mut exchange, "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="), Err(Error::Unexpected));
    assert_eq!(answer(&mut at_the_end(), "e=invalid-proof"), Err(Error::Refused("invalid-proof".into())));
    assert_eq!(answer(&mut at_the_end(), "v=!"), Err(Error::NotReadable));
    assert_eq!(answer(&mut at_the_end(), "v="), Err(Error::WrongSignature));
    assert!(matches!(answer(&mut at_the_end(), ""), Err(Error::Malformed(_))));
    assert_eq!(sha1().succeeded(), Err(Error::NotProven));
    assert!(answer(&mut at_the_end(), "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=,x=extension").is_ok());
}

#[test]
fn what_the_server_says_is_shortened_and_cleaned() {
    let error = answer(&mut sha1(), &format!("e=a\r\nb\x1b{}", "x".repeat(500))).unwrap_err();
    assert_eq!(error, Error::Refused(format!("ab{}", "x".repeat(78))));
}

#[test]
fn a_nonce_that_breaks_the_grammar_is_refused() {
    for nonce in ["", "a,b", "a b", "ä", "\n"] {
        let exchange = begin_with(Mechanism::ScramSha256, &who("user", "x", ""), nonce, None, &[]);
        assert_eq!(exchange.unwrap_err(), Error::BadNonce);
    }
}
