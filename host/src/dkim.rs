//! The keys of DKIM signatures: read by the host, used by the host. The guest gets signatures and nothing else.

use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;

/// How a key signs: RFC 6376 §3.3 and RFC 8463.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Algorithm {
    RsaSha256,
    Ed25519Sha256,
}

/// A private key, the selector under which its public half is published, and the domain it signs for.
pub struct DkimKey {
    key: Key,
    selector: String,
    /// None: the domain that the mail comes from, whichever it is.
    domain: Option<String>,
}

enum Key {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Box<Ed25519KeyPair>),
}

/// What is wrong with a key or a text to be signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DkimError {
    /// The PEM holds no private key that can be read.
    #[error("it holds no PEM private key (PKCS#8 or PKCS#1)")]
    NoKey,
    /// The key is of another kind, or too short.
    #[error("the key is neither RSA of 2048 to 4096 bits nor Ed25519")]
    UnknownKey,
    /// A selector or a domain that can't stand in a DNS name.
    #[error("{0:?} is no DNS name of letters, digits, hyphens and dots")]
    BadName(String),
    /// The guest asked for a signature of something else than a mail's header.
    #[error("the text to be signed does not end with this key's own dkim-signature field")]
    NotASignature,
    /// The cryptography failed.
    #[error("the signature could not be made")]
    Failed,
}

impl DkimKey {
    /// Reads a PEM. `domain` in A-labels; without one the key signs for any domain that a mail comes from.
    ///
    /// # Errors
    /// What can't be read, is too short, or is no name.
    pub fn from_pem(pem: &[u8], selector: &str, domain: Option<&str>) -> Result<DkimKey, DkimError> {
        for name in [Some(selector), domain].into_iter().flatten() {
            let is_label = |label: &str| (1..=63).contains(&label.len()) && !label.starts_with('-');
            let fits = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
            if !fits || !name.split('.').all(is_label) || name.len() > 253 {
                return Err(DkimError::BadName(name.to_owned()));
            }
        }
        let key = match PrivateKeyDer::from_pem_slice(pem).map_err(|_| DkimError::NoKey)? {
            PrivateKeyDer::Pkcs1(der) => {
                RsaKeyPair::from_der(der.secret_pkcs1_der()).ok().map(|key| Key::Rsa(key.into()))
            }
            PrivateKeyDer::Pkcs8(der) => {
                let der = der.secret_pkcs8_der();
                let rsa = || RsaKeyPair::from_pkcs8(der).ok().map(|key| Key::Rsa(key.into()));
                // OpenSSL writes the first version of PKCS#8, without the public half.
                let ed25519 = || Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).ok();
                rsa().or_else(|| ed25519().map(|key| Key::Ed25519(key.into())))
            }
            _ => None,
        };
        let domain = domain.map(str::to_ascii_lowercase);
        Ok(DkimKey { key: key.ok_or(DkimError::UnknownKey)?, selector: selector.to_owned(), domain })
    }

    /// How it signs.
    pub fn algorithm(&self) -> Algorithm {
        match self.key {
            Key::Rsa(_) => Algorithm::RsaSha256,
            Key::Ed25519(_) => Algorithm::Ed25519Sha256,
        }
    }

    /// The tag s=.
    pub fn selector(&self) -> &str {
        &self.selector
    }

    /// The tag d= for a mail from this domain, where the key may sign it: the key's own domain and those below it.
    pub fn domain<'a>(&'a self, from: &'a str) -> Option<&'a str> {
        let Some(own) = self.domain.as_deref() else { return Some(from) };
        let is_below = from.strip_suffix(own).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        is_below.then_some(own)
    }

    /// The public half, as the tag p= of the DNS record has it before base64.
    pub fn public(&self) -> Vec<u8> {
        use ring::signature::KeyPair;
        match &self.key {
            Key::Rsa(key) => key.public_key().as_ref().to_vec(),
            Key::Ed25519(key) => key.public_key().as_ref().to_vec(),
        }
    }

    /// Signs canonical header fields that end with this key's `dkim-signature` field.
    ///
    /// # Errors
    /// Any other text.
    pub fn sign(&self, text: &[u8]) -> Result<Vec<u8>, DkimError> {
        let last = text.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        let field = str::from_utf8(last).ok().and_then(|field| field.strip_prefix("dkim-signature:"));
        let tags = field.ok_or(DkimError::NotASignature)?.split(';').map(str::trim);
        let value = |name: &str| tags.clone().find_map(|tag| tag.strip_prefix(name)?.strip_prefix('='));
        let is_own = value("d").is_some_and(|domain| self.domain(domain) == Some(domain))
            && value("s") == Some(&self.selector)
            && field.is_some_and(|field| field.ends_with("b="));
        if !is_own {
            return Err(DkimError::NotASignature);
        }
        match &self.key {
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut signature)
                    .map_err(|_| DkimError::Failed)?;
                Ok(signature)
            }
            // RFC 8463 §3: what is signed is the hash.
            Key::Ed25519(key) => {
                let hash = ring::digest::digest(&ring::digest::SHA256, text);
                Ok(key.sign(hash.as_ref()).as_ref().to_vec())
            }
        }
    }
}

/// Shows where the public half is, and nothing of the key.
impl std::fmt::Debug for DkimKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DkimKey")
            .field("algorithm", &self.algorithm())
            .field("selector", &self.selector)
            .field("domain", &self.domain)
            .finish_non_exhaustive()
    }
}
