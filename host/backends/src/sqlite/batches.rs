//! Builds batches column by column from the rows of a statement.

use encargo_model::{Batch, Blobs, Cells, Column, ErrorCode, Kind, Text, Texts, text};

use super::statement::{Cell, Statement};
use crate::BackendError;

/// A batch in the making.
pub(super) struct Builder<'a> {
    names: &'a [String],
    columns: Vec<Growing>,
    rows: usize,
    bytes: usize,
    /// How many bytes a row may have.
    row_bytes: usize,
    /// The number of the first row, from 1, for messages.
    first: u64,
}

struct Growing {
    cells: GrowingCells,
    validity: Option<Vec<u8>>,
}

enum GrowingCells {
    Integers(Vec<i64>),
    Reals(Vec<f64>),
    /// Checked to be UTF-8 once a batch, not once a cell.
    Texts(Vec<u32>, Vec<u8>),
    Blobs(Vec<u32>, Vec<u8>),
}

impl<'a> Builder<'a> {
    pub(super) fn new(names: &'a [String], kinds: &[Kind], first: u64, most: usize, row_bytes: usize) -> Self {
        let offsets = || {
            let mut offsets = Vec::with_capacity(most + 1);
            offsets.push(0);
            offsets
        };
        let columns = kinds.iter().map(|kind| {
            let cells = match kind {
                Kind::Integer => GrowingCells::Integers(Vec::with_capacity(most)),
                Kind::Real => GrowingCells::Reals(Vec::with_capacity(most)),
                Kind::Text => GrowingCells::Texts(offsets(), Vec::new()),
                Kind::Blob => GrowingCells::Blobs(offsets(), Vec::new()),
            };
            Growing { cells, validity: None }
        });
        Self { names, columns: columns.collect(), rows: 0, bytes: 0, row_bytes, first }
    }

    pub(super) const fn rows(&self) -> usize {
        self.rows
    }

    /// Adds the statement's row; false when the batch would become too large with it, unless it is the only one.
    pub(super) fn push(&mut self, statement: &Statement) -> Result<bool, BackendError> {
        let mut bytes = 0;
        for (at, column) in self.columns.iter_mut().enumerate() {
            let row = self.first + self.rows as u64;
            let cell = statement.cell(at);
            // Before it is copied: the row's cells are all in SQLite's memory already.
            if bytes + cell.bytes() > self.row_bytes {
                let message = text!(
                    "row {row} has more than {} bytes; read fewer of its columns",
                    "la fila {row} tiene más de {} bytes; lea menos de sus columnas";
                    self.row_bytes
                );
                return Err(BackendError::new(ErrorCode::TooLarge, message));
            }
            bytes += column.push(cell, self.rows).map_err(|(wanted, found)| {
                let message = text!(
                    "row {row}: `{}` is {found}, not {wanted}",
                    "fila {row}: `{}` es {found}, no {wanted}",
                    found = found,
                    wanted = wanted;
                    self.names[at]
                );
                BackendError::new(ErrorCode::TypeMismatch, message)
            })?;
        }
        if self.rows > 0 && self.bytes + bytes > Batch::MOST_BYTES {
            for column in &mut self.columns {
                column.truncate(self.rows);
            }
            return Ok(false);
        }
        self.bytes += bytes;
        self.rows += 1;
        Ok(true)
    }

    pub(super) fn finish(self) -> Result<Batch, BackendError> {
        let mut columns = Vec::with_capacity(self.columns.len());
        for (column, name) in self.columns.into_iter().zip(self.names) {
            let cells = match column.cells {
                GrowingCells::Integers(cells) => Cells::Integers(cells),
                GrowingCells::Reals(cells) => Cells::Reals(cells),
                GrowingCells::Blobs(offsets, data) => Cells::Blobs(Blobs { offsets, data }),
                GrowingCells::Texts(offsets, data) => Cells::Texts(texts(offsets, data).map_err(|row| {
                    let message = text!(
                        "row {}: `{name}` is not UTF-8",
                        "fila {}: `{name}` no es UTF-8";
                        self.first + row as u64
                    );
                    BackendError::new(ErrorCode::TypeMismatch, message)
                })?),
            };
            columns.push(Column { name: name.clone(), cells, validity: column.validity });
        }
        Ok(Batch { rows: u32::try_from(self.rows).unwrap_or(u32::MAX), columns })
    }
}

