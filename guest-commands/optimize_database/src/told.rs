//! What is told of the work: before and after, the statements, damage, and tenants that failed.

use std::collections::BTreeMap;
use std::time::{Duration as Took, Instant as Clock};

use encargo_sdk::maintenance::Damage;
use encargo_sdk::prelude::*;
use encargo_sdk::upkeep::Storage;
use serde_json::json;

use crate::advice::Slow;
use crate::orphans::Orphans;

/// How many tenants have lines of their own; the others are in the sums.
const SHOWN: usize = 200;
/// How many statements are named.
const STATEMENTS: usize = 500;

/// What happened so far, in memory that does not grow with the tenants.
#[derive(Default)]
pub(crate) struct Told {
    lines: Vec<Line>,
    tenants: u64,
    sums: [Storage; 2],
    tally: Tally,
    /// By statement: in how many tenants, and how long it took in all of them.
    statements: BTreeMap<String, (u64, Took)>,
    more_statements: u64,
    damage: Vec<(String, Damage)>,
    damages: u64,
    untouched: Vec<String>,
    failed: Vec<(String, Error)>,
    failures: u64,
    locked: u64,
    /// Tenants whose indexes could not be looked at, and why.
    not_advised: Vec<(String, Error)>,
    not_advised_in_all: u64,
}

struct Line {
    tenant: String,
    before: Storage,
    after: Option<Storage>,
    took: Took,
}

impl Told {
    /// How a tenant's rows were stored before the work.
    pub(crate) fn before(&mut self, tenant: &str, before: Storage) {
        self.tenants += 1;
        if self.lines.len() < SHOWN {
            self.lines.push(Line { tenant: tenant.to_owned(), before, after: None, took: Took::ZERO });
        }
        add(&mut self.sums[0], before);
    }

    /// How the same tenant's rows are stored after it.
    pub(crate) fn after(&mut self, after: Storage, took: Took) {
        if self.tenants as usize <= SHOWN
            && let Some(line) = self.lines.last_mut()
        {
            line.after = Some(after);
            line.took = took;
        }
        add(&mut self.sums[1], after);
    }

    /// Runs a step and counts its statements; how many there were.
    pub(crate) fn run(&mut self, subject: &str, step: impl FnOnce() -> Result<Vec<String>>) -> Result<u64> {
        let begun = Clock::now();
        let statements = step()?;
        let each = begun.elapsed() / u32::try_from(statements.len().max(1)).unwrap_or(u32::MAX);
        let n = statements.len() as u64;
        self.tally.add(subject, Action::Updated, n);
        for statement in statements {
            if self.statements.len() < STATEMENTS || self.statements.contains_key(&statement) {
                let (tenants, took) = self.statements.entry(statement).or_default();
                *tenants += 1;
                *took += each;
            } else {
                self.more_statements += 1;
            }
        }
        Ok(n)
    }

    /// What a look found, and whether the tenant can be worked on.
    pub(crate) fn damaged(&mut self, tenant: &str, damage: Vec<Damage>, is_sound: bool) {
        for one in damage {
            let is_told = self.damage.iter().any(|(of, told)| of == tenant && *told == one);
            self.damages += u64::from(!is_told);
            if !is_told && self.damage.len() < SHOWN {
                self.damage.push((tenant.to_owned(), one));
            }
        }
        if !is_sound && self.untouched.len() < SHOWN {
            self.untouched.push(tenant.to_owned());
        }
    }

    /// A tenant that could not be worked on is told, and the others are done all the same.
    ///
    /// # Errors
    /// What concerns the run as a whole.
    pub(crate) fn failed(&mut self, tenant: &str, error: Error) -> Result<()> {
        if error.ends_run() {
            return Err(error);
        }
        self.failures += 1;
        match error.code() {
            ErrorCode::Locked => self.locked += 1,
            ErrorCode::VerificationFailed => self.damages += 1,
            _ => {}
        }
        if self.failed.len() < SHOWN {
            self.failed.push((tenant.to_owned(), error));
        }
        Ok(())
    }

    /// Whether a tenant's rows can be read through: no damage of its structure and no failure was told.
    pub(crate) fn is_sound(&self, tenant: &str) -> bool {
        self.untouched.last().is_none_or(|last| last != tenant)
            && self.failed.last().is_none_or(|(last, _)| last != tenant)
    }

