//! `log-files`: the same files, written by the same code as the host's, in a folder that the runtime opened.
//!
//! What the host's owner says by options is said by the environment here: `SMTP_LOG` (as `--log`: the number of the first
//! file), `SMTP_LOG_DIR`, `SMTP_LOG_KEEP` and `SMTP_LOG_LANGUAGE`.

use std::env;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use smtp_log_files::{ExtendedLog, Identity, Language, LogError, LogFiles, LogFilesBuilder, Written};

use crate::Adapter;
use crate::bindings::exports::smtp::transporter::log_files as wit;
use crate::bindings::exports::smtp::transporter::types;
use crate::bindings::wasi::filesystem::preopens;

const NO_FOLDER: &str = "no folder is open to the logs; `wasmtime run --dir FOLDER::/logs` would open one";

static LOGS: LazyLock<Logs> = LazyLock::new(Logs::from_environment);

struct Logs {
    files: LogFiles,
    /// This component is one process, and stays it.
    identity: Identity,
    /// The regular log was asked for by the environment and can't be had: its lines are lost, and every mail's result
    /// says so.
    missing: AtomicBool,
}

impl Logs {
    fn from_environment() -> Logs {
        let mut missing = false;
        let mut trouble = |words: String| {
            missing = true;
            eprintln!("warning: the regular log is not written: {words}");
        };
        let folder = folder();
        let mut files = settings(folder.as_deref()).build().unwrap_or_else(|error| {
            trouble(error.to_string());
            LogFiles::off()
        });
        match number("SMTP_LOG", 0) {
            Ok(0) => {}
            Ok(_) if folder.is_none() => trouble(NO_FOLDER.to_owned()),
            Ok(first) => {
                if let Err(error) = files.set_regular(first) {
                    trouble(error.to_string());
                }
            }
            Err(words) => trouble(words),
        }
        if folder.is_none() {
            files = LogFiles::off();
        }
        let identity = Identity::new(&files);
        Logs { files, identity, missing: missing.into() }
    }
}

fn settings(folder: Option<&Path>) -> LogFilesBuilder {
    // No runtime tells its zone.
    let mut settings = LogFiles::builder().utc(true);
    if let Some(folder) = folder {
        settings = settings.folder(folder).extended_folder(folder);
    }
    match number("SMTP_LOG_KEEP", 50) {
        Ok(files) => settings = settings.keep(files as usize),
        Err(words) => eprintln!("warning: {words}; 50 files are kept"),
    }
    match env::var("SMTP_LOG_LANGUAGE").as_deref() {
        Ok("es") => settings.language(Language::Spanish),
        Ok("en" | "") | Err(_) => settings,
        Ok(_) => {
            eprintln!("warning: SMTP_LOG_LANGUAGE is 'en' or 'es'; the log's own events are in English");
            settings
        }
    }
}

/// The folder of the logs: the one named, or the open one that is called `logs`, or the first.
fn folder() -> Option<PathBuf> {
    if let Some(named) = env::var_os("SMTP_LOG_DIR").filter(|named| !named.is_empty()) {
        return Some(named.into());
    }
    let open: Vec<PathBuf> = preopens::get_directories().into_iter().map(|(_, name)| name.into()).collect();
    open.iter().find(|name| name.ends_with("logs")).or(open.first()).cloned()
}

fn number(name: &str, otherwise: u32) -> Result<u32, String> {
    match env::var(name) {
        Ok(text) => text.parse().map_err(|_| format!("{name} is no number: '{}'", text.escape_debug())),
        Err(_) => Ok(otherwise),
    }
}

impl wit::Guest for Adapter {
    type LogFile = ExtendedLog;

    fn open(name: String) -> Result<wit::LogFile, types::LogError> {
        let logs = &*LOGS;
        logs.files.open_extended(&name).map(wit::LogFile::new).map_err(refusal)
    }

    fn append_regular(statements: Vec<String>) -> wit::Written {
        let logs = &*LOGS;
        if logs.missing.load(Ordering::Relaxed) {
            return if statements.is_empty() { wit::Written::All } else { wit::Written::Lost };
        }
        written(logs.files.append_regular(&logs.identity, &statements))
    }

    fn regular_is_on() -> bool {
        LOGS.missing.load(Ordering::Relaxed) || LOGS.files.regular_is_on()
    }

    fn set_regular(first_file: u32) -> Result<(), types::LogError> {
        LOGS.files.set_regular(first_file).map_err(refusal)?;
        LOGS.missing.store(false, Ordering::Relaxed);
        Ok(())
    }
}

impl wit::GuestLogFile for ExtendedLog {
    fn append(&self, statements: Vec<String>) -> wit::Written {
        written(ExtendedLog::append(self, &LOGS.identity, &statements))
    }
}

fn written(written: Written) -> wit::Written {
    match written {
        Written::All => wit::Written::All,
        Written::Lost => wit::Written::Lost,
    }
}

/// What the host says by the names of its options is said in other words here.
fn refusal(error: LogError) -> types::LogError {
    match error {
        LogError::Denied(_) if folder().is_none() => types::LogError::Denied(NO_FOLDER.to_owned()),
        LogError::Denied(_) => types::LogError::Denied(
            "the log file is not in the folder of the logs; give a name below that folder, without a slash before it"
                .to_owned(),
        ),
        LogError::InvalidName(text) => types::LogError::InvalidName(text),
        LogError::Unwritable(text) => types::LogError::Unwritable(text),
    }
}
