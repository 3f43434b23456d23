//! Values and column batches: what crosses between a command and a database (`wit/types`).

use crate::{Text, text};

/// One value of a database or a parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// Also booleans (0, 1) and times (microseconds since 1970, UTC).
    Integer(i64),
    /// A double.
    Real(f64),
    /// Also JSON, decimals and UUIDs.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// The type of all cells of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 64-bit integers.
    Integer,
    /// Doubles.
    Real,
    /// UTF-8.
    Text,
    /// Bytes.
    Blob,
}

/// Text cells laid end to end; `offsets` has one entry more than there are rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    /// Cell `i` is `data[offsets[i]..offsets[i + 1]]`.
    pub offsets: Vec<u32>,
    /// All cells' bytes.
    pub data: String,
}

/// Binary cells laid end to end; `offsets` has one entry more than there are rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Blobs {
    /// Cell `i` is `data[offsets[i]..offsets[i + 1]]`.
    pub offsets: Vec<u32>,
    /// All cells' bytes.
    pub data: Vec<u8>,
}

/// The cells of a column; a null has an empty or zero cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cells {
    /// One integer a row.
    Integers(Vec<i64>),
    /// One double a row.
    Reals(Vec<f64>),
    /// One text a row.
    Texts(Texts),
    /// One byte string a row.
    Blobs(Blobs),
}

/// One column of a batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The column's name in the statement or the table.
    pub name: String,
    /// One cell a row.
    pub cells: Cells,
    /// One bit a row, least significant first, 1 = has a value; `None` when there are no nulls.
    pub validity: Option<Vec<u8>>,
}

/// Rows, column by column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Batch {
    /// How many rows every column has.
    pub rows: u32,
    /// The columns, all of the same length.
    pub columns: Vec<Column>,
}

impl Column {
    /// Whether row `row` has no value.
    pub fn is_null(&self, row: usize) -> bool {
        self.validity.as_ref().is_some_and(|bits| bits[row / 8] & (1 << (row % 8)) == 0)
    }
}

impl Batch {
    /// How many rows a batch has at most.
    pub const MOST_ROWS: u32 = 4_000;
    /// How many bytes of cells a batch has at most.
    pub const MOST_BYTES: usize = 1 << 20;

    /// Checks what the type cannot say: lengths, monotone offsets, character boundaries and sizes.
    ///
    /// # Errors
    /// A sentence that names the column.
    pub fn check(&self) -> Result<(), Text> {
        if self.rows > Self::MOST_ROWS {
            return Err(text!(
                "a batch has at most {} rows, this one has {}",
                "un lote tiene como máximo {} filas, este tiene {}";
                Self::MOST_ROWS,
                self.rows
            ));
        }
        let bytes = self.bytes();
        if bytes > Self::MOST_BYTES {
            return Err(text!(
                "a batch has at most {} bytes, this one has {bytes}",
                "un lote tiene como máximo {} bytes, este tiene {bytes}";
                Self::MOST_BYTES
            ));
        }
        self.columns.iter().try_for_each(|column| column.check(self.rows as usize))
    }

    /// Whether it has more rows or bytes than a batch may have.
    pub fn is_too_large(&self) -> bool {
        self.rows > Self::MOST_ROWS || self.bytes() > Self::MOST_BYTES
    }

    fn bytes(&self) -> usize {
        self.columns.iter().map(|column| column.cells.bytes()).sum()
    }
}

impl Column {
    fn check(&self, rows: usize) -> Result<(), Text> {
        let of = |what: Text| text!("column `{}` {what}", "la columna `{}` {what}", what = what; self.name);
        let length = match &self.cells {
            Cells::Integers(cells) => cells.len(),
            Cells::Reals(cells) => cells.len(),
            Cells::Texts(texts) => {
                check_offsets(&texts.offsets, texts.data.len()).map_err(of)?;
                if !texts.offsets.iter().all(|&at| texts.data.is_char_boundary(at as usize)) {
                    return Err(of(text!(
                        "has an offset inside a character",
                        "tiene una posición dentro de un carácter"
                    )));
                }
                texts.offsets.len() - 1
            }
            Cells::Blobs(blobs) => {
                check_offsets(&blobs.offsets, blobs.data.len()).map_err(of)?;
                blobs.offsets.len() - 1
            }
        };
        if length != rows {
            return Err(of(text!("has {length} cells for {rows} rows", "tiene {length} celdas para {rows} filas")));
        }
        match &self.validity {
            Some(bits) if bits.len() != rows.div_ceil(8) => Err(of(text!(
                "has a validity bitmap of the wrong length",
                "tiene un mapa de bits de validez de longitud equivocada"
            ))),
            _ => Ok(()),
        }
    }
}

impl Cells {
    fn bytes(&self) -> usize {
        match self {
            Self::Integers(cells) => cells.len() * 8,
            Self::Reals(cells) => cells.len() * 8,
            Self::Texts(texts) => texts.data.len() + texts.offsets.len() * 4,
            Self::Blobs(blobs) => blobs.data.len() + blobs.offsets.len() * 4,
        }
    }
}

fn check_offsets(offsets: &[u32], length: usize) -> Result<(), Text> {
    match (offsets.first(), offsets.last()) {
        (Some(0), Some(&last)) if last as usize == length => {}
        _ => {
            return Err(text!("has offsets that do not span its data", "tiene posiciones que no abarcan sus datos"));
        }
    }
    if offsets.is_sorted() { Ok(()) } else { Err(text!("has offsets that go back", "tiene posiciones que retroceden")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(offsets: &[u32], data: &str) -> Batch {
        let cells = Cells::Texts(Texts { offsets: offsets.to_vec(), data: data.to_owned() });
        Batch { rows: 2, columns: vec![Column { name: "title".to_owned(), cells, validity: None }] }
    }

    #[test]
    fn a_batch_with_wrong_offsets_is_refused_with_its_column() {
        assert_eq!(texts(&[0, 1, 3], "abc").check(), Ok(()));
        for (offsets, data, problem) in [
            (&[0, 3][..], "abc", "column `title` has 1 cells for 2 rows"),
            (&[0, 4, 3], "abc", "column `title` has offsets that go back"),
            (&[1, 2, 3], "abc", "column `title` has offsets that do not span its data"),
            (&[0, 1, 2], "abc", "column `title` has offsets that do not span its data"),
            (&[0, 1, 2], "é", "column `title` has an offset inside a character"),
            (&[], "", "column `title` has offsets that do not span its data"),
        ] {
            assert_eq!(texts(offsets, data).check().unwrap_err().en, problem);
        }
    }

    #[test]
    fn a_bitmap_of_the_wrong_length_is_refused() {
        let mut batch = texts(&[0, 1, 3], "abc");
        batch.columns[0].validity = Some(vec![]);
        assert!(batch.check().is_err());
        batch.columns[0].validity = Some(vec![0b10]);
        assert_eq!(batch.check(), Ok(()));
        assert!(batch.columns[0].is_null(0) && !batch.columns[0].is_null(1));
    }
}
