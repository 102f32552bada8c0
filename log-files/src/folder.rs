//! The regular log's folder: which numbers there are, which one comes next, which ones go.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::file::Numbered;
use super::lock;
use super::os::Place;

/// Where `SMTPLog_1.txt` and its successors are, and how they follow each other.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    pub(super) path: PathBuf,
    pub(super) prefix: String,
    /// Newest files that stay; 0 = all.
    pub(super) keep: usize,
    /// Bytes that make a file full.
    pub(super) full: u64,
}

impl Folder {
    /// Opens the file that a log which began with number `first` now goes on in, and removes what is too old.
    ///
    /// All processes come to the same file: this happens under a lock on the folder, and the rule looks at nothing
    /// but the folder. A file that exists is appended to, never replaced; one that is full is passed over. A number
    /// that is missing although `keep` newer ones exist was recycled, and the newest goes on in its place.
    pub(super) fn open_from(&self, first: u32, patience: Duration) -> io::Result<(u32, Numbered)> {
        let folder = File::open(&self.path);
        let _locked = match &folder {
            Ok(folder) => Some(lock::lock(folder, patience)?),
            Err(error) if cfg!(unix) => return Err(io::Error::new(error.kind(), error.to_string())),
            // Where a folder can't be opened as a file it can't be locked as one.
            Err(_) => None,
        };
        let numbers = self.numbers()?;
        let mut number = self.begin(first, &numbers);
        let file = loop {
            let file = Numbered::open(self.place(number))?;
            if file.length()? < self.full {
                break file;
            }
            number =
                number.checked_add(1).ok_or_else(|| io::Error::other("there is no number after the last file's"))?;
        };
        self.recycle(number, numbers);
        Ok((number, file))
    }

    pub(super) fn place(&self, number: u32) -> Place {
        Place::new(self.path.clone(), vec![format!("{}_{number}.txt", self.prefix)])
    }

    /// The number in the name of a file of this log.
    pub(super) fn number(&self, name: &str) -> Option<u32> {
        let digits = name.strip_prefix(&self.prefix)?.strip_prefix('_')?.strip_suffix(".txt")?;
        let plain = digits.bytes().all(|digit| digit.is_ascii_digit()) && !digits.starts_with('0');
        if plain { digits.parse().ok() } else { None }
    }

    fn begin(&self, first: u32, numbers: &BTreeSet<u32>) -> u32 {
        let newer = numbers.range(first..).filter(|&&number| number > first).count();
        let recycled = self.keep > 0 && newer >= self.keep && !numbers.contains(&first);
        if recycled { numbers.last().copied().unwrap_or(first) } else { first }
    }

    fn numbers(&self) -> io::Result<BTreeSet<u32>> {
        let mut numbers = BTreeSet::new();
        for entry in fs::read_dir(&self.path)? {
            numbers.extend(entry?.file_name().to_str().and_then(|name| self.number(name)));
        }
        Ok(numbers)
    }

    /// Removes all but the newest, counted down from the current one. Higher numbers were there before and are
    /// somebody else's business. What can't be removed now is tried again at the next change of file.
    fn recycle(&self, current: u32, mut numbers: BTreeSet<u32>) {
        numbers.insert(current);
        if self.keep > 0 {
            for number in numbers.range(..=current).rev().skip(self.keep) {
                let _ = fs::remove_file(self.place(*number).path());
            }
        }
    }
}
