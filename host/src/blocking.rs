//! For programs without an asynchronous runtime: the same calls, waited for.

use std::future::Future;
use std::io;

use tokio::runtime::{Builder, Runtime};

/// A thread that does the waiting of all who call [`wait`](Self::wait). There is no second set of types: what is waited
/// for are the futures of [`Host`](crate::Host), [`Transporter`](crate::Transporter) and [`Pool`](crate::Pool).
///
/// ```no_run
/// # fn example(server: smtp_host::types::Server, mail: smtp_host::types::Mail) -> Result<(), Box<dyn std::error::Error>> {
/// let host = smtp_host::Host::builder().build()?;
/// let blocking = smtp_host::Blocking::new()?;
/// let mut transporter = blocking.wait(host.transporter(server)).map_err(|error| error.message)?;
/// let receipt = blocking.wait(transporter.send(&mail)).map_err(|error| error.message)?;
/// blocking.wait(transporter.close());
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Blocking(Runtime);

impl Blocking {
    /// Starts the thread.
    ///
    /// # Errors
    /// The operating system's, where it gives no thread.
    pub fn new() -> io::Result<Blocking> {
        let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("smtp").enable_all().build();
        Ok(Blocking(runtime?))
    }

    /// Waits on this thread for what the future comes to. Any thread may call it, several at once; none that belongs to an
    /// asynchronous runtime itself.
    ///
    /// # Panics
    /// Within an asynchronous runtime.
    pub fn wait<F: Future>(&self, future: F) -> F::Output {
        self.0.block_on(future)
    }
}
