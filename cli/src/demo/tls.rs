//! Certificates made on the spot: an authority, and a leaf for the names under which this machine reaches itself.

use std::io;
use std::sync::Arc;

use chrono::{Datelike, Days, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

/// The names that the leaf bears.
pub const NAMES: [&str; 4] = ["localhost", "127.0.0.1", "::1", super::HOST_NAME];

/// What a client needs to trust the server, and what the server needs to prove itself.
pub(super) struct Identity {
    pub(super) acceptor: TlsAcceptor,
    pub(super) authority_pem: String,
    pub(super) certificate: CertificateDer<'static>,
}

/// Makes both certificates, valid from yesterday for a week. The authority's key is forgotten at once.
pub(super) fn make() -> io::Result<Identity> {
    let authority = authority().map_err(io::Error::other)?;
    let key = KeyPair::generate().map_err(io::Error::other)?;
    let leaf = leaf().and_then(|params| params.signed_by(&key, &authority)).map_err(io::Error::other)?;
    let certificate = leaf.der().clone();
    let chain = vec![certificate.clone(), authority.der().clone()];
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));

    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(io::Error::other)?;
    Ok(Identity { acceptor: TlsAcceptor::from(Arc::new(config)), authority_pem: authority.pem(), certificate })
}

fn authority() -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut params = CertificateParams::default();
    validity(&mut params);
    params.distinguished_name.push(DnType::CommonName, "Demo authority made on the spot");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

fn leaf() -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(NAMES.map(String::from).to_vec())?;
    validity(&mut params);
    params.distinguished_name.push(DnType::CommonName, super::HOST_NAME);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

fn validity(params: &mut CertificateParams) {
    let today = Utc::now().date_naive();
    let from = today.checked_sub_days(Days::new(1)).unwrap_or(today);
    let to = today.checked_add_days(Days::new(6)).unwrap_or(today);
    // Month and day of a calendar date fit a byte.
    params.not_before = date_time_ymd(from.year(), from.month() as u8, from.day() as u8);
    params.not_after = date_time_ymd(to.year(), to.month() as u8, to.day() as u8);
    params.distinguished_name = DistinguishedName::new();
}
