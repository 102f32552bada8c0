//! What can be said of a certificate: its facts for the log, and its hashes.

use std::fmt::Write as _;
use std::net::IpAddr;

use chrono::DateTime;
use ring::digest;
use x509_parser::certificate::X509Certificate;
use x509_parser::der_parser::asn1_rs::Oid;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;
use x509_parser::signature_algorithm::SignatureAlgorithm;

use super::distinguished_name::rfc4514;
use super::types::Certificate;

/// A certificate may bear thousands of names; nobody reads that many in a log.
const MOST_NAMES: usize = 100;

/// SHA-256 of the DER form.
pub(super) fn fingerprint(der: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, der).as_ref());
    hash
}

/// None where it can't be read.
pub(super) fn facts(der: &[u8]) -> Option<Certificate> {
    let certificate = parse(der)?;
    let validity = certificate.validity();
    Some(Certificate {
        subject: rfc4514(certificate.subject()),
        issuer: rfc4514(certificate.issuer()),
        names: names(&certificate),
        not_before: rfc3339(validity.not_before.timestamp()),
        not_after: rfc3339(validity.not_after.timestamp()),
        sha256: hexadecimal(&fingerprint(der)),
    })
}

/// Seconds since 1970 of the first and the last moment at which the certificate is valid.
pub(super) fn validity(der: &[u8]) -> Option<(i64, i64)> {
    let validity = parse(der)?.validity().clone();
    Some((validity.not_before.timestamp(), validity.not_after.timestamp()))
}

/// `tls-server-end-point` (RFC 5929 §4.1): the hash that the signature uses, SHA-256 in place of MD5 and SHA-1. None where
/// the signature uses no hash or more than one, for which the RFC has no answer.
pub(super) fn end_point(der: &[u8]) -> Option<Vec<u8>> {
    let certificate = parse(der)?;
    let algorithm = &certificate.signature_algorithm;
    let hash = match SignatureAlgorithm::try_from(algorithm) {
        Ok(SignatureAlgorithm::RSASSA_PSS(parameters)) => hash_by_oid(parameters.hash_algorithm_oid())?,
        _ => hash_by_signature(&algorithm.algorithm)?,
    };
    Some(digest::digest(hash, der).as_ref().to_vec())
}

/// RFC 3339 in UTC, whole seconds.
pub(super) fn rfc3339(unix: i64) -> String {
    DateTime::from_timestamp(unix, 0).map_or_else(
        || unix.to_string(), // beyond the year 262,000: whoever made it, it is no date
        |time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
    )
}

fn parse(der: &[u8]) -> Option<X509Certificate<'_>> {
    X509Certificate::from_der(der).ok().map(|(_, certificate)| certificate)
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(extension)) = certificate.subject_alternative_name() else { return Vec::new() };
    let name = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => ip(bytes),
        _ => None,
    };
    extension.value.general_names.iter().filter_map(name).take(MOST_NAMES).collect()
}

fn ip(bytes: &[u8]) -> Option<String> {
    if let Ok(v4) = <[u8; 4]>::try_from(bytes) {
        return Some(IpAddr::from(v4).to_string());
    }
    <[u8; 16]>::try_from(bytes).ok().map(|v6| IpAddr::from(v6).to_string())
}

fn hash_by_oid(oid: &Oid<'_>) -> Option<&'static digest::Algorithm> {
    Some(match oid.to_id_string().as_str() {
        "1.3.14.3.2.26" | "2.16.840.1.101.3.4.2.1" => &digest::SHA256, // SHA-1, SHA-256
        "2.16.840.1.101.3.4.2.2" => &digest::SHA384,
        "2.16.840.1.101.3.4.2.3" => &digest::SHA512,
        _ => return None,
    })
}

fn hash_by_signature(oid: &Oid<'_>) -> Option<&'static digest::Algorithm> {
    Some(match oid.to_id_string().as_str() {
        // RSA with MD5, SHA-1, SHA-256; ECDSA with SHA-1, SHA-256; DSA with SHA-1, SHA-256
        "1.2.840.113549.1.1.4" | "1.2.840.113549.1.1.5" | "1.2.840.113549.1.1.11" => &digest::SHA256,
        "1.2.840.10045.4.1" | "1.2.840.10045.4.3.2" => &digest::SHA256,
        "1.2.840.10040.4.3" | "2.16.840.1.101.3.4.3.2" => &digest::SHA256,
        "1.2.840.113549.1.1.12" | "1.2.840.10045.4.3.3" => &digest::SHA384,
        "1.2.840.113549.1.1.13" | "1.2.840.10045.4.3.4" => &digest::SHA512,
        _ => return None,
    })
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // writing into a String does not fail
        text
    })
}
