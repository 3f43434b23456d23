//! What processes left behind or hold: listed, and ended where that is asked for and takes nothing from anyone.

use encargo_sdk::prelude::*;
use encargo_sdk::upkeep::{self, Orphan};
use serde_json::{Value as Json, json};

/// How many of them are listed.
const SHOWN: usize = 200;

/// The kind of a run that was recorded as lost when this one began.
const LOST_RUN: &str = "lost-run";

/// What was found, and what became of each.
#[derive(Default)]
pub(crate) struct Orphans {
    found: Vec<(Orphan, Fate)>,
    more: u64,
    ended: u64,
    failed: Vec<(String, Error)>,
}

/// What became of an orphan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Ended,
    /// It can be ended, and nobody asked for it.
    CanBeEnded,
    /// The start of this run has recorded it as lost, as that of every run does.
    Recorded,
    /// Nothing can end it without taking something from a living process.
    Stays,
}

impl Orphans {
    /// Looks for what was left behind, and for what has been held for longer than `max_age`; ends what can be ended where
    /// `kill` says so.
    ///
    /// # Errors
    /// What keeps them from being looked for.
    pub(crate) fn look(run: &Run, max_age: Duration, kill: bool) -> Result<Self> {
        let mut orphans = Self::default();
        let oldest = run.started_at() - max_age;
        let is_told = |orphan: &Orphan| {
            let is_old = orphan.since.is_none_or(|since| Instant::from_micros(since) < oldest);
            // What this run's start recorded as lost is told however young it is: it is news.
            orphan.can_end || is_old || orphan.kind == LOST_RUN
        };
        for orphan in upkeep::orphans()?.into_iter().filter(is_told) {
            let fate = orphans.fate(run, &orphan, kill)?;
            orphans.ended += u64::from(fate == Fate::Ended);
            if orphans.found.len() < SHOWN {
                orphans.found.push((orphan, fate));
            } else {
                orphans.more += 1;
            }
        }
        Ok(orphans)
    }

    fn fate(&mut self, run: &Run, orphan: &Orphan, kill: bool) -> Result<Fate> {
        if !orphan.can_end {
            return Ok(if orphan.kind == LOST_RUN { Fate::Recorded } else { Fate::Stays });
        }
        if !kill {
            return Ok(Fate::CanBeEnded);
        }
        match upkeep::end_orphan(orphan) {
            // In a dry run it is what would become of it.
            Ok(ended) if ended || run.dry_run() => Ok(Fate::Ended),
            // It went, or is held again, meanwhile.
            Ok(_) => Ok(Fate::Stays),
            Err(error) if error.ends_run() => Err(error),
            Err(error) => {
                self.failed.push((orphan.name.clone(), error));
                Ok(Fate::CanBeEnded)
            }
        }
    }

    /// Whether everything that was to be ended was.
    pub(crate) fn is_whole(&self) -> bool {
        self.failed.is_empty()
    }

    /// Adds what was found to a report.
    pub(crate) fn tell(&self, run: &Run, mut report: Report) -> Report {
        if self.found.is_empty() {
            return report;
        }
        let mut table = table!(
            "Left behind or held" / "Lo que quedó atrás o está retenido":
            "what" / "qué", "name" / "nombre", "holder" / "quién", "age" / "edad", "" / "", "detail" / "detalle",
        );
        for (orphan, fate) in &self.found {
            let what = match orphan.kind.as_str() {
                LOST_RUN => text!("lost run", "ejecución perdida"),
                "run" => text!("run", "ejecución"),
                "lock" => text!("lock", "bloqueo"),
                "transaction" => text!("transaction", "transacción"),
                "files" => text!("files", "archivos"),
                other => format!("`{other}`"),
            };
            let fate = match fate {
                Fate::Ended if run.dry_run() => text!("would be ended", "se terminaría"),
                Fate::Ended => text!("ended", "terminado"),
                Fate::CanBeEnded => text!("`--kill` ends it", "`--kill` lo termina"),
                Fate::Recorded => text!("recorded as lost", "registrada como perdida"),
                Fate::Stays => text!("stays", "se queda"),
            };
            let name = format!("`{}`", orphan.name);
            table.row(&[&what, &name, &orphan.holder, &age(run, orphan), &fate, &orphan.detail]);
        }
        report = report.table(table).count("orphans", Action::Deleted, self.ended);
        let left = self.found.iter().filter(|(_, fate)| !matches!(fate, Fate::Ended | Fate::Recorded)).count() as u64;
        report = report.count("orphans", Action::Kept, left + self.more);
        for (name, error) in &self.failed {
            let why = &error.message;
            report = report.note(text!("`{name}` could not be ended: {why}", "`{name}` no se pudo terminar: {why}"));
        }
        if self.more > 0 {
            let n = self.more;
            report = report.note(text!("{n} more are not listed", "{n} más no se enumeran"));
        }
        report
    }

    /// The same for programs.
    pub(crate) fn details(&self) -> Json {
        let one = |(orphan, fate): &(Orphan, Fate)| {
            json!({
                "kind": orphan.kind, "name": orphan.name, "holder": orphan.holder, "can_end": orphan.can_end,
                "since": orphan.since.map(|since| Instant::from_micros(since).rfc3339()), "detail": orphan.detail,
                "ended": *fate == Fate::Ended,
            })
        };
        self.found.iter().map(one).collect()
    }
}

fn age(run: &Run, orphan: &Orphan) -> String {
    let Some(since) = orphan.since else { return text!("unknown", "desconocida") };
    let seconds = (run.started_at().micros() - since).max(0) / 1_000_000;
    let (minutes, hours) = (seconds / 60, seconds / 3_600);
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{minutes} min"),
        _ => format!("{hours} h"),
    }
}
