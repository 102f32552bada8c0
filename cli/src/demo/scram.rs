//! SCRAM-SHA-256 and -PLUS, RFC 5802 and 7677, on the server's side.
//!
//! Passwords are taken as they stand (no SASLprep), so an account here should have one that SASLprep leaves alone.

use std::num::NonZeroU32;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::{digest, hmac, pbkdf2};

use super::auth::{Account, Step, same};

const ITERATIONS: NonZeroU32 = NonZeroU32::new(4096).unwrap();

/// One exchange. The salt is made of the nonce: there is no store of salted passwords to keep it for.
pub(super) struct Scram {
    server_nonce: String,
    binding: Option<Vec<u8>>,
    plus: bool,
    stage: Stage,
}

enum Stage {
    ClientFirst,
    ClientFinal {
        header: String,
        first_bare: String,
        server_first: String,
        user_known: bool,
    },
    /// The signature is out, the client says nothing more.
    Proved,
}

impl Scram {
    pub(super) fn new(nonce: &str, binding: Option<&[u8]>, plus: bool) -> Scram {
        Scram { server_nonce: nonce.into(), binding: binding.map(Into::into), plus, stage: Stage::ClientFirst }
    }

    pub(super) fn respond(&mut self, response: &[u8], account: &Account) -> Step {
        let Ok(text) = std::str::from_utf8(response) else { return Step::Broken };
        match &self.stage {
            Stage::ClientFirst => self.client_first(text, account).unwrap_or(Step::Broken),
            Stage::ClientFinal { header, first_bare, server_first, user_known } => {
                let proof = self.client_final(text, header, first_bare, server_first, account);
                match proof {
                    None => Step::Broken,
                    Some(Some(signature)) if *user_known => {
                        self.stage = Stage::Proved;
                        Step::Challenge(format!("v={}", STANDARD.encode(signature)).into_bytes())
                    }
                    Some(_) => Step::Refused,
                }
            }
            Stage::Proved if response.is_empty() => Step::Accepted,
            Stage::Proved => Step::Broken,
        }
    }

    /// `n,,n=user,r=nonce`: None where it is none.
    fn client_first(&mut self, text: &str, account: &Account) -> Option<Step> {
        let mut parts = text.splitn(3, ',');
        let (flag, authorisation, bare) = (parts.next()?, parts.next()?, parts.next()?);
        let flag_fits = match flag {
            "n" => !self.plus,
            // The client could bind and believes that we can't: somebody took -PLUS out of our offer.
            "y" => !self.plus && self.binding.is_none(),
            "p=tls-exporter" => self.plus,
            _ => return None,
        };
        if !flag_fits {
            return Some(Step::Refused);
        }
        let mut attributes = bare.split(',');
        let user = unescape(attributes.next()?.strip_prefix("n=")?)?;
        let client_nonce = attributes.next()?.strip_prefix("r=").filter(|nonce| !nonce.is_empty())?;
        let itself = authorisation.is_empty() || authorisation.strip_prefix("a=").and_then(unescape)? == user;
        let salt = STANDARD.encode(&self.server_nonce);
        let server_first = format!("r={client_nonce}{},s={salt},i={ITERATIONS}", self.server_nonce);
        self.stage = Stage::ClientFinal {
            header: format!("{flag},{authorisation},"),
            first_bare: bare.into(),
            server_first: server_first.clone(),
            user_known: itself && user == account.user,
        };
        Some(Step::Challenge(server_first.into_bytes()))
    }

    /// `c=…,r=…,p=…`: None where it is none, the server's signature where the proof is right.
    fn client_final(
        &self,
        text: &str,
        header: &str,
        first_bare: &str,
        server_first: &str,
        account: &Account,
    ) -> Option<Option<Vec<u8>>> {
        let (without_proof, proof) = text.rsplit_once(",p=")?;
        let proof = STANDARD.decode(proof).ok().filter(|proof| proof.len() == digest::SHA256_OUTPUT_LEN)?;
        let mut attributes = without_proof.split(',');
        let binding = STANDARD.decode(attributes.next()?.strip_prefix("c=")?).ok()?;
        let nonce = attributes.next()?;
        let mut expected = header.as_bytes().to_vec();
        if self.plus {
            expected.extend_from_slice(self.binding.as_deref()?);
        }
        if !same(&binding, &expected) || server_first.split(',').next() != Some(nonce) {
            return Some(None);
        }

        let mut salted = [0; digest::SHA256_OUTPUT_LEN];
        let salt = self.server_nonce.as_bytes();
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, ITERATIONS, salt, account.password.as_bytes(), &mut salted);
        let client_key = sign(&salted, b"Client Key");
        let stored_key = digest::digest(&digest::SHA256, client_key.as_ref());
        let message = format!("{first_bare},{server_first},{without_proof}");
        let client_signature = sign(stored_key.as_ref(), message.as_bytes());
        let right: Vec<u8> = client_key.as_ref().iter().zip(client_signature.as_ref()).map(|(a, b)| a ^ b).collect();
        let server_key = sign(&salted, b"Server Key");
        let signature = sign(server_key.as_ref(), message.as_bytes());
        Some(same(&proof, right).then(|| signature.as_ref().to_vec()))
    }
}

fn sign(key: &[u8], message: &[u8]) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message)
}

/// RFC 5802 §5.1: `=2C` and `=3D`, and no other `=`.
fn unescape(name: &str) -> Option<String> {
    let mut parts = name.split('=');
    let mut text = parts.next()?.to_owned();
    for part in parts {
        let (c, rest) = match part.split_at_checked(2)? {
            ("2C", rest) => (',', rest),
            ("3D", rest) => ('=', rest),
            _ => return None,
        };
        text.push(c);
        text.push_str(rest);
    }
    Some(text)
}
