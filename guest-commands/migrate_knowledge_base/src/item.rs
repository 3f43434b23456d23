//! A knowledge item as it is stored, and what no step changes of it.

use encargo_sdk::fingerprint::Fingerprint;
use encargo_sdk::knowledge::{self, Hasher};
use encargo_sdk::prelude::*;

use crate::version::Version;

/// A row of `knowledge_items`.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, ToRow)]
pub(crate) struct Item {
    pub(crate) id: i64,
    pub(crate) external_id: String,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) language: String,
    /// A JSON array of texts; in version 1.0 perhaps another list.
    pub(crate) tags: String,
    pub(crate) source: String,
    pub(crate) content_hash: String,
    pub(crate) format_version: i64,
    /// What the item had in other versions, as JSON.
    pub(crate) legacy: Option<String>,
    pub(crate) created_at: Instant,
    pub(crate) updated_at: Instant,
}

impl Item {
    /// The version that it is in; none for one that is not known here.
    pub(crate) fn version(&self) -> Option<Version> {
        Version::of_number(self.format_version)
    }

    /// The hash of all that it says, as whoever writes items works it out.
    pub(crate) fn hash(&self) -> String {
        let item = knowledge::Item {
            external_id: &self.external_id,
            title: &self.title,
            body: &self.body,
            language: &self.language,
            tags: &self.tags,
            source: &self.source,
            absent: knowledge::Absent::default(),
        };
        Hasher::default().identity(&item).content_hash.to_owned()
    }

    /// Adds what no step may change.
    pub(crate) fn add_unchanging(&self, fingerprint: &mut Fingerprint) {
        fingerprint.row(&[&self.id, &self.external_id, &self.body, &self.created_at]);
    }
}

/// Where items are written: every item is there.
pub(crate) fn into() -> Writer {
    Writer::into("knowledge_items").key(["id"]).update()
}
