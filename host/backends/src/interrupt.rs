//! What ends what a run is doing in its database: another thread, or the time that its statement has.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::InterruptHandle;

/// A flag that a watcher raises; statements, waits for a lock and long functions of the run then end with `cancelled`.
///
/// `sqlite3_interrupt` alone is not enough: it is forgotten between two statements and does not end a wait for a lock.
pub struct Interrupt {
    raised: AtomicBool,
    /// What the statement's end is counted from.
    base: Instant,
    /// When the statement under way has to be over, in nanoseconds since the base.
    statement_end: AtomicU64,
    tickets: AtomicU64,
    handles: Mutex<Vec<(u64, InterruptHandle)>>,
    wake: Condvar,
}

/// Of a statement that may go on for as long as the run does.
const NEVER: u64 = u64::MAX;

impl Default for Interrupt {
    fn default() -> Self {
        Self {
            raised: AtomicBool::default(),
            base: Instant::now(),
            statement_end: AtomicU64::new(NEVER),
            tickets: AtomicU64::default(),
            handles: Mutex::default(),
            wake: Condvar::new(),
        }
    }
}

impl Interrupt {
    /// A flag that is down.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says when the statement under way has to be over; `None` for one that nothing but the flag ends.
    pub(crate) fn end_statement_at(&self, end: Option<Instant>) {
        let since_base = |end: Instant| u64::try_from(end.saturating_duration_since(self.base).as_nanos());
        let end = end.map_or(NEVER, |end| since_base(end).unwrap_or(NEVER));
        self.statement_end.store(end, Ordering::Relaxed);
    }

    /// Whether the statement under way has had its time. The clock is looked at where there is an end alone.
    pub(crate) fn is_late(&self) -> bool {
        let end = self.statement_end.load(Ordering::Relaxed);
        end != NEVER && self.base.elapsed().as_nanos() >= u128::from(end)
    }

    /// Whether the statement under way is to stop, for whichever of the two reasons.
    pub(crate) fn stops(&self) -> bool {
        self.is_raised() || self.is_late()
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

    use super::*;

    #[test]
    fn a_statement_stops_at_its_end_and_the_next_one_has_its_own() {
        let interrupt = Interrupt::new();
        assert!(!interrupt.stops());
        for (end, is_late) in [
            (Some(Instant::now()), true),
            (Some(Instant::now() + Duration::from_secs(3_600)), false),
            (interrupt.base.checked_sub(Duration::from_nanos(1)), true),
            (None, false),
        ] {
            interrupt.end_statement_at(end);
            assert_eq!((interrupt.is_late(), interrupt.stops()), (is_late, is_late), "{end:?}");
        }
        interrupt.raise();
        assert_eq!((interrupt.is_late(), interrupt.stops()), (false, true));
    }

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
