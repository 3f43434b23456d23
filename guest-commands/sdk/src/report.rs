//! What a command says at its end.

use crate::Choice;
use serde::{Deserialize, Serialize};

use crate::bindings::exports::encargo::command::command as wit;

/// How a command judges its own work; it decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Outcome {
    /// All was done; also when there was nothing to do. Exit code 0.
    Ok,
    /// Some rows, tenants or files failed and the rest is done. Exit code 3.
    Partial,
    /// A check found problems. Exit code 4.
    Problems,
    /// What was checked is not what it should be. Exit code 5.
    VerificationFailed,
    /// The run was asked to end and did; the report speaks of what was done till then. Exit code 130 or 143.
    Cancelled,
    /// What an argument names, an agent for instance, is not here, and nothing was done. Exit code 10; in several tenants it is
    /// no failure as long as one of them has it.
    NotHere,
}

/// What happened to the counted things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Choice)]
pub enum Action {
    /// Input records and nothing else.
    Read,
    /// Made.
    Created,
    /// Changed.
    Updated,
    /// Found as they should be.
    Unchanged,
    /// Removed.
    Deleted,
    /// Left on purpose.
    Kept,
    /// Seen before in the same input.
    Duplicate,
    /// Refused for what they are.
    Invalid,
    /// Left out.
    Skipped,
    /// Tried without success.
    Failed,
}

/// So many of one kind of thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// A plural noun, as in the names of the relations.
    pub subject: String,
    /// What happened to them.
    pub action: Action,
    /// How many.
    pub n: u64,
}

pub use crate::table::Table;

/// What a command says at its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The command's own judgement.
    pub outcome: Outcome,
    /// One sentence.
    pub summary: String,
    /// In the order of the command.
    pub counts: Vec<Count>,
    /// For people.
    pub tables: Vec<Table>,
    /// Things worth knowing.
    pub notes: Vec<String>,
    /// JSON for programs.
    pub details: Option<String>,
}

impl Report {
    /// A report that all was done, in one sentence.
    pub fn new(summary: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::Ok,
            summary: summary.into(),
            counts: Vec::new(),
            tables: Vec::new(),
            notes: Vec::new(),
            details: None,
        }
    }

    /// Another judgement.
    #[must_use]
    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }

    /// So many of one kind of thing; `subject` is a plural noun as in the names of the relations.
    #[must_use]
    pub fn count(mut self, subject: &str, action: Action, n: u64) -> Self {
        self.counts.push(Count { subject: subject.to_owned(), action, n });
        self
    }

    /// A table for people.
    #[must_use]
    pub fn table(mut self, table: Table) -> Self {
        self.tables.push(table);
        self
    }

    /// Several things worth knowing.
    #[must_use]
    pub fn notes(mut self, notes: impl IntoIterator<Item = String>) -> Self {
        self.notes.extend(notes);
        self
    }

    /// Something worth knowing.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// JSON for programs.
    #[must_use]
    pub fn details(mut self, details: &serde_json::Value) -> Self {
        self.details = Some(details.to_string());
        self
    }
}

impl From<Report> for wit::Report {
    fn from(report: Report) -> Self {
        let count =
            |count: Count| wit::Count { subject: count.subject, action: count.action.word().to_owned(), n: count.n };
        Self {
            outcome: report.outcome.word().to_owned(),
            summary: report.summary,
            counts: report.counts.into_iter().map(count).collect(),
            tables: report.tables,
            notes: report.notes,
            details: report.details,
        }
    }
}
