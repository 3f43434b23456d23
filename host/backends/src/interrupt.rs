//! How another thread ends what a run is doing in its database.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::InterruptHandle;

/// A flag that a watcher raises; statements, waits for a lock and long functions of the run then end with `cancelled`.
///
/// `sqlite3_interrupt` alone is not enough: it is forgotten between two statements and does not end a wait for a lock.
#[derive(Default)]
pub struct Interrupt {
    raised: AtomicBool,
    tickets: AtomicU64,
    handles: Mutex<Vec<(u64, InterruptHandle)>>,
    wake: Condvar,
}

impl Interrupt {
    /// A flag that is down.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends what is under way, and everything that begins before [`Interrupt::lower`].
    pub fn raise(&self) {
        self.raised.store(true, Ordering::SeqCst);
        for (_, handle) in self.handles().iter() {
            handle.interrupt();
        }
        self.wake.notify_all();
    }

    /// Whether the flag is up.
    pub fn is_raised(&self) -> bool {
        self.raised.load(Ordering::Relaxed)
    }

    /// Takes the flag down, so that the next statement runs.
    pub fn lower(&self) {
        self.raised.store(false, Ordering::SeqCst);
    }

    /// Waits until the flag is up, for this long at most, and answers whether it is.
    pub(crate) fn wait(&self, at_most: Duration) -> bool {
        let handles = self.handles();
        let waited = self.wake.wait_timeout_while(handles, at_most, |_| !self.is_raised());
        drop(waited);
        self.is_raised()
    }

    /// Registers a connection; the ticket takes it out again.
    pub(crate) fn register(&self, handle: InterruptHandle) -> u64 {
        let ticket = self.tickets.fetch_add(1, Ordering::Relaxed);
        self.handles().push((ticket, handle));
        ticket
    }

    pub(crate) fn forget(&self, ticket: u64) {
        self.handles().retain(|(other, _)| *other != ticket);
    }

    /// How many connections are registered.
    #[cfg(test)]
    pub(crate) fn registered(&self) -> usize {
        self.handles().len()
    }

    fn handles(&self) -> MutexGuard<'_, Vec<(u64, InterruptHandle)>> {
        self.handles.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Instant;

    use super::*;

    #[test]
    fn a_wait_ends_when_the_flag_goes_up() {
        let interrupt = Arc::new(Interrupt::new());
        assert!(!interrupt.wait(Duration::from_millis(1)));
        let other = Arc::clone(&interrupt);
        let started = Instant::now();
        let raiser = std::thread::spawn(move || other.raise());
        assert!(interrupt.wait(Duration::from_secs(30)));
        assert!(started.elapsed() < Duration::from_secs(20));
        raiser.join().expect("the thread only raises the flag");
        interrupt.lower();
        assert!(!interrupt.is_raised());
    }
}
