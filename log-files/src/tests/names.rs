//! Names that a guest may try.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use super::super::{LogError, LogFiles};
use super::support::TestFolder;

#[test]
fn names_that_lead_nowhere_but_down() {
    let folder = TestFolder::new();
    fs::create_dir(folder.join("sub")).unwrap();
    let logs = folder.logs().0.build().unwrap();
    let absolute = folder.join("c.txt");
    for name in ["a.txt", "sub/b.txt", "./sub//b.txt", ".hidden", "año 漢.txt", "com10", absolute.to_str().unwrap()] {
        logs.open_extended(name).unwrap();
    }
    assert_eq!([".hidden", "a.txt", "año 漢.txt", "c.txt", "com10", "sub"], folder.names()[..]);
    assert!(folder.join("sub/b.txt").is_file());
}

#[test]
fn names_that_are_none() {
    let folder = TestFolder::new();
    let logs = folder.logs().0.regular(1).build().unwrap();
    let inside = folder.join("../x.txt");
    let (long, deep) = ("x".repeat(256), "x/".repeat(16) + "x");
    for name in [
        "",
        ".",
        "./",
        "..",
        "../x",
        "a/../x",
        "a/..",
        "x/",
        "a\0b",
        "a\nb",
        "a\u{9b}b",
        "..\\x",
        "C:\\tmp\\x.txt",
        "x:y",
        "CON",
        "nul.txt",
        "Aux .log",
        "com1",
        "LPT9.x",
        "com¹",
        "conin$",
        "sub/PRN",
        "x.",
        "x ",
        "x*",
        "x|y",
        "\"x\"",
        &long,
        &deep,
        "SMTPLog_1.txt",
        "smtplog_77.TXT",
        "./SMTPLog_2.txt",
        inside.to_str().unwrap(),
        folder.path().to_str().unwrap(),
    ] {
        let refused = logs.open_extended(name);
        assert!(matches!(refused, Err(LogError::InvalidName(_))), "{name:?}: {refused:?}");
    }
    assert_eq!(["SMTPLog_1.txt"], folder.names()[..]);
}

#[test]
fn no_link_and_no_special_file() {
    let (folder, outside) = (TestFolder::new(), TestFolder::new());
    fs::write(outside.join("secret"), "").unwrap();
    symlink(outside.join("secret"), folder.join("link")).unwrap();
    symlink(outside.join("new"), folder.join("dangling")).unwrap();
    symlink(outside.path(), folder.join("way")).unwrap();
    symlink("/dev/null", folder.join("null")).unwrap();
    fs::create_dir(folder.join("sub")).unwrap();
    fs::write(folder.join("file"), "").unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, folder.join("fifo"), rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR)
        .unwrap();
    let _socket = UnixListener::bind(folder.join("socket")).unwrap();
    let logs = folder.logs().0.build().unwrap();
    for name in ["link", "dangling", "way/new", "null", "sub", "file/x", "fifo", "socket"] {
        let refused = logs.open_extended(name);
        assert!(matches!(refused, Err(LogError::InvalidName(_))), "{name}: {refused:?}");
    }
    assert_eq!(["secret"], outside.names()[..]);
}

#[test]
fn what_is_not_granted_is_denied() {
    let (folder, other) = (TestFolder::new(), TestFolder::new());
    let elsewhere = other.join("x.txt");
    let beside = format!("{}x/y", folder.path().display());
    let logs = folder.logs().0.build().unwrap();
    let none = LogFiles::builder().folder(folder.path()).build().unwrap();
    for (logs, name) in
        [(&logs, elsewhere.to_str().unwrap()), (&logs, "/etc/passwd"), (&logs, &beside), (&none, "x"), (&none, "")]
    {
        let refused = logs.open_extended(name);
        let Err(LogError::Denied(text)) = refused else { panic!("{name}: {refused:?}") };
        assert!(text.contains("--log-dir") && text.contains("--log-file"), "{text}");
    }
}

#[test]
fn one_file_alone_can_be_granted() {
    let folder = TestFolder::new();
    let file = folder.join("it.txt");
    let logs = LogFiles::builder().extended_file(&file).build().unwrap();
    logs.open_extended(file.to_str().unwrap()).unwrap();
    for name in ["it.txt", "other.txt", folder.join("other.txt").to_str().unwrap()] {
        assert!(matches!(logs.open_extended(name), Err(LogError::Denied(_))), "{name}");
    }
    // Its owner's link is followed.
    symlink(&file, folder.join("link")).unwrap();
    let logs = LogFiles::builder().extended_file(folder.join("link")).build().unwrap();
    logs.open_extended(folder.join("link").to_str().unwrap()).unwrap();
}

#[test]
fn a_folder_that_is_missing_is_not_made() {
    let folder = TestFolder::new();
    let logs = folder.logs().0.build().unwrap();
    let Err(LogError::Unwritable(text)) = logs.open_extended("sub/x.txt") else { panic!("not refused") };
    assert_eq!("the log file 'sub/x.txt' can't be opened: No such file or directory", text);
}

#[test]
fn only_its_owner_reads_a_log() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TestFolder::new();
    let logs = folder.logs().0.regular(1).build().unwrap();
    logs.open_extended("x.txt").unwrap();
    for name in folder.names() {
        assert_eq!(0o600, fs::metadata(folder.join(&name)).unwrap().permissions().mode() & 0o777, "{name}");
    }
}
