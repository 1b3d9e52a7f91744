//! What is in flight, in bytes: requests from their first byte on, responses
//! to their last. Memory is bounded by it, whatever the number of calls.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// So many bytes may be in flight.
#[derive(Clone, Debug)]
pub struct Budget(Arc<Account>);

#[derive(Debug)]
struct Account {
    limit: usize,
    used: AtomicUsize,
    refusals: AtomicU64,
}

impl Budget {
    /// For `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self(Arc::new(Account { limit, used: AtomicUsize::new(0), refusals: AtomicU64::new(0) }))
    }

    /// The bytes in flight.
    pub fn used(&self) -> usize {
        self.0.used.load(Ordering::Relaxed)
    }

    /// How often there was no room.
    pub fn refusals(&self) -> u64 {
        self.0.refusals.load(Ordering::Relaxed)
    }

    /// A charge of nothing yet.
    pub fn open(&self) -> Charge {
        Charge { account: Arc::clone(&self.0), bytes: AtomicUsize::new(0) }
    }
}

/// Bytes in flight, until it is dropped.
#[derive(Debug)]
pub struct Charge {
    account: Arc<Account>,
    bytes: AtomicUsize,
}

impl Charge {
    /// Adds bytes that have come in, if there is room for them.
    #[must_use]
    pub fn try_add(&self, bytes: usize) -> bool {
        let fits = |used: usize| used.checked_add(bytes).filter(|sum| *sum <= self.account.limit);
        let added = self.account.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).is_ok();
        if added {
            self.bytes.fetch_add(bytes, Ordering::Relaxed);
        } else {
            self.account.refusals.fetch_add(1, Ordering::Relaxed);
        }
        added
    }

    /// Adds bytes that are there already, whatever the limit: what was let in
    /// is answered, and new calls pay for it.
    pub fn add(&self, bytes: usize) {
        self.account.used.fetch_add(bytes, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// A charge of its own for `bytes` that are there already.
    pub fn beside(&self, bytes: usize) -> Charge {
        let charge = Charge { account: Arc::clone(&self.account), bytes: AtomicUsize::new(0) };
        charge.add(bytes);
        charge
    }

    /// Hands all of it over to another charge, which may end before this one.
    pub fn split(&self) -> Charge {
        let bytes = self.bytes.swap(0, Ordering::Relaxed);
        Charge { account: Arc::clone(&self.account), bytes: AtomicUsize::new(bytes) }
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.account.used.fetch_sub(*self.bytes.get_mut(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_and_never_exceed_what_may_come_in() {
        let budget = Budget::new(100);
        let (one, other) = (budget.open(), budget.open());
        assert!(one.try_add(60));
        assert!(!other.try_add(41));
        assert!(!other.try_add(usize::MAX));
        assert!(other.try_add(40));
        one.add(500);
        assert_eq!(budget.used(), 600);
        let item = one.split();
        drop(one.beside(10));
        drop(one);
        assert_eq!(budget.used(), 600);
        drop((item, other));
        assert_eq!((budget.used(), budget.refusals()), (0, 2));
    }
}
