//! The folder of a cache: who may have written to it, what is in it, and what goes when it is full.

use std::fs::{self, DirBuilder, File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use wasmtime::Engine;
use wasmtime::component::Component;

/// Of the files with compiled code.
pub(super) const ENDING: &str = ".cwasm";
/// Of files that are being written.
const UNFINISHED: &str = ".part";
const MAX_BYTES: u64 = 512 << 20;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A folder that nobody else can write to.
pub(super) struct Folder<'a>(&'a Path);

impl<'a> Folder<'a> {
    pub(super) fn open(folder: &'a Path) -> Option<Folder<'a>> {
        let opened = fs::metadata(folder).or_else(|_| make(folder).and_then(|()| fs::metadata(folder)));
        match opened {
            Ok(facts) if facts.is_dir() && is_ours(&facts) => Some(Folder(folder)),
            Ok(_) => said("is no folder that only its user can write to", folder),
            Err(error) => said(&format!("can't be used: {error}"), folder),
        }
    }

    /// What was kept under `name`, if it can be trusted and fits the engine.
    pub(super) fn load(&self, engine: &Engine, name: &str) -> Option<Component> {
        let path = self.0.join(name);
        let facts = fs::metadata(&path).ok()?;
        if !facts.is_file() || !is_ours(&facts) {
            return said("is no file that only its user can write to", &path);
        }
        match map(engine, &path) {
            Ok(component) => {
                is_used(&path, &facts);
                Some(component)
            }
            Err(error) => said(&format!("can't be loaded: {error:#}"), &path),
        }
    }

    /// Keeps what was compiled; that it can't be kept costs the next run time, no more.
    pub(super) fn keep(&self, name: &str, component: &Component) {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let unfinished = self.0.join(format!("{name}-{}-{number}{UNFINISHED}", std::process::id()));
        let kept = component.serialize().and_then(|code| Ok(write(&unfinished, &code)?));
        if let Err(error) = kept.and_then(|()| Ok(fs::rename(&unfinished, self.0.join(name))?)) {
            let _ = fs::remove_file(&unfinished);
            said::<()>(&format!("can't be written: {error:#}"), &unfinished);
        }
        self.tidy(MAX_BYTES);
    }

    /// Removes what was not used for the longest time, until the rest is within `max` bytes; and what a killed program left.
    pub(super) fn tidy(&self, max: u64) {
        let Ok(entries) = fs::read_dir(self.0) else { return };
        let mut files: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
        for entry in entries.flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let Ok(facts) = entry.metadata() else { continue };
            let (Some(name), Ok(used)) = (name.to_str(), facts.modified()) else { continue };
            if name.ends_with(ENDING) {
                files.push((used, facts.len(), path));
            } else if name.ends_with(UNFINISHED) && used.elapsed().is_ok_and(|age| age > DAY) {
                let _ = fs::remove_file(path);
            }
        }
        files.sort();
        let mut bytes: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
        for (_, length, path) in files {
            if bytes <= max {
                break;
            }
            if fs::remove_file(path).is_ok() {
                bytes -= length;
            }
        }
    }
}

#[expect(unsafe_code, reason = "what is loaded is run; wasmtime leaves it to its caller to know where it comes from")]
fn map(engine: &Engine, path: &Path) -> wasmtime::Result<Component> {
    // SAFETY: the file was written by `keep`, since only this user and root can write to it and to its folder, and it was
    // whole before it got its name. It is never changed in place: a later one takes its name.
    unsafe { Component::deserialize_file(engine, path) }.or_else(|_| {
        // A file system may be mounted so that no code on it can be mapped (noexec); a copy can be run.
        let code = fs::read(path)?;
        // SAFETY: as above.
        unsafe { Component::deserialize(engine, code) }
    })
}

/// The time of the last change is that of the last use, to the day: most runs write nothing.
fn is_used(path: &Path, facts: &Metadata) {
    let is_fresh = facts.modified().is_ok_and(|used| used.elapsed().is_ok_and(|age| age < DAY));
    if !is_fresh && let Ok(file) = File::options().append(true).open(path) {
        let _ = file.set_modified(SystemTime::now());
    }
}

/// Is with the disk when it returns: a name that is there after a power cut must not stand for half the code.
fn write(path: &Path, code: &[u8]) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(code)?;
    file.sync_all()
}

fn make(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(unix)]
fn is_ours(facts: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    let user = rustix::process::geteuid().as_raw();
    [user, 0].contains(&facts.uid()) && facts.mode() & 0o022 == 0
}

/// Elsewhere the user's folder for caches is the user's by the rights that it inherits.
#[cfg(not(unix))]
fn is_ours(_: &Metadata) -> bool {
    true
}

fn said<T>(what: &str, path: &Path) -> Option<T> {
    tracing::debug!("the cache of compiled components: {} {what}", path.display());
    None
}
