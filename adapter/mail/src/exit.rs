//! Exit codes, as `host send` has them (sysexits).

use crate::transporter::{Delivery, ErrorKind, LogError, SendError};

pub const USAGE: u8 = 64;
pub const NO_INPUT: u8 = 66;
const CANT_CREATE: u8 = 73;
const TRY_AGAIN: u8 = 75;
const NO_PERMISSION: u8 = 77;

/// Why nothing was sent.
pub struct Failure {
    pub exit: u8,
    pub message: String,
}

impl From<SendError> for Failure {
    fn from(error: SendError) -> Failure {
        use ErrorKind as Kind;
        let temporary = error.reply.as_ref().is_some_and(|reply| (400..500).contains(&reply.status));
        let exit = match error.kind {
            Kind::Internal => 70,
            _ if error.delivery == Delivery::Unknown => TRY_AGAIN,
            Kind::InvalidInput => 65,
            Kind::ContradictingSettings => USAGE,
            Kind::ContentFailed => NO_INPUT,
            Kind::LogFailed => CANT_CREATE,
            Kind::NameNotResolved => 68,
            Kind::TimedOut | Kind::ConnectionLost | Kind::ServiceClosing => TRY_AGAIN,
            _ if temporary => TRY_AGAIN,
            Kind::Denied | Kind::AuthenticationFailed | Kind::AuthenticationNotOffered | Kind::MechanismNotOffered => {
                NO_PERMISSION
            }
            _ => 69,
        };
        let mut message = error.message;
        for warning in error.warnings {
            message.push_str(&format!("\nwarning: {warning}"));
        }
        Failure { exit, message }
    }
}

impl From<LogError> for Failure {
    fn from(error: LogError) -> Failure {
        match error {
            LogError::Denied(message) => Failure { exit: NO_PERMISSION, message },
            LogError::InvalidName(message) | LogError::Unwritable(message) => Failure { exit: CANT_CREATE, message },
        }
    }
}
