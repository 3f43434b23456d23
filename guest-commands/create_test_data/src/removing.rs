//! Removes batches: their rows by ranges of ids, in short transactions, then their files, then their journals.

use std::ops::Range;

use encargo_sdk::journal::Journal;
use encargo_sdk::prelude::*;

use crate::batch::{Batch, PLANTED, Scenario};
use crate::faults::plant;
use crate::maker::Maker;
use crate::media;
use crate::progress::{COMMAND, Details, State};
use crate::sql;

/// About how many rows a transaction has.
const ROWS: u64 = 20_000;
/// How many places the planted rows of a relation have.
const PLANTED_PLACES: u64 = 1 << 16;

/// Removes the batches of this seed and scenario; of all, where they are not given.
pub(crate) fn remove(
    run: &Run,
    database: &Database,
    seed: Option<u32>,
    scenario: Option<Scenario>,
) -> Result<(Tally, u64)> {
    let reading = database.begin_read_only()?;
    let journals = Journal::all(&reading, COMMAND)?;
    reading.rollback()?;
    let (mut tally, mut batches) = (Tally::default(), 0);
    for journal in journals {
        let details = Details::of(&journal)?;
        let batch = details.batch;
        if seed.is_none_or(|seed| seed == batch.seed) && scenario.is_none_or(|scenario| scenario == batch.scenario) {
            tally.take_in(&one(run, database, journal, &details)?);
            batches += 1;
        }
    }
    Ok((tally, batches))
}

fn one(run: &Run, database: &Database, mut journal: Journal, details: &Details) -> Result<Tally> {
    let batch = details.batch;
    let transaction = database.begin()?;
    journal.change(&transaction, run, State::Removing.word(), &details.written()?)?;
    transaction.commit()?;
    let removing = Removing { run, database, batch };
    let mut tally = removing.rows()?;
    let maker = Maker::new(batch);
    let mut names: Vec<_> = (0..batch.counts.documents).map(|n| maker.file_name(n)).collect();
    let transaction = database.begin()?;
    if batch.scenario == Scenario::Faults {
        let planted = plant(&maker);
        names.extend(planted.media.into_iter().map(|(name, _)| name));
        for setting in &planted.settings {
            tally.add("settings", Action::Deleted, transaction.execute(sql::DELETE_SETTING, &[&setting.name])?);
        }
    }
    transaction.commit()?;
    let phase = Phase::new(text!("removing", "quitando"), text!("files", "archivos"));
    let mut gone = 0;
    for name in run.track(names, phase) {
        gone += u64::from(media::remove(&name?)?);
    }
    tally.add("media", Action::Deleted, gone);
    let transaction = database.begin()?;
    journal.remove(&transaction)?;
    transaction.commit()?;
    Ok(tally)
}

struct Removing<'a> {
    run: &'a Run,
    database: &'a Database,
    batch: Batch,
}

impl Removing<'_> {
    fn rows(&self) -> Result<Tally> {
        let counts = self.batch.counts;
        let mut tally = Tally::default();
        let a_chat = (counts.messages / counts.chats.max(1)).max(1);
        let chats = text!("chats", "chats");
        self.range("chats", &chats, counts.chats, (ROWS / a_chat).max(1), &mut tally, |transaction, ids, tally| {
            delete_chats(transaction, &self.batch, ids, tally)
        })?;
        for (relation, n, statement) in [
            ("analytics_events", counts.events, sql::DELETE_EVENTS),
            ("logs", counts.logs, sql::DELETE_LOGS),
            ("files", counts.documents, sql::DELETE_FILES),
            ("documents", counts.documents, sql::DELETE_DOCUMENTS),
            ("knowledge_items", counts.knowledge, sql::DELETE_ITEMS),
            ("tools", 0, sql::DELETE_TOOLS),
            ("agents", counts.agents, sql::DELETE_AGENTS),
        ] {
            let rows = text!("rows", "filas");
            self.range(relation, &rows, n, ROWS, &mut tally, |transaction, ids, tally| {
                let n = transaction.execute(statement, &[&ids.start, &ids.end])?;
                tally.add(relation, Action::Deleted, n);
                if relation == "agents" {
                    let left = transaction.row::<u64>(sql::COUNT_AGENTS, &[&ids.start, &ids.end])?.unwrap_or(0);
                    keep(relation, left, tally);
                }
                Ok(())
            })?;
        }
        Ok(tally)
    }

    /// Goes through the places of a relation, and through those of its planted rows.
    fn range(
        &self,
        relation: &str,
        unit: &str,
        n: u64,
        at_once: u64,
        tally: &mut Tally,
        mut delete: impl FnMut(&Transaction, Range<i64>, &mut Tally) -> Result<()>,
    ) -> Result<()> {
        let end = if self.batch.scenario == Scenario::Faults { PLANTED + PLANTED_PLACES } else { n };
        let name = format!("remove-{}-{relation}", self.batch.name());
        let mut work = self.run.take_up(&name, 0_u64, || Ok(Tally::default()))?;
        let phase = Phase::new(text!("removing", "quitando"), unit).of(n);
        work.each_transaction(self.database, &phase, |transaction, &from, totals| {
            // Between the counted rows and the planted ones there are none.
            let to = if from < n { (from + at_once).min(n) } else { end };
            delete(transaction, self.batch.id(from.min(end))..self.batch.id(to), totals)?;
            let next = if to == n && n < end { Some(PLANTED) } else { (to < end).then_some(to) };
            Ok(Step { next, done: to.min(n).saturating_sub(from) })
        })?;
        tally.take_in(work.totals());
        Ok(())
    }
}

/// Counts what somebody uses and therefore stays.
fn keep(relation: &str, n: u64, tally: &mut Tally) {
    if n > 0 {
        tally.add(relation, Action::Kept, n);
    }
}

/// Deletes a range of chats with what hangs on them. One to which somebody added messages stays whole.
fn delete_chats(transaction: &Transaction, batch: &Batch, ids: Range<i64>, tally: &mut Tally) -> Result<()> {
    let all = batch.ids();
    let in_use: Vec<i64> = transaction.rows(sql::CHATS_IN_USE, &[&ids.start, &ids.end, &all.start, &all.end])?;
    keep("chats", in_use.len() as u64, tally);
    let mut from = ids.start;
    for to in in_use.into_iter().chain([ids.end]) {
        for (relation, statement) in [
            ("sentiments", sql::DELETE_SENTIMENTS),
            ("feedback", sql::DELETE_FEEDBACK),
            ("messages", sql::DELETE_MESSAGES),
            ("chats", sql::DELETE_CHATS),
        ] {
            tally.add(relation, Action::Deleted, transaction.execute(statement, &[&from, &to])?);
        }
        from = to + 1;
    }
    Ok(())
}
