//! Trust settings, made into a configuration of rustls once and kept: the roots are not read again for each connection,
//! and sessions are resumed among connections that trust the same.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ring::digest;
use rustls::client::{WebPkiServerVerifier, danger::ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::{Error as PemError, PemObject, SectionKind};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use super::certificate::fingerprint;
use super::error::SocketError;
use super::types::{ClientCertificate, RootStore, Trust};
use super::verify::Verifier;

/// Sandboxed callers choose their trust; they must not be able to fill the memory with it.
const KEPT: usize = 16;
const LARGEST_PEM: usize = 4 << 20;
/// The machine's roots change with its updates.
const SYSTEM_AGE: Duration = Duration::from_secs(600);

/// Chosen here and not left to the process: an embedder may have a default of its own.
static PROVIDER: LazyLock<Arc<CryptoProvider>> = LazyLock::new(|| Arc::new(rustls::crypto::ring::default_provider()));

static MOZILLA: LazyLock<Arc<RootCertStore>> =
    LazyLock::new(|| Arc::new(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }));

static CONFIGURATIONS: Mutex<Vec<Kept>> = Mutex::new(Vec::new());

struct Kept {
    key: [u8; 32],
    built: Instant,
    configuration: Arc<ClientConfig>,
}

/// The configuration for these settings; None: Mozilla's roots.
pub(super) async fn configuration(trust: Option<&Trust>) -> Result<Arc<ClientConfig>, SocketError> {
    let trust = trust.cloned().unwrap_or_default();
    let system = trust.roots.contains(&RootStore::System);
    let key = key(&trust);
    let kept = || CONFIGURATIONS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = kept().iter().find(|kept| kept.key == key && !(system && kept.built.elapsed() > SYSTEM_AGE)) {
        return Ok(Arc::clone(&found.configuration));
    }
    let configuration = if system {
        // The machine's roots are hundreds of files on some systems.
        let built = tokio::task::spawn_blocking(move || build(&trust)).await;
        built.map_err(|_| SocketError::BadTrust("the machine's roots can't be read".to_owned()))??
    } else {
        build(&trust)?
    };
    let mut kept = kept();
    kept.retain(|kept| kept.key != key);
    if kept.len() >= KEPT {
        kept.remove(0);
    }
    kept.push(Kept { key, built: Instant::now(), configuration: Arc::clone(&configuration) });
    Ok(configuration)
}

