//! Measures a bulk write: a million rows of about 350 bytes through `Transaction::write`, as an import does it.
//!
//! `cargo run --release -p encargo-backends --example bulk_write -- FOLDER [ROWS] [shuffled]`

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use encargo_backends::{Access, DataDir, Database, Interrupt, OnConflict, Platform, WriteSpec};
use encargo_model::{Batch, Cells, Column, Kind, Language, Limits, RunId, SystemClock, Texts};

const BATCH: u64 = 1_000;
const COMMIT: u64 = 50_000;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("name a folder to write into")?);
    let rows: u64 = arguments.next().map_or(Ok(1_000_000), |rows| rows.parse())?;
    let shuffled = arguments.next().is_some_and(|word| word == "shuffled");

    let data = DataDir::new(folder);
    Platform::migrate(&data, "development")?;
    let platform = Platform::open(data, "development")?;
    let tenant = match platform.tenant("bench")? {
        Some(tenant) => tenant,
        None => platform.create_tenant("bench", "Bench", Language::En)?,
    };
    let access = || -> Result<Access, String> {
        let permissions = ["insert:knowledge_items", "update:knowledge_items", "read:knowledge_items"];
        Ok(Access {
            permissions: permissions.iter().map(|text| text.parse()).collect::<Result<_, _>>()?,
            limits: Limits::default(),
            interrupt: Arc::new(Interrupt::new()),
            checkpoint_key: "bench".to_owned(),
            run: RunId(1),
            clock: Arc::new(SystemClock),
        })
    };
    for (what, changed) in [("first", 0), ("unchanged", 0), ("10 % changed", 10)] {
        let started_at = Instant::now();
        let database = platform.open_tenant(&tenant, access()?)?;
        let seconds = import(&database, rows, shuffled, changed)?;
        drop(database);
        let total = started_at.elapsed().as_secs_f64();
        let per_second = rows as f64 / seconds;
        writeln!(
            std::io::stdout(),
            "{what}: write and commit {seconds:.2} s ({per_second:.0} rows/s), with making batches and closing {total:.2} s"
        )?;
        if std::env::var("ONE").is_ok() {
            return Ok(());
        }
    }
    let started_at = Instant::now();
    let database = platform.open_tenant(&tenant, access()?)?;
    let sql = "SELECT id, external_id, title, body, content_hash, updated_at FROM knowledge_items ORDER BY id";
    let kinds = [Kind::Integer, Kind::Text, Kind::Text, Kind::Text, Kind::Text, Kind::Integer];
    let mut cursor = database.stream(sql, &[], &kinds)?;
    let mut read = 0;
    while let Some(batch) = cursor.next(1_000)? {
        read += u64::from(batch.rows);
    }
    let seconds = started_at.elapsed().as_secs_f64();
    writeln!(std::io::stdout(), "read back: {read} rows in {seconds:.2} s")?;
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    writeln!(std::io::stdout(), "{peak}")?;
    Ok(())
}

/// Writes the rows and answers the seconds that the writes and commits took.
fn import(database: &Database, rows: u64, shuffled: bool, changed: u64) -> Result<f64, Box<dyn Error>> {
    let spec = WriteSpec {
        table: "knowledge_items".to_owned(),
        key: vec!["external_id".to_owned()],
        on_conflict: OnConflict::Update,
        same_when: Some("content_hash".to_owned()),
    };
    let mut seconds = 0.0;
    let mut transaction = database.begin(true)?;
    for first in (0..rows).step_by(BATCH as usize) {
        let batch = batch(first..rows.min(first + BATCH), shuffled, changed);
        let started_at = Instant::now();
        transaction.write(&spec, &batch)?;
        let c = Instant::now();
        if (first + BATCH).is_multiple_of(COMMIT) {
            transaction.commit()?;
            transaction = database.begin(true)?;
        }
        if std::env::var("NC").is_ok() {
            seconds -= c.elapsed().as_secs_f64();
        }
        seconds += started_at.elapsed().as_secs_f64();
    }
    let started_at = Instant::now();
    transaction.commit()?;
    Ok(seconds + started_at.elapsed().as_secs_f64())
}

fn batch(numbers: std::ops::Range<u64>, shuffled: bool, changed: u64) -> Batch {
    let rows = numbers.end - numbers.start;
    // A multiplication by an odd number permutes the numbers below a power of two, and mixes them well enough.
    let key = |n: u64| if shuffled { n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20 } else { n };
    let hash = |n: u64| (n + u64::from(changed > 0 && n % 100 < changed)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let text = |name: &str, cell: &dyn Fn(u64) -> String| {
        let mut texts = Texts { offsets: vec![0], data: String::new() };
        for number in numbers.clone() {
            texts.data.push_str(&cell(number));
            texts.offsets.push(texts.data.len() as u32);
        }
        Column { name: name.to_owned(), cells: Cells::Texts(texts), validity: None }
    };
    let times = |name: &str| Column {
        name: name.to_owned(),
        cells: Cells::Integers(vec![1_795_478_400_000_000; rows as usize]),
        validity: None,
    };
    let body = "A body of some length that stands for the text of an answer. ".repeat(4);
    Batch {
        rows: rows as u32,
        columns: vec![
            text("external_id", &|n| format!("item-{:012}", key(n))),
            text("title", &|n| format!("How do I do the thing with the number {n}?")),
            text("body", &|_| body.clone()),
            text("content_hash", &|n| format!("{:032x}", u128::from(hash(n)))),
            times("created_at"),
            times("updated_at"),
        ],
    }
}
