//! A run's receipt: what the host itself saw the run do.

use serde::{Deserialize, Serialize};

use crate::LimitUse;

/// What the host recorded of a run, whatever the command says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// Committed changes, a line for each table that changed, in the order of tenant and table.
    pub tables: Vec<TableChange>,
    /// Files written, removed and moved, in the order of their names.
    pub files: Vec<FileRecord>,
    /// What was used of each limit.
    pub limits: Vec<LimitUse>,
    /// The pages of tenants' rows that were worked with.
    #[serde(default)]
    pub pages: PageUse,
}

/// Pages of tenants' rows that a run's statements asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageUse {
    /// Found in the database's cache.
    pub found: u64,
    /// Read from its file.
    pub read: u64,
}

impl PageUse {
    /// Takes in another one.
    pub const fn take_in(&mut self, other: Self) {
        self.found = self.found.saturating_add(other.found);
        self.read = self.read.saturating_add(other.read);
    }
}

/// Committed changes to one table of one tenant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableChange {
    /// The tenant's slug; `None` for a table of the platform itself.
    pub tenant: Option<String>,
    /// The logical relation.
    pub table: String,
    /// Rows added.
    pub inserted: u64,
    /// Rows changed.
    pub updated: u64,
    /// Rows removed.
    pub deleted: u64,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileChange {
    /// Written and published.
    Written,
    /// Removed.
    Removed,
    /// Moved into a folder inside its own.
    Moved,
}

/// A file that a run wrote, removed or moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// What became of it.
    pub change: FileChange,
    /// Where it is, for the operator, and for a moved one where it is now; `-` for standard output.
    pub path: String,
    /// Its stored size.
    pub bytes: u64,
    /// The SHA-256 of its stored bytes in hexadecimal; `None` for one that was not written.
    pub sha256: Option<String>,
}
