//! What a run's SQL took: statements, rows of a batch, and how long a statement and a transaction went on.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use encargo_model::{Limits, PageUse};

use crate::Interrupt;

/// What the SQL of one run took, in all of its databases. The run's thread counts, and its watcher reads.
#[derive(Debug, Default)]
pub struct Meter {
    statements: AtomicU64,
    batch_rows: AtomicU64,
    pages_found: AtomicU64,
    pages_read: AtomicU64,
    /// The longest ones that are over, in nanoseconds.
    statement: AtomicU64,
    transaction: AtomicU64,
    /// When the open transactions began. There are two at most: one in each tenant that is open.
    open: Mutex<Vec<Instant>>,
}

/// A transaction that is open until this is dropped.
#[derive(Debug)]
pub(crate) struct OpenTransaction {
    meter: Arc<Meter>,
    began: Instant,
}

/// A statement at work in the database until this is dropped.
pub(crate) struct RunningStatement<'a> {
    meter: &'a Meter,
    interrupt: &'a Interrupt,
    began: Instant,
}

impl Meter {
    /// How many statements and batches there were.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// The most rows of a batch that was written.
    pub fn batch_rows(&self) -> u64 {
        self.batch_rows.load(Ordering::Relaxed)
    }

    /// The pages that statements which are over asked for, and all those of connections that are closed.
    pub fn pages(&self) -> PageUse {
        PageUse { found: self.pages_found.load(Ordering::Relaxed), read: self.pages_read.load(Ordering::Relaxed) }
    }

    /// How long the longest statement worked in the database.
    pub fn longest_statement(&self) -> Duration {
        Duration::from_nanos(self.statement.load(Ordering::Relaxed))
    }

    /// How long the longest transaction was open, or is at this instant.
    pub fn longest_transaction(&self, now: Instant) -> Duration {
        let open = self.open().iter().map(|began| now.saturating_duration_since(*began)).max();
        Duration::from_nanos(self.transaction.load(Ordering::Relaxed)).max(open.unwrap_or_default())
    }

    /// Counts one more statement, and answers whether the run may have so many.
    pub(crate) fn count_statement(&self, most: u64) -> bool {
        let counted = self.statements() < most;
        self.statements.fetch_add(u64::from(counted), Ordering::Relaxed);
        counted
    }

    pub(crate) fn count_rows(&self, rows: u32) {
        self.batch_rows.fetch_max(rows.into(), Ordering::Relaxed);
    }

    /// Adds what a connection asked for.
    pub(crate) fn count_pages(&self, pages: PageUse) {
        self.pages_found.fetch_add(pages.found, Ordering::Relaxed);
        self.pages_read.fetch_add(pages.read, Ordering::Relaxed);
    }

    /// Begins to time a transaction.
    pub(crate) fn transaction(self: &Arc<Self>) -> OpenTransaction {
        let began = Instant::now();
        self.open().push(began);
        OpenTransaction { meter: Arc::clone(self), began }
    }

    /// Begins to time a statement, and to end it once it has had its time. One that may take as long as the run needs
    /// no look at the clock while it works.
    pub(crate) fn statement<'a>(&'a self, interrupt: &'a Interrupt, limits: &Limits) -> RunningStatement<'a> {
        let began = Instant::now();
        let has_an_end = limits.statement_seconds < limits.wall_seconds;
        let end = began.checked_add(limits.statement_seconds).filter(|_| has_an_end);
        interrupt.end_statement_at(end);
        RunningStatement { meter: self, interrupt, began }
    }

    fn open(&self) -> MutexGuard<'_, Vec<Instant>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OpenTransaction {
    /// How long it has been open.
    pub(crate) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }
}

impl Drop for OpenTransaction {
    fn drop(&mut self) {
        self.meter.transaction.fetch_max(nanoseconds(self.elapsed()), Ordering::Relaxed);
        let mut open = self.meter.open();
        if let Some(at) = open.iter().position(|began| *began == self.began) {
            open.swap_remove(at);
        }
    }
}

impl RunningStatement<'_> {
    /// How long it has been at work.
    pub(crate) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }
}

impl Drop for RunningStatement<'_> {
    fn drop(&mut self) {
        self.interrupt.end_statement_at(None);
        self.meter.statement.fetch_max(nanoseconds(self.began.elapsed()), Ordering::Relaxed);
    }
}

fn nanoseconds(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_transaction_counts_while_it_is_open_and_afterwards() {
        let meter = Arc::new(Meter::default());
        assert_eq!(meter.longest_transaction(Instant::now()), Duration::ZERO);
        let [first, second] = [meter.transaction(), meter.transaction()];
        let later = first.began + Duration::from_secs(60);
        assert_eq!(meter.longest_transaction(later), Duration::from_secs(60));
        let began = second.began;
        drop(first);
        assert_eq!(meter.longest_transaction(later), later - began, "the other one is still open");
        drop(second);
        let longest = meter.longest_transaction(later);
        assert!(longest > Duration::ZERO && longest < Duration::from_secs(60), "{longest:?}");
        assert_eq!(meter.longest_transaction(later), longest);
    }

    #[test]
    fn a_statement_has_an_end_where_it_may_take_less_than_the_run() {
        let seconds = Duration::from_secs;
        for (statement, wall, is_late) in [(0, 60, true), (60, 60, false), (0, 0, false), (3_600, 7_200, false)] {
            let (meter, interrupt) = (Meter::default(), Interrupt::new());
            let (statement_seconds, wall_seconds) = (seconds(statement), seconds(wall));
            let limits = Limits { statement_seconds, wall_seconds, ..Limits::default() };
            let running = meter.statement(&interrupt, &limits);
            assert_eq!(interrupt.is_late(), is_late, "{statement} s of {wall}");
            drop(running);
            assert!(!interrupt.is_late() && meter.longest_statement() > Duration::ZERO);
        }
    }

    #[test]
    fn as_many_statements_are_counted_as_there_may_be() {
        let meter = Meter::default();
        assert_eq!([2; 4].map(|most| meter.count_statement(most)), [true, true, false, false]);
        assert_eq!(meter.statements(), 2);
        [7, 3].iter().for_each(|&rows| meter.count_rows(rows));
        assert_eq!(meter.batch_rows(), 7);
    }
}
