//! `signing` over [`crate::dkim`].

use crate::SmtpCtxView;
use crate::bindings::smtp::transporter::signing as wit;
use crate::dkim::Algorithm;

impl wit::Host for SmtpCtxView<'_> {
    fn signer_for(&mut self, domain: String) -> wasmtime::Result<Option<wit::Signer>> {
        let found = self.ctx.keys.iter().enumerate().find_map(|(index, key)| Some((index, key, key.domain(&domain)?)));
        let Some((index, key, domain)) = found else { return Ok(None) };
        let algorithm = match key.algorithm() {
            Algorithm::RsaSha256 => wit::Algorithm::RsaSha256,
            Algorithm::Ed25519Sha256 => wit::Algorithm::Ed25519Sha256,
        };
        let (domain, selector) = (domain.to_owned(), key.selector().to_owned());
        Ok(Some(wit::Signer { key: u32::try_from(index)?, algorithm, domain, selector }))
    }

    fn sign(&mut self, key: u32, text: Vec<u8>) -> wasmtime::Result<Result<Vec<u8>, String>> {
        let key = usize::try_from(key).ok().and_then(|index| self.ctx.keys.get(index));
        let signed = key.ok_or_else(|| "the host grants no such key".to_owned());
        Ok(signed.and_then(|key| key.sign(&text).map_err(|error| error.to_string())))
    }
}
