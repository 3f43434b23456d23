//! What one run committed, whoever holds the database it did it in.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use encargo_model::TableChange;

type Lines = BTreeMap<(Option<String>, String), TableChange>;

/// The committed changes of one run. Its copies are one ledger: every database of the run adds to it at each commit, so
/// nothing is lost with a handle that is never given back.
#[derive(Debug, Clone, Default)]
pub struct Ledger(Arc<Mutex<Lines>>);

impl Ledger {
    /// Adds committed changes to one table.
    pub fn add(&self, change: TableChange) {
        match self.lines().entry((change.tenant.clone(), change.table.clone())) {
            Entry::Vacant(place) => {
                place.insert(change);
            }
            Entry::Occupied(mut place) => {
                let sum = place.get_mut();
                sum.inserted += change.inserted;
                sum.updated += change.updated;
                sum.deleted += change.deleted;
            }
        }
    }

    /// Adds rows of a table of the platform itself.
    pub fn add_platform(&self, table: &str, inserted: u64, updated: u64) {
        self.add(TableChange { tenant: None, table: table.to_owned(), inserted, updated, deleted: 0 });
    }

    /// A line for each table that changed: the platform's own first, then in the order of tenant and table.
    pub fn changes(&self) -> Vec<TableChange> {
        let changed = |change: &&TableChange| change.inserted + change.updated + change.deleted > 0;
        self.lines().values().filter(changed).cloned().collect()
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_adds_up_by_tenant_and_table_and_leaves_out_what_did_not_change() {
        let ledger = Ledger::default();
        let change = |tenant: Option<&str>, table: &str, [inserted, updated, deleted]: [u64; 3]| TableChange {
            tenant: tenant.map(str::to_owned),
            table: table.to_owned(),
            inserted,
            updated,
            deleted,
        };
        ledger.clone().add(change(Some("acme"), "logs", [1, 2, 3]));
        ledger.clone().add(change(Some("beta"), "logs", [7, 0, 0]));
        ledger.add(change(Some("acme"), "logs", [10, 20, 30]));
        ledger.add(change(Some("acme"), "chats", [0, 0, 1]));
        ledger.add_platform("tenants", 1, 2);
        ledger.add_platform("users", 0, 0);
        let expected = [
            change(None, "tenants", [1, 2, 0]),
            change(Some("acme"), "chats", [0, 0, 1]),
            change(Some("acme"), "logs", [11, 22, 33]),
            change(Some("beta"), "logs", [7, 0, 0]),
        ];
        assert_eq!(ledger.changes(), expected);
    }
}
