//! The content of a mail, as the driver asks for it.

use super::Moment;
use crate::Error;
use crate::message::{Composer, Finished, Mail, Shape};
use crate::session::Capabilities;

/// What `read` brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum More {
    /// There may be more.
    Some,
    /// That was the last of it.
    End,
    /// Nothing yet: the caller has to push more first.
    Later,
}

/// A mail's content.
pub trait Content {
    /// The server's extensions are known: the encodings are chosen now.
    fn prepare(&mut self, offer: &Capabilities, moment: Moment) -> Result<Shape, Error>;
    /// Appends up to about `at_most` bytes.
    fn read(&mut self, into: &mut Vec<u8>, at_most: usize) -> Result<More, String>;
}

/// A mail in its parts. Composed when the connection is up, since its date and its encodings depend on that.
pub struct Draft {
    mail: Option<Mail>,
    entropy: [u8; 16],
    composer: Option<Composer>,
}

impl Draft {
    /// Checks the mail; `entropy` makes its Message-ID and its boundaries.
    pub fn new(mail: Mail, entropy: [u8; 16]) -> Result<Draft, Error> {
        mail.check()?;
        Ok(Draft { mail: Some(mail), entropy, composer: None })
    }
}

impl Content for Draft {
    fn prepare(&mut self, offer: &Capabilities, moment: Moment) -> Result<Shape, Error> {
        if let Some(mail) = self.mail.take() {
            self.composer = Some(Composer::new(mail, self.entropy, moment)?);
        }
        match &mut self.composer {
            Some(composer) => composer.prepare(&offer.into()),
            None => Err(Error::input("the mail was begun before and could not be composed")),
        }
    }

    fn read(&mut self, into: &mut Vec<u8>, at_most: usize) -> Result<More, String> {
        let composer = self.composer.as_mut().ok_or("the mail is not composed")?;
        Ok(if composer.read(into, at_most)? { More::End } else { More::Some })
    }
}

/// A finished message that the caller pushes in pieces.
pub struct Pushed {
    /// What was pushed and not read yet.
    pub message: Finished,
}

impl Content for Pushed {
    fn prepare(&mut self, offer: &Capabilities, _moment: Moment) -> Result<Shape, Error> {
        self.message.prepare(&offer.into())
    }

    fn read(&mut self, into: &mut Vec<u8>, at_most: usize) -> Result<More, String> {
        let before = into.len();
        if self.message.read(into, at_most)? {
            return Ok(More::End);
        }
        Ok(if into.len() == before { More::Later } else { More::Some })
    }
}
