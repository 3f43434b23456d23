//! What a command says at its end.

use serde::{Deserialize, Serialize};

/// How a command judges its own work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// All was done.
    Ok,
    /// Some failed, the rest is done.
    Partial,
    /// A check found problems.
    Problems,
    /// What was checked is not what it should be.
    VerificationFailed,
    /// Ctrl-C was obeyed, and the report speaks of what was done till then.
    Interrupted,
    /// The same of SIGTERM.
    Terminated,
    /// What an argument names is not here, and nothing was done.
    NotHere,
}

impl Outcome {
    /// The outcome of this word; none for one that is not known here.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "ok" => Self::Ok,
            "partial" => Self::Partial,
            "problems" => Self::Problems,
            "verification-failed" => Self::VerificationFailed,
            // By which signal is not the command's to say.
            "cancelled" => Self::Interrupted,
            "not-here" => Self::NotHere,
            _ => return None,
        })
    }
}

/// What happened to the counted things; a code that is never translated.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
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
    /// What a newer command counts; the list is open.
    #[serde(untagged)]
    Other(String),
}

impl Action {
    const ALL: [Self; 10] = [
        Self::Read,
        Self::Created,
        Self::Updated,
        Self::Unchanged,
        Self::Deleted,
        Self::Kept,
        Self::Duplicate,
        Self::Invalid,
        Self::Skipped,
        Self::Failed,
    ];

    /// The action of this word.
    pub fn from_word(word: String) -> Self {
        Self::ALL.into_iter().find(|action| action.as_str() == word).unwrap_or(Self::Other(word))
    }

    /// The code, as it stands in JSON.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Read => "read",
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Deleted => "deleted",
            Self::Kept => "kept",
            Self::Duplicate => "duplicate",
            Self::Invalid => "invalid",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
            Self::Other(word) => word,
        }
    }
}

/// So many of one kind of thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// A plural noun, as in the names of the relations.
    pub subject: String,
    /// What happened to them.
    pub action: Action,
    /// How many.
    pub n: u64,
}

/// A table for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its heading.
    pub title: String,
    /// The columns' headings.
    pub columns: Vec<String>,
    /// As many cells in each as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// What a command says at its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Takes in another run's report: counts of the same kind are added, tables of the same shape are set one under
    /// the other, notes are kept once.
    pub fn add(&mut self, other: &Self) {
        for count in &other.counts {
            match self.counts.iter_mut().find(|mine| mine.subject == count.subject && mine.action == count.action) {
                Some(mine) => mine.n += count.n,
                None => self.counts.push(count.clone()),
            }
        }
        for table in &other.tables {
            match self.tables.iter_mut().find(|mine| mine.title == table.title && mine.columns == table.columns) {
                Some(mine) => mine.rows.extend(table.rows.iter().cloned()),
                None => self.tables.push(table.clone()),
            }
        }
        for note in &other.notes {
            if !self.notes.contains(note) {
                self.notes.push(note.clone());
            }
        }
    }
}
