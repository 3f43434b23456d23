//! Counts the rows that really change, for the receipt.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

use encargo_model::TableChange;
use rusqlite::hooks::Action;

use crate::schema::RELATIONS;

/// Rows inserted, updated and deleted.
type Counts = [u64; 3];
/// Counts of every relation. `deletions` and `silent_changes` are last and a consequence of others, so they are not reported.
const REPORTED: usize = RELATIONS.len() - 2;

/// What changed since the transaction began. SQLite calls from inside a step, so the counters are shared with its hook.
#[derive(Default)]
pub(super) struct Tally {
    counts: [[AtomicU64; 3]; REPORTED],
    /// The relation of the last row: the next is nearly always of the same.
    last: AtomicUsize,
}

/// The counters at some moment.
#[derive(Clone, Copy, Default)]
pub(super) struct Snapshot([Counts; REPORTED]);

impl Tally {
    pub(super) fn count(&self, action: Action, table: &str) {
        let last = self.last.load(Relaxed);
        let at = if RELATIONS[last] == table { Some(last) } else { relation(table) };
        let Some(at) = at else { return };
        self.last.store(at, Relaxed);
        let which = match action {
            Action::SQLITE_INSERT => 0,
            Action::SQLITE_UPDATE => 1,
            _ => 2,
        };
        // One thread writes, so a load and a store do what a locked addition would.
        let counter = &self.counts[at][which];
        counter.store(counter.load(Relaxed) + 1, Relaxed);
    }

    /// Rows inserted into and updated in a table since the transaction began.
    pub(super) fn written(&self, table: &str) -> (u64, u64) {
        relation(table).map_or((0, 0), |at| (self.counts[at][0].load(Relaxed), self.counts[at][1].load(Relaxed)))
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        let mut snapshot = Snapshot::default();
        for (counts, kept) in self.counts.iter().zip(&mut snapshot.0) {
            *kept = [0, 1, 2].map(|which| counts[which].load(Relaxed));
        }
        snapshot
    }

    /// Takes back what a statement counted that was then undone.
    pub(super) fn restore(&self, snapshot: &Snapshot) {
        for (counts, kept) in self.counts.iter().zip(&snapshot.0) {
            for (counter, kept) in counts.iter().zip(kept) {
                counter.store(*kept, Relaxed);
            }
        }
    }
}

impl Snapshot {
    /// A line for each relation that changed.
    pub(super) fn changes(&self, tenant: &str) -> Vec<TableChange> {
        let changed = RELATIONS.iter().zip(&self.0).filter(|(_, counts)| **counts != [0; 3]);
        let line = |(table, &[inserted, updated, deleted]): (&&str, &Counts)| TableChange {
            tenant: Some(tenant.to_owned()),
            table: (*table).to_owned(),
            inserted,
            updated,
            deleted,
        };
        changed.map(line).collect()
    }
}

fn relation(table: &str) -> Option<usize> {
    RELATIONS[..REPORTED].iter().position(|relation| *relation == table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hosts_tables_and_tombstones_are_not_reported() {
        assert_eq!(RELATIONS[REPORTED..], ["deletions", "silent_changes"]);
        let tally = Tally::default();
        for table in ["deletions", "silent_changes", "checkpoints", "id_blocks", "sqlite_sequence", "chats", "chats"] {
            tally.count(Action::SQLITE_INSERT, table);
        }
        let before = tally.snapshot();
        tally.count(Action::SQLITE_DELETE, "agents");
        let changed = |snapshot: &Snapshot| -> Vec<_> {
            let changes = snapshot.changes("acme");
            changes.into_iter().map(|c| (c.table, c.inserted, c.updated, c.deleted)).collect()
        };
        assert_eq!(changed(&tally.snapshot()), [("agents".to_owned(), 0, 0, 1), ("chats".to_owned(), 2, 0, 0)]);
        tally.restore(&before);
        assert_eq!(changed(&tally.snapshot()), [("chats".to_owned(), 2, 0, 0)]);
    }
}
