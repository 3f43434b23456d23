//! Column batches: reading cells out of one, and building one row by row.

use crate::value::Kind;

pub use crate::bindings::encargo::types::types::{Batch, Blobs, Cells, Column, Texts};

/// The most rows that a batch is filled with.
pub const ROWS: u32 = 1_000;
/// The most bytes that a batch is filled with; the host's own limit is 1 MiB with offsets.
pub const BYTES: usize = 960 << 10;

impl Column {
    /// Whether row `row` has no value.
    pub fn is_null(&self, row: usize) -> bool {
        self.validity.as_ref().is_some_and(|bits| bits[row / 8] & (1 << (row % 8)) == 0)
    }

    /// The text of row `row`; `None` when the column is not of text. A null reads as the empty text.
    pub fn text(&self, row: usize) -> Option<&str> {
        match &self.cells {
            Cells::Texts(texts) => texts.data.get(texts.offsets[row] as usize..texts.offsets[row + 1] as usize),
            _ => None,
        }
    }
}

/// One column in the making.
#[derive(Debug)]
pub struct ColumnBuilder {
    name: &'static str,
    cells: Cells,
    validity: Vec<u8>,
    rows: usize,
    nulls: bool,
}

impl ColumnBuilder {
    /// An empty column.
    pub fn new(name: &'static str, kind: Kind) -> Self {
        let mut column = Self { name, cells: Cells::Integers(Vec::new()), validity: Vec::new(), rows: 0, nulls: false };
        column.clear(kind);
        column
    }

    fn clear(&mut self, kind: Kind) {
        self.cells = match kind {
            Kind::Integer => Cells::Integers(Vec::new()),
            Kind::Real => Cells::Reals(Vec::new()),
            Kind::Text => Cells::Texts(Texts { offsets: vec![0], data: String::new() }),
            Kind::Blob => Cells::Blobs(Blobs { offsets: vec![0], data: Vec::new() }),
        };
        self.validity.clear();
        self.rows = 0;
        self.nulls = false;
    }

    fn valid(&mut self, valid: bool) {
        if self.rows.is_multiple_of(8) {
            self.validity.push(0);
        }
        if valid {
            self.validity[self.rows / 8] |= 1 << (self.rows % 8);
        } else {
            self.nulls = true;
        }
        self.rows += 1;
    }

    /// Adds a null.
    pub fn null(&mut self) {
        match &mut self.cells {
            Cells::Integers(cells) => cells.push(0),
            Cells::Reals(cells) => cells.push(0.0),
            Cells::Texts(texts) => texts.offsets.push(texts.data.len() as u32),
            Cells::Blobs(blobs) => blobs.offsets.push(blobs.data.len() as u32),
        }
        self.valid(false);
    }

    /// Adds an integer; a null in a column of another kind.
    pub fn integer(&mut self, value: i64) {
        match &mut self.cells {
            Cells::Integers(cells) => cells.push(value),
            _ => return self.null(),
        }
        self.valid(true);
    }

    /// Adds a double; a null in a column of another kind.
    pub fn real(&mut self, value: f64) {
        match &mut self.cells {
            Cells::Reals(cells) => cells.push(value),
            _ => return self.null(),
        }
        self.valid(true);
    }

    /// Adds a text; a null in a column of another kind.
    pub fn text(&mut self, value: &str) {
        match &mut self.cells {
            Cells::Texts(texts) => {
                texts.data.push_str(value);
                texts.offsets.push(texts.data.len() as u32);
            }
            _ => return self.null(),
        }
        self.valid(true);
    }

    /// Adds bytes; a null in a column of another kind.
    pub fn blob(&mut self, value: &[u8]) {
        match &mut self.cells {
            Cells::Blobs(blobs) => {
                blobs.data.extend_from_slice(value);
                blobs.offsets.push(blobs.data.len() as u32);
            }
            _ => return self.null(),
        }
        self.valid(true);
    }

    /// How many bytes its cells take.
    pub fn bytes(&self) -> usize {
        match &self.cells {
            Cells::Integers(cells) => cells.len() * 8,
            Cells::Reals(cells) => cells.len() * 8,
            Cells::Texts(texts) => texts.data.len() + texts.offsets.len() * 4,
            Cells::Blobs(blobs) => blobs.data.len() + blobs.offsets.len() * 4,
        }
    }

    /// The column, and this builder empty again.
    pub fn take(&mut self, kind: Kind) -> Column {
        let validity = self.nulls.then(|| std::mem::take(&mut self.validity));
        let cells = std::mem::replace(&mut self.cells, Cells::Integers(Vec::new()));
        self.clear(kind);
        Column { name: self.name.to_owned(), cells, validity }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_keeps_texts_and_nulls_apart() {
        let mut builder = ColumnBuilder::new("title", Kind::Text);
        builder.text("é");
        builder.null();
        builder.text("");
        let column = builder.take(Kind::Text);
        assert_eq!((0..3).map(|row| column.is_null(row)).collect::<Vec<_>>(), [false, true, false]);
        assert_eq!((0..3).map(|row| column.text(row)).collect::<Vec<_>>(), [Some("é"), Some(""), Some("")]);
        builder.text("next");
        assert_eq!(builder.take(Kind::Text).text(0), Some("next"));
    }
}
