//! The regular log: lines, counters, stamps, on and off.

use super::super::{Identity, LogError, LogFiles, Written};
use super::support::TestFolder;

#[test]
fn a_line_has_five_fields() {
    let folder = TestFolder::new();
    let (logs, clock) = folder.logs();
    let logs = logs.regular(1).build().unwrap();
    let gone: Vec<_> = (0..2).map(|_| Identity::new(&logs)).collect();
    let identity = Identity::new(&logs);
    drop(gone);
    assert_eq!(Written::All, logs.append_regular(&identity, &["### SMTP Connected to 'x' on port 465. (secured)"]));
    clock.advance(556);
    assert_eq!(Written::All, logs.append_regular(&identity, &["S < \"220 é\"", "C > \"EHLO [192.168.18.9]\""]));
    assert_eq!(
        "1 2019-02-06T15:03:11.586 3 3 ### SMTP Connected to 'x' on port 465. (secured)\n\
         2 2019-02-06T15:03:12.142 3 3 S < \"220 é\"\n\
         3 2019-02-06T15:03:12.142 3 3 C > \"EHLO [192.168.18.9]\"\n",
        folder.read("SMTPLog_1.txt")
    );
}

#[test]
fn utc_has_a_z() {
    let folder = TestFolder::new();
    let logs = folder.logs().0.utc(true).regular(7).build().unwrap();
    let _ = logs.append_regular(&Identity::new(&logs), &["### x"]);
    assert_eq!("1 2019-02-06T14:03:11.586Z 1 1 ### x\n", folder.read("SMTPLog_7.txt"));
}

#[test]
fn a_later_run_goes_on_in_the_same_file() {
    let folder = TestFolder::new();
    for _ in 0..3 {
        let logs = folder.logs().0.regular(1).build().unwrap();
        let _ = logs.append_regular(&Identity::new(&logs), &["### x", "### y"]);
    }
    let text = folder.read("SMTPLog_1.txt");
    let counters: Vec<_> = text.lines().map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(["1", "2", "3", "4", "5", "6"], counters[..]);
}

#[test]
fn it_is_switched_for_everybody_at_once() {
    let folder = TestFolder::new();
    let logs = folder.logs().0.build().unwrap();
    let identity = Identity::new(&logs);
    assert_eq!(Written::All, logs.append_regular(&identity, &["### off"]));
    assert!(folder.names().is_empty());
    logs.clone().set_regular(4).unwrap();
    assert!(logs.regular_is_on());
    let _ = logs.append_regular(&identity, &["### on"]);
    logs.set_regular(0).unwrap();
    let _ = logs.append_regular(&identity, &["### off again"]);
    assert_eq!("1 2019-02-06T15:03:11.586 1 1 ### on\n", folder.read("SMTPLog_4.txt"));
}

#[test]
fn without_a_folder_it_is_denied() {
    let logs = LogFiles::builder().build().unwrap();
    logs.set_regular(0).unwrap();
    let Err(LogError::Denied(text)) = logs.set_regular(1) else { panic!("not denied") };
    assert!(text.contains("--log-dir"), "{text}");
}

#[test]
fn a_line_that_reaches_the_limit_is_the_last_of_its_file() {
    let folder = TestFolder::new();
    let logs = folder.logs().0.max_bytes(100).regular(1).build().unwrap();
    let identity = Identity::new(&logs);
    // 37 bytes a line: the third reaches 100.
    let _ = logs.append_regular(&identity, &["### 67", "### 67", "### 67", "### 67"]);
    assert_eq!([3, 1], ["SMTPLog_1.txt", "SMTPLog_2.txt"].map(|name| folder.read(name).lines().count()));
    assert!(folder.read("SMTPLog_2.txt").starts_with("1 2019"));
    let _ = logs.append_regular(&identity, &["### 67", "### 67"]);
    // The next file is opened as soon as this one is full.
    assert_eq!("", folder.read("SMTPLog_3.txt"));
}
