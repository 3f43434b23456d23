//! What processes that are gone left behind, and what living ones hold.

use crate::{Text, Timestamp};

/// What kind of thing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OrphanKind {
    /// A run that is recorded as under way.
    Run,
    /// A run that was recorded as lost when the run that asks began.
    LostRun,
    /// A lock of a run that has ended.
    Lock,
    /// A process that is writing to a tenant's rows.
    Transaction,
    /// Files or a folder in the making whose maker is gone.
    Files,
}

impl OrphanKind {
    const ALL: [Self; 5] = [Self::Run, Self::LostRun, Self::Lock, Self::Transaction, Self::Files];

    /// Its word in the contract.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::LostRun => "lost-run",
            Self::Lock => "lock",
            Self::Transaction => "transaction",
            Self::Files => "files",
        }
    }

    /// The kind of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// One thing that was left behind or is held.
#[derive(Debug, Clone, PartialEq)]
pub struct Orphan {
    /// What kind of thing it is.
    pub kind: OrphanKind,
    /// Its name, among those of its kind.
    pub name: String,
    /// Who has it.
    pub holder: Text,
    /// Since when, where that is known.
    pub since: Option<Timestamp>,
    /// Whether it can be ended without taking anything from a process that is alive.
    pub can_end: bool,
    /// One sentence without a full stop.
    pub detail: Text,
}
