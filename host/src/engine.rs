//! How this project's engines are set up.

use wasmtime::{Cache, CacheConfig, Config};

/// What a [`Host`](crate::Host) runs its transporters with, for programs that have an engine of their own for plugins.
///
/// Guests are interrupted by epochs, so the engine needs [`tick`](crate::plugin::tick). Compiled code holds no tables for
/// debuggers: it is smaller, and a trap is still told by its words. With `cache`, it is kept on disk between runs;
/// a home that can't be written costs time, nothing else.
pub fn config(cache: bool) -> Config {
    let mut config = Config::new();
    config.concurrency_support(false).epoch_interruption(true);
    config.generate_address_map(false).native_unwind_info(false);
    if cache && let Ok(cache) = Cache::new(CacheConfig::new()) {
        config.cache(Some(cache));
    }
    config
}
