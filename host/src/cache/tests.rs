//! What is kept, and what is not believed.

use super::{Cache, folder::Folder, name};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use wasmtime::component::Component;
use wasmtime::{Engine, ModuleVersionStrategy};

/// A component with nothing in it: the preamble (component model, binary format).
const EMPTY: &[u8] = b"\0asm\x0d\0\x01\0";

struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str) -> Temporary {
        let folder = std::env::temp_dir().join(format!("smtp-cache-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        Temporary(folder)
    }

    fn files(&self) -> Vec<String> {
        let entries: Vec<_> = fs::read_dir(&self.0).map(|entries| entries.flatten().collect()).unwrap_or_default();
        let mut names: Vec<String> = entries.iter().map(|entry| entry.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn engine() -> Engine {
    Engine::new(&crate::engine::config()).unwrap()
}

/// A cache in which [`EMPTY`] is, and the file.
fn kept(test: &str) -> (Temporary, Cache, Engine, PathBuf) {
    let (folder, engine) = (Temporary::new(test), engine());
    let cache = Cache::at(&folder.0);
    cache.component(&engine, EMPTY).unwrap();
    let file = folder.0.join(name(&engine, EMPTY));
    (folder, cache, engine, file)
}

fn is_loaded(folder: &Path, engine: &Engine) -> bool {
    Folder::open(folder).and_then(|folder| folder.load(engine, &name(engine, EMPTY))).is_some()
}

#[test]
fn what_was_compiled_is_loaded_by_the_next_run() {
    let folder = Temporary::new("kept");
    let nested = folder.0.join("made").join("too");
    let cache = Cache::at(&nested);
    cache.component(&engine(), EMPTY).unwrap();
    assert!(is_loaded(&nested, &engine()));
    cache.component(&engine(), EMPTY).unwrap();
    assert_eq!(fs::read_dir(&nested).unwrap().count(), 1);
}

#[test]
fn other_settings_are_another_file() {
    let folder = Temporary::new("settings");
    let mut config = crate::engine::config();
    let other = Engine::new(config.consume_fuel(true)).unwrap();
    for engine in [engine(), other] {
        Cache::at(&folder.0).component(&engine, EMPTY).unwrap();
        assert!(is_loaded(&folder.0, &engine));
    }
    assert_eq!(folder.files().len(), 2);
}

#[test]
fn what_is_no_component_is_an_error_and_is_not_kept() {
    let folder = Temporary::new("wrong");
    assert!(Cache::at(&folder.0).component(&engine(), b"something else").is_err());
    assert_eq!(folder.files(), [""; 0]);
}

#[test]
fn a_file_that_is_cut_off_or_empty_or_of_another_version_is_replaced() {
    let (folder, cache, engine, file) = kept("cut");
    let whole = fs::read(&file).unwrap();
    let mut config = crate::engine::config();
    config.module_version(ModuleVersionStrategy::Custom("another".to_owned())).unwrap();
    let other = Component::new(&Engine::new(&config).unwrap(), EMPTY).unwrap().serialize().unwrap();
    for bytes in [&whole[..whole.len() / 2], b"", &other] {
        fs::remove_file(&file).unwrap();
        fs::write(&file, bytes).unwrap();
        assert!(!is_loaded(&folder.0, &engine));
        cache.component(&engine, EMPTY).unwrap();
        assert!(fs::read(&file).unwrap() == whole);
    }
}

#[test]
fn a_cache_that_is_off_or_has_no_folder_costs_time_only() {
    let folder = Temporary::new("file");
    fs::write(&folder.0, "no folder").unwrap();
    for cache in [Cache::off(), Cache::at(&folder.0), Cache::at(folder.0.join("below"))] {
        cache.component(&engine(), EMPTY).unwrap();
    }
    fs::remove_file(&folder.0).unwrap();
}

#[cfg(unix)]
#[test]
fn nothing_that_others_can_write_is_believed() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, cache, engine, file) = kept("others");
    assert_eq!(fs::metadata(&folder.0).unwrap().permissions().mode() & 0o777, 0o700);
    let allow = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    for mode in [0o620, 0o602] {
        allow(&file, mode);
        assert!(!is_loaded(&folder.0, &engine), "{mode:o}");
        cache.component(&engine, EMPTY).unwrap();
        assert!(is_loaded(&folder.0, &engine), "one of our own took its place");
    }
    for mode in [0o770, 0o707] {
        allow(&folder.0, mode);
        assert!(!is_loaded(&folder.0, &engine), "{mode:o}");
    }
    fs::remove_file(&file).unwrap();
    cache.component(&engine, EMPTY).unwrap();
    assert_eq!(folder.files(), [""; 0], "nor is anything written there");
}

#[test]
fn what_was_not_used_for_the_longest_time_goes_first() {
    let folder = Temporary::new("full");
    fs::create_dir_all(&folder.0).unwrap();
    let days = |days: u64| SystemTime::now() - Duration::from_secs(days * 24 * 60 * 60);
    for (name, age) in [
        ("a.cwasm", 3),
        ("b.cwasm", 1),
        ("c.cwasm", 2),
        ("old.cwasm-1-1.part", 2),
        ("new.cwasm-1-1.part", 0),
        ("else", 9),
    ] {
        let path = folder.0.join(name);
        fs::write(&path, [0; 100]).unwrap();
        File::options().append(true).open(path).unwrap().set_modified(days(age)).unwrap();
    }
    let tidy = |max| Folder::open(&folder.0).expect("a folder").tidy(max);
    tidy(300);
    assert_eq!(folder.files(), ["a.cwasm", "b.cwasm", "c.cwasm", "else", "new.cwasm-1-1.part"]);
    tidy(299);
    assert_eq!(folder.files(), ["b.cwasm", "c.cwasm", "else", "new.cwasm-1-1.part"]);
    tidy(100);
    assert_eq!(folder.files(), ["b.cwasm", "else", "new.cwasm-1-1.part"]);
}

#[test]
fn use_is_noted_by_the_day() {
    let (_folder, cache, engine, file) = kept("used");
    let used = || fs::metadata(&file).unwrap().modified().unwrap();
    let set = |hours: u64| {
        let time = SystemTime::now() - Duration::from_secs(hours * 60 * 60);
        File::options().append(true).open(&file).unwrap().set_modified(time).unwrap();
    };
    for (hours, is_noted) in [(1, false), (25, true)] {
        set(hours);
        let before = used();
        cache.component(&engine, EMPTY).unwrap();
        assert_eq!(used() > before, is_noted);
    }
}
