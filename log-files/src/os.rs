//! Opening a log file so that nothing but that file is opened, and asking what stands at its path.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Where a log file is.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Chosen by the host's owner: links in it are followed.
    pub(super) folder: PathBuf,
    /// Chosen by the guest or by us: below `folder`, through no link.
    pub(super) name: Vec<String>,
    path: PathBuf,
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State {
    pub(super) id: Id,
    pub(super) length: u64,
}

impl Place {
    pub(super) fn new(folder: PathBuf, name: Vec<String>) -> Self {
        let path = name.iter().fold(folder.clone(), |path, part| path.join(part));
        Self { folder, name, path }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What stands there now; a link is not followed.
    pub(super) fn state(&self) -> io::Result<State> {
        fs::symlink_metadata(&self.path).map(|data| State::of(&data))
    }

    /// Opens the file for reading and appending, and makes it where there is none (readable to its owner only).
    pub(super) fn open(&self) -> io::Result<(File, State)> {
        let file = open_beneath(&self.folder, &self.name)?;
        let data = file.metadata()?;
        if !data.is_file() {
            return Err(io::Error::new(ErrorKind::InvalidInput, "it is no regular file"));
        }
        Ok((file, State::of(&data)))
    }
}

impl State {
    fn of(data: &Metadata) -> Self {
        Self { id: id(data), length: data.len() }
    }
}

/// Device and inode.
#[cfg(unix)]
pub(super) type Id = (u64, u64);

#[cfg(unix)]
fn id(data: &Metadata) -> Id {
    use std::os::unix::fs::MetadataExt;
    (data.dev(), data.ino())
}

/// Windows lets nobody remove an open file, so that a path always means the same one. WASI has no identity that the standard
/// library tells.
#[cfg(not(unix))]
pub(super) type Id = ();

#[cfg(not(unix))]
fn id(_: &Metadata) -> Id {}

/// One openat(2) for each part of the name, none of which may be a link. Not blocking, so that a FIFO can't stop us.
#[cfg(unix)]
fn open_beneath(folder: &Path, name: &[String]) -> io::Result<File> {
    use rustix::fs::{CWD, Mode, OFlags, openat};
    let Some((last, folders)) = name.split_last() else { return Err(ErrorKind::InvalidInput.into()) };
    let below = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let mut at = openat(CWD, folder, below, Mode::empty())?;
    for part in folders {
        at = openat(&at, part.as_str(), below | OFlags::NOFOLLOW, Mode::empty()).map_err(refused)?;
    }
    let flags = OFlags::RDWR | OFlags::APPEND | OFlags::CREATE;
    let flags = flags | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(openat(&at, last.as_str(), flags, Mode::RUSR | Mode::WUSR).map_err(refused)?.into())
}

/// What openat(2) says to a link that must not be followed, and to a socket, in words.
#[cfg(unix)]
fn refused(error: rustix::io::Errno) -> io::Error {
    use rustix::io::Errno;
    match error {
        Errno::LOOP | Errno::MLINK | Errno::NOTDIR => {
            io::Error::new(ErrorKind::InvalidInput, "it leads through a link, or through something that is no folder")
        }
        Errno::NXIO => io::Error::new(ErrorKind::InvalidInput, "it is no regular file"),
        error => error.into(),
    }
}

#[cfg(not(unix))]
fn open_beneath(folder: &Path, name: &[String]) -> io::Result<File> {
    let mut path = folder.to_path_buf();
    for part in name {
        path.push(part);
        if fs::symlink_metadata(&path).is_ok_and(|data| data.is_symlink()) {
            return Err(io::Error::new(ErrorKind::InvalidInput, "it goes through a link"));
        }
    }
    fs::OpenOptions::new().read(true).append(true).create(true).open(path)
}
