//! `signing`: no runtime holds keys for us, so mails go unsigned, as with any host that was given none.

use crate::Adapter;
use crate::bindings::exports::smtp::transporter::signing::{Guest, Signer};

impl Guest for Adapter {
    fn signer_for(_domain: String) -> Option<Signer> {
        None
    }

    fn sign(_key: u32, _text: Vec<u8>) -> Result<Vec<u8>, String> {
        Err("this runtime has no signer".to_owned())
    }
}
