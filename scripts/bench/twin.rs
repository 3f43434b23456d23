//! The native twin of `import_knowledge`: the same reader, checks and batches, and the same writer of the host, without
//! WebAssembly between them.
//!
//! usage: twin DATA_DIR FILE.csv

#![expect(clippy::print_stderr, reason = "a benchmark says what it did")]

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use encargo_backends::{
    Access, BackendError, DataDir, Database, Interrupt, Ledger, MadeMedia, OnConflict, Platform, Transaction, WriteSpec,
};
use encargo_model::{Batch, Cells, Clock, Column, Limits, Permission, RunId, SystemClock, Texts, next_id};
use encargo_sdk::error::{Error, ErrorCode, Result as GuestResult};
use encargo_sdk::knowledge::{Identity, Item};
use encargo_sdk_records::chunks::{Chunks, ReaderChunks, Sources};
use encargo_sdk_records::format::Format;
use encargo_sdk_records::problem::Problem;
use import_knowledge::import::{Options, Phase, Watcher, import};
use import_knowledge::sink::{Checkpoint, KnowledgeSink, Stored, Written};

/// As the SDK's bulk writer has them.
const BATCH_ROWS: u32 = 1_000;
const BATCH_BYTES: usize = 512 << 10;
const COMMIT_ROWS: u64 = 50_000;
const COMMIT_SECONDS: u64 = 1;

const COLUMNS: [&str; 7] = ["external_id", "title", "body", "language", "tags", "source", "content_hash"];

struct OneFile {
    path: PathBuf,
    names: Vec<String>,
}

impl Sources for OneFile {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn open(&self, _: usize) -> GuestResult<Box<dyn Chunks>> {
        Ok(Box::new(ReaderChunks(File::open(&self.path)?)))
    }
}

struct Silent;

impl Watcher for Silent {
    fn problem(&mut self, file: &str, problem: &Problem) -> GuestResult<()> {
        Err(Error::new(ErrorCode::Invalid, format!("{file}:{}: {}", problem.line, problem.message)))
    }

    fn progress(&mut self, _: Phase, _: u64, _: Option<u64>) -> GuestResult<()> {
        Ok(())
    }

    fn confirm(&mut self, _: u64, _: u64) -> GuestResult<()> {
        Ok(())
    }
}

struct Rows<'a> {
    database: &'a Database,
    transaction: Option<Transaction>,
    begun: Instant,
    spec: WriteSpec,
    columns: [Texts; COLUMNS.len()],
    pending: u32,
    uncommitted: u64,
    now: i64,
    written: Written,
}

impl<'a> Rows<'a> {
    fn new(database: &'a Database, now: i64) -> Self {
        let spec = WriteSpec {
            table: "knowledge_items".to_owned(),
            key: vec!["external_id".to_owned()],
            on_conflict: OnConflict::Update,
            same_when: Some("content_hash".to_owned()),
        };
        Self {
            database,
            transaction: None,
            begun: Instant::now(),
            spec,
            columns: std::array::from_fn(|_| empty()),
            pending: 0,
            uncommitted: 0,
            now,
            written: Written::default(),
        }
    }
}

fn empty() -> Texts {
    Texts { offsets: vec![0], data: String::new() }
}

fn guest_error(error: BackendError) -> Error {
    Error::new(ErrorCode::Internal, error.message.en)
}

