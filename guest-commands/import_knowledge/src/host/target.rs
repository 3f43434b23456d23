//! The rows of `knowledge_items`, written in batches.

use std::collections::BTreeMap;

use encargo_sdk::error::{Error, ErrorCode, Result};
use encargo_sdk::prelude::{BulkWriter, Database, Instant, ToRow, Writer};
use encargo_sdk::sql::in_hundred;
use encargo_sdk::text;

use crate::import::Mode;
use crate::receipt::{Receipt, StoredItem};
use crate::sink::{Checkpoint, KnowledgeSink, Stored, Written};
use crate::sql;
use encargo_sdk::knowledge::{Identity, Item};

/// A row, whose cells are borrowed: copying each into a row of its own costs a guest a call. The database gives new ones
/// their id, and known ones keep when they were created.
#[derive(ToRow)]
struct Row<'a> {
    external_id: &'a str,
    title: &'a str,
    body: &'a str,
    language: &'a str,
    tags: &'a str,
    source: &'a str,
    content_hash: &'a str,
    created_at: Instant,
    updated_at: Instant,
}

/// Writes items as rows.
pub(crate) struct Target<'a> {
    database: &'a Database,
    writer: BulkWriter<'a, Row<'static>>,
    now: Instant,
    skipped: u64,
    /// Whether known items stay as they are.
    only_new: bool,
    /// What is kept so that the import can be taken back.
    receipt: Option<Receipt<'a>>,
}

impl StoredItem {
    /// The row that a writer takes of it.
    fn row(&self) -> Row<'_> {
        Row {
            external_id: &self.external_id,
            title: &self.title,
            body: &self.body,
            language: &self.language,
            tags: &self.tags,
            source: &self.source,
            content_hash: &self.content_hash,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

impl Row<'_> {
    /// The item that a new row becomes; the database gives it its id.
    fn stored(&self) -> StoredItem {
        StoredItem {
            id: 0,
            external_id: self.external_id.to_owned(),
            title: self.title.to_owned(),
            body: self.body.to_owned(),
            language: self.language.to_owned(),
            tags: self.tags.to_owned(),
            source: self.source.to_owned(),
            content_hash: self.content_hash.to_owned(),
            format_version: 1,
            legacy: None,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

impl<'a> Target<'a> {
    /// Rows with this time, in transactions of at most so many.
    pub(crate) fn new(database: &'a Database, batch_size: u32, now: Instant, mode: Mode) -> Self {
        let only_new = mode == Mode::Insert;
        let into = Writer::into("knowledge_items").key(["external_id"]).commit_every(batch_size.into());
        let into = if only_new { into.skip() } else { into.update().same_when("content_hash") };
        Self { database, writer: database.writer(into), now, skipped: 0, only_new, receipt: None }
    }

    /// The same, which keeps a receipt.
    #[must_use]
    pub(crate) fn with_receipt(mut self, receipt: Option<Receipt<'a>>) -> Self {
        self.receipt = receipt;
        self
    }

    /// The receipt that is kept.
    pub(crate) fn receipt(&self) -> Option<&Receipt<'a>> {
        self.receipt.as_ref()
    }

    /// Writes what waits until it is known what it replaces.
    fn settle(&mut self) -> Result<()> {
        let Some(receipt) = &mut self.receipt else { return Ok(()) };
        if !receipt.is_waiting() {
            return Ok(());
        }
        let items = receipt.settle(self.writer.transaction()?, self.only_new)?;
        items.iter().try_for_each(|item| self.writer.push_as(&item.row()))
    }
}

impl KnowledgeSink for Target<'_> {
    fn has_items(&mut self) -> Result<bool> {
        Ok(self.database.row::<i64>(sql::ANY, &[])?.is_some())
    }

    fn stored(&mut self, ids: &[&str]) -> Result<BTreeMap<String, Stored>> {
        let Some(parameters) = in_hundred(ids) else { return Ok(BTreeMap::new()) };
        let rows: Vec<(String, String, String, String)> = self.writer.rows(sql::STORED, &parameters)?;
        let stored = rows.into_iter().map(|(id, language, tags, source)| (id, Stored { language, tags, source }));
        Ok(stored.collect())
    }

    fn write(&mut self, item: &Item<'_>, identity: &Identity<'_>) -> Result<()> {
        let Item { title, body, language, tags, source, .. } = *item;
        let Identity { external_id, content_hash } = *identity;
        let (created_at, updated_at) = (self.now, self.now);
        let row = Row { external_id, title, body, language, tags, source, content_hash, created_at, updated_at };
        match &mut self.receipt {
            None => self.writer.push_as(&row),
            Some(receipt) => match receipt.hold(row.stored()) {
                true => self.settle(),
                false => Ok(()),
            },
        }
    }

    fn is_due(&self) -> bool {
        self.writer.is_due()
    }

    fn flush(&mut self) -> Result<()> {
        self.settle()?;
        self.writer.flush()
    }

    fn written(&self) -> Written {
        let counts = self.writer.counts();
        let (created, updated) = (counts.inserted, counts.updated);
        if self.only_new {
            return Written { created, updated, unchanged: 0, skipped: counts.unchanged };
        }
        Written { created, updated, unchanged: counts.unchanged, skipped: self.skipped }
    }

    fn skip(&mut self) {
        self.skipped += 1;
    }

    fn ids(&mut self, after: &str) -> Result<Vec<String>> {
        self.database.rows(sql::IDS, &[&after])
    }

    fn delete(&mut self, ids: &[&str], checkpoint: &Checkpoint) -> Result<()> {
        let transaction = self.database.begin()?;
        if let Some(receipt) = &mut self.receipt {
            receipt.note_deleted(&transaction, ids)?;
        }
        for id in ids {
            transaction.execute(sql::DELETE, &[id])?;
        }
        transaction.save_checkpoint(LOOP, &written(checkpoint)?)?;
        transaction.commit()
    }

    fn commit(&mut self, checkpoint: &Checkpoint) -> Result<()> {
        self.settle()?;
        let text = written(checkpoint)?;
        self.writer.commit(Some((LOOP, &text)))
    }
}

fn written(checkpoint: &Checkpoint) -> Result<String> {
    serde_json::to_string(checkpoint).map_err(|error| Error::new(ErrorCode::Internal, error.to_string()))
}

/// The run's one loop, in its checkpoints.
pub(crate) const LOOP: &str = "items";

/// Reads a checkpoint back.
pub(crate) fn checkpoint(text: &str) -> Result<Checkpoint> {
    serde_json::from_str(text).map_err(|_| {
        let message = text!(
            "the checkpoint is of another version of this command: begin again with `--restart`",
            "el punto de control es de otra versión de este comando: empieza de nuevo con `--restart`"
        );
        Error::new(ErrorCode::Invalid, message)
    })
}
