//! Runs, workers and stores for the tests of this crate.

use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use encargo_model::{
    Action, ArgumentKind, ArgumentValue, Artefact, Count, Digest, Exit, FileChange, FileRecord, Language, LimitUse,
    Origin, Outcome, PageUse, PathValue, Receipt, Report, ResolvedArgument, Run, RunId, RunStatus, Table, TableChange,
    Tier, Timestamp, Trigger,
};

use crate::{Begin, Liveness, Store, Worker};

/// Runs a test on a runtime of its own.
pub(crate) fn block_on(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap().block_on(test);
}

/// A migrated store in a folder of its own.
pub(crate) struct Folder {
    _folder: tempfile::TempDir,
    pub(crate) path: PathBuf,
}

impl Folder {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("engine.db");
        Store::migrate(&path).await.unwrap();
        Self { _folder: folder, path }
    }

    /// A store with a connection of its own, as another process would have it.
    pub(crate) async fn open(&self) -> Store {
        Store::open(&self.path).await.unwrap()
    }
}

static HERE: LazyLock<Worker> = LazyLock::new(|| Worker { host: "here".to_owned(), pid: 7, started: Some(70) });

pub(crate) fn at(run: &Run) -> Begin<'_> {
    let lease = Duration::from_secs(30);
    Begin { run, tier: Tier::Packaged, source: "packaged", worker: &HERE, lease, locked: true }
}

/// At this time, seen from a host whose processes are all alive.
pub(crate) fn now(now: i64) -> Liveness<'static> {
    Liveness { now: Timestamp(now), host: "here", is_alive: &|_| true }
}

/// At this time, seen from a host whose processes are all gone.
pub(crate) fn dead(now: i64) -> Liveness<'static> {
    Liveness { now: Timestamp(now), host: "here", is_alive: &|_| false }
}

pub(crate) fn run(id: i64) -> Run {
    run_of(id, "cleanup", Some("demo"))
}

pub(crate) fn run_of(id: i64, command: &str, tenant: Option<&str>) -> Run {
    Run {
        id: RunId(id),
        parent: None,
        command: command.to_owned(),
        digest: Digest("ab".repeat(32)),
        version: "1.0.0".to_owned(),
        tenant: tenant.map(str::to_owned),
        trigger: Trigger::Cli,
        arguments: vec![],
        resume_key: "key".to_owned(),
        dry_run: false,
        language: Language::En,
        status: RunStatus::Running,
        exit: None,
        started_at: Timestamp(id),
        ended_at: None,
        attempts: 1,
        report: None,
        error: None,
        backtrace: None,
        receipt: Receipt::default(),
    }
}

pub(crate) fn artefact(name: &str) -> Artefact {
    Artefact { name: name.to_owned(), path: format!("/exports/{name}"), bytes: 1 << 40, sha256: "00".repeat(32) }
}

/// Runs that between them have something else in every field.
pub(crate) fn varied() -> Vec<Run> {
    let argument = |name: &str, value, origin| ResolvedArgument {
        name: name.to_owned(),
        value,
        origin,
        written: "as written, \"quoted\"".to_owned(),
    };
    let path = PathValue { path: "/tmp/ñ.csv".to_owned(), kind: ArgumentKind::InputFile };
    let arguments = vec![
        argument("flag", Some(ArgumentValue::Flag(true)), Origin::Given),
        argument("integer", Some(ArgumentValue::Integer(i64::MIN)), Origin::Environment("X_DAYS".to_owned())),
        argument("real", Some(ArgumentValue::Real(0.1)), Origin::Settings("commands.x.real".to_owned())),
        argument("text", Some(ArgumentValue::Text("a'b\n".to_owned())), Origin::Default),
        argument("texts", Some(ArgumentValue::Texts(vec!["a".to_owned(), String::new()])), Origin::Given),
        argument("instant", Some(ArgumentValue::Instant(Timestamp(-1))), Origin::Given),
        argument("duration", Some(ArgumentValue::Duration(7)), Origin::Given),
        argument("tenant", Some(ArgumentValue::Tenant("b".to_owned())), Origin::Given),
        argument("path", Some(ArgumentValue::Path(path)), Origin::Given),
        argument("secret", None, Origin::Given),
    ];
    let report = Report {
        outcome: Outcome::VerificationFailed,
        summary: "se borró".to_owned(),
        counts: vec![Count { subject: "chats".to_owned(), action: Action::Deleted, n: u64::from(u32::MAX) }],
        tables: vec![Table { title: "t".to_owned(), columns: vec!["c".to_owned()], rows: vec![vec!["r".to_owned()]] }],
        notes: vec!["n".to_owned()],
        details: Some("{}".to_owned()),
    };
    let receipt = Receipt {
        tables: vec![TableChange {
            tenant: Some("a".to_owned()),
            table: "chats".to_owned(),
            inserted: 1,
            updated: 2,
            deleted: 3,
        }],
        files: vec![FileRecord { change: FileChange::Written, path: "-".to_owned(), bytes: 4, sha256: None }],
        limits: vec![LimitUse { name: "cpu".to_owned(), used: 5, limit: 6, unit: "ms".to_owned() }],
        pages: PageUse { found: 8, read: 2 },
    };
    let full = Run {
        parent: Some(RunId(1)),
        trigger: Trigger::Command,
        arguments,
        dry_run: true,
        language: Language::Es,
        status: RunStatus::TimedOut,
        exit: Some(Exit::TimedOut),
        started_at: Timestamp(1_795_000_000_123_456),
        ended_at: Some(Timestamp(1_795_000_000_123_457)),
        attempts: 3,
        report: Some(report),
        error: Some(("wall-limit".to_owned(), "it took too long".to_owned())),
        backtrace: Some("0: main\n".to_owned()),
        receipt,
        ..run_of((1 << 53) - 1, "import", None)
    };
    vec![run_of(1, "cleanup", Some("demo")), full]
}
