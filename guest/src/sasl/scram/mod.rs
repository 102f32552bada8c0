//! SCRAM, RFC 5802 and RFC 7677: password proof in both directions.

mod binding;
mod hash;
mod server_first;

pub use binding::Binding;

use hash::Hash;
use server_first::ServerFirst;

use super::exchange::Steps;
use super::prepare::prepare;
use super::{Credentials, Error, Mechanism, wire};

/// One exchange, up to where it stands.
struct Scram {
    hash: Hash,
    password: String,
    nonce: String,
    /// `n,,`, `y,,` or `p=…,,`.
    gs2_header: String,
    /// The header and, where the exchange is bound, what it is bound to: goes back as `c=`.
    bound: Vec<u8>,
    /// `n=USER,r=NONCE`.
    first_bare: String,
    /// Of the last response: all that stands before the proof.
    public: usize,
    state: State,
}

enum State {
    /// Our first message is out.
    AwaitingFirst,
    /// Our proof is out; the server's must be this.
    AwaitingFinal { signature: Vec<u8> },
    /// The server's proof was good.
    Proven,
    /// Something was not: there is no way on.
    Broken,
}

/// Begins one of the three.
pub fn begin(
    mechanism: Mechanism,
    credentials: &Credentials,
    nonce: &str,
    binding: Binding,
) -> Result<Box<dyn Steps>, Error> {
    // RFC 5802 section 7, `printable`.
    if nonce.is_empty() || !nonce.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',') {
        return Err(Error::BadNonce);
    }
    let user = wire::without(credentials.user()?, |c| c == '\0', "the user name")?;
    let gs2_header = binding.header();
    let mut bound = gs2_header.clone().into_bytes();
    bound.extend_from_slice(binding.data());
    Ok(Box::new(Scram {
        hash: if mechanism == Mechanism::ScramSha1 { Hash::Sha1 } else { Hash::Sha256 },
        password: prepare(credentials.password()?),
        nonce: nonce.to_owned(),
        gs2_header,
        bound,
        first_bare: format!("n={},r={nonce}", wire::escape_name(&prepare(&user))),
        public: usize::MAX,
        state: State::AwaitingFirst,
    }))
}

impl Steps for Scram {
    fn initial(&mut self) -> Option<Vec<u8>> {
        Some(format!("{}{}", self.gs2_header, self.first_bare).into_bytes())
    }

    fn respond(&mut self, challenge: &str) -> Result<Vec<u8>, Error> {
        // Whatever fails below leaves the exchange broken.
        match core::mem::replace(&mut self.state, State::Broken) {
            State::AwaitingFirst => self.prove(&wire::decode_text(challenge)?),
            State::AwaitingFinal { signature } => self.verify(&wire::decode_text(challenge)?, &signature),
            State::Proven | State::Broken => Err(Error::Unexpected),
        }
    }

    fn public(&self) -> usize {
        self.public
    }

    /// The server's signature: with the nonces and the salt, a password can be tried against it as well as against our proof.
    fn expected(&self) -> Option<(Vec<u8>, usize)> {
        match &self.state {
            State::AwaitingFinal { signature } => Some((format!("v={}", wire::encode(signature)).into_bytes(), 2)),
            _ => None,
        }
    }

    fn succeeded(&self) -> Result<(), Error> {
        match self.state {
            State::Proven => Ok(()),
            _ => Err(Error::NotProven),
        }
    }
}

impl Scram {
    /// The client's final message, RFC 5802 section 3.
    fn prove(&mut self, server_first: &str) -> Result<Vec<u8>, Error> {
        let ServerFirst { nonce, salt, iterations } = ServerFirst::parse(server_first, &self.nonce)?;
        let without_proof = format!("c={},r={nonce}", wire::encode(&self.bound));
        let auth_message = format!("{},{server_first},{without_proof}", self.first_bare);

        let salted = self.hash.salted(self.password.as_bytes(), &salt, iterations);
        let client_key = self.hash.mac(&salted, b"Client Key");
        let client_signature = self.hash.mac(&self.hash.digest(&client_key), auth_message.as_bytes());
        let server_key = self.hash.mac(&salted, b"Server Key");
        let proof: Vec<u8> = client_key.iter().zip(&client_signature).map(|(key, signature)| key ^ signature).collect();

        self.state = State::AwaitingFinal { signature: self.hash.mac(&server_key, auth_message.as_bytes()) };
        self.public = without_proof.len() + ",p=".len();
        Ok(format!("{without_proof},p={}", wire::encode(proof)).into_bytes())
    }

    /// The empty response to the server's final message.
    fn verify(&mut self, server_final: &str, expected: &[u8]) -> Result<Vec<u8>, Error> {
        server_first::fail_on_error(server_final)?;
        let signature = server_final.strip_prefix("v=").ok_or(Error::Malformed("no signature"))?;
        let signature = signature.split(',').next().unwrap_or_default();
        if wire::decode(signature)? != expected {
            return Err(Error::WrongSignature);
        }
        self.state = State::Proven;
        Ok(Vec::new())
    }
}
