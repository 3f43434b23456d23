//! Takes all items of a tenant to a version, a page in a transaction, and looks at what it wrote.

use encargo_sdk::fingerprint::Fingerprint;
use encargo_sdk::prelude::*;
use encargo_sdk::sql::{HUNDRED, in_hundred};

use crate::item::{Item, into};
use crate::rules::Found;
use crate::sql;
use crate::steps::migrate;
use crate::version::Version;

/// Migrates the items that are not in the version, and answers how many there were.
///
/// # Errors
/// `failed` where what no step may change did not read back as it was; that page is rolled back.
pub(crate) fn migrate_all(run: &Run, database: &Database, to: Version, others: u64) -> Result<u64> {
    let mut items = run.take_up("items", i64::MIN, || Ok(0_u64))?;
    let migrating = Phase::new(text!("migrating", "migrando"), text!("items", "elementos")).of(others);
    items.each_transaction(database, &migrating, |transaction, &after, done| {
        let rows: Vec<Item> = transaction.rows(sql::OTHERS, &[&after, &to.number()])?;
        let Some(last) = rows.last().map(|item| item.id) else { return Ok(Step { next: None, done: 0 }) };
        // An item may be of a run that began later and ended sooner.
        let changed_at = |item: &Item| run.started_at().max(item.created_at);
        let changed: Vec<Item> =
            rows.iter().map(|item| Item { updated_at: changed_at(item), ..migrate(item, to) }).collect();
        transaction.write_rows(&into(), &changed)?;
        rows.chunks(HUNDRED)
            .zip(changed.chunks(HUNDRED))
            .try_for_each(|(rows, changed)| verify(transaction, rows, changed))?;
        *done += rows.len() as u64;
        Ok(Step { next: Some(last), done: rows.len() as u64 })
    })?;
    Ok(*items.totals())
}

/// Compares at most a hundred items with what was to be written, and what no step changes with what it was.
fn verify(transaction: &Transaction, before: &[Item], changed: &[Item]) -> Result<()> {
    let ids: Vec<i64> = changed.iter().map(|item| item.id).collect();
    let read_back: Vec<Item> = transaction.rows(sql::WRITTEN, &in_hundred(&ids).unwrap_or_default())?;
    let unchanging = |items: &[Item]| {
        let mut fingerprint = Fingerprint::default();
        items.iter().for_each(|item| item.add_unchanging(&mut fingerprint));
        fingerprint.finish()
    };
    if read_back == changed && unchanging(before) == unchanging(&read_back) {
        return Ok(());
    }
    let (first, last) = (ids.first().copied().unwrap_or_default(), ids.last().copied().unwrap_or_default());
    let message = text!(
        "items from the id {first} to {last} did not read back as they were written; they stay as they were",
        "los elementos del id {first} al {last} no se leyeron como se escribieron; quedan como estaban"
    );
    Err(Error::new(ErrorCode::Failed, message))
}

/// Looks at every item.
///
/// # Errors
/// What the database says.
pub(crate) fn validate_all(run: &Run, database: &Database, wanted: Option<Version>, items: u64) -> Result<Found> {
    let validating = Phase::new(text!("validating", "validando"), text!("items", "elementos")).of(items);
    let transaction = database.begin_read_only()?;
    let (mut found, mut after) = (Found::default(), i64::MIN);
    loop {
        run.check()?;
        run.progress(&validating, found.items);
        let page: Vec<Item> = transaction.rows(sql::ITEMS, &[&after])?;
        let Some(last) = page.last() else { break };
        after = last.id;
        page.iter().for_each(|item| found.look(item, wanted));
    }
    transaction.rollback()?;
    Ok(found)
}