impl KnowledgeSink for Rows<'_> {
    fn has_items(&mut self) -> GuestResult<bool> {
        Ok(false)
    }

    fn stored(&mut self, _: &[&str]) -> GuestResult<BTreeMap<String, Stored>> {
        Err(Error::new(ErrorCode::Internal, "its files have all columns"))
    }

    fn write(&mut self, item: &Item<'_>, identity: &Identity<'_>) -> GuestResult<()> {
        let cells =
            [identity.external_id, item.title, item.body, item.language, item.tags, item.source, identity.content_hash];
        let mut bytes = 0;
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.data.push_str(cell);
            column.offsets.push(u32::try_from(column.data.len()).expect("a batch is small"));
            bytes += column.data.len();
        }
        self.pending += 1;
        self.uncommitted += 1;
        if self.pending == BATCH_ROWS || bytes >= BATCH_BYTES { self.flush() } else { Ok(()) }
    }

    fn is_due(&self) -> bool {
        let long_ago = self.begun.elapsed().as_secs() >= COMMIT_SECONDS;
        self.uncommitted >= COMMIT_ROWS || (self.pending == 0 && self.uncommitted > 0 && long_ago)
    }

    fn flush(&mut self) -> GuestResult<()> {
        if self.pending == 0 {
            return Ok(());
        }
        let rows = std::mem::take(&mut self.pending);
        let texts = self.columns.iter_mut().map(|texts| Cells::Texts(std::mem::replace(texts, empty())));
        let times = || Cells::Integers(vec![self.now; rows as usize]);
        let cells = texts.chain([times(), times()]);
        let names = COLUMNS.into_iter().chain(["created_at", "updated_at"]);
        let columns = names.zip(cells).map(|(name, cells)| Column { name: name.to_owned(), cells, validity: None });
        let batch = Batch { rows, columns: columns.collect() };
        if self.transaction.is_none() {
            self.begun = Instant::now();
            self.transaction = Some(self.database.begin(true).map_err(guest_error)?);
        }
        let transaction = self.transaction.as_ref().expect("it was just begun");
        let counts = transaction.write(&self.spec, &batch).map_err(guest_error)?;
        self.written.created += counts.inserted;
        self.written.updated += counts.updated;
        self.written.unchanged += counts.unchanged;
        Ok(())
    }

    fn written(&self) -> Written {
        self.written
    }

    fn skip(&mut self) {
        self.written.skipped += 1;
    }

    fn ids(&mut self, _: &str) -> GuestResult<Vec<String>> {
        Err(Error::new(ErrorCode::Invalid, "the twin deletes nothing"))
    }

    fn delete(&mut self, _: &[&str], _: &Checkpoint) -> GuestResult<()> {
        Err(Error::new(ErrorCode::Invalid, "the twin deletes nothing"))
    }

    fn commit(&mut self, checkpoint: &Checkpoint) -> GuestResult<()> {
        self.flush()?;
        self.uncommitted = 0;
        let Some(transaction) = self.transaction.take() else { return Ok(()) };
        let text = serde_json::to_string(checkpoint).expect("a checkpoint is plain data");
        transaction.save_checkpoint("items", &text).and_then(|()| transaction.commit()).map_err(guest_error)
    }
}

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [data, file] = arguments.as_slice() else { return Err(anyhow!("usage: twin DATA_DIR FILE.csv")) };
    let platform = Platform::open(DataDir::new(data.into()), "development", Arc::new(SystemClock))?;
    let tenant = platform.registry().default_tenant().map_err(|error| anyhow!(error))?.context("no default tenant")?;
    let clock = Arc::new(SystemClock);
    let now = clock.now();
    let parse = |text: &str| text.parse::<Permission>().map_err(|problem| anyhow!(problem.en));
    let permissions = ["read:knowledge_items", "insert:knowledge_items", "update:knowledge_items"];
    let access = Access {
        permissions: permissions.into_iter().map(parse).collect::<Result<BTreeSet<_>>>()?,
        limits: Limits::default(),
        interrupt: Arc::new(Interrupt::new()),
        meter: Arc::default(),
        checkpoint_key: "twin".to_owned(),
        run: RunId(next_id(now, 1, 0)),
        ledger: Ledger::default(),
        media: MadeMedia::default(),
        statements: encargo_backends::StatementLog::default(),
        clock,
    };
    let database = platform.files().open(&tenant, access)?;
    let sources = OneFile { path: file.into(), names: vec![file.clone()] };
    let options = Options { strict: true, format: Some(Format::Csv), ..Options::default() };
    let mut rows = Rows::new(&database, now.0);
    import(&sources, &mut rows, &mut Silent, &options).map_err(|error| anyhow!(error.message))?;
    database.clear_checkpoints()?;
    let Written { created, updated, unchanged, .. } = rows.written;
    eprintln!("{created} created, {updated} updated, {unchanged} unchanged");
    Ok(())
}
