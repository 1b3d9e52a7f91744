//! How much work waits, and how long that will take.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::executor::TooBusy;

/// What an article takes beside what its bytes take, in bytes.
const OVERHEAD: usize = 1024;
/// Nanoseconds a byte, before any has been measured.
const FIRST_GUESS: f64 = 100.0;
/// The weight of one more measurement.
const NEWS: f64 = 0.05;

/// The work that waits, and what is known of its cost. The expected wait is
/// the bytes that wait, times what a byte has taken of late.
#[derive(Debug)]
pub struct Load {
    threads: NonZeroUsize,
    max_wait: Duration,
    jobs: AtomicUsize,
    bytes: AtomicUsize,
    /// Bits of an `f64`.
    nanos_per_byte: AtomicU64,
    skips: AtomicU64,
    panics: AtomicU64,
    refusals: AtomicU64,
}

impl Load {
    /// Of so many threads, where no job should wait longer than `max_wait`.
    pub fn new(threads: NonZeroUsize, max_wait: Duration) -> Self {
        Self {
            threads,
            max_wait,
            jobs: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
            nanos_per_byte: AtomicU64::new(FIRST_GUESS.to_bits()),
            skips: AtomicU64::new(0),
            panics: AtomicU64::new(0),
            refusals: AtomicU64::new(0),
        }
    }

    /// How long a job that comes now will wait for its turn.
    pub fn expected_wait(&self) -> Duration {
        let nanos = self.bytes.load(Ordering::Relaxed) as f64 * self.nanos_per_byte();
        Duration::from_nanos((nanos / self.threads.get() as f64) as u64)
    }

    /// Whether a job may come that has to be done by `deadline`.
    ///
    /// # Errors
    /// [`TooBusy`] if it would wait too long.
    pub fn check(&self, deadline: Instant) -> Result<(), TooBusy> {
        let wait = self.expected_wait();
        if wait.is_zero() || wait <= self.max_wait.min(deadline.saturating_duration_since(Instant::now())) {
            return Ok(());
        }
        Err(self.refuse())
    }

    /// Counts a job that may not come.
    pub fn refuse(&self) -> TooBusy {
        self.refusals.fetch_add(1, Ordering::Relaxed);
        TooBusy(self.expected_wait())
    }

    /// Learns from a job that took so long.
    pub fn worked(&self, weight: usize, time: Duration) {
        let measured = time.as_nanos() as f64 / weight.max(1) as f64;
        let known = self.nanos_per_byte();
        // Two threads at once may lose one measurement of many.
        self.nanos_per_byte.store((known + NEWS * (measured - known)).to_bits(), Ordering::Relaxed);
    }

    /// Counts a job that was not begun: too late, or its caller gone.
    pub fn skipped(&self) {
        self.skips.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a job that panicked.
    pub fn panicked(&self) {
        self.panics.fetch_add(1, Ordering::Relaxed);
    }

    /// Jobs that wait.
    pub fn jobs(&self) -> usize {
        self.jobs.load(Ordering::Relaxed)
    }

    /// Jobs that might not come.
    pub fn refusals(&self) -> u64 {
        self.refusals.load(Ordering::Relaxed)
    }

    /// Jobs that were not begun.
    pub fn skips(&self) -> u64 {
        self.skips.load(Ordering::Relaxed)
    }

    /// Jobs that panicked.
    pub fn panics(&self) -> u64 {
        self.panics.load(Ordering::Relaxed)
    }

    fn nanos_per_byte(&self) -> f64 {
        f64::from_bits(self.nanos_per_byte.load(Ordering::Relaxed))
    }
}

/// A job that waits for its turn, until dropped.
#[derive(Debug)]
pub struct Waiting {
    load: Arc<Load>,
    weight: usize,
}

impl Waiting {
    /// One more job, over `bytes` of text.
    pub fn new(load: &Arc<Load>, bytes: usize) -> Self {
        let weight = bytes.saturating_add(OVERHEAD);
        load.jobs.fetch_add(1, Ordering::Relaxed);
        load.bytes.fetch_add(weight, Ordering::Relaxed);
        Self { load: Arc::clone(load), weight }
    }

    /// Its turn has come. Gives its weight.
    pub fn end(self) -> usize {
        self.weight
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.load.jobs.fetch_sub(1, Ordering::Relaxed);
        self.load.bytes.fetch_sub(self.weight, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(threads: usize) -> Arc<Load> {
        Arc::new(Load::new(NonZeroUsize::new(threads).unwrap(), Duration::from_millis(100)))
    }

    #[test]
    fn the_wait_is_what_waits_times_what_it_takes() {
        let load = load(2);
        assert_eq!(load.expected_wait(), Duration::ZERO);
        for _ in 0..500 {
            load.worked(1000, Duration::from_micros(400));
        }
        let waiting = Waiting::new(&load, 100_000 - OVERHEAD);
        assert_eq!(load.jobs(), 1);
        assert!((19..=20).contains(&load.expected_wait().as_millis()), "{:?}", load.expected_wait());
        waiting.end();
        assert_eq!((load.jobs(), load.expected_wait()), (0, Duration::ZERO));
    }

    #[test]
    fn a_job_that_would_wait_too_long_is_refused() {
        let load = load(1);
        let (now, later) = (Instant::now(), Instant::now() + Duration::from_secs(600));
        // With nothing before it, any deadline will do: the call itself ends it.
        assert_eq!(load.check(now), Ok(()));
        let waiting = Waiting::new(&load, 100_000);
        assert_eq!(load.check(later), Ok(()));
        assert!(load.check(now).is_err());
        let more = Waiting::new(&load, 1_000_000);
        assert!(load.check(later).unwrap_err().0 > Duration::from_millis(100));
        drop((waiting, more));
        assert_eq!(load.check(later), Ok(()));
    }
}
