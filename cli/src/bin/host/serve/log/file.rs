//! A log configuration file in the manner of `logConfig.json`: the state of the log, and whether it may be changed.

use serde::Deserialize;
use std::path::Path;

/// More than this is no such file.
const LARGEST: u64 = 1 << 20;

/// What the file says of the SMTP log. Sections of other programs are passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogFile {
    /// `SMTPLogs.state`: 0 off, N on from number N.
    pub state: Option<u32>,
    /// `SMTPLogs.keep`, ours: how many files are kept; 0 = all.
    pub keep: Option<usize>,
    /// `forceConfiguration`: neither page nor API may change it. True where it is not said.
    pub forced: bool,
}

#[derive(Deserialize)]
struct Document {
    #[serde(rename = "forceConfiguration", alias = "forceLoggingConfiguration", default = "yes")]
    force: bool,
    #[serde(rename = "SMTPLogs")]
    smtp: Option<Section>,
}

#[derive(Deserialize)]
struct Section {
    state: Option<u32>,
    keep: Option<usize>,
}

fn yes() -> bool {
    true
}

impl LogFile {
    /// Reads the file.
    ///
    /// # Errors
    /// In words: what is wrong, and where in the file.
    pub fn read(path: &Path) -> Result<LogFile, String> {
        let name = path.display();
        let about = std::fs::metadata(path).map_err(|error| format!("'{name}' can't be read: {error}"))?;
        if !about.is_file() || about.len() > LARGEST {
            return Err(format!("'{name}' can't be read: it is no regular file of at most 1 MiB"));
        }
        let text = std::fs::read_to_string(path).map_err(|error| format!("'{name}' can't be read: {error}"))?;
        LogFile::parse(&text).map_err(|why| format!("'{name}': {why}"))
    }

    fn parse(text: &str) -> Result<LogFile, String> {
        let Document { force, smtp } = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let (state, keep) = smtp.map_or((None, None), |section| (section.state, section.keep));
        Ok(LogFile { state, keep, forced: force })
    }
}

#[cfg(test)]
mod tests {
    use super::LogFile;

    #[test]
    fn files() {
        let whole = r#"{"forceConfiguration": false, "requestLogs": {"serverState": 1}, "SMTPLogs": {"state": 3}}"#;
        assert_eq!(LogFile::parse(whole), Ok(LogFile { state: Some(3), keep: None, forced: false }));
        let ours = r#"{"SMTPLogs": {"state": 1, "keep": 7}}"#;
        assert_eq!(LogFile::parse(ours), Ok(LogFile { state: Some(1), keep: Some(7), forced: true }));
        assert_eq!(LogFile::parse("{}"), Ok(LogFile { state: None, keep: None, forced: true }));
        assert!(LogFile::parse(r#"{"SMTPLogs": {"state": -1}}"#).unwrap_err().contains("line 1"));
    }
}
