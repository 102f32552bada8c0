//! How long a guest may compute, and how long it may take.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use super::Stop;

/// What one call into a guest may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Time on the processor; a guest that waits spends none.
    pub cpu: Duration,
    /// Time by the clock.
    pub time: Duration,
}

impl Budget {
    /// Runs a call to its end, or to the end of this budget. Needs tokio's timers.
    ///
    /// The engine must interrupt its guests ([`tick`](super::tick)), or a loop never comes back here. A store whose
    /// call was stopped is of no use any more: drop it.
    ///
    /// # Errors
    /// Why the guest was stopped, or what it died of.
    pub async fn run<T>(self, call: impl Future<Output = wasmtime::Result<T>>) -> Result<T, Stop> {
        let mut call = pin!(call);
        let mut spent = Duration::ZERO;
        let metered = poll_fn(|cx| {
            let start = Instant::now();
            let polled = call.as_mut().poll(cx);
            spent += start.elapsed();
            match polled {
                Poll::Ready(ended) => Poll::Ready(ended.map_err(|error| Stop::of(&error))),
                Poll::Pending if spent > self.cpu => Poll::Ready(Err(Stop::Cpu(self.cpu))),
                Poll::Pending => Poll::Pending,
            }
        });
        tokio::time::timeout(self.time, metered).await.unwrap_or(Err(Stop::Time(self.time)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(cpu: u64, time: u64) -> Budget {
        Budget { cpu: Duration::from_millis(cpu), time: Duration::from_millis(time) }
    }

    #[tokio::test]
    async fn a_loop_is_stopped_by_what_it_computes() {
        let looping = poll_fn(|cx| {
            std::thread::sleep(Duration::from_millis(2));
            cx.waker().wake_by_ref();
            Poll::<wasmtime::Result<()>>::Pending
        });
        let budget = budget(20, 60_000);
        assert_eq!(budget.run(looping).await, Err(Stop::Cpu(budget.cpu)));
    }

    #[tokio::test]
    async fn who_only_waits_is_stopped_by_the_clock() {
        let budget = budget(60_000, 20);
        assert_eq!(budget.run(std::future::pending::<wasmtime::Result<()>>()).await, Err(Stop::Time(budget.time)));
    }

    #[tokio::test]
    async fn what_ends_in_time_stands() {
        assert_eq!(budget(1000, 1000).run(async { Ok(5) }).await, Ok(5));
        let trapped = budget(1000, 1000).run(async { Err::<(), _>(wasmtime::Trap::StackOverflow.into()) }).await;
        assert_eq!(trapped, Err(Stop::Trap("call stack exhausted".to_owned())));
    }
}
