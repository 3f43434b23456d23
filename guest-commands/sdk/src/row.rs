//! Rows as structs: what `derive(FromRow)` stands on.

use crate::batch::{Batch, Cells, Column};
use crate::error::{Error, ErrorCode, Result};
use crate::text;
use crate::time::{Duration, Instant};
use crate::value::Kind;

/// One row of a batch.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The batch that it is in.
    pub batch: &'a Batch,
    /// Its place there.
    pub index: usize,
}

/// A struct, a tuple or a single value that a row can become. Columns are matched by their place.
pub trait FromRow: Sized {
    /// The kind of each column.
    const KINDS: &'static [Kind];

    /// Reads the row.
    ///
    /// # Errors
    /// `not-null` for a null where none is taken, `type-mismatch` for a number that does not fit.
    fn from_row(row: Row<'_>) -> Result<Self>;
}

/// What a cell can become.
pub trait FromCell: Sized {
    /// The kind of its column.
    const KIND: Kind;

    /// Reads the cell.
    ///
    /// # Errors
    /// As `FromRow::from_row`.
    fn from_cell(column: &Column, row: usize) -> Result<Self>;
}

fn misfit(column: &Column, row: usize) -> Error {
    let name = &column.name;
    let row = row + 1;
    if column.is_null(row - 1) {
        return Error::new(
            ErrorCode::NotNull,
            text!("column `{name}` is null in row {row}", "la columna `{name}` es nula en la fila {row}"),
        );
    }
    Error::new(
        ErrorCode::TypeMismatch,
        text!("column `{name}` does not fit in row {row}", "la columna `{name}` no encaja en la fila {row}"),
    )
}

impl<T: FromCell> FromCell for Option<T> {
    const KIND: Kind = T::KIND;

    fn from_cell(column: &Column, row: usize) -> Result<Self> {
        if column.is_null(row) { Ok(None) } else { T::from_cell(column, row).map(Some) }
    }
}

macro_rules! from_cell {
    ($($type:ty: $kind:ident, $cells:pat => |$row:ident| $made:expr;)*) => {
        $(impl FromCell for $type {
            const KIND: Kind = Kind::$kind;

            fn from_cell(column: &Column, $row: usize) -> Result<Self> {
                if column.is_null($row) {
                    return Err(misfit(column, $row));
                }
                match &column.cells {
                    $cells => $made.ok_or_else(|| misfit(column, $row)),
                    _ => Err(misfit(column, $row)),
                }
            }
        })*
    };
}

from_cell! {
    i64: Integer, Cells::Integers(cells) => |row| cells.get(row).copied();
    u64: Integer, Cells::Integers(cells) => |row| u64::try_from(cells[row]).ok();
    u32: Integer, Cells::Integers(cells) => |row| u32::try_from(cells[row]).ok();
    bool: Integer, Cells::Integers(cells) => |row| cells.get(row).map(|cell| *cell != 0);
    Instant: Integer, Cells::Integers(cells) => |row| cells.get(row).map(|cell| Instant::from_micros(*cell));
    Duration: Integer, Cells::Integers(cells) => |row| cells.get(row).map(|cell| Duration::from_micros(*cell));
    f64: Real, Cells::Reals(cells) => |row| cells.get(row).copied();
    String: Text, Cells::Texts(texts) => |row| {
        texts.data.get(texts.offsets[row] as usize..texts.offsets[row + 1] as usize).map(str::to_owned)
    };
    Vec<u8>: Blob, Cells::Blobs(blobs) => |row| {
        blobs.data.get(blobs.offsets[row] as usize..blobs.offsets[row + 1] as usize).map(<[u8]>::to_vec)
    };
}

impl<T: FromCell> FromRow for T {
    const KINDS: &'static [Kind] = &[T::KIND];

    fn from_row(row: Row<'_>) -> Result<Self> {
        T::from_cell(&row.batch.columns[0], row.index)
    }
}

macro_rules! tuples {
    ($(($($type:ident $at:tt),+))*) => {
        $(impl<$($type: FromCell),+> FromRow for ($($type,)+) {
            const KINDS: &'static [Kind] = &[$($type::KIND),+];

            fn from_row(row: Row<'_>) -> Result<Self> {
                Ok(($($type::from_cell(&row.batch.columns[$at], row.index)?,)+))
            }
        })*
    };
}

tuples! {
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
}
