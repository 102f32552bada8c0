//! The certificate that the service shows; a reload replaces it for the connections that follow.

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::sync::{Arc, PoisonError, RwLock};

use crate::serve::config::TlsConfig;

/// None: plain HTTP.
pub struct Certificates(RwLock<Option<Arc<ServerConfig>>>);

impl Certificates {
    pub fn new(config: Option<&TlsConfig>) -> Result<Certificates, String> {
        Ok(Certificates(RwLock::new(config.map(server).transpose()?)))
    }

    pub fn are_there(&self) -> bool {
        self.current().is_some()
    }

    pub fn current(&self) -> Option<Arc<ServerConfig>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether there is TLS at all is decided at the start.
    pub fn replace(&self, config: Option<&TlsConfig>) -> Result<(), String> {
        if config.is_some() != self.are_there() {
            return Err("[tls] can't be added or removed while the service runs: start it anew".to_owned());
        }
        let new = config.map(server).transpose()?;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }
}

fn server(config: &TlsConfig) -> Result<Arc<ServerConfig>, String> {
    let chain = CertificateDer::pem_slice_iter(&config.certificate).collect::<Result<Vec<_>, _>>();
    let chain = chain.map_err(|error| format!("tls.certificate: {error}"))?;
    let key = PrivateKeyDer::from_pem_slice(&config.key).map_err(|error| format!("tls.key: {error}"))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let server = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| format!("tls: {error}"))?;
    Ok(Arc::new(server))
}
