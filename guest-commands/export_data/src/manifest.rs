//! The manifest of an export: a file beside it that says what is in it, so that anyone can tell whether it is whole.
//!
//! It says nothing of when and by which run it was written: the same data and the same arguments give the same manifest.

use std::io::Write as _;

use encargo_sdk::files::{self, Destination, Sink, Stored};
use encargo_sdk::prelude::*;
use serde::{Deserialize, Serialize};

use crate::exporting::{Asked, Told};
use crate::relation::Relation;

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
        let newest: Option<(i64, Option<i64>)> = snapshot.row(relation.newest(), &[&since, &until])?;
        Ok(newest.map(|(at, id)| Self { updated_at: Instant::from_micros(at).rfc3339(), id }))
    }
}

impl Manifest {
    /// What is to be said of a file that was published.
    pub(crate) fn of(
        run: &Run,
        relation: Relation,
        asked: &Asked,
        told: &Told,
        (name, stored): (&str, Stored),
    ) -> Self {
        let written = |bound: Option<i64>| bound.map(|micros| Instant::from_micros(micros).rfc3339());
        let (since, until) = asked.range.unwrap_or((i64::MIN, i64::MAX));
        Self {
            manifest: VERSION,
            file: name.to_owned(),
            type_: relation.word().to_owned(),
            format: asked.format.word().to_owned(),
            tenant: run.tenant().map(str::to_owned),
            columns: relation.shape().columns.iter().map(|column| column.name.to_owned()).collect(),
            rows: told.records(asked.format),
            bytes: stored.bytes,
            sha256: stored.sha256,
            since: written(Some(since).filter(|since| *since != i64::MIN)),
            until: written(Some(until).filter(|until| *until != i64::MAX)),
            high_water_mark: told.newest.clone(),
            excel: asked.excel,
        }
    }

    /// Begins the manifest of a file that is not published yet: where it cannot stand beside it, nothing is exported.
    pub(crate) fn begin(argument: &str, destination: &Destination, name: &str) -> Result<Sink> {
        match destination {
            Destination::Folder => files::create(argument, &format!("{name}{SUFFIX}")),
            _ => files::create_beside(argument, SUFFIX),
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
