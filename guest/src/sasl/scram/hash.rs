//! The two hash functions that SCRAM is used with.

use hmac::{EagerHash, Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// Which one.
#[derive(Clone, Copy)]
pub enum Hash {
    Sha1,
    Sha256,
}

impl Hash {
    /// `H(data)`.
    pub fn digest(self, data: &[u8]) -> Vec<u8> {
        match self {
            Hash::Sha1 => Sha1::digest(data).to_vec(),
            Hash::Sha256 => Sha256::digest(data).to_vec(),
        }
    }

    /// `HMAC(key, data)`.
    pub fn mac(self, key: &[u8], data: &[u8]) -> Vec<u8> {
        match self {
            Hash::Sha1 => mac::<Sha1>(key, data),
            Hash::Sha256 => mac::<Sha256>(key, data),
        }
    }

    /// `Hi(password, salt, iterations)`.
    pub fn salted(self, password: &[u8], salt: &[u8], iterations: u32) -> Vec<u8> {
        match self {
            Hash::Sha1 => pbkdf2::pbkdf2_hmac_array::<Sha1, 20>(password, salt, iterations).to_vec(),
            Hash::Sha256 => pbkdf2::pbkdf2_hmac_array::<Sha256, 32>(password, salt, iterations).to_vec(),
        }
    }
}

fn mac<H: EagerHash>(key: &[u8], data: &[u8]) -> Vec<u8> {
    match Hmac::<H>::new_from_slice(key) {
        Ok(keyed) => keyed.chain_update(data).finalize().into_bytes().to_vec(),
        // HMAC takes a key of any length.
        Err(_) => Vec::new(),
    }
}
