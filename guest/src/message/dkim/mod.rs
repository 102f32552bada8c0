//! DKIM signatures, RFC 6376 and RFC 8463: `relaxed/relaxed`, SHA-256, the whole body. The key is the host's.

mod canonical;
mod signature;

pub(super) use canonical::BodyHash;
pub(super) use signature::{domain_of, signature};

/// SHA-256.
pub(super) type Hash = [u8; 32];

/// How a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Algorithm {
    RsaSha256,
    Ed25519Sha256,
}

/// A key that may be used, and where its public half is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// What the one who holds it knows it by.
    pub key: u32,
    /// The tag a=.
    pub algorithm: Algorithm,
    /// The tag d=.
    pub domain: String,
    /// The tag s=.
    pub selector: String,
}

/// Who holds keys.
pub trait Signer {
    /// The key for mails from this domain (A-labels); none: they go unsigned.
    fn identity(&self, domain: &str) -> Option<Identity>;

    /// Signs canonical header fields. The error is a text for people.
    fn sign(&self, identity: &Identity, text: &[u8]) -> Result<Vec<u8>, String>;
}
