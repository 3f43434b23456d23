//! Values and batches of the WIT in the model's words. Cells are moved, never copied.

use encargo_model::{Batch, Blobs, Cells, Column, Kind, Texts, Value};

use crate::bindings::encargo::types::types as wit;
use crate::state::State;

impl wit::Host for State {}

impl From<wit::Value> for Value {
    fn from(value: wit::Value) -> Self {
        match value {
            wit::Value::Null => Self::Null,
            wit::Value::Integer(integer) => Self::Integer(integer),
            wit::Value::Real(real) => Self::Real(real),
            wit::Value::Text(text) => Self::Text(text),
            wit::Value::Blob(blob) => Self::Blob(blob),
        }
    }
}

impl From<wit::Kind> for Kind {
    fn from(kind: wit::Kind) -> Self {
        match kind {
            wit::Kind::Integer => Self::Integer,
            wit::Kind::Real => Self::Real,
            wit::Kind::Text => Self::Text,
            wit::Kind::Blob => Self::Blob,
        }
    }
}

impl From<wit::Batch> for Batch {
    fn from(batch: wit::Batch) -> Self {
        Self { rows: batch.rows, columns: batch.columns.into_iter().map(Column::from).collect() }
    }
}

impl From<Batch> for wit::Batch {
    fn from(batch: Batch) -> Self {
        Self { rows: batch.rows, columns: batch.columns.into_iter().map(wit::Column::from).collect() }
    }
}

impl From<wit::Column> for Column {
    fn from(column: wit::Column) -> Self {
        let cells = match column.cells {
            wit::Cells::Integers(cells) => Cells::Integers(cells),
            wit::Cells::Reals(cells) => Cells::Reals(cells),
            wit::Cells::Texts(texts) => Cells::Texts(Texts { offsets: texts.offsets, data: texts.data }),
            wit::Cells::Blobs(blobs) => Cells::Blobs(Blobs { offsets: blobs.offsets, data: blobs.data }),
        };
        Self { name: column.name, cells, validity: column.validity }
    }
}

impl From<Column> for wit::Column {
    fn from(column: Column) -> Self {
        let cells = match column.cells {
            Cells::Integers(cells) => wit::Cells::Integers(cells),
            Cells::Reals(cells) => wit::Cells::Reals(cells),
            Cells::Texts(texts) => wit::Cells::Texts(wit::Texts { offsets: texts.offsets, data: texts.data }),
            Cells::Blobs(blobs) => wit::Cells::Blobs(wit::Blobs { offsets: blobs.offsets, data: blobs.data }),
        };
        Self { name: column.name, cells, validity: column.validity }
    }
}

pub(super) fn values(values: Vec<wit::Value>) -> Vec<Value> {
    values.into_iter().map(Value::from).collect()
}

pub(super) fn kinds(kinds: Vec<wit::Kind>) -> Vec<Kind> {
    kinds.into_iter().map(Kind::from).collect()
}
