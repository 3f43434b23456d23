//! The manifest of an export: a file beside it that says what is in it, so that anyone can tell whether it is whole.
//!
//! It says nothing of when and by which run it was written: the same data and the same arguments give the same
//! manifest. That of an incremental export says from when to when its cursor was moved.

use std::io::Write as _;

use encargo_sdk::files::{Sink, Stored};
use encargo_sdk::prelude::*;
use serde::{Deserialize, Serialize};

use crate::exporting::{Asked, Written};
use crate::format::Format;
use crate::masking;
use crate::relation::{Relation, What};

/// What stands behind the name of the file.
pub(crate) const SUFFIX: &str = ".manifest.json";
/// The version of this shape.
pub(crate) const VERSION: u32 = 1;

/// What a manifest says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) manifest: u32,
    /// The name of the file.
    pub(crate) file: String,
    #[serde(rename = "type")]
    pub(crate) type_: String,
    pub(crate) format: String,
    pub(crate) tenant: Option<String>,
    pub(crate) columns: Vec<String>,
    /// The records of the file: rows of CSV without the header, items of the other formats.
    pub(crate) rows: u64,
    /// The stored bytes, compressed or not, and their SHA-256.
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
    pub(crate) since: Option<String>,
    pub(crate) until: Option<String>,
    /// The newest change among what was exported.
    pub(crate) high_water_mark: Option<Mark>,
    /// Whether cells that a spreadsheet takes for a formula have an apostrophe before them.
    pub(crate) excel: bool,
    /// Whether it holds tombstones.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) deletions: bool,
    /// Which part of how many it is; none for a file that is not split.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) part: Option<Place>,
    /// The columns whose values are masked.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) anonymized: Vec<String>,
    /// The cursor of an incremental export.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) cursor: Option<Position>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// One part of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// 1 for the first.
    pub(crate) number: usize,
    pub(crate) of: usize,
}

/// From where to where a cursor was moved by an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Position {
    pub(crate) name: String,
    /// None where everything was exported.
    pub(crate) from: Option<String>,
    pub(crate) to: String,
}

/// A place in the order of changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    pub(crate) updated_at: String,
    /// None for what is known by its name alone.
    pub(crate) id: Option<i64>,
}

impl Mark {
    /// The newest change of what is exported, in the snapshot that it is exported from.
    pub(crate) fn of(snapshot: &Transaction, relation: Relation, range: Option<(i64, i64)>) -> Result<Option<Self>> {
        let (since, until) = range.unwrap_or((i64::MIN, i64::MAX));
        let newest: Option<(i64, Option<i64>)> = snapshot.row(relation.queries().newest, &[&since, &until])?;
        Ok(newest.map(|(at, id)| Self { updated_at: Instant::from_micros(at).rfc3339(), id }))
    }
}

impl Manifest {
    /// What is to be said of a part that was published, one of `parts`.
    pub(crate) fn of(
        run: &Run,
        asked: &Asked,
        file: &Written,
        (place, format): (Place, Format),
        (name, records, stored): (String, u64, Stored),
    ) -> Self {
        let written = |micros: i64| Instant::from_micros(micros).rfc3339();
        let (since, until) = asked.range.unwrap_or((i64::MIN, i64::MAX));
        let relation = file.relation;
        let columns = file.what.shape(relation).columns;
        Self {
            manifest: VERSION,
            file: name,
            type_: relation.word().to_owned(),
            format: format.word().to_owned(),
            tenant: run.tenant().map(str::to_owned),
            columns: columns.iter().map(|column| column.name.to_owned()).collect(),
            rows: records,
            bytes: stored.bytes,
            sha256: stored.sha256,
            since: Some(since).filter(|since| *since != i64::MIN).map(written),
            until: Some(until).filter(|until| *until != i64::MAX).map(written),
            high_water_mark: file.newest.clone(),
            excel: asked.excel,
            deletions: file.what == What::Deletions,
            part: (!asked.most.is_none()).then_some(place),
            anonymized: asked.masks.as_ref().map(|_| masking::columns(relation)).unwrap_or_default(),
            cursor: asked.cursor.as_ref().map(|cursor| Position {
                name: cursor.name.clone(),
                from: cursor.place(relation).map(Instant::rfc3339),
                to: run.started_at().rfc3339(),
            }),
        }
    }

    /// Writes it and publishes it.
    pub(crate) fn publish(&self, mut sink: Sink) -> Result<()> {
        sink.write_all(self.text().as_bytes())?;
        sink.publish()
    }

    /// Its text, a line for each member.
    pub(crate) fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}
