//! LOGIN, draft-murchison-sasl-login.

use super::exchange::Steps;
use super::{Credentials, Error};

/// The user to the first prompt and the password to the second, whatever the prompts say: their words differ from
/// server to server, and some are not even base64.
pub struct Login {
    answers: [String; 2],
    given: usize,
}

impl Login {
    pub fn new(credentials: &Credentials) -> Result<Login, Error> {
        Ok(Login { answers: [credentials.user()?.to_owned(), credentials.password()?.to_owned()], given: 0 })
    }
}

impl Steps for Login {
    fn respond(&mut self, _: &str) -> Result<Vec<u8>, Error> {
        let answer = self.answers.get_mut(self.given).ok_or(Error::Unexpected)?;
        self.given += 1;
        Ok(core::mem::take(answer).into_bytes())
    }
}
