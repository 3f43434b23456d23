//! What an import keeps with `--receipt`, so that it can be taken back: a journal, named as its run, of the items that it
//! made, changed and deleted, committed with them.
//!
//! The journal's state is `imported`; `undoing` once taking it back has begun, and `undone` when that has ended.

use std::collections::HashMap;

use encargo_sdk::fingerprint::Fingerprint;
use encargo_sdk::journal::{Entry, Journal, kept};
use encargo_sdk::prelude::*;
use encargo_sdk::sql::{HUNDRED, in_hundred};
use serde::{Deserialize, Serialize};

use crate::sql;

/// The command's name in journals.
pub(crate) const COMMAND: &str = "import_knowledge";
/// The relation, as journals and reports name it.
pub(crate) const RELATION: &str = "knowledge_items";

/// How far a journal is.
pub(crate) const IMPORTED: &str = "imported";
pub(crate) const UNDOING: &str = "undoing";
pub(crate) const UNDONE: &str = "undone";

/// How many bytes of items wait at most until it is known what they replace.
const MOST_BYTES: usize = 1 << 20;

/// An item as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromRow, ToRow)]
pub(crate) struct StoredItem {
    pub(crate) id: i64,
    pub(crate) external_id: String,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) language: String,
    pub(crate) tags: String,
    pub(crate) source: String,
    pub(crate) content_hash: String,
    pub(crate) format_version: i64,
    pub(crate) legacy: Option<String>,
    pub(crate) created_at: Instant,
    pub(crate) updated_at: Instant,
}

impl StoredItem {
    /// The fingerprint of all that people can change of it. Its hash is the commands' own, which mend it.
    pub(crate) fn state(&self) -> String {
        let mut fingerprint = Fingerprint::default();
        fingerprint.row(&[&self.title, &self.body, &self.language, &self.tags, &self.source]);
        fingerprint.row(&[&self.format_version, &self.legacy, &self.created_at, &self.updated_at]);
        fingerprint.finish()
    }

    /// How it looks once it is written over another one: an update leaves what it has no column for.
    fn over(&self, before: &Self) -> Self {
        Self {
            id: before.id,
            format_version: before.format_version,
            legacy: before.legacy.clone(),
            created_at: before.created_at,
            ..self.clone()
        }
    }
}

/// The stored items of some external ids, by these.
pub(crate) fn stored(transaction: &Transaction, ids: &[&str]) -> Result<HashMap<String, StoredItem>> {
    let mut stored = HashMap::new();
    for ids in ids.chunks(HUNDRED) {
        let parameters = in_hundred(ids).unwrap_or_default();
        let items: Vec<StoredItem> = transaction.rows(sql::WHOLE, &parameters)?;
        stored.extend(items.into_iter().map(|item| (item.external_id.clone(), item)));
    }
    Ok(stored)
}

/// A receipt in the making.
pub(crate) struct Receipt<'a> {
    run: &'a Run,
    journal: Option<Journal>,
    /// Items of which it is not known yet what they replace.
    waiting: Vec<StoredItem>,
    bytes: usize,
    /// How many wait at most.
    most: usize,
}

impl<'a> Receipt<'a> {
    /// The receipt of a run whose transactions have at most so many items; a resumed run goes on with its own.
    ///
    /// # Errors
    /// `refused` where it was taken back since.
    pub(crate) fn of(run: &'a Run, database: &Database, batch_size: u32) -> Result<Self> {
        let transaction = database.begin_read_only()?;
        let journal = Journal::find(&transaction, COMMAND, run.id())?;
        transaction.rollback()?;
        if journal.as_ref().is_some_and(|journal| journal.state != IMPORTED) {
            bail!(
                Refused,
                "what this run had imported was taken back: begin again with `--restart`",
                "lo que esta ejecución había importado se deshizo: empieza de nuevo con `--restart`"
            );
        }
        let most = HUNDRED.min(batch_size as usize);
        Ok(Self { run, journal, waiting: Vec::new(), bytes: 0, most })
    }

    /// The receipt's name; none where nothing was changed.
    pub(crate) fn name(&self) -> Option<&str> {
        self.journal.as_ref().map(|journal| journal.name.as_str())
    }

    /// Takes an item that is to be written, and answers whether it is time to settle.
    pub(crate) fn hold(&mut self, item: StoredItem) -> bool {
        self.bytes += item.title.len() + item.body.len() + item.tags.len() + item.source.len();
        self.waiting.push(item);
        self.waiting.len() >= self.most || self.bytes >= MOST_BYTES
    }

    pub(crate) fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Notes what the items that wait are about to do, and hands them over to be written; with `only_new` known ones do
    /// nothing.
    pub(crate) fn settle(&mut self, transaction: &Transaction, only_new: bool) -> Result<Vec<StoredItem>> {
        let ids: Vec<&str> = self.waiting.iter().map(|item| item.external_id.as_str()).collect();
        let stored = stored(transaction, &ids)?;
        let mut entries = Vec::new();
        for item in &self.waiting {
            match stored.get(&item.external_id) {
                None => entries.push(Entry::created(RELATION, &item.external_id, item.state())),
                Some(before) if only_new || before.content_hash == item.content_hash => {}
                Some(before) => {
                    let after = item.over(before).state();
                    entries.push(Entry::updated(RELATION, &item.external_id, kept(before)?, after));
                }
            }
        }
        self.note(transaction, &entries)?;
        self.bytes = 0;
        Ok(std::mem::take(&mut self.waiting))
    }

    /// Notes items that are about to be deleted.
    pub(crate) fn note_deleted(&mut self, transaction: &Transaction, ids: &[&str]) -> Result<()> {
        for ids in ids.chunks(HUNDRED) {
            let items = stored(transaction, ids)?;
            let entry = |item: &StoredItem| Ok(Entry::deleted(RELATION, &item.external_id, kept(item)?));
            let entries: Result<Vec<_>> = items.values().map(entry).collect();
            self.note(transaction, &entries?)?;
        }
        Ok(())
    }

    /// Notes entries, in a journal that is begun with the first of them.
    fn note(&mut self, transaction: &Transaction, entries: &[Entry]) -> Result<()> {
        if entries.is_empty() {
            return Ok(());
        }
        let journal = match self.journal.take() {
            Some(journal) => journal,
            None => Journal::begin(transaction, self.run, COMMAND, self.run.id(), IMPORTED, "{}")?,
        };
        self.journal.insert(journal).note(transaction, entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_written_over_another_one_keeps_what_an_import_does_not_write() {
        let text = |text: &str| text.to_owned();
        let before = StoredItem {
            id: 7,
            external_id: text("a"),
            title: text("t"),
            body: text("b"),
            language: text("es"),
            tags: text("[]"),
            source: text("s"),
            content_hash: text("h"),
            format_version: 3,
            legacy: Some(text("{}")),
            created_at: Instant::from_micros(1),
            updated_at: Instant::from_micros(2),
        };
        let now = Instant::from_micros(9);
        let new = StoredItem {
            id: 0,
            body: text("c"),
            format_version: 1,
            legacy: None,
            created_at: now,
            updated_at: now,
            ..before.clone()
        };
        let after = new.over(&before);
        assert_eq!(after, StoredItem { body: text("c"), updated_at: now, ..before.clone() });
        assert_ne!(after.state(), before.state());
        let mended = StoredItem { content_hash: text("other"), ..after.clone() };
        assert_eq!(mended.state(), after.state(), "a mended hash is no change of a person's");
    }
}
