//! Writes a batch, stage by stage, each in transactions of some ten thousand rows that commit together with how far it is.

mod stages;

use encargo_sdk::journal::Journal;
use encargo_sdk::prelude::*;

use crate::batch::Scenario;
use crate::maker::{A_GROUP, Maker};
use crate::progress::{Details, State};
use crate::sql;

/// About how many rows a transaction has.
const ROWS: u64 = 20_000;

/// Makes the batch from where it is.
pub(crate) struct Making<'a> {
    pub(crate) run: &'a Run,
    pub(crate) database: &'a Database,
    pub(crate) maker: &'a Maker,
    pub(crate) journal: Journal,
    pub(crate) details: Details,
}

/// One stage: its name, how many units it has and how many of them go into a transaction.
struct Stage {
    name: &'static str,
    unit: String,
    units: u64,
    at_once: u64,
}

impl Making<'_> {
    /// Makes what is missing; answers what was made.
    pub(crate) fn make(&mut self) -> Result<Tally> {
        let mut tally = Tally::default();
        let counts = self.maker.batch.counts;
        let stage = |name, unit, units, at_once| Stage { name, unit, units, at_once };
        let agents = stage("agents", text!("agents", "agentes"), counts.agents, ROWS);
        self.stage(&agents, &mut tally, stages::agents)?;
        let knowledge = stage("knowledge", text!("items", "elementos"), counts.knowledge, ROWS / 4);
        self.stage(&knowledge, &mut tally, stages::knowledge)?;
        let documents = stage("documents", text!("documents", "documentos"), counts.documents, 50);
        self.stage(&documents, &mut tally, stages::documents)?;
        let groups = counts.chats.div_ceil(A_GROUP);
        let messages_a_group = (counts.messages / groups.max(1)).max(1);
        let chats =
            stage("chats", text!("groups of chats", "grupos de chats"), groups, (ROWS / messages_a_group).max(1));
        self.stage(&chats, &mut tally, stages::chats)?;
        let logs = stage("logs", text!("log lines", "líneas del registro"), counts.logs, ROWS);
        self.stage(&logs, &mut tally, stages::logs)?;
        let events = stage("events", text!("events", "eventos"), counts.events, ROWS);
        self.stage(&events, &mut tally, stages::events)?;
        if self.maker.batch.scenario == Scenario::Faults {
            let faults = stage("faults", text!("faults", "fallos"), 1, 1);
            self.stage(&faults, &mut tally, stages::faults)?;
        }
        let transaction = self.database.begin()?;
        let details = self.details.written()?;
        self.journal.change(&transaction, self.run, State::Made.word(), &details)?;
        transaction.commit()?;
        Ok(tally)
    }

    /// Makes one stage from where it is, and adds what it made.
    fn stage(
        &mut self,
        stage: &Stage,
        tally: &mut Tally,
        write: fn(&Maker, &Transaction, std::ops::Range<u64>, &mut Tally) -> Result<()>,
    ) -> Result<()> {
        let made = self.details.made(stage.name);
        let run = self.run;
        let mut work = run.take_up(stage.name, made, || Ok(Tally::default()))?;
        if made < stage.units {
            let phase = Phase::new(text!("making", "creando"), stage.unit.clone()).of(stage.units);
            let (maker, journal, details) = (self.maker, &mut self.journal, &mut self.details);
            work.each_transaction(self.database, &phase, |transaction, &from, totals| {
                let to = (from + stage.at_once).min(stage.units);
                write(maker, transaction, from..to, totals)?;
                details.made.insert(stage.name.to_owned(), to);
                journal.change(transaction, run, State::Making.word(), &details.written()?)?;
                Ok(Step { next: (to < stage.units).then_some(to), done: to - from })
            })?;
        }
        tally.take_in(work.totals());
        Ok(())
    }
}

/// Forgets that rows of these ids were deleted.
fn revive(transaction: &Transaction, relation: &str, ids: std::ops::Range<i64>) -> Result<()> {
    transaction.execute(sql::FORGET_TOMBSTONES, &[&relation, &ids.start, &ids.end]).map(drop)
}
