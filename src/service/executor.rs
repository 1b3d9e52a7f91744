//! Threads of our own for the work that takes CPU, so that the threads that
//! move bytes stay free.

use std::collections::VecDeque;
use std::io;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tracing::Span;

use super::load::{Load, Waiting};
use crate::Cancel;

/// A fixed number of named threads that take jobs first come, first served.
///
/// A job needs a [`Slot`], and there are only so many: one for each thread and
/// one for each place in the queue. Nor is one given out for a job that would
/// wait too long for its turn. A job whose caller has gone, or whose
/// deadline has passed, is skipped when its turn comes; one that runs is told
/// through its [`Cancel`]. A job that panics fails alone.
///
/// Dropping the executor drops the jobs that wait; its threads end after those
/// they are at.
#[derive(Debug)]
pub struct Executor {
    slots: Arc<Semaphore>,
    queue: Arc<Queue>,
    load: Arc<Load>,
}

/// The right to one job.
#[derive(Debug)]
pub struct Slot {
    /// Until its turn comes.
    waiting: Waiting,
    _place: OwnedSemaphorePermit,
}

/// The expected wait, where it is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooBusy(pub Duration);

/// Why a job has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Its deadline passed before its turn came.
    Expired,
    /// It panicked. The panic has been logged.
    Panicked,
    /// The executor is gone.
    Stopped,
}

impl Executor {
    /// Starts `threads`, with room for `queue` jobs to wait, as long as their
    /// turn is expected to come within `max_wait`.
    ///
    /// # Errors
    /// When the system grants no thread.
    pub fn start(threads: NonZeroUsize, queue: usize, max_wait: Duration) -> io::Result<Self> {
        let slots = Arc::new(Semaphore::new(threads.get() + queue));
        let load = Arc::new(Load::new(threads, max_wait));
        // Made first, so that threads already started end when a later one cannot be.
        let executor = Self { slots, queue: Arc::default(), load };
        for number in 0..threads.get() {
            let queue = Arc::clone(&executor.queue);
            thread::Builder::new().name(format!("enrich-{number}")).spawn(move || queue.work())?;
        }
        Ok(executor)
    }

    /// How much waits.
    pub fn load(&self) -> &Arc<Load> {
        &self.load
    }

    /// A slot for a job over `bytes` of text, if one is free and its turn can
    /// be expected in time.
    ///
    /// # Errors
    /// [`TooBusy`] if not.
    pub fn try_slot(&self, bytes: usize, deadline: Instant) -> Result<Slot, TooBusy> {
        self.load.check(deadline)?;
        let place = Arc::clone(&self.slots).try_acquire_owned();
        let _place = place.map_err(|_| self.load.refuse())?;
        Ok(Slot { waiting: Waiting::new(&self.load, bytes), _place })
    }

    /// A slot, as soon as one is free, however busy it is.
    pub async fn slot(&self, bytes: usize) -> Option<Slot> {
        let _place = Arc::clone(&self.slots).acquire_owned().await.ok()?;
        Some(Slot { waiting: Waiting::new(&self.load, bytes), _place })
    }

    /// Has `work` done in the current span, until `deadline`. Dropping the
    /// future tells the work that its caller has gone.
    ///
    /// # Errors
    /// When the work was not done, or not to its end.
    pub async fn run<T, W>(&self, slot: Slot, deadline: Instant, work: W) -> Result<T, Failure>
    where
        T: Send + 'static,
        W: FnOnce(&Cancel) -> T + Send + 'static,
    {
        let caller = Caller::default();
        let cancel = Cancel::new(Some(deadline), Some(Arc::clone(&caller.gone)));
        let span = Span::current();
        let (answer, answered) = oneshot::channel();
        let load = Arc::clone(&self.load);
        self.queue.push(Box::new(move || {
            let Slot { waiting, _place } = slot;
            let bytes = waiting.end();
            let result = match cancel.check() {
                Ok(()) => span.in_scope(|| {
                    let started = Instant::now();
                    // Safe to go on after: what the work can have left half
                    // done is dropped with it.
                    let result = catch_unwind(AssertUnwindSafe(|| work(&cancel)));
                    load.worked(bytes, started.elapsed());
                    result.map_err(|_| Failure::Panicked)
                }),
                Err(_) => Err(Failure::Expired),
            };
            match result {
                Err(Failure::Expired) => load.skipped(),
                Err(Failure::Panicked) => load.panicked(),
                _ => (),
            }
            drop((span, _place));
            let _ = answer.send(result);
        }));
        answered.await.unwrap_or(Err(Failure::Stopped))
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        self.queue.close();
    }
}

/// Tells the work, when dropped, that its caller has gone.
#[derive(Default)]
struct Caller {
    gone: Arc<AtomicBool>,
}

impl Drop for Caller {
    fn drop(&mut self) {
        self.gone.store(true, Ordering::Relaxed);
    }
}

type Job = Box<dyn FnOnce() + Send>;

/// The jobs that wait. As long as the slots allow.
#[derive(Default)]
struct Queue {
    jobs: Mutex<Jobs>,
    changed: Condvar,
}

#[derive(Default)]
struct Jobs {
    waiting: VecDeque<Job>,
    closed: bool,
}

