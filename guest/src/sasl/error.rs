//! Why an exchange can't begin or go on.

/// A broken exchange. Where the server waits for a response, it is to be cancelled with `*`, RFC 4954 section 4.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The mechanism needs what was not given: `a password`.
    Missing(&'static str),
    /// A control character that the mechanism can't carry, in `the user name`, `the password` or `the access token`.
    Forbidden(&'static str),
    /// The connection has no data to bind a `-PLUS` mechanism to.
    NoChannelBinding,
    /// The random text handed in can't stand in a SCRAM message.
    BadNonce,
    /// A challenge that is not base64, or no UTF-8 where it must be.
    NotReadable,
    /// A challenge over the cap.
    TooLong,
    /// One challenge more than the mechanism has.
    Unexpected,
    /// A challenge that breaks the mechanism's grammar: the part that does.
    Malformed(&'static str),
    /// A number of iterations that is not between 1 and 1,000,000.
    Iterations,
    /// The server's nonce does not begin with ours: somebody else's exchange.
    ForeignNonce,
    /// The server ended the exchange: its own word for why.
    Refused(String),
    /// The server's signature is wrong: it does not know the password.
    WrongSignature,
    /// The server said yes and did not prove that it knows the password.
    NotProven,
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Error::Missing(what) => write!(f, "the mechanism needs {what}, which was not given"),
            Error::Forbidden(what) => write!(f, "{what} has a control character that the mechanism can't carry"),
            Error::NoChannelBinding => f.write_str("the connection has no TLS data that the mechanism can be bound to"),
            Error::BadNonce => f.write_str("the nonce is empty or has a character that SCRAM forbids"),
            Error::NotReadable => f.write_str("the server's challenge is not base64 or not UTF-8"),
            Error::TooLong => f.write_str("the server's challenge is too long"),
            Error::Unexpected => f.write_str("the server asked for more than the mechanism has to say"),
            Error::Malformed(part) => write!(f, "the server's challenge can't be read: {part}"),
            Error::Iterations => {
                f.write_str("the server asks for a number of iterations that is not between 1 and 1000000")
            }
            Error::ForeignNonce => f.write_str("the server's nonce does not begin with the client's"),
            Error::Refused(word) => write!(f, "the server ended the exchange: {word}"),
            Error::WrongSignature => f.write_str("the server's signature is wrong: it does not know the password"),
            Error::NotProven => f.write_str("the server agreed without proving that it knows the password"),
        }
    }
}

impl core::error::Error for Error {}
