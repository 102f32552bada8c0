//! Whoever looks on while the regular log is written.

use std::path::Path;
use std::sync::Arc;

/// Lines of the regular log that were just written: whole, stamped, each with its LF.
#[derive(Clone, Copy, Debug)]
pub struct Appended<'a> {
    /// The file they stand in.
    pub path: &'a Path,
    /// The byte of the file that the first of them begins at.
    pub at: u64,
    /// The lines, UTF-8.
    pub lines: &'a [u8],
}

/// Is told what was written, in the order of the file, while the log is locked: it must be quick, and must not use the
/// log itself.
pub(super) type Observer = Arc<dyn Fn(Appended<'_>) + Send + Sync>;

/// Tells an observer what was written from byte `at` of a file on, without the line end that mends a torn line.
pub(super) fn tell(observer: Option<&Observer>, path: &Path, at: u64, written: &[u8]) {
    let Some(observer) = observer else { return };
    let (at, lines) = match written {
        [b'\n', lines @ ..] => (at + 1, lines),
        lines => (at, lines),
    };
    if !lines.is_empty() {
        observer(Appended { path, at, lines });
    }
}
