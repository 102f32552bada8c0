//! The results: one line of JSON each, in the order of the input.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::line::Line;
use super::progress::Progress;
use crate::exit::{Exit, Failure};

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Sent,
    Failed(Exit),
    /// It may have arrived.
    Unknown,
}

pub struct Report {
    state: Mutex<State>,
    progress: Progress,
}

#[derive(Default)]
struct State {
    /// The place that goes out next.
    next: u64,
    /// Results that came before their turn.
    waiting: BTreeMap<u64, String>,
    /// Results whose turn it is, while somebody prints those before them.
    ready: String,
    /// How many they are.
    count: u64,
    is_printing: bool,
    tally: Tally,
}

/// How many, and how bad.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub sent: u64,
    pub failed: u64,
    pub unknown: u64,
    /// Sent or refused for good in an earlier run.
    pub earlier: u64,
    /// The exit code of the worst failure.
    pub worst: Option<Exit>,
}

impl State {
    fn take_turn(&mut self, line: &str) {
        self.ready.push_str(line);
        self.next += 1;
        self.count += 1;
    }
}

impl Report {
    pub fn new(progress: Progress) -> Report {
        let state = State { tally: Tally::default(), ..State::default() };
        Report { state: Mutex::new(state), progress }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a result, and prints it and those that waited for it, unless somebody else is printing, who then goes on with
    /// them; how many went out.
    pub fn result(&self, line: &Line, mut json: String, fate: Fate) -> Result<u64, Failure> {
        json.push('\n');
        let mut state = self.state();
        state.tally.add(fate);
        self.progress.advance();
        if line.place != state.next {
            state.waiting.insert(line.place, json);
            return Ok(0);
        }
        state.take_turn(&json);
        loop {
            let next = state.next;
            let Some(waited) = state.waiting.remove(&next) else { break };
            state.take_turn(&waited);
        }
        if state.is_printing {
            return Ok(0);
        }
        state.is_printing = true;
        self.print(state)
    }

    /// What `work` finds out goes out in one piece; how many results went out.
    pub fn together(&self, work: impl FnOnce()) -> Result<u64, Failure> {
        let was_printing = std::mem::replace(&mut self.state().is_printing, true);
        work();
        if was_printing { Ok(0) } else { self.print(self.state()) }
    }

    /// Prints until nothing is ready any more.
    fn print<'a>(&'a self, mut state: MutexGuard<'a, State>) -> Result<u64, Failure> {
        let mut printed = 0;
        let mut result = Ok(());
        while result.is_ok() && !state.ready.is_empty() {
            printed += std::mem::take(&mut state.count);
            let lines = std::mem::take(&mut state.ready);
            // Not under the lock: the others need not wait for the terminal or the disk.
            drop(state);
            result = print(&lines);
            state = self.state();
        }
        state.is_printing = false;
        result.map(|()| printed)
    }

    /// A line that an earlier run was done with: sent, or refused with this exit code.
    pub fn earlier(&self, refused: Option<Exit>) {
        let mut state = self.state();
        state.tally.earlier += 1;
        if let Some(exit) = refused {
            state.tally.worst = Some(state.tally.worst.map_or(exit, |worst| worse(worst, exit)));
        }
        self.progress.advance();
    }

    /// What waited for a result that will not come: the batch was interrupted.
    pub fn finish(&self) -> Result<Tally, Failure> {
        let mut state = self.state();
        let rest: String = std::mem::take(&mut state.waiting).into_values().collect();
        self.progress.finish();
        print(&rest)?;
        Ok(state.tally)
    }
}

fn print(lines: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let printed = out.write_all(lines.as_bytes()).and_then(|()| out.flush());
    printed.map_err(|error| Failure::cant_create(format!("standard output can't be written: {error}")))
}

impl Tally {
    fn add(&mut self, fate: Fate) {
        match fate {
            Fate::Sent => self.sent += 1,
            Fate::Failed(_) => self.failed += 1,
            Fate::Unknown => self.unknown += 1,
        }
        let exit = match fate {
            Fate::Sent => return,
            Fate::Failed(exit) => exit,
            Fate::Unknown => Exit::TryAgain,
        };
        self.worst = Some(self.worst.map_or(exit, |worst| worse(worst, exit)));
    }
}

/// Of two exit codes the one that tells more: what stops everything first, then what another run could mend, then what
/// is wrong with single mails.
pub fn worse(one: Exit, other: Exit) -> Exit {
    let weight = |exit| match exit {
        Exit::Software => 9,
        Exit::CantCreate => 8,
        Exit::Usage => 7,
        Exit::NoPermission => 6,
        Exit::NoHost => 5,
        Exit::TryAgain => 4,
        Exit::Unavailable => 3,
        Exit::NoInput => 2,
        Exit::Data => 1,
        Exit::Done => 0,
    };
    if weight(other) > weight(one) { other } else { one }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_failure_is_told() {
        let mut tally = Tally::default();
        for fate in [Fate::Sent, Fate::Failed(Exit::Data), Fate::Failed(Exit::Unavailable), Fate::Failed(Exit::Data)] {
            tally.add(fate);
        }
        assert_eq!((tally.sent, tally.failed, tally.worst), (1, 3, Some(Exit::Unavailable)));
        tally.add(Fate::Unknown);
        assert_eq!((tally.unknown, tally.worst), (1, Some(Exit::TryAgain)));
        tally.add(Fate::Failed(Exit::NoPermission));
        assert_eq!(tally.worst, Some(Exit::NoPermission));
    }
}