    /// A tenant whose statements and indexes could not be looked at is told.
    ///
    /// # Errors
    /// What concerns the run as a whole.
    pub(crate) fn not_advised(&mut self, tenant: &str, error: Error) -> Result<()> {
        if error.ends_run() {
            return Err(error);
        }
        self.not_advised_in_all += 1;
        if self.not_advised.len() < SHOWN {
            self.not_advised.push((tenant.to_owned(), error));
        }
        Ok(())
    }

    /// The report.
    ///
    /// # Errors
    /// `locked` where nothing could be done, because each tenant is in use by another process.
    pub(crate) fn report(mut self, run: &Run, slow: &Slow, orphans: &Orphans) -> Result<Report> {
        if self.failures > 0 && self.locked == self.failures && self.done() == 0 {
            return Err(self.failed.remove(0).1);
        }
        let partial = self.failures + self.not_advised_in_all + u64::from(!orphans.is_whole());
        let outcome = match (self.damages, partial) {
            (0, 0) => Outcome::Ok,
            (0, _) => Outcome::Partial,
            _ => Outcome::VerificationFailed,
        };
        let mut details = self.details();
        (details["slow_statements"], details["advice"]) = slow.details();
        details["orphans"] = orphans.details();
        let (summary, storage, statements) = (self.summary(run), self.storage(run), self.statements(run));
        let notes = self.notes();
        let (done, failures) = (self.done(), self.failures);
        let mut tally = self.tally;
        tally.add("tenants", Action::Read, done);
        let mut report = tally.report(summary).outcome(outcome).details(&details).notes(notes).table(storage);
        if failures > 0 {
            report = report.count("tenants", Action::Failed, failures);
        }
        let report = if statements.rows.is_empty() { report } else { report.table(statements) };
        Ok(orphans.tell(run, slow.tell(report)))
    }

    const fn done(&self) -> u64 {
        self.tenants.saturating_sub(self.failures)
    }

    fn summary(&self, run: &Run) -> String {
        let n: u64 = self.tally.all(Action::Updated);
        let tenants = self.done();
        match (n, run.dry_run()) {
            (0, _) => text!(
                "Nothing was to be put in order in {tenants} tenants",
                "No había nada que poner en orden en {tenants} inquilinos"
            ),
            (_, true) => text!(
                "Would run {n} statements in {tenants} tenants",
                "Se ejecutarían {n} sentencias en {tenants} inquilinos"
            ),
            _ => {
                text!("Ran {n} statements in {tenants} tenants", "Se ejecutaron {n} sentencias en {tenants} inquilinos")
            }
        }
    }

    fn storage(&self, run: &Run) -> encargo_sdk::report::Table {
        let mut table = table!(
            "Storage" / "Almacenamiento":
            "tenant" / "inquilino", "" / "", "bytes" / "bytes", "rows" / "filas", "empty bytes" / "bytes vacíos",
            "log bytes" / "bytes del registro", "statistics" / "estadísticas", "seconds" / "segundos",
        );
        let mut row = |tenant: &str, when: &str, of: &Storage, seconds: &str| {
            let age = age(run, of);
            table.row(&[&tenant, &when, &of.bytes, &of.rows, &of.free_bytes, &of.log_bytes, &age, &seconds]);
        };
        for line in &self.lines {
            row(&line.tenant, &text!("before", "antes"), &line.before, "");
            if let Some(after) = line.after.as_ref().filter(|_| !run.dry_run()) {
                row("", &text!("after", "después"), after, &format!("{:.1}", line.took.as_secs_f64()));
            }
        }
        table
    }

