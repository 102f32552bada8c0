//! `log-files` over [`crate::log_files`].

use wasmtime::component::Resource;

use crate::SmtpCtxView;
use crate::bindings::smtp::transporter::log_files::{Host, HostLogFile, Written};
use crate::bindings::smtp::transporter::types::LogError;
use crate::log_files::{self, ExtendedLog};

impl Host for SmtpCtxView<'_> {
    fn open(&mut self, name: String) -> wasmtime::Result<Result<Resource<ExtendedLog>, LogError>> {
        self.ctx.log_allowance.open()?;
        let most = self.ctx.max_log_files;
        if self.ctx.open_logs.len() >= most {
            let text = format!(
                "{most} extended logs are open, which is all that the host grants: drop a transporter that has one, or let the \
                 host grant more"
            );
            return Ok(Err(LogError::Denied(text)));
        }
        match self.ctx.logs.open_extended(&name) {
            Ok(log) => {
                let handle = self.table.push(log.clone())?;
                self.ctx.open_logs.push((handle.rep(), log));
                Ok(Ok(handle))
            }
            Err(error) => Ok(Err(self.refused(error))),
        }
    }

    fn append_regular(&mut self, statements: Vec<String>) -> wasmtime::Result<Written> {
        if self.ctx.logs.regular_is_on() {
            self.ctx.log_allowance.write(&statements)?;
        }
        Ok(self.ctx.logs.append_regular_soon(&self.ctx.identity, &statements).into())
    }

    fn regular_is_on(&mut self) -> wasmtime::Result<bool> {
        Ok(self.ctx.logs.regular_is_on())
    }

    fn set_regular(&mut self, first_file: u32) -> wasmtime::Result<Result<(), LogError>> {
        if !self.ctx.may_set_log {
            let words = "turning the regular log on and off is not granted; --log-dir would allow it".to_owned();
            return Ok(Err(self.refused(log_files::LogError::Denied(words))));
        }
        Ok(self.ctx.logs.set_regular(first_file).map_err(|error| self.refused(error)))
    }
}

impl SmtpCtxView<'_> {
    fn refused(&self, error: log_files::LogError) -> LogError {
        if let log_files::LogError::Denied(words) | log_files::LogError::InvalidName(words) = &error {
            self.ctx.refuse(words);
        }
        error.into()
    }
}

impl HostLogFile for SmtpCtxView<'_> {
    fn append(&mut self, log: Resource<ExtendedLog>, statements: Vec<String>) -> wasmtime::Result<Written> {
        self.ctx.log_allowance.write(&statements)?;
        let identity = &self.ctx.identity;
        Ok(self.table.get(&log)?.append(identity, &statements).into())
    }

    fn drop(&mut self, log: Resource<ExtendedLog>) -> wasmtime::Result<()> {
        self.ctx.open_logs.retain(|(handle, _)| *handle != log.rep());
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

#[cfg(test)]
mod tests {
    use wasmtime::component::ResourceTable;

    use super::*;
    use crate::SmtpCtx;
    use crate::log_files::LogFiles;

    #[test]
    fn so_many_extended_logs_and_no_more() {
        let folder = std::env::temp_dir().join(format!("smtp-log-limit-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let logs = LogFiles::builder().extended_folder(&folder).build().unwrap();
        let mut ctx = SmtpCtx::builder().logs(logs).max_log_files(2).build();
        let mut table = ResourceTable::new();
        let mut view = SmtpCtxView { ctx: &mut ctx, table: &mut table };
        let first = view.open("1.txt".into()).unwrap().unwrap();
        let _second = view.open("2.txt".into()).unwrap().unwrap();
        let Err(LogError::Denied(text)) = view.open("3.txt".into()).unwrap() else { panic!("a third one") };
        assert!(text.starts_with("2 extended logs are open"), "{text}");
        assert!(!folder.join("3.txt").exists());
        // One that can't be opened counts for nothing.
        HostLogFile::drop(&mut view, first).unwrap();
        assert!(view.open("../4.txt".into()).unwrap().is_err());
        assert!(view.open("3.txt".into()).unwrap().is_ok());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
