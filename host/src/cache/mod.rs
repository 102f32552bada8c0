//! Compiled components, kept on disk between runs.

mod folder;
#[cfg(test)]
mod tests;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;

use wasmtime::component::Component;
use wasmtime::{Engine, Result};

use folder::Folder;

/// Where compiled components are kept between runs.
///
/// Compiling the transporter takes seconds of the processor, loading what was compiled 2 ms: the code stands in the file as
/// it stands in memory, and is mapped, so programs that run at the same time share one copy of it. (wasmtime's own cache
/// compresses; decompressing took most of the time that a start took.)
///
/// What is loaded is run, so **who can write to the folder can run code as its user**. On Unix a folder or file that belongs
/// to somebody else than the user or root, or that others may write to, is neither read nor written. A folder that can't be
/// used costs time, nothing else; `tracing` says at the level `debug` why. Beyond 512 MiB the files that were not used for the
/// longest time go.
#[derive(Clone, Debug)]
pub struct Cache(Option<PathBuf>);

impl Cache {
    /// The folder `smtp-transporter` among the caches of the user: `$XDG_CACHE_HOME` or `~/.cache`, `~/Library/Caches` on
    /// macOS, `%LOCALAPPDATA%` on Windows. Off where the user has none.
    pub fn of_user() -> Cache {
        Cache(dirs::cache_dir().map(|caches| caches.join("smtp-transporter")))
    }

    /// This folder, which is made where it is missing, for the user alone.
    pub fn at(folder: impl Into<PathBuf>) -> Cache {
        Cache(Some(folder.into()))
    }

    /// Nothing is kept.
    pub fn off() -> Cache {
        Cache(None)
    }

    /// The component, loaded where it was compiled before for such an engine, else compiled and kept.
    ///
    /// # Errors
    /// Where `bytes` are no component, or one that `engine` can't run.
    pub fn component(&self, engine: &Engine, bytes: &[u8]) -> Result<Component> {
        let Some(folder) = self.0.as_deref().and_then(Folder::open) else { return Component::new(engine, bytes) };
        let name = name(engine, bytes);
        if let Some(component) = folder.load(engine, &name) {
            return Ok(component);
        }
        let component = Component::new(engine, bytes)?;
        folder.keep(&name, &component);
        Ok(component)
    }
}

/// The content decides, by a hash that nobody can forge: a plugin must not come by another one's code. What else decides,
/// the engine's settings and wasmtime's version, is checked by wasmtime itself when it loads.
fn name(engine: &Engine, bytes: &[u8]) -> String {
    let content = ring::digest::digest(&ring::digest::SHA256, bytes);
    let mut settings = DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut settings);
    let content: String = content.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{content}-{:016x}{}", settings.finish(), folder::ENDING)
}
