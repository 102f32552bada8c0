//! A disk that fills up in mid-line, and one that can't be written at all. They are mounted, so this needs root.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::Command;

use super::super::{Identity, LogError, Written};
use super::support::{Said, TestFolder, assert_whole, statements};

/// A tmpfs of 256 KiB, until it is dropped.
struct SmallDisk(TestFolder);

impl SmallDisk {
    fn new() -> Self {
        let disk = Self(TestFolder::new());
        disk.mount(&["-t", "tmpfs", "-o", "size=256k", "tmpfs"]);
        disk
    }

    fn mount(&self, options: &[&str]) {
        let status = Command::new("mount").args(options).arg(self.0.path()).status();
        assert!(status.is_ok_and(|status| status.success()), "this test has to mount a tmpfs: run it as root");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// Takes all the room there is but `spare` pages.
fn fill(path: &Path, spare: u64) {
    let mut file = File::create(path).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
    let pages = file.metadata().unwrap().len() / 4096;
    file.set_len((pages - spare) * 4096).unwrap();
}

#[test]
fn a_full_disk_costs_lines_and_no_mail() {
    // One line an append, and several of which some still have room.
    for batch in [1, 7] {
        let disk = SmallDisk::new();
        let said = Said::default();
        let logs = disk.0.logs().0.regular(1).reporter(said.reporter()).build().unwrap();
        let log = logs.open_extended("x.txt").unwrap();
        let identity = Identity::new(&logs);
        let statement = format!("C > \"{}\"", "x".repeat(90));
        let append = |lines| {
            let statements = vec![statement.as_str(); lines];
            (logs.append_regular(&identity, &statements), log.append(&identity, &statements))
        };
        assert_eq!((Written::All, Written::All), append(batch));

        let mut given = batch;
        for _ in 0..3 {
            fill(&disk.0.join("filler"), 4);
            let before = given;
            while append(batch) != (Written::Lost, Written::Lost) {
                given += batch;
                assert!(given < before + 1000, "the disk does not fill up");
            }
            given += batch;
            assert_eq!((Written::Lost, Written::Lost), append(batch));
            given += batch;
            for name in ["SMTPLog_1.txt", "x.txt"] {
                assert_whole(&disk.0.read(name));
            }
            fs::remove_file(disk.0.join("filler")).unwrap();
            assert_eq!((Written::All, Written::All), append(batch));
            given += batch;
        }

        for name in ["SMTPLog_1.txt", "x.txt"] {
            let text = disk.0.read(name);
            assert_whole(&text);
            let (markers, lines): (Vec<_>, Vec<_>) =
                statements(&text).into_iter().partition(|text| text.starts_with("###"));
            let lost: usize = markers.iter().map(|marker| lost(marker)).sum();
            assert_eq!((3, given), (markers.len(), lines.len() + lost), "{markers:?}");
            assert!(lines.iter().all(|line| *line == statement));
        }
        // Once a log, not once a line; and an outage that comes again at once is not news.
        assert_eq!(2, said.all().len(), "{:?}", said.all());
        assert!(said.all()[0].contains("No space left on device"), "{:?}", said.all());
    }
}

/// The number in a marker.
fn lost(marker: &str) -> usize {
    let number = marker.strip_prefix("### SMTP Log: ").unwrap();
    let number = number.strip_suffix(" could not be written (No space left on device)").unwrap();
    number.strip_suffix(" lines").or(number.strip_suffix(" line")).unwrap().parse().unwrap()
}

#[test]
fn a_full_disk_at_the_change_of_file_costs_lines_and_no_mail() {
    let disk = SmallDisk::new();
    let logs = disk.0.logs().0.max_bytes(40_000).regular(1).reporter(|_| {}).build().unwrap();
    let identity = Identity::new(&logs);
    let statement = format!("C > \"{}\"", "x".repeat(90));
    fill(&disk.0.join("filler"), 10);
    let lost = (0..400).filter(|_| logs.append_regular(&identity, &[&statement]) == Written::Lost).count();
    assert!(lost > 0);
    fs::remove_file(disk.0.join("filler")).unwrap();
    assert_eq!(Written::All, logs.append_regular(&identity, &[&statement]));
    let files = disk.0.names().into_iter().filter(|name| name.starts_with("SMTPLog"));
    let lines: usize = files.map(|name| assert_whole(&disk.0.read(&name))).sum();
    assert_eq!(400 - lost + 2, lines);
}

#[test]
fn a_read_only_disk_is_said_at_once() {
    let disk = SmallDisk::new();
    let logs = disk.0.logs().0.build().unwrap();
    fs::write(disk.0.join("x.txt"), "").unwrap();
    disk.mount(&["-o", "remount,ro"]);
    let Err(LogError::Unwritable(text)) = logs.set_regular(1) else { panic!("no error") };
    assert!(text.ends_with("can't be written: Read-only file system"), "{text}");
    assert!(!logs.regular_is_on());
    for name in ["x.txt", "y.txt"] {
        let Err(LogError::Unwritable(text)) = logs.open_extended(name) else { panic!("no error") };
        assert!(text.ends_with("can't be opened: Read-only file system"), "{text}");
    }
}
