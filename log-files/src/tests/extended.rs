//! Extended logs: names, grants and counters of their own.

use super::super::Identity;
use super::support::TestFolder;

#[test]
fn it_has_a_counter_of_its_own() {
    let folder = TestFolder::new();
    let logs = folder.logs().0.regular(1).build().unwrap();
    let identity = Identity::new(&logs);
    let _ = logs.append_regular(&identity, &["### x"]);
    let log = logs.open_extended("mine.txt").unwrap();
    let _ = log.append(&identity, &["### y"]);
    let _ = logs.open_extended("mine.txt").unwrap().append(&identity, &["### z"]);
    let _ = log.append(&identity, &["### w"]);
    let text = folder.read("mine.txt");
    let lines: Vec<_> = text.lines().map(|line| line.replace(" 2019-02-06T15:03:11.586 1 1 ###", "")).collect();
    assert_eq!(["1 y", "2 z", "3 w"], lines[..]);
}
