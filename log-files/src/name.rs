//! From the name that a guest gives to a place that was granted.

use std::path::{Component, Path, PathBuf};

use super::LogError;
use super::folder::Folder;
use super::os::Place;

/// Bytes of one part of a name, and parts of a name.
const LONGEST_PART: usize = 255;
const MOST_PARTS: usize = 16;
/// What Windows takes for a device, in every folder and with every extension. Refused everywhere, so that a name
/// means the same on every machine.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// What a guest may open.
#[derive(Clone, Debug, Default)]
pub(super) struct Grants {
    pub(super) folders: Vec<PathBuf>,
    pub(super) files: Vec<PathBuf>,
    /// Files of the regular log are not an extended log.
    pub(super) regular: Option<Folder>,
}

impl Grants {
    /// Where the log of this name is.
    pub(super) fn resolve(&self, name: &str) -> Result<Place, LogError> {
        let path = Path::new(name);
        if let Some(file) = self.files.iter().find(|file| file.as_path() == path) {
            return exact(file);
        }
        let granted = |folder: &&PathBuf| !path.is_absolute() || path.starts_with(folder);
        let Some(folder) = self.folders.iter().find(granted) else {
            return Err(LogError::Denied(self.refusal(name)));
        };
        let below = path.strip_prefix(folder).ok().and_then(Path::to_str).unwrap_or(name);
        let parts = parts(below).map_err(|why| LogError::InvalidName(format!("'{}' {why}", name.escape_debug())))?;
        if let ([only], Some(regular)) = (parts.as_slice(), &self.regular)
            && is_regular(only, regular)
            && same(&regular.path, folder)
        {
            return Err(LogError::InvalidName(format!("'{only}' belongs to the regular log")));
        }
        Ok(Place::new(folder.clone(), parts))
    }

    fn refusal(&self, name: &str) -> String {
        let name = name.escape_debug();
        if self.folders.is_empty() && self.files.is_empty() {
            format!("no extended log is granted; --log-file '{name}' would allow this one, --log-dir a folder of them")
        } else {
            format!("the log file '{name}' is not in what was granted; --log-file or --log-dir would allow it")
        }
    }
}

/// The file that the host's owner named: a link is followed to where it leads now.
fn exact(file: &Path) -> Result<Place, LogError> {
    let target = file.canonicalize().unwrap_or_else(|_| file.to_path_buf());
    let invalid = || LogError::InvalidName(format!("'{}' names no file", file.display()));
    let name = target.file_name().and_then(|name| name.to_str()).ok_or_else(invalid)?.to_owned();
    let folder = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    };
    Ok(Place::new(folder, vec![name]))
}

/// The parts of a name that leads nowhere but down.
fn parts(name: &str) -> Result<Vec<String>, &'static str> {
    if name.chars().any(|c| c.is_control() || matches!(c, '\\' | ':' | '<' | '>' | '"' | '|' | '?' | '*')) {
        return Err("has characters in it that not every machine takes in a file name");
    }
    let mut parts = Vec::new();
    for component in Path::new(name).components() {
        match component {
            Component::Normal(part) => parts.push(part.to_str().unwrap_or_default().to_owned()),
            Component::CurDir => {}
            _ => return Err("leaves the folder of the logs"),
        }
    }
    if parts.is_empty() || name.ends_with('/') {
        return Err("is no file name");
    }
    if parts.len() > MOST_PARTS || parts.iter().any(|part| part.len() > LONGEST_PART) {
        return Err("is too long");
    }
    if parts.iter().any(|part| part.ends_with(['.', ' ']) || is_device(part)) {
        return Err("is not a file name on every machine");
    }
    Ok(parts)
}

fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let numbered = |rest: &str| rest.chars().count() == 1 && !rest.contains('0') && rest.chars().all(is_digit);
    DEVICES.contains(&stem.as_str()) || ["com", "lpt"].iter().any(|port| stem.strip_prefix(port).is_some_and(numbered))
}

/// Windows takes the raised digits too.
fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '¹' | '²' | '³')
}

/// In any case of letters: some file systems don't tell them apart.
fn is_regular(name: &str, regular: &Folder) -> bool {
    let regular = Folder { prefix: regular.prefix.to_lowercase(), ..regular.clone() };
    regular.number(&name.to_lowercase()).is_some()
}

fn same(one: &Path, other: &Path) -> bool {
    one == other || matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}
