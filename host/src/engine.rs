//! How this project's engines are set up.

use wasmtime::Config;

/// What a [`Host`](crate::Host) runs its transporters with, for programs that have an engine of their own for plugins.
///
/// Guests are interrupted by epochs, so the engine needs [`tick`](crate::plugin::tick). Compiled code holds no tables for
/// debuggers: it is smaller, and a trap is still told by its words.
pub fn config() -> Config {
    let mut config = Config::new();
    config.concurrency_support(false).epoch_interruption(true);
    config.generate_address_map(false).native_unwind_info(false);
    config
}