impl Queue {
    fn push(&self, job: Job) {
        let mut jobs = self.lock();
        if !jobs.closed {
            jobs.waiting.push_back(job);
            drop(jobs);
            self.changed.notify_one();
        }
    }

    fn close(&self) {
        let mut jobs = self.lock();
        jobs.closed = true;
        let waiting = std::mem::take(&mut jobs.waiting);
        drop(jobs);
        self.changed.notify_all();
        drop(waiting);
    }

    /// What each thread does.
    fn work(&self) {
        while let Some(job) = self.next() {
            job();
        }
    }

    fn next(&self) -> Option<Job> {
        let idle = |jobs: &mut Jobs| jobs.waiting.is_empty() && !jobs.closed;
        let mut jobs = self.changed.wait_while(self.lock(), idle).unwrap_or_else(PoisonError::into_inner);
        jobs.waiting.pop_front()
    }

    /// No job runs under the lock, so a poisoned one is sound.
    fn lock(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Queue({} waiting)", self.lock().waiting.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    fn executor(threads: usize, queue: usize) -> Executor {
        Executor::start(NonZeroUsize::new(threads).unwrap(), queue, Duration::from_secs(600)).unwrap()
    }

    fn later() -> Instant {
        Instant::now() + Duration::from_secs(600)
    }

    /// Occupies a thread until the sender is dropped or sends.
    fn occupy(executor: &Arc<Executor>) -> (mpsc::Sender<()>, tokio::task::JoinHandle<Result<(), Failure>>) {
        let (release, released) = mpsc::channel();
        let (started, at_work) = mpsc::channel();
        let slot = executor.try_slot(1, later()).unwrap();
        let executor = Arc::clone(executor);
        let work = tokio::spawn(async move {
            executor
                .run(slot, later(), move |_| {
                    started.send(()).unwrap();
                    let _ = released.recv();
                })
                .await
        });
        tokio::task::block_in_place(|| at_work.recv().unwrap());
        (release, work)
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn work_is_done_on_named_threads() {
        let executor = executor(2, 0);
        let slot = executor.try_slot(1, later()).unwrap();
        let name = executor.run(slot, later(), |_| thread::current().name().unwrap().to_owned()).await.unwrap();
        assert!(name.starts_with("enrich-"), "{name}");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_panic_fails_its_job_alone() {
        let executor = executor(1, 1);
        let slot = executor.try_slot(1, later()).unwrap();
        assert_eq!(executor.run(slot, later(), |_| panic!("on purpose")).await, Err::<(), _>(Failure::Panicked));
        assert_eq!(executor.load().panics(), 1);
        let slot = executor.try_slot(1, later()).unwrap();
        assert_eq!(executor.run(slot, later(), |_| 7).await, Ok(7));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn slots_bound_what_waits_and_come_back() {
        let executor = Arc::new(executor(1, 1));
        let (release, work) = occupy(&executor);
        let waiting = executor.try_slot(1, later()).unwrap();
        assert!(executor.try_slot(1, later()).is_err());
        drop(waiting);
        drop(release);
        work.await.unwrap().unwrap();
        assert!(executor.slot(1).await.is_some());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_nobody_waits_for_is_skipped() {
        let executor = Arc::new(executor(1, 2));
        let (release, work) = occupy(&executor);
        let done = Arc::new(AtomicBool::new(false));

        let expired = {
            let done = Arc::clone(&done);
            let slot = executor.try_slot(1, later()).unwrap();
            executor.run(slot, Instant::now(), move |_| done.store(true, Ordering::Relaxed))
        };
        let abandoned = {
            let (executor, done) = (Arc::clone(&executor), Arc::clone(&done));
            let slot = executor.try_slot(1, later()).unwrap();
            tokio::spawn(async move { executor.run(slot, later(), move |_| done.store(true, Ordering::Relaxed)).await })
        };
        while executor.queue.lock().waiting.is_empty() {
            tokio::task::yield_now().await;
        }
        abandoned.abort();
        assert!(abandoned.await.unwrap_err().is_cancelled());
        drop(release);
        assert_eq!(expired.await, Err(Failure::Expired));
        work.await.unwrap().unwrap();
        let slot = executor.slot(1).await.unwrap();
        executor.run(slot, later(), |_| ()).await.unwrap();
        assert!(!done.load(Ordering::Relaxed));
        assert_eq!(executor.load().skips(), 2);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn running_work_learns_that_its_caller_has_gone() {
        let executor = Arc::new(executor(1, 0));
        let (told, learned) = mpsc::channel();
        let (started, at_work) = mpsc::channel();
        let slot = executor.try_slot(1, later()).unwrap();
        let call = tokio::spawn({
            let executor = Arc::clone(&executor);
            async move {
                executor
                    .run(slot, later(), move |cancel| {
                        started.send(()).unwrap();
                        while cancel.check().is_ok() {
                            thread::yield_now();
                        }
                        told.send(()).unwrap();
                    })
                    .await
            }
        });
        tokio::task::block_in_place(|| at_work.recv().unwrap());
        call.abort();
        tokio::task::block_in_place(|| learned.recv().unwrap());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_stopped_executor_answers() {
        let executor = executor(1, 0);
        let slot = executor.try_slot(1, later()).unwrap();
        executor.queue.close();
        assert_eq!(executor.run(slot, later(), |_| ()).await, Err(Failure::Stopped));
    }
}
