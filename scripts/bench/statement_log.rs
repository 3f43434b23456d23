//! What remembering statements costs: the same reads and writes on a tenant's rows with the log and without it, by turns.
//! Prints for each the ratio of the medians, with the log to without it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use encargo_backends::{Access, DataDir, Database, Ledger, MadeMedia, OnConflict, Platform, StatementLog, WriteSpec};
use encargo_model::{Batch, Cells, Column, Kind, Language, Limits, RunId, SystemClock, Tenant, Texts, Value};

const ROUNDS: usize = 15;
const READS: i64 = 200_000;
const ROWS: u32 = 200_000;
const BATCH: u32 = 4_000;

fn open(platform: &Platform, tenant: &Tenant, statements: StatementLog) -> Result<Database> {
    let access = Access {
        permissions: ["read:logs", "insert:logs", "delete:logs"]
            .into_iter()
            .filter_map(|text| text.parse().ok())
            .collect(),
        limits: Limits::default(),
        interrupt: Arc::default(),
        meter: Arc::default(),
        checkpoint_key: String::new(),
        run: RunId(1),
        ledger: Ledger::default(),
        media: MadeMedia::default(),
        statements,
        clock: Arc::new(SystemClock),
    };
    Ok(platform.files().open(tenant, access)?)
}

fn column(name: &str, cells: Cells) -> Column {
    Column { name: name.to_owned(), cells, validity: None }
}

fn batch(first: i64) -> Batch {
    let ids: Vec<i64> = (first..first + i64::from(BATCH)).collect();
    let texts = |word: &str| {
        let length = u32::try_from(word.len()).unwrap_or(0);
        Cells::Texts(Texts {
            offsets: (0..=BATCH).map(|row| row * length).collect(),
            data: word.repeat(BATCH as usize),
        })
    };
    let columns = vec![
        column("created_at", Cells::Integers(ids.clone())),
        column("id", Cells::Integers(ids)),
        column("level", texts("info")),
        column("message", texts("a line of the log, as long as one may be")),
    ];
    Batch { rows: BATCH, columns }
}

/// Writes all rows, as an import does, and takes them back.
fn import(database: &Database) -> Result<Duration> {
    let spec = WriteSpec {
        table: "logs".to_owned(),
        key: vec!["id".to_owned()],
        on_conflict: OnConflict::Fail,
        same_when: None,
    };
    let begun = Instant::now();
    let transaction = database.begin(true)?;
    for first in (0..i64::from(ROWS)).step_by(BATCH as usize) {
        transaction.write(&spec, &batch(first + 1))?;
    }
    let took = begun.elapsed();
    transaction.rollback()?;
    Ok(took)
}

/// Reads rows by their ids, one at a time.
fn reads(database: &Database) -> Result<Duration> {
    let begun = Instant::now();
    for id in 0..READS {
        database.rows("SELECT message FROM logs WHERE id = $1", &[Value::Integer(id % 1_000 + 1)], &[Kind::Text], 1)?;
    }
    Ok(begun.elapsed())
}

/// By turns, each first every second time, so that neither has the warmer machine.
fn ratio(
    (with, without): (&Database, &Database),
    measure: impl Fn(&Database) -> Result<Duration>,
) -> Result<(f64, Duration)> {
    let (mut on, mut off) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        if round % 2 == 0 {
            on.push(measure(with)?);
            off.push(measure(without)?);
        } else {
            off.push(measure(without)?);
            on.push(measure(with)?);
        }
    }
    let median = |times: &mut Vec<Duration>| {
        times.sort();
        times[ROUNDS / 2]
    };
    let (on, off) = (median(&mut on), median(&mut off));
    Ok((on.as_secs_f64() / off.as_secs_f64(), off))
}

#[expect(clippy::print_stdout, reason = "what it prints is its result")]
fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = DataDir::new(folder.path().join("data"));
    Platform::migrate(&data, "development")?;
    let platform = Platform::open(data, "development", Arc::new(SystemClock))?;
    let tenant = platform.create_tenant("demo", "Demo", Language::En)?;
    let writing = open(&platform, &tenant, StatementLog::default())?;
    let with = open(&platform, &tenant, StatementLog::on())?;
    let without = open(&platform, &tenant, StatementLog::default())?;
    let (imports, import_took) = ratio((&with, &without), import)?;
    let some = "INSERT INTO logs (id, level, message, created_at) VALUES ($1, 'info', 'x', 0)";
    for id in 1..=1_000 {
        writing.execute(some, &[Value::Integer(id)])?;
    }
    let (points, reads_took) = ratio((&with, &without), reads)?;
    let each = reads_took.as_secs_f64() / READS as f64 * 1e6;
    println!("{imports:.3} {:.2} {points:.3} {each:.2}", import_took.as_secs_f64());
    Ok(())
}
