//! When a log can't be written: lines are counted, the host says it once, and the log tells of it afterwards.

use std::io;
use std::path::Path;

use super::Language;

/// Milliseconds between two words on standard error, where a disk fills up and drains again and again.
const QUIET_MS: i64 = 60_000;

/// Lines that one log lost, and why.
#[derive(Default)]
pub(super) struct Outage {
    lost: u64,
    reason: String,
    last_said: Option<i64>,
}

impl Outage {
    /// Something is lost that the log does not yet tell of.
    pub(super) fn is_on(&self) -> bool {
        self.lost > 0
    }

    /// Counts lines; the first reason of an outage is the one that is told.
    pub(super) fn lose(&mut self, lines: usize, error: &io::Error, path: &Path, now_ms: i64, say: &dyn Fn(&str)) {
        if self.lost == 0 {
            self.reason = reason(error);
            if self.last_said.is_none_or(|last| now_ms.abs_diff(last) >= QUIET_MS.unsigned_abs()) {
                self.last_said = Some(now_ms);
                say(&format!(
                    "the log file '{}' can't be written: {}; mail goes on, and the log will say how many lines are missing",
                    path.display(),
                    self.reason
                ));
            }
        }
        self.lost = self.lost.saturating_add(lines as u64);
    }

    /// The event that stands where the lines are missing.
    pub(super) fn statement(&self, language: Language) -> String {
        let (lost, reason) = (self.lost, &self.reason);
        match (language, lost) {
            (Language::English, 1) => format!("### SMTP Log: 1 line could not be written ({reason})"),
            (Language::English, _) => format!("### SMTP Log: {lost} lines could not be written ({reason})"),
            (Language::Spanish, 1) => format!("### SMTP Registro: 1 línea no se pudo escribir ({reason})"),
            (Language::Spanish, _) => format!("### SMTP Registro: {lost} líneas no se pudieron escribir ({reason})"),
        }
    }

    /// The log has told it.
    pub(super) fn end(&mut self) {
        self.lost = 0;
        self.reason.clear();
    }
}

/// An error in the system's words, without its number.
pub(super) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}
