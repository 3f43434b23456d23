//! The rows of `knowledge_items`, written in batches.

use encargo_sdk::error::{Error, ErrorCode, Result};
use encargo_sdk::prelude::{BulkWriter, Database, Instant, ToRow, Writer};
use encargo_sdk::text;

use crate::item::{Identity, Item};
use crate::sink::{Checkpoint, KnowledgeSink, Written};

/// A row; the database gives new ones their id, and known ones keep when they were created.
#[derive(ToRow)]
struct Row {
    external_id: String,
    title: String,
    body: String,
    language: String,
    tags: String,
    source: String,
    content_hash: String,
    created_at: Instant,
    updated_at: Instant,
}

/// Writes items as rows.
pub(crate) struct Target<'a> {
    writer: BulkWriter<'a, Row>,
    row: Row,
}

impl<'a> Target<'a> {
    /// Rows with this time, in transactions of at most so many.
    pub(crate) fn new(database: &'a Database, batch_size: u32, now: Instant) -> Self {
        let into = Writer::into("knowledge_items")
            .key(["external_id"])
            .update()
            .same_when("content_hash")
            .commit_every(batch_size.into());
        let row = Row {
            external_id: String::new(),
            title: String::new(),
            body: String::new(),
            language: String::new(),
            tags: String::new(),
            source: String::new(),
            content_hash: String::new(),
            created_at: now,
            updated_at: now,
        };
        Self { writer: database.writer(into), row }
    }
}

impl KnowledgeSink for Target<'_> {
    fn write(&mut self, item: &Item<'_>, identity: &Identity<'_>) -> Result<()> {
        for (cell, text) in [
            (&mut self.row.external_id, identity.external_id),
            (&mut self.row.title, item.title),
            (&mut self.row.body, item.body),
            (&mut self.row.language, item.language),
            (&mut self.row.tags, item.tags),
            (&mut self.row.source, item.source),
            (&mut self.row.content_hash, identity.content_hash),
        ] {
            cell.clear();
            cell.push_str(text);
        }
        self.writer.push(&self.row)
    }

    fn is_due(&self) -> bool {
        self.writer.is_due()
    }

    fn flush(&mut self) -> Result<()> {
        self.writer.flush()
    }

    fn written(&self) -> Written {
        let counts = self.writer.counts();
        Written { created: counts.inserted, updated: counts.updated, unchanged: counts.unchanged }
    }

    fn commit(&mut self, checkpoint: &Checkpoint) -> Result<()> {
        let text = serde_json::to_string(checkpoint);
        let text = text.map_err(|error| Error::new(ErrorCode::Internal, error.to_string()))?;
        self.writer.commit(Some((LOOP, &text)))
    }
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
