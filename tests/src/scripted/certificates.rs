//! Certificates of every kind that must be refused, and a good one.

use std::sync::Arc;

use rcgen::{
    CertificateParams, CertificateRevocationListParams, CertifiedIssuer, DnType, IsCa, KeyIdMethod, KeyPair,
    RevokedCertParams, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// An authority, and what it signed.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new(name: &str) -> Authority {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Authority(CertifiedIssuer::self_signed(params, key).expect("an authority"))
    }

    pub fn pem(&self) -> String {
        self.0.pem()
    }

    /// For `localhost`, valid.
    pub fn good(&self) -> Arc<ServerConfig> {
        self.sign(leaf("localhost"))
    }

    /// The same as PEM: the chain, and the key.
    pub fn good_pem(&self) -> (String, String) {
        let key = KeyPair::generate().expect("a key");
        let certificate = leaf("localhost").signed_by(&key, &self.0).expect("a certificate");
        (certificate.pem() + &self.0.pem(), key.serialize_pem())
    }

    pub fn expired(&self) -> Arc<ServerConfig> {
        let mut params = leaf("localhost");
        params.not_after = date_time_ymd(2020, 2, 3);
        self.sign(params)
    }

    pub fn not_yet_valid(&self) -> Arc<ServerConfig> {
        let mut params = leaf("localhost");
        params.not_before = date_time_ymd(2090, 2, 3);
        self.sign(params)
    }

    pub fn wrong_name(&self) -> Arc<ServerConfig> {
        self.sign(leaf("mail.elsewhere.test"))
    }

    /// One that this authority has revoked, and the list that says so.
    pub fn revoked(&self) -> (Arc<ServerConfig>, String) {
        let mut params = leaf("localhost");
        params.serial_number = Some(4711.into());
        let entry = RevokedCertParams {
            serial_number: 4711.into(),
            revocation_time: date_time_ymd(2020, 2, 3),
            reason_code: None,
            invalidity_date: None,
        };
        let list = CertificateRevocationListParams {
            this_update: date_time_ymd(2020, 2, 3),
            next_update: date_time_ymd(2090, 2, 3),
            crl_number: 1.into(),
            issuing_distribution_point: None,
            revoked_certs: vec![entry],
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let list = list.signed_by(&self.0).expect("a list").pem().expect("PEM");
        (self.sign(params), list)
    }

    fn sign(&self, params: CertificateParams) -> Arc<ServerConfig> {
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.0).expect("a certificate");
        server(vec![certificate.der().clone(), self.0.der().clone()], &key)
    }
}

/// Signed by nobody but itself.
pub fn self_signed() -> Arc<ServerConfig> {
    let key = KeyPair::generate().expect("a key");
    let certificate = leaf("localhost").self_signed(&key).expect("a certificate");
    server(vec![certificate.der().clone()], &key)
}

fn leaf(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2019, 1, 1);
    params
}

fn server(chain: Vec<CertificateDer<'static>>, key: &KeyPair) -> Arc<ServerConfig> {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("a certificate with its key");
    Arc::new(config)
}
