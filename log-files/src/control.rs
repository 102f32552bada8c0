//! What an administrator asks of the regular log, beside turning it on and off.

use std::path::PathBuf;

use super::LogFiles;

impl LogFiles {
    /// The file that the regular log writes to now; `None` while it is off.
    pub fn regular_file(&self) -> Option<PathBuf> {
        let regular = self.0.regular.as_ref()?.lock();
        regular.current()
    }

    /// How many files of the regular log are kept from the next change of file on; 0 = all.
    pub fn set_keep(&self, files: usize) {
        if let Some(regular) = &self.0.regular {
            regular.lock().set_keep(files);
        }
    }
}
