//! `[log]`: where conversations are written, and who may change that.

use smtp_host::{log_files, types};
use std::path::PathBuf;

use super::file;
use super::reader::{Result, Source};
use crate::options;
use crate::serve::log::LogFile;

/// The log as it was configured.
#[derive(Clone, Debug)]
pub struct LogConfig {
    pub folder: PathBuf,
    pub keep: usize,
    /// 0: off; N: on, N the number of the first file.
    pub state: u32,
    /// Whether page and API may change it.
    pub changes: bool,
    /// The file in the manner of `logConfig.json`.
    pub configuration: Option<PathBuf>,
    pub spanish: bool,
    pub utc: bool,
    /// Conversations that the list holds.
    pub conversations: usize,
}

impl LogConfig {
    /// The language of the host's events.
    pub fn host_language(&self) -> log_files::Language {
        if self.spanish { log_files::Language::Spanish } else { log_files::Language::English }
    }

    /// The language of the session's events.
    pub fn language(&self) -> types::Language {
        if self.spanish { types::Language::Spanish } else { types::Language::English }
    }
}

/// Reads the table, and the log configuration file that it names: what that says goes before.
pub fn read(source: &Source<'_>, table: &file::Log) -> Result<LogConfig> {
    let folder = match &table.folder {
        Some(folder) => source.path(folder.get_ref()),
        None => match options::state_folder() {
            Some(folder) => folder,
            None => return Err(source.wrong(0..0, "this machine says no folder for state (no HOME): give log.folder")),
        },
    };
    let spanish = match table.language.as_ref().map(|language| (language.get_ref().as_str(), language.span())) {
        None | Some(("en", _)) => false,
        Some(("es", _)) => true,
        Some((_, span)) => return Err(source.wrong(span, "it is \"en\" or \"es\"")),
    };
    let mut config = LogConfig {
        folder,
        keep: source.number(&table.keep, 50, 0, 1_000_000)?,
        state: source.number(&table.state, 0, 0, u32::MAX)?,
        changes: table.changes.as_ref().is_none_or(|value| *value.get_ref()),
        configuration: table.configuration.as_ref().map(|file| source.path(file.get_ref())),
        spanish,
        utc: table.utc.as_ref().is_some_and(|value| *value.get_ref()),
        conversations: source.number(&table.conversations, 100_000, 1, 10_000_000)? as usize,
    };
    if let (Some(path), Some(place)) = (&config.configuration, &table.configuration) {
        let file = LogFile::read(path).map_err(|why| source.wrong(place.span(), &why))?;
        config.state = file.state.unwrap_or(config.state);
        config.keep = file.keep.unwrap_or(config.keep);
        config.changes = config.changes && !file.forced;
    }
    Ok(config)
}
