//! The regular log: one file after the other.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::Settings;
use super::file::Numbered;
use super::folder::Folder;
use super::line::{Entry, Who};
use super::writer::{Files, PATIENCE, Writer};

/// The regular log of one host, on or off. What was lost is remembered while it is off.
pub(super) struct Regular {
    folder: Folder,
    series: Option<Series>,
    writer: Writer,
}

/// `SMTPLog_1.txt` and its successors, at the one that is written to.
struct Series {
    folder: Folder,
    number: u32,
    file: Numbered,
}

impl Regular {
    pub(super) fn new(folder: Folder, utc: bool) -> Self {
        Self { folder, series: None, writer: Writer::new(utc) }
    }

    /// Goes on in the file that `first` leads to; where that fails, all stays as it was.
    ///
    /// An empty file is not left behind: a guest that switches to and fro must neither litter the folder nor push
    /// files with lines in them out of it.
    pub(super) fn turn_on(&mut self, first: u32) -> io::Result<()> {
        if let Some(last) = &self.series {
            last.file.discard_if_empty();
        }
        // Here, and not at every append: a folder that vanishes later may be a disk that is not mounted.
        std::fs::create_dir_all(&self.folder.path)?;
        let (number, file) = self.folder.open_from(first, PATIENCE)?;
        self.series = Some(Series { folder: self.folder.clone(), number, file });
        Ok(())
    }

    pub(super) fn turn_off(&mut self) {
        if let Some(last) = self.series.take() {
            last.file.discard_if_empty();
        }
    }

    pub(super) fn current(&self) -> Option<PathBuf> {
        self.series.as_ref().map(|series| series.file.place().path().to_owned())
    }

    pub(super) fn set_keep(&mut self, files: usize) {
        self.folder.keep = files;
        if let Some(series) = &mut self.series {
            series.folder.keep = files;
        }
    }

    pub(super) fn folder(&self) -> &Folder {
        &self.folder
    }

    /// True where every statement was written, or the log is off.
    pub(super) fn append<S: AsRef<str>>(&mut self, settings: &Settings, who: Who, statements: &[S]) -> bool {
        match &mut self.series {
            Some(series) => self.writer.append(settings, series, who, statements),
            None => true,
        }
    }

    /// The same of lines that have their stamps.
    pub(super) fn write(&mut self, settings: &Settings, entries: &[Entry<'_>]) -> bool {
        match &mut self.series {
            Some(series) => self.writer.write(settings, series, entries),
            None => true,
        }
    }

    /// Lines were lost that the log does not tell of yet.
    pub(super) fn is_out(&self) -> bool {
        self.writer.is_out()
    }
}

impl Files for Series {
    /// The guest cuts at 4,096 bytes; this is for one that does not.
    const LONGEST_STATEMENT: usize = 1 << 20;
    const OBSERVED: bool = true;

    fn current(&mut self) -> &mut Numbered {
        &mut self.file
    }

    fn full(&self) -> Option<u64> {
        Some(self.folder.full)
    }

    fn go_on(&mut self, patience: Duration) -> io::Result<()> {
        (self.number, self.file) = self.folder.open_from(self.number, patience)?;
        Ok(())
    }
}
