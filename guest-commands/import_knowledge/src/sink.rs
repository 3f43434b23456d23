//! Where valid items go, what became of them, and how far an import is.

use std::collections::BTreeMap;

use encargo_sdk::error::Result;
use serde::{Deserialize, Serialize};

use encargo_sdk::knowledge::{Identity, Item};

/// What became of written items.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// New ones.
    pub created: u64,
    /// Known ones with another content.
    pub updated: u64,
    /// Known ones with the same content.
    pub unchanged: u64,
    /// New ones, where only known ones are updated, and known ones, where only new ones are created.
    #[serde(default)]
    pub skipped: u64,
}

impl Written {
    /// What was added since, on top of what there was then.
    pub(crate) fn since(self, then: Self, base: Self) -> Self {
        Self {
            created: self.created - then.created + base.created,
            updated: self.updated - then.updated + base.updated,
            unchanged: self.unchanged - then.unchanged + base.unchanged,
            skipped: self.skipped - then.skipped + base.skipped,
        }
    }
}

/// How far an import is; committed with the rows that it speaks of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// What became of each finished file.
    pub finished: Vec<Written>,
    /// The name of the file after those.
    pub file: String,
    /// How many of its items are written; duplicates and invalid records are none.
    pub items: u64,
    /// What became of those.
    pub written: Written,
    /// How many items that no file has were deleted.
    #[serde(default)]
    pub deleted: u64,
    /// Whether all is imported and files are being moved away, so that they are not those that it began with any more.
    #[serde(default)]
    pub moving: bool,
}

/// What is stored of an item beside its title and text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stored {
    /// Its language.
    pub language: String,
    /// Its tags.
    pub tags: String,
    /// Its source.
    pub source: String,
}

/// Where valid items go.
pub trait KnowledgeSink {
    /// Whether it may have had items before this run: else nothing is stored that an item could lack.
    ///
    /// # Errors
    /// Whatever the database says.
    fn has_items(&mut self) -> Result<bool>;

    /// What is stored of these external ids, those that are there; some `TOGETHER` of `completing` at a time.
    ///
    /// # Errors
    /// Whatever the database says.
    fn stored(&mut self, ids: &[&str]) -> Result<BTreeMap<String, Stored>>;

    /// Takes an item, which replaces one of the same external id and another content.
    ///
    /// # Errors
    /// Whatever the database says, perhaps of items before this one.
    fn write(&mut self, item: &Item<'_>, identity: &Identity<'_>) -> Result<()>;

    /// Leaves an item out, which `written` counts.
    fn skip(&mut self);

    /// Some of the stored ids behind this one, in their order; none at the end.
    ///
    /// # Errors
    /// Whatever the database says.
    fn ids(&mut self, after: &str) -> Result<Vec<String>>;

    /// Deletes the items of these ids together with keeping the checkpoint; nothing else is waiting.
    ///
    /// # Errors
    /// Whatever the database says.
    fn delete(&mut self, ids: &[&str], checkpoint: &Checkpoint) -> Result<()>;

    /// Whether it is time to commit.
    fn is_due(&self) -> bool;

    /// Sends what waits, so that `written` is right.
    ///
    /// # Errors
    /// Whatever the database says.
    fn flush(&mut self) -> Result<()>;

    /// What became of the items so far; right after a flush.
    fn written(&self) -> Written;

    /// Makes all items so far last, together with the checkpoint.
    ///
    /// # Errors
    /// Whatever the database says.
    fn commit(&mut self, checkpoint: &Checkpoint) -> Result<()>;
}
