//! Takes an import back by its receipt: what it made goes, what it changed is as before, what it deleted comes back, and what
//! somebody changed since stays. It goes in short transactions, and what was taken back is in the journal no more.

use std::collections::HashSet;

use encargo_sdk::journal::{Done, Entry, Journal, read_back};
use encargo_sdk::prelude::*;
use encargo_sdk::sql::{HUNDRED, in_hundred};

use crate::receipt::{COMMAND, RELATION, StoredItem, UNDOING, UNDONE, stored};
use crate::sql;

/// How many pages of a hundred items one transaction takes back.
const PAGES: usize = 10;
/// How many receipts an error names.
const NAMED: usize = 10;
/// The loop over the entries.
const LOOP: &str = "undo";

/// Takes back what the import with this receipt did.
pub(crate) fn undo(run: &Run, name: &str) -> Result<Report> {
    let database = run.database()?;
    let Some(mut journal) = begin(run, &database, name)? else {
        return Ok(Report::new(text!(
            "The import {name} was taken back before; there is nothing to do",
            "La importación {name} ya se deshizo; no hay nada que hacer"
        )));
    };
    let mut undoing = run.take_up(LOOP, String::new(), || Ok(Tally::default()))?;
    let phase = Phase::new(text!("taking back", "deshaciendo"), text!("items", "elementos"));
    undoing.each_transaction(&database, &phase, |transaction, after, tally| {
        let (mut after, mut done) = (after.clone(), 0);
        for _ in 0..PAGES {
            let page = journal.page(transaction, RELATION, &after, HUNDRED as u32)?;
            let Some(last) = page.last() else {
                // What is left are entries of what stays.
                journal.clear(transaction)?;
                journal.change(transaction, run, UNDONE, "{}")?;
                return Ok(Step { next: None, done });
            };
            take_back(transaction, &journal, &page, tally)?;
            done += page.len() as u64;
            after.clone_from(&last.row_key);
        }
        Ok(Step { next: Some(after), done })
    })?;
    Ok(report(name, undoing.totals().clone()))
}

/// The journal of a receipt, marked as being taken back; none where that was done before.
fn begin(run: &Run, database: &Database, name: &str) -> Result<Option<Journal>> {
    let transaction = database.begin()?;
    let Some(mut journal) = Journal::find(&transaction, COMMAND, name)? else {
        let all = Journal::all(&transaction, COMMAND)?;
        return Err(unknown(name, &all));
    };
    // A run that is resumed behind its end still tells what it did.
    if journal.state == UNDONE && run.checkpoint(LOOP)?.is_none() {
        transaction.rollback()?;
        return Ok(None);
    }
    if journal.state != UNDONE {
        journal.change(&transaction, run, UNDOING, "{}")?;
    }
    transaction.commit()?;
    Ok(Some(journal))
}

fn unknown(name: &str, all: &[Journal]) -> Error {
    let kept: Vec<_> = all.iter().rev().filter(|journal| journal.state != UNDONE).collect();
    let named: Vec<_> = kept.iter().take(NAMED).map(|journal| format!("`{}`", journal.name)).collect();
    let (named, more) = (named.join(", "), kept.len().saturating_sub(NAMED));
    let message = match (kept.is_empty(), more) {
        (true, _) => text!(
            "no import has the receipt `{name}` here, nor any other; `--receipt` keeps one",
            "ninguna importación tiene aquí el recibo `{name}`, ni ningún otro; `--receipt` guarda uno"
        ),
        (false, 0) => text!(
            "no import has the receipt `{name}` here; there are {named}",
            "ninguna importación tiene aquí el recibo `{name}`; hay {named}"
        ),
        (false, more) => text!(
            "no import has the receipt `{name}` here; there are {named} and {more} older ones",
            "ninguna importación tiene aquí el recibo `{name}`; hay {named} y {more} anteriores"
        ),
    };
    Error::new(ErrorCode::NotFound, message)
}

fn report(name: &str, mut tally: Tally) -> Report {
    let of = |action| tally.of(RELATION, action);
    let (deleted, updated, created, kept) =
        (of(Action::Deleted), of(Action::Updated), of(Action::Created), of(Action::Kept));
    if kept > 0 {
        tally.note(text!(
            "{kept} items were changed since and stay as they are",
            "{kept} elementos se cambiaron después y quedan como están"
        ));
    }
    tally.report(text!(
        "Took back the import {name}: {deleted} items removed, {updated} as before, {created} brought back",
        "Se deshizo la importación {name}: {deleted} elementos quitados, {updated} como antes, {created} devueltos"
    ))
}

/// Takes back at most a hundred entries, and forgets them; those of what stays remain.
fn take_back(transaction: &Transaction, journal: &Journal, page: &[Entry], tally: &mut Tally) -> Result<()> {
    let keys: Vec<&str> = page.iter().map(|entry| entry.row_key.as_str()).collect();
    let there = stored(transaction, &keys)?;
    let (mut made, mut changed, mut deleted) = (Vec::new(), Vec::new(), Vec::new());
    let mut forgotten = Vec::new();
    for entry in page {
        let now = there.get(&entry.row_key);
        let is_as_left = now.is_some_and(|now| now.state() == entry.hash);
        let before = || read_back::<StoredItem>(entry.before.as_deref().unwrap_or_default());
        match (Done::from_word(&entry.action), now) {
            // Somebody else has removed it.
            (Some(Done::Created), None) => {}
            (Some(Done::Created), Some(now)) if is_as_left => made.push(now.id),
            (Some(Done::Updated), Some(now)) if is_as_left && now.id == before()?.id => changed.push(before()?),
            (Some(Done::Deleted), None) => deleted.push(before()?),
            _ => {
                tally.add(RELATION, Action::Kept, 1);
                continue;
            }
        }
        forgotten.push(entry.row_key.as_str());
    }
    if let Some(ids) = in_hundred(&made) {
        tally.add(RELATION, Action::Deleted, transaction.execute(sql::DELETE_HUNDRED, &ids)?);
    }
    let into = || Writer::into(RELATION).key(["id"]).update();
    tally.add(RELATION, Action::Updated, transaction.write_rows(&into(), &changed)?.updated);
    let ids: Vec<i64> = deleted.iter().map(|item: &StoredItem| item.id).collect();
    let taken: HashSet<i64> = match in_hundred(&ids) {
        Some(ids) => transaction.rows::<i64>(sql::TAKEN, &ids)?.into_iter().collect(),
        None => HashSet::new(),
    };
    // Where its id has another row by now, what was deleted has no place.
    let back: Vec<_> = deleted.iter().filter(|item| !taken.contains(&item.id)).collect();
    tally.add(RELATION, Action::Created, transaction.write_rows(&Writer::into(RELATION), back)?.inserted);
    tally.add(RELATION, Action::Kept, taken.len() as u64);
    forgotten.retain(|key| !deleted.iter().any(|item| item.external_id == *key && taken.contains(&item.id)));
    journal.forget_rows(transaction, RELATION, &forgotten)
}
