//! `log-files` over [`crate::log_files`].

use wasmtime::component::Resource;

use crate::SmtpCtxView;
use crate::bindings::smtp::transporter::log_files::{Host, HostLogFile, Written};
use crate::bindings::smtp::transporter::types::LogError;
use crate::log_files::{self, ExtendedLog};

impl Host for SmtpCtxView<'_> {
    fn open(&mut self, name: String) -> wasmtime::Result<Result<Resource<ExtendedLog>, LogError>> {
        match self.ctx.logs.open_extended(&name) {
            Ok(log) => Ok(Ok(self.table.push(log)?)),
            Err(error) => Ok(Err(error.into())),
        }
    }

    fn append_regular(&mut self, statements: Vec<String>) -> wasmtime::Result<Written> {
        Ok(self.ctx.logs.append_regular_soon(&self.ctx.identity, &statements).into())
    }

    fn regular_is_on(&mut self) -> wasmtime::Result<bool> {
        Ok(self.ctx.logs.regular_is_on())
    }

    fn set_regular(&mut self, first_file: u32) -> wasmtime::Result<Result<(), LogError>> {
        Ok(self.ctx.logs.set_regular(first_file).map_err(Into::into))
    }
}

impl HostLogFile for SmtpCtxView<'_> {
    fn append(&mut self, log: Resource<ExtendedLog>, statements: Vec<String>) -> wasmtime::Result<Written> {
        let identity = &self.ctx.identity;
        Ok(self.table.get(&log)?.append(identity, &statements).into())
    }

    fn drop(&mut self, log: Resource<ExtendedLog>) -> wasmtime::Result<()> {
        self.table.delete(log)?;
        Ok(())
    }
}

impl From<log_files::Written> for Written {
    fn from(written: log_files::Written) -> Written {
        match written {
            log_files::Written::All => Written::All,
            log_files::Written::Lost => Written::Lost,
        }
    }
}

impl From<log_files::LogError> for LogError {
    fn from(error: log_files::LogError) -> LogError {
        match error {
            log_files::LogError::Denied(text) => LogError::Denied(text),
            log_files::LogError::InvalidName(text) => LogError::InvalidName(text),
            log_files::LogError::Unwritable(text) => LogError::Unwritable(text),
        }
    }
}