/// Settings that differ in any byte differ in this.
fn key(trust: &Trust) -> [u8; 32] {
    let mut hash = digest::Context::new(&digest::SHA256);
    let mut field = |tag: u8, bytes: &[u8]| {
        hash.update(&[tag]);
        hash.update(&(bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    for root in &trust.roots {
        match root {
            RootStore::Mozilla => field(1, b""),
            RootStore::System => field(2, b""),
            RootStore::Pem(pem) => field(3, pem),
        }
    }
    if let Some(pin) = &trust.pin_sha256 {
        field(4, pin);
    }
    if let Some(client) = &trust.client_certificate {
        field(5, &client.pem);
    }
    let mut key = [0; 32];
    key.copy_from_slice(hash.finish().as_ref());
    key
}

fn build(trust: &Trust) -> Result<Arc<ClientConfig>, SocketError> {
    let Roots { store, given, revoked } = roots(&trust.roots)?;
    let pin = match &trust.pin_sha256 {
        None => None,
        Some(bytes) => Some(
            <[u8; 32]>::try_from(bytes.as_slice())
                .map_err(|_| SocketError::BadTrust(format!("the pin has {} bytes; a SHA-256 has 32", bytes.len())))?,
        ),
    };
    let mut inner = WebPkiServerVerifier::builder_with_provider(store, Arc::clone(&PROVIDER));
    if !revoked.is_empty() {
        // A list speaks for its issuer alone: of certificates that others issued it says nothing.
        inner = inner.with_crls(revoked).only_check_end_entity_revocation().allow_unknown_revocation_status();
    }
    let inner = inner.build().map_err(|error| SocketError::BadTrust(error.to_string()))?;
    let algorithms = PROVIDER.signature_verification_algorithms;
    let verifier: Arc<dyn ServerCertVerifier> = Arc::new(Verifier { inner, pin, given, algorithms });
    let builder = ClientConfig::builder_with_provider(Arc::clone(&PROVIDER))
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(|error| SocketError::BadTrust(error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let configuration = match &trust.client_certificate {
        None => builder.with_no_client_auth(),
        Some(client) => {
            let (chain, key) = client_certificate(client)?;
            builder
                .with_client_auth_cert(chain, key)
                .map_err(|error| SocketError::BadTrust(format!("the client certificate: {error}")))?
        }
    };
    Ok(Arc::new(configuration))
}

/// Who is believed, and who not.
struct Roots {
    store: Arc<RootCertStore>,
    /// The hashes of those that came as PEM.
    given: Vec<[u8; 32]>,
    revoked: Vec<CertificateRevocationListDer<'static>>,
}

fn roots(stores: &[RootStore]) -> Result<Roots, SocketError> {
    if stores.iter().all(|store| *store == RootStore::Mozilla) {
        return Ok(Roots { store: Arc::clone(&MOZILLA), given: Vec::new(), revoked: Vec::new() });
    }
    let mut roots = RootCertStore::empty();
    let (mut given, mut revoked) = (Vec::new(), Vec::new());
    for store in stores {
        match store {
            RootStore::Mozilla => roots.extend(MOZILLA.roots.iter().cloned()),
            RootStore::System => {
                let found = rustls_native_certs::load_native_certs();
                if found.certs.is_empty() {
                    let why = found.errors.first().map_or(String::new(), |error| format!(": {error}"));
                    return Err(SocketError::BadTrust(format!("the machine has no root certificates{why}")));
                }
                roots.add_parsable_certificates(found.certs);
            }
            RootStore::Pem(pem) => {
                for (kind, der) in sections(pem, "the PEM of the roots")? {
                    match kind {
                        SectionKind::Certificate => {
                            let hash = fingerprint(&der);
                            roots.add(CertificateDer::from(der)).map_err(|error| {
                                let number = given.len() + 1;
                                SocketError::BadTrust(format!("certificate {number} in the PEM of the roots: {error}"))
                            })?;
                            given.push(hash);
                        }
                        SectionKind::Crl => revoked.push(CertificateRevocationListDer::from(der)),
                        _ => {}
                    }
                }
                if given.is_empty() && revoked.is_empty() {
                    return Err(SocketError::BadTrust("the PEM of the roots holds no certificate".to_owned()));
                }
            }
        }
    }
    Ok(Roots { store: Arc::new(roots), given, revoked })
}

type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn client_certificate(client: &ClientCertificate) -> Result<Identity, SocketError> {
    let bad = |words: &str| SocketError::BadTrust(format!("the PEM of the client certificate holds {words}"));
    if memmem(&client.pem, b"BEGIN ENCRYPTED PRIVATE KEY") || memmem(&client.pem, b"Proc-Type: 4,ENCRYPTED") {
        return Err(bad("an encrypted key, which can't be used: decrypt it first"));
    }
    let (mut chain, mut keys) = (Vec::new(), Vec::new());
    for (kind, der) in sections(&client.pem, "the PEM of the client certificate")? {
        match kind {
            SectionKind::Certificate => chain.push(CertificateDer::from(der)),
            kind => keys.extend(PrivateKeyDer::from_pem(kind, der)),
        }
    }
    let key = keys.pop();
    match key {
        _ if chain.is_empty() => Err(bad("no certificate")),
        None => Err(bad("no private key (PKCS#8, PKCS#1 or SEC1)")),
        Some(_) if !keys.is_empty() => Err(bad("more than one private key")),
        Some(key) => Ok((chain, key)),
    }
}

/// Every section that PEM text may have here; others, such as DH parameters, are passed over.
fn sections(pem: &[u8], what: &str) -> Result<Vec<(SectionKind, Vec<u8>)>, SocketError> {
    let bad = |words: String| SocketError::BadTrust(format!("{what} {words}"));
    if pem.len() > LARGEST_PEM {
        return Err(bad(format!("has {} bytes; {LARGEST_PEM} at most are read", pem.len())));
    }
    <(SectionKind, Vec<u8>)>::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(|error| {
        // The library's own words may hold pieces of the text, which may be a key.
        bad(match error {
            PemError::MissingSectionEnd { .. } => "has no END line".to_owned(),
            PemError::IllegalSectionStart { .. } => "has a BEGIN line that is no such".to_owned(),
            PemError::Base64Decode(_) => "is not base64".to_owned(),
            _ => "can't be read".to_owned(),
        })
    })
}

fn memmem(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
