//! `wasi:random/random`, from the operating system through ring.

use rustls::crypto::SecureRandom;

use crate::SmtpCtxView;
use crate::bindings::wasi::random::random::Host;

/// More is not needed by anybody who asks for random bytes, and would be memory for the asking.
const MOST: u64 = 64 * 1024;

impl Host for SmtpCtxView<'_> {
    fn get_random_bytes(&mut self, len: u64) -> wasmtime::Result<Vec<u8>> {
        let len = usize::try_from(len.min(MOST))?;
        let mut bytes = vec![0; len];
        source().fill(&mut bytes).map_err(|_| wasmtime::format_err!("the random source failed"))?;
        Ok(bytes)
    }

    fn get_random_u64(&mut self) -> wasmtime::Result<u64> {
        let mut bytes = [0; 8];
        source().fill(&mut bytes).map_err(|_| wasmtime::format_err!("the random source failed"))?;
        Ok(u64::from_ne_bytes(bytes))
    }
}

fn source() -> &'static dyn SecureRandom {
    use std::sync::OnceLock;
    static SOURCE: OnceLock<rustls::crypto::CryptoProvider> = OnceLock::new();
    SOURCE.get_or_init(rustls::crypto::ring::default_provider).secure_random
}
