//! The keys that the host grants.

use super::bindings::smtp::transporter::signing as host;
use crate::message::{Algorithm, Identity, Signer};

pub(super) struct HostKeys;

impl Signer for HostKeys {
    fn identity(&self, domain: &str) -> Option<Identity> {
        host::signer_for(domain).map(|signer| Identity {
            key: signer.key,
            algorithm: match signer.algorithm {
                host::Algorithm::RsaSha256 => Algorithm::RsaSha256,
                host::Algorithm::Ed25519Sha256 => Algorithm::Ed25519Sha256,
            },
            domain: signer.domain,
            selector: signer.selector,
        })
    }

    fn sign(&self, identity: &Identity, text: &[u8]) -> Result<Vec<u8>, String> {
        host::sign(identity.key, text)
    }
}
