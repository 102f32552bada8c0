//! The state of the regular log: off, on, or paused, since when, and in which file.

use serde::{Deserialize, Serialize};
use smtp_host::log_files::{LogError, LogFiles};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Whether conversations are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Off,
    On,
    /// Nothing is recorded; resumed, it goes on in the same file.
    Paused,
}

/// What is asked for; what is left out stays.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Change {
    pub state: Option<State>,
    /// The number of the first file, with `on`.
    pub first: Option<u32>,
    /// Files that are kept; 0 = all.
    pub keep: Option<u32>,
}

/// The log as it is now.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    pub state: State,
    /// The number that it was turned on with.
    pub first: Option<u32>,
    /// The file that is written to, or was until the pause.
    pub file: Option<String>,
    /// Its bytes.
    pub size: Option<u64>,
    /// When it was turned on, RFC 3339.
    pub since: Option<String>,
    /// Seconds since then.
    pub seconds: Option<u64>,
    pub keep: usize,
    pub folder: String,
    /// Whether page and API may change it.
    pub changeable: bool,
}

/// Why a change was not made.
#[derive(Debug)]
pub enum Refusal {
    /// The configuration forbids changes.
    Forced,
    /// The change contradicts itself.
    Wrong(&'static str),
    /// The log can't be written.
    Log(LogError),
}

/// Turns the log on and off.
pub struct Control {
    logs: LogFiles,
    folder: PathBuf,
    inner: Mutex<Inner>,
}

struct Inner {
    state: State,
    run: Option<Run>,
    keep: usize,
    changeable: bool,
}

/// From one start to the next stop.
struct Run {
    first: u32,
    since: chrono::DateTime<chrono::Local>,
    started: Instant,
    file: Option<PathBuf>,
}

impl Control {
    /// Writes the lines that wait.
    pub fn flush(&self) {
        self.logs.flush();
    }

    /// `first` is the state that the logs were made with.
    pub fn new(logs: LogFiles, folder: PathBuf, first: u32, keep: usize, changeable: bool) -> Control {
        let run = (first > 0).then(|| Run::begin(first));
        let state = if first > 0 { State::On } else { State::Off };
        Control { logs, folder, inner: Mutex::new(Inner { state, run, keep, changeable }) }
    }

    /// The folder of the log.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The log as it is now.
    pub fn status(&self) -> Status {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let run = inner.run.as_ref();
        let file = self.logs.regular_file().or_else(|| run.and_then(|run| run.file.clone()));
        let size = file.as_ref().map(|file| std::fs::metadata(file).map_or(0, |about| about.len()));
        Status {
            state: inner.state,
            first: run.map(|run| run.first),
            file: file.map(|file| file.to_string_lossy().into_owned()),
            size,
            since: run.map(|run| run.since.to_rfc3339_opts(chrono::SecondsFormat::Millis, false)),
            seconds: run.map(|run| run.started.elapsed().as_secs()),
            keep: inner.keep,
            folder: self.folder.to_string_lossy().into_owned(),
            changeable: inner.changeable,
        }
    }

    /// Changes it, as somebody asked over HTTP.
    pub fn change(&self, change: &Change) -> Result<(), Refusal> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if !inner.changeable {
            return Err(Refusal::Forced);
        }
        self.apply(&mut inner, change)
    }

    /// Takes over what the configuration says. `state`: 0 off, N on; `None` leaves it as it is.
    pub fn configure(&self, state: Option<u32>, keep: usize, changeable: bool) -> Result<(), Refusal> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.changeable = changeable;
        let running = inner.run.as_ref().filter(|_| inner.state == State::On).map_or(0, |run| run.first);
        let (state, first) = match state {
            Some(0) if running != 0 || inner.state == State::Paused => (Some(State::Off), None),
            Some(first) if first != running => (Some(State::On), Some(first)),
            _ => (None, None),
        };
        self.apply(&mut inner, &Change { state, first, keep: u32::try_from(keep).ok() })
    }

    fn apply(&self, inner: &mut Inner, change: &Change) -> Result<(), Refusal> {
        let state = change.state;
        match (state, change.first) {
            (_, Some(0)) => {
                return Err(Refusal::Wrong("first is a number from 1 on; the state \"off\" turns the log off"));
            }
            (Some(State::On), _) | (_, None) => {}
            _ => return Err(Refusal::Wrong("first goes with the state \"on\" alone")),
        }
        if state == Some(State::Paused) && inner.state == State::Off {
            return Err(Refusal::Wrong("a log that is off can't be paused"));
        }
        if let Some(keep) = change.keep {
            inner.keep = keep as usize;
            self.logs.set_keep(inner.keep);
        }
        match (inner.state, state) {
            (_, None) | (State::Off, Some(State::Off)) | (State::Paused, Some(State::Paused)) => {}
            (State::On, Some(State::On)) if change.first.is_none() => {}
            (_, Some(State::Off)) => {
                self.set(0)?;
                inner.state = State::Off;
                inner.run = None;
            }
            (_, Some(State::Paused)) => {
                let file = self.logs.regular_file();
                self.set(0)?;
                inner.state = State::Paused;
                inner.run.iter_mut().for_each(|run| run.file.clone_from(&file));
            }
            (before, Some(State::On)) => {
                let resumed = inner.run.as_ref().filter(|_| before == State::Paused && change.first.is_none());
                let first = change.first.or(resumed.map(|run| run.first)).unwrap_or(1);
                let resumed = resumed.is_some();
                self.set(first)?;
                inner.state = State::On;
                if !resumed {
                    inner.run = Some(Run::begin(first));
                }
            }
        }
        Ok(())
    }

    fn set(&self, first: u32) -> Result<(), Refusal> {
        self.logs.set_regular(first).map_err(Refusal::Log)
    }
}

impl Run {
    fn begin(first: u32) -> Run {
        Run { first, since: chrono::Local::now(), started: Instant::now(), file: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(control: &Control, state: Option<State>, first: Option<u32>) -> Result<(), Refusal> {
        control.change(&Change { state, first, keep: None })
    }

    #[test]
    fn from_state_to_state() {
        let folder = std::env::temp_dir().join(format!("smtp-serve-log-{}", std::process::id()));
        let logs = LogFiles::builder().folder(&folder).build().unwrap();
        let control = Control::new(logs.clone(), folder.clone(), 0, 50, true);
        assert_eq!(control.status().state, State::Off);
        assert!(matches!(ask(&control, Some(State::Paused), None), Err(Refusal::Wrong(_))));
        assert!(matches!(ask(&control, Some(State::On), Some(0)), Err(Refusal::Wrong(_))));
        ask(&control, Some(State::On), Some(4)).unwrap();
        let status = control.status();
        assert_eq!((status.state, status.first, status.size), (State::On, Some(4), Some(0)));
        assert!(status.file.unwrap().ends_with("SMTPLog_4.txt"));
        ask(&control, Some(State::Paused), None).unwrap();
        assert!(!logs.regular_is_on());
        assert!(control.status().file.unwrap().ends_with("SMTPLog_4.txt"));
        ask(&control, Some(State::On), None).unwrap();
        assert!(control.status().file.unwrap().ends_with("SMTPLog_4.txt"));
        ask(&control, Some(State::Off), None).unwrap();
        assert_eq!(control.status().file, None);
        control.configure(Some(2), 7, false).unwrap();
        assert!(matches!(ask(&control, Some(State::Off), None), Err(Refusal::Forced)));
        assert_eq!((control.status().state, control.status().keep), (State::On, 7));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
