//! Judging messages, batch by batch.

use std::time;

use encargo_sdk::prelude::*;
use serde::{Deserialize, Serialize};

use crate::engine::{Engine, Judged, OURS, VERSION};
use crate::{Chosen, sql};

/// What became of the messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Done {
    /// Up to which id this run goes.
    last: Option<i64>,
    /// How many messages there were in all.
    all: u64,
    /// Judged for the first time.
    pub(crate) created: u64,
    /// Judged otherwise than before.
    pub(crate) updated: u64,
    /// Judged before, by this version, or judged again the same way.
    pub(crate) unchanged: u64,
    /// Judged by others.
    pub(crate) kept: u64,
}

/// A message, and what is said of it.
#[derive(Debug, FromRow)]
struct Message {
    id: i64,
    chat_id: i64,
    language: String,
    body: Option<String>,
    label: Option<String>,
    score: Option<f64>,
    confidence: Option<f64>,
    model: Option<String>,
}

#[derive(Debug, ToRow)]
struct Sentiment {
    message_id: i64,
    chat_id: i64,
    label: &'static str,
    score: f64,
    confidence: f64,
    model: &'static str,
    created_at: Instant,
}

/// A share in ten-thousandths as it is stored.
fn stored(share: i32) -> f64 {
    f64::from(share) / 10_000.0
}

impl Message {
    /// Whether this was said already.
    fn says(&self, judged: &Judged) -> bool {
        let verdict = judged.verdict;
        self.model.as_deref() == Some(judged.model)
            && self.label.as_deref() == Some(verdict.label.word())
            && self.score == Some(stored(verdict.score))
            && self.confidence == Some(stored(verdict.confidence))
    }
}

impl Message {
    /// What is to be written of it, if anything; it is counted.
    fn judged(&self, engine: &mut Engine, run: &Run, done: &mut Done) -> Option<Sentiment> {
        let Some(body) = &self.body else {
            let is_ours = self.model.as_deref().is_some_and(|model| model.starts_with(OURS));
            *(if is_ours { &mut done.unchanged } else { &mut done.kept }) += 1;
            return None;
        };
        let judged = engine.judge(body, &self.language);
        if self.says(&judged) {
            done.unchanged += 1;
            return None;
        }
        *(if self.model.is_some() { &mut done.updated } else { &mut done.created }) += 1;
        Some(Sentiment {
            message_id: self.id,
            chat_id: self.chat_id,
            label: judged.verdict.label.word(),
            score: stored(judged.verdict.score),
            confidence: stored(judged.verdict.confidence),
            model: judged.model,
            created_at: run.started_at(),
        })
    }
}

/// Judges what was chosen and is not judged yet.
pub(crate) fn analyse(run: &Run, database: &Database, chosen: Chosen, again: bool, batch_size: u32) -> Result<Done> {
    let mut engine = Engine::new()?;
    let mut batches = run.take_up("messages", i64::MIN, || look(database))?;
    let Some(last) = batches.totals().last else { return Ok(*batches.totals()) };
    let phase = Phase::new(text!("analyzing", "analizando"), text!("messages", "mensajes")).of(batches.totals().all);
    let writer = Writer::into("sentiments").key(["message_id"]).update();
    let (ours, current) = (format!("{OURS}%"), format!("{VERSION}%"));
    let (mut judging, mut judged_now) = (time::Duration::ZERO, 0_u64);
    batches.each_transaction(database, &phase, |transaction, after, done| {
        let batch: Option<(Option<i64>, u64)> = transaction.row(sql::BATCH, &[after, &batch_size, &last])?;
        let Some((Some(end), messages)) = batch else { return Ok(Step { next: None, done: 0 }) };
        let Chosen { since, until, agent } = chosen;
        let parameters: [&dyn ToValue; 8] = [&since, &until, &agent, after, &end, &current, &again, &ours];
        let mut rows = Vec::new();
        for chunk in transaction.chunks::<Message>(sql::MESSAGES, &parameters)? {
            let chunk = chunk?;
            let begun = time::Instant::now();
            rows.extend(chunk.iter().filter_map(|message| message.judged(&mut engine, run, done)));
            judging += begun.elapsed();
            judged_now += chunk.iter().filter(|message| message.body.is_some()).count() as u64;
        }
        transaction.write_rows(&writer, &rows)?;
        Ok(Step { next: (end < last).then_some(end), done: messages })
    })?;
    let milliseconds = judging.as_millis();
    debug!(
        "{judged_now} messages were judged in {milliseconds} ms, without reading and writing them",
        "{judged_now} mensajes se juzgaron en {milliseconds} ms, sin leerlos ni escribirlos"
    );
    Ok(*batches.totals())
}

fn look(database: &Database) -> Result<Done> {
    let overview: Option<(u64, Option<i64>)> = database.row(sql::OVERVIEW, &[])?;
    let (all, last) = overview.unwrap_or_default();
    Ok(Done { last, all, ..Done::default() })
}
