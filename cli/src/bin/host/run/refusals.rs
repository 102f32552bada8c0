//! What was refused, said once each: a component that asks in a loop fills nobody's terminal.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::terminal;

/// Lines that are said; what comes after them is only counted.
const MOST: usize = 20;

/// The refusals so far.
#[derive(Default)]
pub struct Refusals(Mutex<BTreeSet<String>>);

impl Refusals {
    pub fn say(&self, words: &str) {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if said.len() > MOST || said.contains(words) {
            return;
        }
        if said.len() == MOST {
            terminal::say("refused", "more, which is not listed here");
        } else {
            terminal::say("refused", words);
        }
        said.insert(words.to_owned());
    }
}
