//! All addresses of a host, both families raced (RFC 8305): the first connection wins, the others are dropped.

use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::error::SocketFailure;
use super::types::Attempt;

/// RFC 8305 §5: Connection Attempt Delay.
const STAGGER: Duration = Duration::from_millis(250);

/// Alternates the families, beginning with the one that the resolver prefers (RFC 8305 §4).
pub(super) fn interleave(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let Some(first) = addresses.first() else { return addresses };
    let first_is_v6 = first.is_ipv6();
    let (preferred, others): (Vec<_>, Vec<_>) = addresses.into_iter().partition(|a| a.is_ipv6() == first_is_v6);
    let (mut preferred, mut others) = (preferred.into_iter(), others.into_iter());
    let mut mixed = Vec::with_capacity(preferred.len() + others.len());
    loop {
        let before = mixed.len();
        mixed.extend(preferred.next());
        mixed.extend(others.next());
        if mixed.len() == before {
            return mixed;
        }
    }
}

/// Connects to the first address that answers. Either way `attempts` holds every try that came to an end, in the
/// order in which they ended; a try that is still under way at the deadline has timed out after `limit_ms`.
pub(super) async fn race(
    addresses: Vec<SocketAddr>,
    deadline: Instant,
    limit_ms: u32,
    attempts: &mut Vec<Attempt>,
) -> Option<TcpStream> {
    let mut race = Race { waiting: addresses.into_iter(), running: Vec::new(), next: Box::pin(sleep_until(deadline)) };
    race.start_next(deadline);
    let won = tokio::time::timeout_at(deadline, poll_fn(|cx| race.poll(cx, deadline, attempts))).await;
    if won.is_err() {
        attempts.extend(race.running.iter().map(|attempt| Attempt {
            address: attempt.address,
            failure: Some(SocketFailure::TimedOut(limit_ms)),
            elapsed_ms: elapsed_ms(attempt.started),
        }));
    }
    won.unwrap_or(None)
}

struct Race {
    waiting: std::vec::IntoIter<SocketAddr>,
    running: Vec<Try>,
    /// When the next try starts, unless one fails before.
    next: Pin<Box<Sleep>>,
}

struct Try {
    address: SocketAddr,
    started: Instant,
    connecting: Pin<Box<dyn Future<Output = io::Result<TcpStream>> + Send>>,
}

impl Race {
    fn start_next(&mut self, deadline: Instant) {
        let now = Instant::now();
        if let Some(address) = self.waiting.next() {
            let connecting = Box::pin(TcpStream::connect(address));
            self.running.push(Try { address, started: now, connecting });
        }
        self.next.as_mut().reset(deadline.min(now + STAGGER));
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        deadline: Instant,
        attempts: &mut Vec<Attempt>,
    ) -> Poll<Option<TcpStream>> {
        loop {
            let mut failed = false;
            let mut index = 0;
            while let Some(attempt) = self.running.get_mut(index) {
                let Poll::Ready(result) = attempt.connecting.as_mut().poll(cx) else {
                    index += 1;
                    continue;
                };
                let Try { address, started, .. } = self.running.remove(index);
                let elapsed_ms = elapsed_ms(started);
                let (failure, stream) = match result {
                    Ok(stream) => (None, Some(stream)),
                    Err(error) => (Some(SocketFailure::of(&error, elapsed_ms)), None),
                };
                attempts.push(Attempt { address, failure, elapsed_ms });
                if stream.is_some() {
                    return Poll::Ready(stream);
                }
                failed = true;
            }
            if self.waiting.as_slice().is_empty() {
                return if self.running.is_empty() { Poll::Ready(None) } else { Poll::Pending };
            }
            if failed || self.next.as_mut().poll(cx).is_ready() {
                self.start_next(deadline);
            } else {
                return Poll::Pending;
            }
        }
    }
}

pub(super) fn elapsed_ms(since: Instant) -> u32 {
    u32::try_from(since.elapsed().as_millis()).unwrap_or(u32::MAX)
}
