//! Files that are taken away, torn or held by somebody else.

use std::fs::{self, File, OpenOptions};
use std::io::Write;

use super::super::tail::{self, Tail};
use super::super::{Identity, Language, LogError, LogFiles, Written};
use super::support::{Said, TestFolder, assert_whole, statements};

fn append(logs: &LogFiles, statement: &str) -> Written {
    logs.append_regular(&Identity::new(logs), &[statement])
}

#[test]
fn a_removed_file_is_made_anew() {
    let folder = TestFolder::new();
    let logs = folder.logs().0.regular(1).build().unwrap();
    let log = logs.open_extended("x.txt").unwrap();
    for text in ["### 1", "### 2"] {
        assert_eq!(Written::All, append(&logs, text));
        assert_eq!(Written::All, log.append(&Identity::new(&logs), &[text]));
        for name in ["SMTPLog_1.txt", "x.txt"] {
            assert_eq!([text], statements(&folder.read(name))[..]);
            fs::remove_file(folder.join(name)).unwrap();
        }
    }
}

#[test]
fn a_renamed_file_is_left_alone() {
    let folder = TestFolder::new();
    let logs = folder.logs().0.regular(1).build().unwrap();
    let _ = append(&logs, "### 1");
    fs::rename(folder.join("SMTPLog_1.txt"), folder.join("old")).unwrap();
    let _ = append(&logs, "### 2");
    assert_eq!(["### 1"], statements(&folder.read("old"))[..]);
    assert_eq!(["### 2"], statements(&folder.read("SMTPLog_1.txt"))[..]);
}

#[test]
fn an_emptied_file_begins_anew() {
    let folder = TestFolder::new();
    let logs = folder.logs().0.regular(1).build().unwrap();
    let _ = append(&logs, "### 1");
    File::create(folder.join("SMTPLog_1.txt")).unwrap();
    let _ = append(&logs, "### 2");
    assert_eq!(1, assert_whole(&folder.read("SMTPLog_1.txt")));
}

#[test]
fn a_removed_folder_costs_lines_and_no_mail() {
    let folder = TestFolder::new();
    let said = Said::default();
    for (language, marker) in [
        (Language::English, "### SMTP Log: 3 lines could not be written (No such file or directory)"),
        (Language::Spanish, "### SMTP Registro: 3 líneas no se pudieron escribir (No such file or directory)"),
    ] {
        let inner = folder.join("logs");
        let logs =
            folder.logs().0.folder(&inner).language(language).reporter(said.reporter()).regular(1).build().unwrap();
        let _ = append(&logs, "### 1");
        fs::remove_dir_all(&inner).unwrap();
        assert_eq!(Written::Lost, append(&logs, "### 2"));
        assert_eq!(Written::Lost, logs.append_regular(&Identity::new(&logs), &["### 3", "### 4"]));
        assert!(!inner.exists());
        fs::create_dir(&inner).unwrap();
        assert_eq!(Written::All, append(&logs, "### 5"));
        let text = folder.read("logs/SMTPLog_1.txt");
        assert_eq!([marker, "### 5"], statements(&text)[..]);
        assert_whole(&text);
    }
    let word = format!(
        "the log file '{}' can't be written: No such file or directory; mail goes on, and the log will say how many lines \
         are missing",
        folder.join("logs/SMTPLog_1.txt").display()
    );
    assert_eq!([word.clone(), word], said.all()[..]);
}

#[test]
fn one_line_is_not_lines() {
    let folder = TestFolder::new();
    let logs = folder.logs().0.reporter(|_| {}).regular(1).build().unwrap();
    fs::remove_file(folder.join("SMTPLog_1.txt")).unwrap();
    fs::create_dir(folder.join("SMTPLog_1.txt")).unwrap();
    assert_eq!(Written::Lost, append(&logs, "### 1"));
    fs::remove_dir(folder.join("SMTPLog_1.txt")).unwrap();
    assert_eq!(Written::All, append(&logs, "### 2"));
    let text = folder.read("SMTPLog_1.txt");
    assert_eq!(["### SMTP Log: 1 line could not be written (Is a directory)", "### 2"], statements(&text)[..]);
}

