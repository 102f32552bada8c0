//! One attack at a time, in a folder of its own.

use crate::cli::run::{Ran, Stage, run};
use crate::plugins::guests;
use std::fs;
use std::time::{Duration, Instant};

/// A stage with the zoo's own name in reach.
pub struct Cage {
    pub stage: Stage,
    zoo: String,
}

impl Cage {
    /// None: the zoo can't be built here, and `tests/run` was told so.
    pub fn new() -> Option<Cage> {
        let zoo = guests::zoo()?.to_str()?.to_owned();
        Some(Cage { stage: Stage::open(), zoo })
    }

    /// Runs an attack, with a regular log on. Nothing escapes, and it ends in time.
    #[track_caller]
    pub fn attack(&self, grants: &[&str], attack: &[&str]) -> Ran {
        self.attack_within("30", grants, attack)
    }

    /// The same, with no log granted.
    #[track_caller]
    pub fn attack_without_log(&self, grants: &[&str], attack: &[&str]) -> Ran {
        let all: Vec<_> = ["run", "--timeout", "30"]
            .iter()
            .chain(grants)
            .chain(&[self.zoo.as_str()])
            .chain(attack)
            .copied()
            .collect();
        self.run(&all)
    }

    /// With this many seconds to live.
    #[track_caller]
    pub fn attack_within(&self, seconds: &str, grants: &[&str], attack: &[&str]) -> Ran {
        let all: Vec<_> = ["run", "--log", "--log-dir", "logs", "--timeout", seconds]
            .iter()
            .chain(grants)
            .chain(&[self.zoo.as_str()])
            .chain(attack)
            .copied()
            .collect();
        self.run(&all)
    }

    #[track_caller]
    fn run(&self, all: &[&str]) -> Ran {
        let start = Instant::now();
        let ran = run(&self.stage.folder, all, b"");
        assert!(!ran.out.contains("ESCAPED"), "{}", ran.told());
        assert!(start.elapsed() < Duration::from_secs(60), "{}", ran.told());
        // It was a guest's end, not the host's.
        assert!(
            ran.code < 128 && !ran.err.contains("panicked at host/") && !ran.err.contains("panicked at cli/"),
            "{}",
            ran.told()
        );
        ran
    }

    /// The regular log.
    pub fn log(&self) -> String {
        fs::read_to_string(self.stage.folder.join("logs/SMTPLog_1.txt")).expect("the log")
    }

    /// The host is well: an honest mail goes, after whatever was before.
    #[track_caller]
    pub fn neighbours_are_well(&self) {
        let before = self.stage.received().len();
        self.stage.send(&["--from", "a@b.test", "--to", "c@d.test", "--text", "t"]).exits(0);
        assert_eq!(self.stage.received().len(), before + 1);
    }
}
