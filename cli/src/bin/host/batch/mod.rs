//! `host send --batch`: one mail a line of JSON, over several connections, one result a line.
//!
//! The reader fills a queue that is bounded; as many connections as the governor allows empty it, on as many threads as
//! there are cores; the results leave in the order of the lines. With a journal another run can go on.

mod connection;
mod governor;
mod interrupt;
mod journal;
mod judge;
mod line;
mod progress;
mod queue;
mod reader;
mod report;
mod shared;

use clap::Args;
use smtp_cli::mail_json::{Letter, Paths};
use smtp_host::Host;
use smtp_host::types::Server;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use crate::exit::{Exit, Failure};
use crate::terminal;
use connection::Connection;
use governor::Governor;
use journal::{Journal, Past};
use progress::Progress;
use reader::Input;
use report::{Report, Tally, worse};
use shared::Shared;

/// Many mails.
#[derive(Args)]
#[command(next_help_heading = "Batch")]
pub struct BatchOptions {
    /// Send one mail per line of this file (JSON Lines, - for standard input); results are JSON Lines in the same order. The mail options are defaults for lines that lack them.
    #[arg(long, value_name = "FILE", conflicts_with = "eml")]
    pub batch: Option<PathBuf>,

    /// How many connections send at once.
    #[arg(long, value_name = "N", default_value_t = 1, requires = "batch", value_parser = clap::value_parser!(u16).range(1..=1000))]
    connections: u16,

    /// Let the next mail's commands leave with the content of the last, where the server offers PIPELINING. Not every server may bear it.
    #[arg(long, requires = "batch")]
    overlap: bool,

    /// Keep a journal in this file, and go on where an earlier run with it ended.
    #[arg(long, value_name = "FILE", requires = "batch")]
    resume: Option<PathBuf>,

    /// With --resume: send mails again of which an earlier run does not know whether they arrived.
    #[arg(long, requires = "resume")]
    resend_unknown: bool,
}

impl BatchOptions {
    /// Sends all lines of `file`.
    pub fn run(&self, file: &std::path::Path, defaults: Letter, host: &Host, server: &Server) -> Result<Exit, Failure> {
        let input = Input::open(file, io::stderr().is_terminal())?;
        let (journal, past) = match &self.resume {
            Some(path) => Journal::open(path).map(|(journal, past)| (Some(journal), past))?,
            None => (None, Past::default()),
        };
        let connections = usize::from(self.connections);
        let shared = Arc::new(Shared::new(
            Governor::new(connections),
            Report::new(Progress::start(input.total)),
            journal,
            defaults,
            Paths::From(input.folder),
        ));
        interrupt::watch(&shared)?;
        let resend_unknown = self.resend_unknown;
        let (reader, name, for_reader) = (input.reader, input.name, shared.clone());
        // Not joined: where the batch ends early, it may wait for standard input for ever.
        thread::spawn(move || reader::read(reader, &name, &past, resend_unknown, &for_reader));
        self.connect(connections, host, server, &shared)?;
        let tally = shared.report.finish()?;
        Ok(conclude(&shared, tally))
    }

    /// All connections, on as many threads as there are cores.
    fn connect(&self, connections: usize, host: &Host, server: &Server, shared: &Shared) -> Result<(), Failure> {
        let threads = thread::available_parallelism().map_or(1, usize::from).min(connections);
        let overlap = self.overlap;
        let mut runtimes = Vec::with_capacity(threads);
        for _ in 0..threads {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtimes.push(runtime.map_err(|error| Failure::defect(format!("no runtime: {error}")))?);
        }
        thread::scope(|scope| {
            for (first, runtime) in runtimes.into_iter().enumerate() {
                scope.spawn(move || {
                    let numbers = (first..connections).step_by(threads);
                    let all = numbers.map(|number| async move {
                        Connection { number, host, server, overlap, shared }.work().await;
                    });
                    runtime.block_on(futures_util::future::join_all(all));
                });
            }
        });
        Ok(())
    }
}

/// Says what was not sent, and gives the exit code.
fn conclude(shared: &Shared, tally: Tally) -> Exit {
    let halted = shared.halted();
    if let Some(why) = halted.as_ref().and_then(|halt| halt.why.as_ref()) {
        terminal::say("error", &format!("the batch was ended: {why}"));
    }
    let (left, is_more) = shared.queue.left();
    if halted.is_some() && (is_more || !left.is_empty()) {
        terminal::say("not sent", &numbers(left, is_more));
    }
    let Tally { sent, failed, unknown, earlier, worst } = tally;
    let mut summary = format!("{sent} sent, {failed} failed");
    if unknown > 0 {
        summary.push_str(&format!(", {unknown} of unknown outcome"));
    }
    if earlier > 0 {
        summary.push_str(&format!(", {earlier} done in an earlier run"));
    }
    terminal::say("batch", &summary);
    let exit = worst.unwrap_or(Exit::Done);
    halted.map_or(exit, |halt| worse(exit, halt.exit))
}

/// `lines 3, 5 to 9, and all behind line 12`
fn numbers(mut left: Vec<u64>, is_more: bool) -> String {
    left.sort_unstable();
    let last = left.last().copied();
    let runs: Vec<String> = left
        .chunk_by(|one, next| one + 1 == *next)
        .map(|run| match run {
            [first, .., last] => format!("{first} to {last}"),
            _ => run.iter().map(ToString::to_string).collect(),
        })
        .collect();
    match (runs.is_empty(), is_more, last) {
        (false, false, _) => format!("lines {}", runs.join(", ")),
        (false, true, Some(last)) => format!("lines {}, and all behind line {last}", runs.join(", ")),
        _ => "the lines that were not read yet".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn what_was_not_sent() {
        assert_eq!(numbers(vec![5, 3, 6, 7, 9], false), "lines 3, 5 to 7, 9");
        assert_eq!(numbers(vec![2, 3], true), "lines 2 to 3, and all behind line 3");
        assert_eq!(numbers(vec![], true), "the lines that were not read yet");
    }
}