#[test]
fn a_file_that_somebody_keeps_locked_does_not_stop_mail() {
    let folder = TestFolder::new();
    let logs = folder.logs().0.reporter(|_| {}).regular(1).build().unwrap();
    let other = File::open(folder.join("SMTPLog_1.txt")).unwrap();
    other.lock().unwrap();
    let began = std::time::Instant::now();
    for _ in 0..100 {
        assert_eq!(Written::Lost, append(&logs, "### 1"));
    }
    assert!(began.elapsed().as_secs() < 20, "waits again and again");
    other.unlock().unwrap();
    assert_eq!(Written::All, append(&logs, "### 2"));
    let marker = "### SMTP Log: 100 lines could not be written (another process keeps the file locked)";
    assert_eq!([marker, "### 2"], statements(&folder.read("SMTPLog_1.txt"))[..]);
}

#[test]
fn a_folder_that_can_not_be_made_is_an_error() {
    let folder = TestFolder::new();
    fs::write(folder.join("file"), "").unwrap();
    let refused = folder.logs().0.folder(folder.join("file/logs")).regular(1).build();
    let Err(LogError::Unwritable(text)) = refused else { panic!("{refused:?}") };
    assert!(text.ends_with("/file/logs' can't be written: Not a directory"), "{text}");
}

#[test]
fn a_failed_switch_leaves_the_log_as_it_was() {
    let folder = TestFolder::new();
    let logs = folder.logs().0.regular(1).build().unwrap();
    fs::create_dir(folder.join("SMTPLog_2.txt")).unwrap();
    assert!(matches!(logs.set_regular(2), Err(LogError::Unwritable(_))));
    assert!(logs.regular_is_on());
    assert_eq!(Written::All, append(&logs, "### x"));
    assert_eq!(1, assert_whole(&folder.read("SMTPLog_1.txt")));
}

#[test]
fn a_torn_line_gets_its_end_and_keeps_its_number() {
    let head = "1 2019-02-06T15:03:00.000 1 1 ### a\n";
    for (torn, expected) in [
        ("2 2019-02-06T15:03:11.999 1 1 ### b", "3 2019-02-06T15:03:11.999 1 1 ### c\n"),
        ("2 2019-02-06T15:0", "3 2019-02-06T15:03:11.586 1 1 ### c\n"),
        ("\0\0\0\0", "3 2019-02-06T15:03:11.586 1 1 ### c\n"),
    ] {
        for name in ["SMTPLog_1.txt", "x.txt"] {
            let folder = TestFolder::new();
            fs::write(folder.join(name), format!("{head}{torn}")).unwrap();
            let logs = folder.logs().0.regular(1).build().unwrap();
            let identity = Identity::new(&logs);
            let _ = append(&logs, "### other");
            let _ = match name {
                "x.txt" => logs.open_extended(name).unwrap().append(&identity, &["### c"]),
                _ => Written::All,
            };
            let expected =
                if name == "x.txt" { expected.to_owned() } else { expected.replace(" 1 1 ### c", " 2 2 ### other") };
            assert_eq!(format!("{head}{torn}\n{expected}"), folder.read(name).replace(" 1 2 ", " 2 2 "));
        }
    }
}

#[test]
fn a_tail_is_found_behind_lines_of_any_length() {
    let folder = TestFolder::new();
    let path = folder.join("x");
    for (length, torn) in [(0, 0), (10, 5), (4096, 0), (100_000, 100_000), (7 << 20, 7 << 20)] {
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(&path).unwrap();
        write!(file, "6 2019-02-06T15:03:11.585 1 1 ### x\n7 2019-02-06T15:03:11.586 1 1 ### ").unwrap();
        file.write_all(&vec![b'x'; length]).unwrap();
        file.write_all(b"\n").unwrap();
        file.write_all(&vec![b'y'; torn]).unwrap();
        let tail = tail::read(&file, file.metadata().unwrap().len()).unwrap();
        assert_eq!((7 + u64::from(torn > 0), torn > 0), (tail.counter, tail.torn), "{length} {torn}");
        assert!(tail.stamp.is_some());
    }
    fs::write(&path, "").unwrap();
    assert_eq!(Tail::default(), tail::read(&File::open(&path).unwrap(), 0).unwrap());
}
