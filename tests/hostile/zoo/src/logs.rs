//! Filling the disk, leaving the folder, forging lines, silencing the others.

use crate::world::log_files::{self, open, set_regular};
use crate::{escaped, refused};

pub fn attack(what: &str, arguments: &[&str]) {
    match what {
        "lines" => {
            let lines = vec!["### x".to_owned(); 10_000];
            loop {
                log_files::append_regular(&lines);
            }
        }
        "bytes" => {
            let line = format!("### {}", "x".repeat(4 << 20));
            loop {
                log_files::append_regular(std::slice::from_ref(&line));
            }
        }
        "extended" => {
            let log = open("flood.txt").expect("the folder is granted");
            let line = "x".repeat(1 << 20);
            loop {
                log.append(std::slice::from_ref(&line));
            }
        }
        "files" => {
            let mut logs = Vec::new();
            for number in 0..1_000_000 {
                match open(&format!("{number}.txt")) {
                    Ok(log) => logs.push(log),
                    Err(error) => return refused((logs.len(), error)),
                }
            }
        }
        "many" => {
            for number in 0..1_000_000 {
                // Opened and closed again: only the files stay.
                if let Err(error) = open(&format!("{number}.txt")) {
                    return refused((number, error));
                }
            }
            escaped("a million files");
        }
        "names" => {
            for name in arguments {
                match open(name) {
                    Ok(_) => escaped(format!("{name:?} was opened")),
                    Err(error) => refused((name, error)),
                }
            }
            for name in ["nul\0.txt", "", "a\nb", "a\\b", &"x".repeat(100_000), &"d/".repeat(10_000)] {
                match open(name) {
                    Ok(_) => escaped(format!("{} bytes of name", name.len())),
                    Err(error) => refused(format!("{error:?}").len()),
                }
            }
        }
        "forged" => {
            log_files::append_regular(&[
                "C > \"a\"\n7 2026-01-01T00:00:00.000 1 1 ### SMTP forged\r\n\u{1b}[2J\u{85}\u{7f}\0".to_owned(),
                "\n\n\n".to_owned(),
                String::new(),
            ]);
        }
        "silence" => match set_regular(0) {
            Ok(()) => escaped("the log of all is off"),
            Err(error) => refused(error),
        },
        "switch" => match set_regular(77) {
            Ok(()) => escaped("the log of all goes elsewhere"),
            Err(error) => refused(error),
        },
        _ => panic!("no such attack"),
    }
}
