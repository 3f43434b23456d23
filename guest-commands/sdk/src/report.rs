//! What a command says at its end.

use crate::bindings::exports::encargo::command::command as wit;

pub use wit::{Action, Count, Outcome, Report, Table};

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
    pub fn table(mut self, title: impl Into<String>, columns: Vec<String>, rows: Vec<Vec<String>>) -> Self {
        self.tables.push(Table { title: title.into(), columns, rows });
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
