//! An OAuth 2.0 access token as Dovecot checks it by itself: a JWT signed with a secret that both know.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::hmac;
use std::path::Path;
use std::time::SystemTime;

/// Good for ten minutes.
pub fn token(secret: &Path, user: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &std::fs::read(secret).expect("the server's secret"));
    let now = SystemTime::UNIX_EPOCH.elapsed().expect("a clock").as_secs();
    let claims = serde_json::json!({"sub": user, "iat": now - 5, "nbf": now - 5, "exp": now + 600, "scope": "smtp"});
    let head = URL_SAFE_NO_PAD.encode(br#"{"alg":"HS256","typ":"JWT"}"#);
    let signed = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(hmac::sign(&key, signed.as_bytes())))
}
