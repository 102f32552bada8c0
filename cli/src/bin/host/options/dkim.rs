//! The key that mails are signed with.

use clap::Args;
use smtp_host::dkim::DkimKey;
use std::fs;
use std::path::PathBuf;

use crate::exit::Failure;

/// DKIM.
#[derive(Args)]
#[command(next_help_heading = "Signature")]
pub struct DkimOptions {
    /// Sign by DKIM with this private key: a PEM, RSA from 2048 bits or Ed25519. The component never sees it.
    #[arg(long, value_name = "FILE", requires = "dkim_selector", env = "SMTP_DKIM_KEY")]
    dkim_key: Option<PathBuf>,

    /// Where the public half is published: SELECTOR._domainkey.DOMAIN.
    #[arg(long, value_name = "SELECTOR", requires = "dkim_key", env = "SMTP_DKIM_SELECTOR")]
    dkim_selector: Option<String>,

    /// The domain that signs [default: that of --from]. Mails from another domain go unsigned.
    #[arg(long, value_name = "DOMAIN", requires = "dkim_key", env = "SMTP_DKIM_DOMAIN")]
    dkim_domain: Option<String>,
}

impl DkimOptions {
    /// The key, where one is given.
    pub fn key(&self) -> Result<Option<DkimKey>, Failure> {
        let (Some(file), Some(selector)) = (&self.dkim_key, &self.dkim_selector) else { return Ok(None) };
        let pem = fs::read(file).map_err(|error| Failure::unreadable(file, &error))?;
        let key = DkimKey::from_pem(&pem, selector, self.dkim_domain.as_deref());
        key.map(Some).map_err(|error| Failure::data(format!("--dkim-key {}: {error}", file.display())))
    }
}