impl Growing {
    /// Adds a cell to those of `rows` rows and answers its bytes, or what was wanted and what was found.
    fn push(&mut self, cell: Cell<'_>, rows: usize) -> Result<usize, (Text, Text)> {
        let bytes = match (&mut self.cells, cell) {
                (GrowingCells::Integers(cells), Cell::Integer(value)) => {
                    cells.push(value);
                    8
                }
                (GrowingCells::Reals(cells), Cell::Real(value)) => {
                    cells.push(value);
                    8
                }
                (GrowingCells::Reals(cells), Cell::Integer(value)) if (value as f64) as i64 == value => {
                    cells.push(value as f64);
                    8
                }
                (GrowingCells::Texts(offsets, data), Cell::Text(bytes))
                // The bytes of a text lose nothing, so one that is not UTF-8 can be looked at.
                | (GrowingCells::Blobs(offsets, data), Cell::Blob(bytes) | Cell::Text(bytes)) => {
                    data.extend_from_slice(bytes);
                    offsets.push(u32::try_from(data.len()).map_err(|_| {
                        (text!("smaller", "más pequeño"), text!("larger than 4 GiB", "mayor que 4 GiB"))
                    })?);
                    bytes.len() + 4
                }
                (cells, Cell::Null) => {
                    let bytes = cells.push_empty();
                    let validity = self.validity.get_or_insert_with(|| ones(rows));
                    set(validity, rows, false);
                    return Ok(bytes);
                }
                (cells, cell) => return Err((cells.kind(), kind_of(cell))),
            };
        if let Some(validity) = &mut self.validity {
            set(validity, rows, true);
        }
        Ok(bytes)
    }

    /// Takes back what stands behind the first `rows` rows.
    fn truncate(&mut self, rows: usize) {
        match &mut self.cells {
            GrowingCells::Integers(cells) => cells.truncate(rows),
            GrowingCells::Reals(cells) => cells.truncate(rows),
            GrowingCells::Texts(offsets, data) | GrowingCells::Blobs(offsets, data) => {
                offsets.truncate(rows + 1);
                data.truncate(offsets[rows] as usize);
            }
        }
        if let Some(validity) = &mut self.validity {
            validity.truncate(rows.div_ceil(8));
            if !rows.is_multiple_of(8) {
                validity[rows / 8] &= (1 << (rows % 8)) - 1;
            }
        }
    }
}

impl GrowingCells {
    fn push_empty(&mut self) -> usize {
        match self {
            Self::Integers(cells) => cells.push(0),
            Self::Reals(cells) => cells.push(0.0),
            Self::Texts(offsets, _) | Self::Blobs(offsets, _) => {
                offsets.push(offsets.last().copied().unwrap_or(0));
                return 4;
            }
        }
        8
    }

    fn kind(&self) -> Text {
        match self {
            Self::Integers(_) => text!("an integer", "un entero"),
            Self::Reals(_) => text!("a real", "un real"),
            Self::Texts(..) => text!("a text", "un texto"),
            Self::Blobs(..) => text!("a blob", "un binario"),
        }
    }
}

fn kind_of(cell: Cell<'_>) -> Text {
    match cell {
        Cell::Null => text!("null", "nulo"),
        Cell::Integer(_) => text!("an integer", "un entero"),
        Cell::Real(_) => text!("a real", "un real"),
        Cell::Text(_) => text!("a text", "un texto"),
        Cell::Blob(_) => text!("a blob", "un binario"),
    }
}

/// A bitmap of so many ones.
fn ones(rows: usize) -> Vec<u8> {
    let mut bits = vec![0xff; rows / 8];
    if !rows.is_multiple_of(8) {
        bits.push((1 << (rows % 8)) - 1);
    }
    bits
}

fn set(bits: &mut Vec<u8>, row: usize, valid: bool) {
    if row / 8 == bits.len() {
        bits.push(0);
    }
    if valid {
        bits[row / 8] |= 1 << (row % 8);
    }
}

/// Texts whose every cell is UTF-8, or the first row that is not.
fn texts(offsets: Vec<u32>, data: Vec<u8>) -> Result<Texts, usize> {
    match String::from_utf8(data) {
        Ok(data) if offsets.iter().all(|&at| data.is_char_boundary(at as usize)) => Ok(Texts { offsets, data }),
        // Two cells can be wrong each and right together.
        Ok(data) => Err(first_wrong(&offsets, data.as_bytes())),
        Err(error) => Err(first_wrong(&offsets, error.as_bytes())),
    }
}

