//! The run that the command is part of.

use crate::bindings::encargo::database::database as database_wit;
use crate::bindings::encargo::run::run as wit;
use crate::board::BoardLine;
use crate::database::Database;
use crate::error::{Error, ErrorCode, Result};
use crate::language::{self, Language};
use crate::phase::Phase;
use crate::text;
use crate::time::Instant;

/// 2025-01-01T00:00:00Z in milliseconds, where ids begin.
const IDS_BEGIN_MS: i64 = 1_735_689_600_000;
/// Ids of a millisecond.
const IDS_PER_MS: i64 = 4_096;

/// The run that the command is part of.
#[derive(Debug)]
pub struct Run {
    id: String,
    tenant: Option<String>,
    selected: Option<Vec<String>>,
    started_at: Instant,
    environment: String,
}

impl Run {
    pub(crate) fn current() -> Self {
        language::set(&wit::language());
        Self {
            id: wit::id(),
            tenant: wit::tenant(),
            selected: wit::selected_tenants(),
            started_at: Instant::from_micros(wit::started_at()),
            environment: wit::environment(),
        }
    }

    /// The run's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The slug of the run's tenant; none for system scope.
    pub fn tenant(&self) -> Option<&str> {
        self.tenant.as_deref()
    }

    /// The slugs that `--tenant` selected for a command of system scope; none when it was not given.
    pub fn selected(&self) -> Option<&[String]> {
        self.selected.as_deref()
    }

    /// The one "now" of the run, the same after a resume.
    pub fn started_at(&self) -> Instant {
        self.started_at
    }

    /// 1 for the first try.
    pub fn attempt(&self) -> u32 {
        wit::attempt()
    }

    /// For wording only: the host keeps a dry run's promise.
    pub fn dry_run(&self) -> bool {
        wit::dry_run()
    }

    /// The language to speak.
    pub fn language(&self) -> Language {
        language::current()
    }

    /// `development`, `production`, or the operator's own word.
    pub fn environment(&self) -> &str {
        &self.environment
    }

    /// How much the caller wants to read: 0 errors alone, 1 what is normal, 2 and 3 more.
    pub fn verbosity(&self) -> u32 {
        wit::verbosity()
    }

    /// Says something to the person who runs the command: shown from verbosity 1 on, and kept with the run.
    pub fn say(&self, text: impl AsRef<str>) {
        wit::say(text.as_ref());
    }

    /// The run's own tenant's rows.
    ///
    /// # Errors
    /// `invalid` in system scope, where tenants are opened by name.
    pub fn database(&self) -> Result<Database> {
        database_wit::open().map(Database::new)
    }

    /// Passes with `--yes`, in a dry run, or with a yes typed on a terminal.
    ///
    /// # Errors
    /// `refused` otherwise.
    pub fn confirm(&self, question: &str) -> Result<()> {
        wit::confirm(question)
    }

    /// The first of `n` consecutive ids that no row has.
    ///
    /// # Errors
    /// `unavailable` when they cannot be reserved.
    pub fn ids(&self, n: u32) -> Result<i64> {
        wit::ids(n)
    }

    /// An id that no row has which was given one later than this: ids are the milliseconds since 2025 times 4,096, and run
    /// ahead of the clock where more are needed, never behind it.
    pub fn first_id_at(time: Instant) -> i64 {
        let milliseconds = time.micros().div_euclid(1_000) - IDS_BEGIN_MS;
        milliseconds.max(1).saturating_mul(IDS_PER_MS)
    }

    /// What the last committed checkpoint of this loop of the run being resumed stored; none for a run from the start.
    ///
    /// # Errors
    /// `invalid` for a name that is none, `unavailable` when it cannot be read.
    pub fn checkpoint(&self, loop_name: &str) -> Result<Option<String>> {
        wit::checkpoint(loop_name)
    }

    /// Says how many units of a phase are done. The first call begins the phase: make it before the work, with 0 or what
    /// was done before.
    pub fn progress(&self, phase: &Phase, done: u64) {
        wit::progress(&phase.name, done, phase.total, &phase.unit, phase.input_bytes);
    }

    /// Shows how something stands that goes on, and keeps nothing of it: the lines of the board on a terminal, in the place of
    /// those before; elsewhere one line of results; for programs a record with the details, which are an object.
    ///
    /// # Errors
    /// `invalid` for details that are no object, `too-large` for more than 100 lines.
    pub fn show(&self, board: Vec<BoardLine>, line: &str, details: &serde_json::Value) -> Result<()> {
        let board: Vec<_> = board.into_iter().map(BoardLine::pieces).collect();
        wit::show(&board, line, &details.to_string())
    }

    /// Whether the run should end soon.
    pub fn cancelled(&self) -> bool {
        wit::cancelled()
    }

    /// Ends the run where it should end soon.
    ///
    /// # Errors
    /// `cancelled`.
    pub fn check(&self) -> Result<()> {
        if self.cancelled() {
            let message = text!(
                "the run was asked to end; what was committed stays",
                "se pidió terminar la ejecución; lo confirmado queda"
            );
            return Err(Error::new(ErrorCode::Cancelled, message));
        }
        Ok(())
    }

    /// Goes through items, of which a phase has as many as they say, says how far it is, and ends when the run should.
    pub fn track<I: IntoIterator>(&self, items: I, phase: Phase) -> impl Iterator<Item = Result<I::Item>> {
        let items = items.into_iter();
        let (low, high) = items.size_hint();
        let phase = phase.of(high.filter(|&high| high == low).map(|high| high as u64));
        (0_u64..).zip(items).map(move |(done, item)| {
            self.check()?;
            self.progress(&phase, done);
            Ok(item)
        })
    }
}
