//! Mends what can be mended without losing anything: each relation in a transaction of its own, with every row as it was
//! before in the run's journal.

mod fixes;
mod undoing;

use std::cell::Cell;

use encargo_sdk::journal::{Entry, Journal};
use encargo_sdk::prelude::*;

use crate::checking;
use crate::found::Found;
use crate::issues::Issue;
use crate::verdict::{FailedFix, Finding, Verdict};

pub(crate) use undoing::undo;

/// The command, as its journals name it.
pub(super) const COMMAND: &str = "validate_system";

/// A fixer in the middle of its transaction.
pub(super) struct Mending<'a> {
    run: &'a Run,
    transaction: &'a Transaction,
    journal: &'a Journal,
    /// The issues that are to be mended.
    wanted: &'a [&'static Issue],
    changed: Cell<bool>,
}

impl Mending<'_> {
    /// Whether this issue is to be mended.
    fn wants(&self, issue: &Issue) -> bool {
        self.wanted.contains(&issue)
    }

    /// Notes rows that are being changed.
    fn note(&self, entries: &[Entry]) -> Result<()> {
        self.run.check()?;
        self.changed.set(self.changed.get() || !entries.is_empty());
        self.journal.note(self.transaction, entries)
    }
}

/// Mends what was found in a tenant and does not stand silenced, then looks again: what is still found is not mended.
pub(crate) fn mend(run: &Run, tenant: &str, database: &Database, verdict: &mut Verdict) -> Result<()> {
    for fixer in fixes::ALL {
        let is_wanted = |finding: &&mut Finding| finding.is_mendable(tenant) && fixer.issues.contains(&finding.issue());
        let mut wanted: Vec<_> = verdict.findings.iter_mut().filter(is_wanted).collect();
        if wanted.is_empty() {
            continue;
        }
        let issues: Vec<_> = wanted.iter().map(|finding| finding.issue()).collect();
        let mended = one(run, database, fixer, &issues)
            .and_then(|()| checking::again(run, database, fixer.issues, fixer.relation));
        match mended {
            Ok(left) => {
                wanted.iter_mut().for_each(|finding| finding.fixed = fixed(finding.tallied.n, &left, finding.issue()))
            }
            Err(error) if error.ends_run() => return Err(error),
            Err(error) => {
                let (relation, message) = (fixer.relation, error.message);
                warn!("{relation} could not be fixed: {message}", relation = relation);
                verdict.failed_fixes.push(FailedFix { tenant: tenant.to_owned(), relation, error: message });
            }
        }
    }
    Ok(())
}

/// How many of those that were found are not found any more.
fn fixed(before: u64, left: &Found, issue: &Issue) -> u64 {
    before.saturating_sub(left.of(issue))
}

/// All that one fixer mends, or nothing of it.
fn one(run: &Run, database: &Database, fixer: &fixes::Fixer, wanted: &[&'static Issue]) -> Result<()> {
    let transaction = database.begin()?;
    let journal = match Journal::find(&transaction, COMMAND, run.id())? {
        Some(journal) => journal,
        None => Journal::begin(&transaction, run, COMMAND, run.id(), "fixed", "{}")?,
    };
    let mending = Mending { run, transaction: &transaction, journal: &journal, wanted, changed: Cell::new(false) };
    (fixer.mend)(&mending)?;
    // Where nothing could be mended there is nothing to take back either.
    if mending.changed.get() { transaction.commit() } else { transaction.rollback() }
}
