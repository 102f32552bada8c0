//! How much a guest may write into the logs.

use std::time::Instant;

use super::Stop;

/// The part of it that comes back each second.
const REFILL: u64 = 256;
/// What a line costs beside its statement: the other four fields.
const LINE: u64 = 48;
/// What opening a log costs, so that nobody fills a folder with empty ones.
const FILE: u64 = 4096;

/// Bytes of log that one guest has left. An honest one never comes to the end: a 256th comes back each second.
#[derive(Debug)]
pub(crate) struct Allowance {
    most: u64,
    left: u64,
    since: Instant,
}

impl Allowance {
    pub(crate) fn new(most: u64) -> Allowance {
        Allowance { most, left: most, since: Instant::now() }
    }

    pub(crate) fn open(&mut self) -> wasmtime::Result<()> {
        self.spend(FILE)
    }

    pub(crate) fn write(&mut self, statements: &[String]) -> wasmtime::Result<()> {
        self.spend(statements.iter().map(|statement| statement.len() as u64 + LINE).sum())
    }

    fn spend(&mut self, bytes: u64) -> wasmtime::Result<()> {
        if bytes > self.left {
            self.refill();
        }
        match self.left.checked_sub(bytes) {
            Some(left) => self.left = left,
            None => return Err(wasmtime::Error::new(Stop::Log(self.most))),
        }
        Ok(())
    }

    fn refill(&mut self) {
        let seconds = self.since.elapsed().as_secs();
        self.left = self.left.saturating_add(seconds.saturating_mul(self.most / REFILL)).min(self.most);
        if seconds > 0 {
            self.since = Instant::now();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_lines_cost_too() {
        let mut allowance = Allowance::new(1000);
        let lines = vec![String::new(); 20];
        allowance.write(&lines).unwrap();
        let error = allowance.write(&lines).unwrap_err();
        assert_eq!(error.downcast_ref::<Stop>(), Some(&Stop::Log(1000)));
        assert!(allowance.open().is_err());
    }

    #[test]
    fn no_limit() {
        let mut allowance = Allowance::new(u64::MAX);
        for _ in 0..100 {
            allowance.write(&["x".repeat(100_000)]).unwrap();
        }
    }
}
