//! Waits for another writer, and stops waiting when the run is to end.
//!
//! `sqlite3_interrupt` does not end a wait for a lock, and a handler is a plain function that is told nothing about its
//! connection; so what it watches is kept for the thread.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use crate::Interrupt;

/// How often the flag is looked at.
const PAUSE: Duration = Duration::from_millis(10);
/// After five seconds the statement answers `busy`.
const PAUSES: i32 = 500;

thread_local! {
    static WATCHED: RefCell<Option<Arc<Interrupt>>> = const { RefCell::new(None) };
}

/// Says which flag ends the waits of this thread from now on.
pub(super) fn watch(interrupt: &Arc<Interrupt>) {
    WATCHED.set(Some(Arc::clone(interrupt)));
}

/// SQLite's busy handler: whether to try again.
pub(super) fn wait(waits: i32) -> bool {
    let interrupt = WATCHED.with_borrow(Clone::clone);
    waits < PAUSES && interrupt.is_some_and(|interrupt| !interrupt.wait(PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_has_an_end() {
        let interrupt = Arc::new(Interrupt::new());
        watch(&interrupt);
        assert!(wait(0));
        assert!(!wait(PAUSES));
        let other = Arc::new(Interrupt::new());
        watch(&other);
        interrupt.raise();
        assert!(wait(0), "the other one is watched");
        watch(&interrupt);
        assert!(!wait(0));
        watch(&interrupt);
        assert!(!wait(0));
    }
}