    fn statements(&self, run: &Run) -> encargo_sdk::report::Table {
        let title = if run.dry_run() {
            text!("Statements that would be run", "Sentencias que se ejecutarían")
        } else {
            text!("Statements", "Sentencias")
        };
        let mut table = table!(
            "Statements" / "Sentencias": "statement" / "sentencia", "tenants" / "inquilinos", "seconds" / "segundos",
        );
        table.title = title;
        for (statement, (tenants, took)) in &self.statements {
            let seconds = if run.dry_run() { String::new() } else { format!("{:.2}", took.as_secs_f64()) };
            // They are the database's words and not the command's.
            table.row(&[&format!("`{statement}`"), tenants, &seconds]);
        }
        table
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        for (tenant, damage) in &self.damage {
            let (subject, detail, n) = (&damage.subject, &damage.detail, damage.count);
            notes.push(match subject.is_empty() {
                true => text!("`{tenant}` is damaged: {detail} ({n})", "`{tenant}` está dañado: {detail} ({n})"),
                false => text!(
                    "`{tenant}` is damaged: `{subject}`: {detail} ({n})",
                    "`{tenant}` está dañado: `{subject}`: {detail} ({n})"
                ),
            });
        }
        for tenant in &self.untouched {
            notes.push(text!(
                "`{tenant}` was not touched, because its structure is damaged; a backup has its rows: encargo backups list",
                "`{tenant}` no se tocó, porque su estructura está dañada; un respaldo tiene sus filas: encargo backups list"
            ));
        }
        for (tenant, error) in &self.failed {
            let why = &error.message;
            notes.push(text!("`{tenant}` is not in order: {why}", "`{tenant}` no está en orden: {why}"));
        }
        for (tenant, error) in &self.not_advised {
            let why = &error.message;
            notes.push(text!(
                "`{tenant}` was not looked at for advice: {why}; `--statements=0` leaves that out",
                "`{tenant}` no se miró para dar consejo: {why}; `--statements=0` lo omite"
            ));
        }
        let tenants = self.tenants.saturating_sub(self.lines.len() as u64);
        if tenants > 0 {
            notes.push(text!(
                "{tenants} more tenants have no line of their own",
                "{tenants} inquilinos más no tienen línea propia"
            ));
        }
        if self.more_statements > 0 {
            let n = self.more_statements;
            notes.push(text!("{n} more statements are not listed", "{n} sentencias más no se enumeran"));
        }
        notes
    }

    fn details(&self) -> serde_json::Value {
        let of = |storage: &Storage| {
            json!({
                "bytes": storage.bytes, "free_bytes": storage.free_bytes, "log_bytes": storage.log_bytes,
                "rows": storage.rows, "indexes": storage.indexes, "statistics": storage.statistics,
                "analyzed_at": storage.analyzed_at.map(Instant::rfc3339),
            })
        };
        let line = |line: &Line| {
            json!({
                "tenant": line.tenant, "before": of(&line.before), "after": line.after.as_ref().map(of),
                "seconds": line.took.as_secs_f64(),
            })
        };
        let statement = |(text, (tenants, took)): (&String, &(u64, Took))| json!({"statement": text, "tenants": tenants, "seconds": took.as_secs_f64()});
        let damage = |(tenant, damage): &(String, Damage)| {
            json!({
                "tenant": tenant, "kind": damage.kind.word(), "relation": damage.subject, "detail": damage.detail,
                "n": damage.count,
            })
        };
        let failed =
            |(tenant, error): &(String, Error)| json!({"tenant": tenant, "code": error.code, "message": error.message});
        json!({
            "tenants": self.lines.iter().map(line).collect::<Vec<_>>(),
            "before": of(&self.sums[0]), "after": of(&self.sums[1]),
            "statements": self.statements.iter().map(statement).collect::<Vec<_>>(),
            "damage": self.damage.iter().map(damage).collect::<Vec<_>>(),
            "failed": self.failed.iter().map(failed).collect::<Vec<_>>(),
        })
    }
}

fn add(sum: &mut Storage, one: Storage) {
    sum.bytes += one.bytes;
    sum.free_bytes += one.free_bytes;
    sum.log_bytes += one.log_bytes;
    sum.rows += one.rows;
    sum.indexes += one.indexes;
    sum.statistics += one.statistics;
}

/// How old the statistics are, in words.
fn age(run: &Run, storage: &Storage) -> String {
    if storage.statistics == 0 {
        return text!("none", "ninguna");
    }
    let Some(at) = storage.analyzed_at else { return text!("of unknown age", "de edad desconocida") };
    // They may have been made by this run, a little after its start.
    let seconds = (run.started_at().micros() - at.micros()).max(0) / 1_000_000;
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match seconds {
        0..60 => text!("new", "nuevas"),
        60..7_200 => text!("{minutes} min old", "de hace {minutes} min"),
        7_200..172_800 => text!("{hours} h old", "de hace {hours} h"),
        _ => text!("{days} days old", "de hace {days} días"),
    }
}
