//! The files to read, and standard input as one of them.

use smtp_logs::conversation::LineRef;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::exit::{Exit, Failure};

/// A log to read.
pub struct Input {
    /// As the user named it.
    pub name: String,
    source: Source,
}

enum Source {
    File(File),
    Stdin,
}

impl Input {
    /// Opens all of them, so that one that is not there is told before any output.
    pub fn open_all(paths: &[PathBuf]) -> Result<Vec<Input>, Failure> {
        paths.iter().map(|path| Input::open(path)).collect()
    }

    fn open(path: &Path) -> Result<Input, Failure> {
        if path == Path::new("-") {
            return Ok(Input { name: "standard input".into(), source: Source::Stdin });
        }
        let unreadable = |error: io::Error| Failure::unreadable(path, &error);
        let file = File::open(path).map_err(unreadable)?;
        if file.metadata().map_err(unreadable)?.is_dir() {
            let name = crate::terminal::safe(&path.to_string_lossy());
            return Err(Failure {
                exit: Exit::NoInput,
                message: format!("'{name}' is a folder: name the files in it, {name}/SMTPLog_*.txt"),
                place: None,
            });
        }
        Ok(Input { name: path.to_string_lossy().into_owned(), source: Source::File(file) })
    }

    /// Makes sure that lines can be read again: standard input is copied into a temporary file that has no name.
    pub fn keep(&mut self) -> Result<(), Failure> {
        let is_pipe = match &mut self.source {
            Source::Stdin => true,
            Source::File(file) => file.stream_position().is_err(),
        };
        if is_pipe {
            let copy = self.copy().map_err(|error| {
                Failure::cant_create(format!("{} can't be kept in the temporary folder: {error}", self.name))
            })?;
            self.source = Source::File(copy);
        }
        Ok(())
    }

    fn copy(&mut self) -> io::Result<File> {
        let mut copy = unnamed_file()?;
        io::copy(self, &mut copy)?;
        copy.flush()?;
        copy.seek(SeekFrom::Start(0))?;
        Ok(copy)
    }

    /// Another handle of the file, for reading lines again.
    pub fn again(&self) -> io::Result<File> {
        match &self.source {
            Source::File(file) => file.try_clone(),
            Source::Stdin => Err(io::ErrorKind::NotSeekable.into()),
        }
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.source {
            Source::File(file) => file.read(buffer),
            Source::Stdin => io::stdin().read(buffer),
        }
    }
}

fn unnamed_file() -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let (folder, process) = (std::env::temp_dir(), std::process::id());
    let mut taken = io::Error::from(io::ErrorKind::AlreadyExists);
    for number in 0..100 {
        let path = folder.join(format!("smtp-log-{process}-{number}"));
        match options.open(&path) {
            Ok(file) => {
                fs::remove_file(&path)?;
                return Ok(file);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => taken = error,
            Err(error) => return Err(error),
        }
    }
    Err(taken)
}

/// The bytes of a line, read again; at a place of its own, so that who reads the file on is not disturbed.
pub fn line_again(file: &File, at: &LineRef, most: usize) -> io::Result<Vec<u8>> {
    let length = usize::try_from(at.end - at.start).unwrap_or(usize::MAX).min(most);
    let mut bytes = vec![0; length];
    let mut read = 0;
    while read < length {
        match read_at(file, &mut bytes[read..], at.start + read as u64)? {
            0 => break,
            count => read += count,
        }
    }
    bytes.truncate(read);
    Ok(bytes)
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, at)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    let mut file = file;
    let before = file.stream_position()?;
    let read = std::os::windows::fs::FileExt::seek_read(file, buffer, at);
    file.seek(SeekFrom::Start(before))?;
    read
}

/// A part of a file as a reader, which leaves the file's own position alone.
pub struct Part<'a> {
    pub file: &'a File,
    pub at: u64,
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = read_at(self.file, buffer, self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Part<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::Current(by) => self.at.saturating_add_signed(by),
            SeekFrom::End(by) => self.file.metadata()?.len().saturating_add_signed(by),
        };
        Ok(self.at)
    }
}
