//! TLS as the scripts have it: facts that never change, failures by name.

use smtp_guest::log::{Certificate, Check, Failure, TlsFacts, TlsFailure};

use super::setting::HOST;

/// A handshake that went well.
pub fn facts(host: &str, version: &str) -> TlsFacts {
    let is_13 = version == "TLSv1.3";
    TlsFacts {
        version: version.to_owned(),
        cipher: if is_13 { "TLS13_AES_256_GCM_SHA384" } else { "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" }.to_owned(),
        server_name: host.to_owned(),
        certificate: certificate(host, "2026-01-01", "2026-12-31"),
        exporter: is_13.then(|| vec![0xeb; 32]),
        end_point: Some(vec![0xec; 32]),
    }
}

fn certificate(host: &str, first_day: &str, last_day: &str) -> Certificate {
    Certificate {
        subject: format!("CN={host}"),
        issuer: "CN=Example CA,O=Example".to_owned(),
        names: vec![host.to_owned()],
        not_before: format!("{first_day}T00:00:00Z"),
        not_after: format!("{last_day}T23:59:59Z"),
        sha256: "5e".repeat(32),
    }
}

/// `certificate expired TEXT`, `not-tls TEXT`, …
pub fn failure(text: &str) -> Result<TlsFailure, String> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let words = || rest.to_owned();
    Ok(match word {
        "certificate" => {
            let (check, detail) = rest.split_once(' ').unwrap_or((rest, ""));
            let check = self::check(check)?;
            let certificate = match check {
                Check::Malformed => None,
                Check::WrongName => Some(certificate("other.example.net", "2026-01-01", "2026-12-31")),
                Check::Expired => Some(certificate(HOST, "2025-01-01", "2025-12-31")),
                Check::NotYetValid => Some(certificate(HOST, "2027-01-01", "2027-12-31")),
                _ => Some(certificate(HOST, "2026-01-01", "2026-12-31")),
            };
            TlsFailure::Certificate { check, detail: detail.to_owned(), certificate }
        }
        "not-tls" => TlsFailure::NotTls(format!("{rest}\r\n").into_bytes()),
        "nothing-in-common" => TlsFailure::NothingInCommon(words()),
        "bad-trust" => TlsFailure::BadTrust(words()),
        "handshake" => TlsFailure::Other(words()),
        "lost" => TlsFailure::Lost,
        "reset" => TlsFailure::Connection(Failure::Reset),
        "timeout" => TlsFailure::Connection(Failure::TimedOut(30_000)),
        _ => return Err(format!("no such failure: {text}")),
    })
}

fn check(word: &str) -> Result<Check, String> {
    Ok(match word {
        "unknown-issuer" => Check::UnknownIssuer,
        "expired" => Check::Expired,
        "not-yet-valid" => Check::NotYetValid,
        "wrong-name" => Check::WrongName,
        "revoked" => Check::Revoked,
        "pin-mismatch" => Check::PinMismatch,
        "bad-signature" => Check::BadSignature,
        "not-for-servers" => Check::NotForServers,
        "malformed" => Check::Malformed,
        "other" => Check::Other,
        _ => return Err(format!("no such check: {word}")),
    })
}