fn first_wrong(offsets: &[u32], data: &[u8]) -> usize {
    let is_wrong = |cell: &[u32]| std::str::from_utf8(&data[cell[0] as usize..cell[1] as usize]).is_err();
    offsets.windows(2).position(is_wrong).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(kind: Kind, cells: &[Cell<'_>]) -> Growing {
        let names = ["c".to_owned()];
        let mut column = Builder::new(&names, &[kind], 1, 16, 1 << 20).columns.remove(0);
        for (row, cell) in cells.iter().enumerate() {
            column.push(*cell, row).unwrap();
        }
        column
    }

    #[test]
    fn nulls_are_bits_and_have_empty_cells() {
        let mut cells = vec![Cell::Text(b"x"); 9];
        cells[8] = Cell::Null;
        cells.push(Cell::Text(b"y"));
        let mut built = column(Kind::Text, &cells);
        assert_eq!(built.validity, Some(vec![0xff, 0b10]));
        built.truncate(9);
        assert_eq!(built.validity, Some(vec![0xff, 0]));
        built.truncate(3);
        assert_eq!(built.validity, Some(vec![0b111]));
        let GrowingCells::Texts(offsets, data) = built.cells else { panic!("texts") };
        assert_eq!((offsets, data), (vec![0, 1, 2, 3], b"xxx".to_vec()));
    }

    #[test]
    fn every_row_has_its_bit_and_keeps_it_when_later_ones_are_taken_back() {
        for nulls in [&[0_usize][..], &[7], &[8], &[9, 17], &[0, 8, 16], &[3, 4, 5]] {
            let cell = |row| if nulls.contains(&row) { Cell::Null } else { Cell::Integer(row as i64) };
            let cells = (0..20).map(cell).collect::<Vec<_>>();
            for kept in 1..=20 {
                let mut built = column(Kind::Integer, &cells);
                built.truncate(kept);
                let bits = built.validity.unwrap();
                assert_eq!(bits.len(), kept.div_ceil(8));
                for row in 0..bits.len() * 8 {
                    let is_there = bits[row / 8] & (1 << (row % 8)) != 0;
                    assert_eq!(is_there, row < kept && !nulls.contains(&row), "{nulls:?} {kept} {row}");
                }
            }
        }
    }

    #[test]
    fn a_cell_counts_with_what_it_takes_of_the_batch() {
        for (kind, cell, bytes) in [
            (Kind::Integer, Cell::Integer(1), 8),
            (Kind::Real, Cell::Real(1.0), 8),
            (Kind::Real, Cell::Integer(1), 8),
            (Kind::Text, Cell::Text(b"abc"), 7),
            (Kind::Blob, Cell::Blob(b""), 4),
            (Kind::Integer, Cell::Null, 8),
            (Kind::Blob, Cell::Null, 4),
        ] {
            assert_eq!(column(kind, &[]).push(cell, 0), Ok(bytes), "{cell:?}");
        }
    }

    #[test]
    fn an_integer_becomes_a_real_where_nothing_is_lost() {
        let mut reals = column(Kind::Real, &[Cell::Integer(3), Cell::Real(0.5)]);
        assert_eq!(
            reals.push(Cell::Integer((1 << 53) + 1), 2),
            Err((text!("a real", "un real"), text!("an integer", "un entero")))
        );
        let mut integers = column(Kind::Integer, &[]);
        for (cell, found) in [(Cell::Real(1.0), "a real"), (Cell::Text(b"1"), "a text"), (Cell::Blob(b"1"), "a blob")] {
            let (wanted, other) = integers.push(cell, 0).unwrap_err();
            assert_eq!([wanted.en.as_str(), &other.en], ["an integer", found]);
        }
    }

    #[test]
    fn two_halves_of_a_character_are_no_text() {
        assert_eq!(texts(vec![0, 1, 3], "aé".into()), Ok(Texts { offsets: vec![0, 1, 3], data: "aé".to_owned() }));
        assert_eq!(texts(vec![0, 1, 2, 3], "aé".into()), Err(1));
        assert_eq!(texts(vec![0, 1, 2], vec![b'a', 0xff]), Err(1));
    }
}
