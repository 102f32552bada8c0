//! The clock that interrupts guests.

use std::time::Duration;

use wasmtime::Engine;

/// How often a running guest is interrupted to let others run.
const TICK: Duration = Duration::from_millis(10);

/// Moves the engine's epoch on every 10 ms, for as long as the engine lives.
///
/// An engine with `Config::epoch_interruption(true)` needs this once, and each of its stores
/// `epoch_deadline_async_yield_and_update(1)`: then a guest that loops lets the others run, and a
/// [`Budget`](super::Budget) can stop it.
pub fn tick(engine: &Engine) {
    let engine = engine.weak();
    std::thread::spawn(move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(TICK);
        }
    });
}
