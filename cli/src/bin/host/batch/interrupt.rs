//! Ctrl-C: once, and the mails in flight are finished; twice, and it ends at once.

use std::sync::Arc;
use std::thread;
use tokio::signal::unix::{SignalKind, signal};

use super::shared::{Halt, Shared};
use crate::exit::{Exit, Failure};
use crate::terminal;

/// As a shell has it for SIGINT.
const AT_ONCE: i32 = 130;

/// Listens for SIGINT and SIGTERM from now on.
pub fn watch(shared: &Arc<Shared>) -> Result<(), Failure> {
    let deaf = |error| Failure::defect(format!("signals can't be listened for: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(deaf)?;
    let (mut interrupt, mut terminate) = {
        let _entered = runtime.enter();
        (signal(SignalKind::interrupt()).map_err(deaf)?, signal(SignalKind::terminate()).map_err(deaf)?)
    };
    let shared = shared.clone();
    thread::spawn(move || {
        runtime.block_on(async {
            for count in 0.. {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
                if count > 0 {
                    std::process::exit(AT_ONCE);
                }
                terminal::say("interrupted", "finishing the mails in flight; once more ends it at once");
                shared.halt_for(Halt { exit: Exit::TryAgain, why: None });
            }
        });
    });
    Ok(())
}
