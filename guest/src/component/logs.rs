//! The host's log files.

use super::bindings::smtp::transporter::log_files::{self, LogFile, Written};
use super::bindings::smtp::transporter::types::LogError;
use crate::Error;
use crate::error::{Kind, Phase, Retry};
use crate::transporter::Logs;

pub(super) struct HostLogs {
    extended: Option<LogFile>,
}

impl HostLogs {
    pub(super) fn new(name: Option<&str>) -> Result<HostLogs, Error> {
        let extended =
            name.map(log_files::open).transpose().map_err(|error| refused(name.unwrap_or_default(), error))?;
        Ok(HostLogs { extended })
    }
}

fn refused(name: &str, error: LogError) -> Error {
    let error = match error {
        LogError::Denied(text) => Error::new(Phase::Policy, Kind::Denied, Retry::AfterChange, text),
        LogError::InvalidName(text) => {
            Error::new(Phase::Input, Kind::LogFailed, Retry::AfterChange, format!("the log file '{name}': {text}"))
        }
        LogError::Unwritable(text) => {
            let text = format!("the log file '{name}' can't be written: {text}");
            Error::new(Phase::Policy, Kind::LogFailed, Retry::AfterChange, text)
        }
    };
    error
}

impl Logs for HostLogs {
    fn regular_is_on(&self) -> bool {
        log_files::regular_is_on()
    }

    fn append_regular(&mut self, statements: &[String]) -> bool {
        log_files::append_regular(statements) == Written::All
    }

    fn extended_is_on(&self) -> bool {
        self.extended.is_some()
    }

    fn append_extended(&mut self, statements: &[String]) -> bool {
        self.extended.as_ref().is_none_or(|file| file.append(statements) == Written::All)
    }
}
