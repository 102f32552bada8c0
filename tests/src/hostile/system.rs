//! Files, environment, and handles below the bindings.

use super::cage::Cage;
use std::fs;
use std::os::unix::fs::symlink;

#[test]
fn nothing_of_the_machine_shows() {
    let Some(cage) = Cage::new() else { return };
    let secret = cage.stage.folder.join("password");
    let secret = secret.to_str().unwrap();
    cage.attack(&[], &["system-environment"]).exits(1).says("--env NAME would");
    let ran =
        cage.attack(&[], &["system-files", "/etc/passwd", "password", secret, "../password", "/proc/self/environ"]);
    let ran = ran
        .exits(1)
        .says("note: the component looked for folders, and none is granted; --dir HOST::GUEST would grant one");
    assert_eq!(ran.out.matches("refused:").count(), 10, "{}", ran.told());
}

#[test]
fn a_folder_is_that_folder() {
    let Some(cage) = Cage::new() else { return };
    let folder = &cage.stage.folder;
    fs::create_dir_all(folder.join("granted/below")).unwrap();
    fs::write(folder.join("granted/there"), "unharmed").unwrap();
    symlink("../password", folder.join("granted/link")).unwrap();
    symlink("..", folder.join("granted/up")).unwrap();
    symlink("/etc", folder.join("granted/etc")).unwrap();
    let absolute = folder.join("password");
    let attack = [
        "system-files",
        "/data/../password",
        "/data/below/../../password",
        "/data/link",
        "/data/up/password",
        "/data/etc/passwd",
        absolute.to_str().unwrap(),
    ];
    let ran = cage.attack(&["--dir", "granted::/data"], &attack).exits(1);
    assert_eq!(ran.out.matches("refused:").count(), 12, "{}", ran.told());
    let ran = cage.attack(&["--dir", "granted::/data:ro"], &["system-write", "/data"]).exits(0);
    assert_eq!(ran.out.matches("refused:").count(), 5, "{}", ran.told());
    assert_eq!(fs::read_to_string(folder.join("granted/there")).unwrap(), "unharmed");
    assert_eq!(fs::read_dir(folder.join("granted")).unwrap().count(), 5);
    cage.attack(&["--dir", "missing::/x"], &["system-exit"]).exits(66).says("--dir: 'missing' can't be opened");
}

#[test]
fn handles_that_are_no_handles() {
    let Some(cage) = Cage::new() else { return };
    for attack in ["guessed", "never", "twice", "kind", "aliased", "outside", "utf8"] {
        let ran = cage.attack(&[], &[&format!("handles-{attack}")]).exits(70).says("error: the component trapped: ");
        assert_eq!(ran.err.lines().count(), 1, "{}", ran.told());
        let log = cage.log();
        assert!(
            log.lines().last().is_some_and(|line| line.contains("### SMTP Component stopped: it trapped (")),
            "{log}"
        );
    }
    cage.neighbours_are_well();
}
