//! The content of a mail, as the driver asks for it.

use std::rc::Rc;

use super::Moment;
use crate::Error;
use crate::message::{Checked, Composer, Finished, Mail, Offer, Signer};
use crate::session::Shape;

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
    fn prepare(&mut self, offer: Offer, moment: Moment) -> Result<Shape, Error>;
    /// What is to be said of the content besides.
    fn warnings(&self, _offer: Offer) -> Vec<String> {
        Vec::new()
    }
    /// Appends up to about `at_most` bytes.
    fn read(&mut self, into: &mut Vec<u8>, at_most: usize) -> Result<More, String>;
}

impl<C: Content + ?Sized> Content for Box<C> {
    fn prepare(&mut self, offer: Offer, moment: Moment) -> Result<Shape, Error> {
        (**self).prepare(offer, moment)
    }

    fn warnings(&self, offer: Offer) -> Vec<String> {
        (**self).warnings(offer)
    }

    fn read(&mut self, into: &mut Vec<u8>, at_most: usize) -> Result<More, String> {
        (**self).read(into, at_most)
    }
}

/// A mail in its parts. Composed when the connection is up, since its date and its encodings depend on that.
pub struct Draft {
    mail: Option<Checked>,
    entropy: [u8; 16],
    composer: Option<Composer>,
    signer: Option<Rc<dyn Signer>>,
}

impl Draft {
    /// Checks the mail; `entropy` makes its Message-ID and its boundaries.
    pub fn new(mail: Mail, entropy: [u8; 16]) -> Result<Draft, Error> {
        Ok(Draft { mail: Some(mail.checked()?), entropy, composer: None, signer: None })
    }
}

impl Draft {
    /// The mail is signed, if there is a key for the domain it comes from.
    #[must_use]
    pub fn signed_by(mut self, signer: Rc<dyn Signer>) -> Draft {
        self.signer = Some(signer);
        self
    }
}

impl Content for Draft {
    fn prepare(&mut self, offer: Offer, moment: Moment) -> Result<Shape, Error> {
        if let Some(mail) = self.mail.take() {
            let composer = Composer::new(mail, self.entropy, moment.wall())?;
            self.composer = Some(match &self.signer {
                Some(signer) => composer.signed_by(signer.clone()),
                None => composer,
            });
        }
        match &mut self.composer {
            Some(composer) => composer.prepare(offer),
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
    fn prepare(&mut self, offer: Offer, moment: Moment) -> Result<Shape, Error> {
        self.message.sign(moment.wall().unix_ms.div_euclid(1000))?;
        self.message.prepare(offer)
    }

    fn warnings(&self, offer: Offer) -> Vec<String> {
        self.message.warnings(offer)
    }

    fn read(&mut self, into: &mut Vec<u8>, at_most: usize) -> Result<More, String> {
        let before = into.len();
        if self.message.read(into, at_most) {
            return Ok(More::End);
        }
        Ok(if into.len() == before { More::Later } else { More::Some })
    }
}
