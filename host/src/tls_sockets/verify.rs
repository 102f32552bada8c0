//! The judgement on the server's certificate, in terms a person understands.

use std::fmt;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, SignatureScheme};

use super::certificate::{facts, fingerprint, rfc3339, validity};
use super::types::{CertificateCheck, CertificateRefusal};

/// Wraps the verifier of rustls: what it refuses comes back as a [`Refused`] within the error, with the certificate's
/// facts, which rustls keeps of accepted certificates only.
#[derive(Debug)]
pub(super) struct Verifier {
    pub inner: Arc<WebPkiServerVerifier>,
    /// Takes the place of the chain, the name and the dates: exactly this certificate. The handshake still has to show
    /// that the server holds its key.
    pub pin: Option<[u8; 32]>,
    /// SHA-256 of every certificate that the caller gave as a root: a server may present such a one itself.
    pub given: Vec<[u8; 32]>,
    pub algorithms: WebPkiSupportedAlgorithms,
}

/// A refusal on its way through rustls.
#[derive(Debug)]
pub(super) struct Refused(pub CertificateRefusal);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.detail)
    }
}

impl std::error::Error for Refused {}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let hash = fingerprint(end_entity);
        let judged = match self.pin {
            Some(pin) if pin == hash => Ok(()),
            Some(_) => Err((CertificateCheck::PinMismatch, "it is not the pinned certificate".to_owned())),
            None => self
                .inner
                .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
                .map(|_| ())
                .or_else(|error| match self.is_given_authority(&error, &hash) {
                    true => self.verify_given(end_entity, server_name, now),
                    false => Err(error),
                })
                .map_err(|error| explain(&error, end_entity, now)),
        };
        judged.map(|()| ServerCertVerified::assertion()).map_err(|(check, detail)| {
            let refused = Refused(CertificateRefusal { check, detail, certificate: facts(end_entity) });
            Error::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(refused))))
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls12_signature(message, cert, dss, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls13_signature(message, cert, dss, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

impl Verifier {
    /// `openssl req -x509` marks a self-signed server certificate as an authority, and webpki takes no authority for a
    /// server, though it was given by the caller, byte for byte.
    fn is_given_authority(&self, error: &Error, hash: &[u8; 32]) -> bool {
        webpki_error(error) == Some(&webpki::Error::CaUsedAsEndEntity) && self.given.contains(hash)
    }

    fn verify_given(&self, der: &CertificateDer<'_>, name: &ServerName<'_>, now: UnixTime) -> Result<(), Error> {
        verify_server_name(&ParsedCertificate::try_from(der)?, name)?;
        check_dates(der, now).map_err(Error::InvalidCertificate)
    }
}

/// The dates alone: for certificates that need no chain, and for sessions resumed without a certificate.
pub(super) fn check_dates(der: &CertificateDer<'_>, now: UnixTime) -> Result<(), CertificateError> {
    let (from, until) = validity(der).ok_or(CertificateError::BadEncoding)?;
    let today = seconds(now);
    match () {
        () if today < from => Err(CertificateError::NotValidYet),
        () if today > until => Err(CertificateError::Expired),
        () => Ok(()),
    }
}

/// What rustls says of a certificate, as a check and in words.
pub(super) fn explain(error: &Error, der: &CertificateDer<'_>, now: UnixTime) -> (CertificateCheck, String) {
    use CertificateCheck as Check;
    let Error::InvalidCertificate(error) = error else { return (Check::Other, error.to_string()) };
    let own = facts(der);
    match error {
        CertificateError::UnknownIssuer => {
            let detail = match &own {
                Some(own) if own.subject == own.issuer => "self-signed".to_owned(),
                Some(own) => format!("issued by {}, whom the trust settings don't include", own.issuer),
                None => "unknown issuer".to_owned(),
            };
            (Check::UnknownIssuer, detail)
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            let today = seconds(now);
            let detail = match (validity(der), error) {
                (Some((_, until)), _) if until < today => format!("expired on {}", rfc3339(until)),
                (_, CertificateError::ExpiredContext { not_after, .. }) => {
                    format!("a certificate of its chain expired on {}", rfc3339(seconds(*not_after)))
                }
                _ => "expired".to_owned(),
            };
            (Check::Expired, detail)
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            let today = seconds(now);
            let detail = match (validity(der), error) {
                (Some((from, _)), _) if from > today => format!("not valid before {}", rfc3339(from)),
                (_, CertificateError::NotValidYetContext { not_before, .. }) => {
                    format!("a certificate of its chain is not valid before {}", rfc3339(seconds(*not_before)))
                }
                _ => "not valid yet".to_owned(),
            };
            (Check::NotYetValid, detail)
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            let detail = match &own {
                Some(own) if own.names.is_empty() => format!("it bears no host name; its subject is {}", own.subject),
                Some(own) => format!("it is for {}", shortened(&own.names)),
                None => "it bears another name".to_owned(),
            };
            (Check::WrongName, detail)
        }
        CertificateError::Revoked => (Check::Revoked, "its issuer's revocation list names it".to_owned()),
        CertificateError::BadSignature => (Check::BadSignature, "a signature of its chain is wrong".to_owned()),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            (Check::NotForServers, "it was not issued for servers".to_owned())
        }
        CertificateError::BadEncoding => (Check::Malformed, "it can't be read".to_owned()),
        CertificateError::Other(_) => match webpki_error_in(error) {
            Some(webpki::Error::CaUsedAsEndEntity) => match own {
                // Nobody vouches for it: that says more than the form of it does.
                Some(own) if own.subject == own.issuer => (Check::UnknownIssuer, "self-signed".to_owned()),
                _ => (Check::NotForServers, "it is the certificate of an authority, not of a server".to_owned()),
            },
            Some(webpki::Error::UnsupportedCertVersion) => {
                (Check::Malformed, "it is of version 1, which has no host names".to_owned())
            }
            _ => (Check::Other, error.to_string()),
        },
        _ => (Check::Other, error.to_string()),
    }
}

fn webpki_error(error: &Error) -> Option<&webpki::Error> {
    let Error::InvalidCertificate(error) = error else { return None };
    webpki_error_in(error)
}

fn webpki_error_in(error: &CertificateError) -> Option<&webpki::Error> {
    let CertificateError::Other(OtherError(inner)) = error else { return None };
    inner.downcast_ref()
}

fn seconds(time: UnixTime) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}

fn shortened(names: &[String]) -> String {
    const SHOWN: usize = 10;
    let mut text = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}
