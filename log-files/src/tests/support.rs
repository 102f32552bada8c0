//! A folder that goes away with its test, and a clock that stands.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, AtomicI64, AtomicU32, Ordering};

use super::super::{Clock, LogFiles, LogFilesBuilder};

/// 2019-02-06T14:03:11.586Z, the first line of the log that this format comes from.
pub(super) const SEED: i64 = 1_549_461_791_586;

pub(super) struct TestFolder(PathBuf);

impl TestFolder {
    pub(super) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("log-files-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path.canonicalize().unwrap())
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(super) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.join(name)).unwrap()
    }

    pub(super) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Both logs granted here, with a clock that stands and an hour's offset.
    pub(super) fn logs(&self) -> (LogFilesBuilder, TestClock) {
        let clock = TestClock::new();
        (LogFiles::builder().folder(self.path()).extended_folder(self.path()).clock(clock.clone()), clock)
    }
}

impl Drop for TestFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[derive(Clone)]
pub(super) struct TestClock(Arc<(AtomicI64, AtomicI32)>);

impl TestClock {
    fn new() -> Self {
        Self(Arc::new((AtomicI64::new(SEED), AtomicI32::new(3600))))
    }

    pub(super) fn advance(&self, ms: i64) {
        self.0.0.fetch_add(ms, Ordering::Relaxed);
    }

    pub(super) fn set_offset(&self, seconds: i32) {
        self.0.1.store(seconds, Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn unix_ms(&self) -> i64 {
        self.0.0.load(Ordering::Relaxed)
    }

    fn offset_seconds(&self, _: i64) -> i32 {
        self.0.1.load(Ordering::Relaxed)
    }
}

/// Asserts that a log is whole: counters from 1 without a hole, stamps that never go back, an LF at the end.
/// Its number of lines.
pub(super) fn assert_whole(text: &str) -> usize {
    assert!(text.is_empty() || text.ends_with('\n'), "the last line is torn");
    let mut last = "";
    let mut count = 0;
    for line in text.lines() {
        count += 1;
        let fields: Vec<_> = line.splitn(5, ' ').collect();
        let [counter, stamp, slot, unique, statement] = fields[..] else { panic!("not five fields: {line}") };
        assert_eq!(count.to_string(), counter, "{line}");
        assert!(stamp >= last, "{last} before {line}");
        assert_eq!(23, stamp.trim_end_matches('Z').len(), "{line}");
        assert!(slot.parse::<u32>().is_ok() && unique.parse::<u64>().is_ok(), "{line}");
        assert!(["### ", "C > \"", "S < \""].iter().any(|start| statement.starts_with(start)), "{line}");
        last = stamp;
    }
    count
}

/// The statements of a log.
pub(super) fn statements(text: &str) -> Vec<&str> {
    text.lines().map(|line| line.splitn(5, ' ').last().unwrap()).collect()
}

/// Collects what is said on standard error.
#[derive(Clone, Default)]
pub(super) struct Said(Arc<std::sync::Mutex<Vec<String>>>);

impl Said {
    pub(super) fn reporter(&self) -> impl Fn(&str) + Send + Sync + 'static {
        let said = self.clone();
        move |text| said.0.lock().unwrap().push(text.to_owned())
    }

    pub(super) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}
