//! One cell of a batch, as the formats see it.

use crate::batch::{Cells, Column};
use crate::time::Instant;
use crate::value::Kind;

/// What the cells of a column stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A text as it is.
    Text,
    /// An external id; one that begins with `~` was made by the platform and is not shown.
    OwnId,
    /// A JSON array of texts as text: shown as it is stored, and as an array in JSON.
    Tags,
    /// Names with commas between them: shown so, and as an array in JSON.
    Names,
    /// A whole number.
    Integer,
    /// A number with a fraction; one that is none, such as an infinity, is shown as its name.
    Real,
    /// An integer, shown as `true` or `false`.
    Flag,
    /// Microseconds, shown as RFC 3339 in UTC.
    Time,
}

impl Form {
    /// The kind of the column.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Text | Self::OwnId | Self::Tags | Self::Names => Kind::Text,
            Self::Real => Kind::Real,
            Self::Integer | Self::Flag | Self::Time => Kind::Integer,
        }
    }
}

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Null,
    /// A text.
    Text(&'a str),
    /// A JSON array of texts, as it is stored.
    Tags(&'a str),
    /// Names with commas between them.
    Names(&'a str),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Real(f64),
    /// Yes or no.
    Flag(bool),
    /// A time.
    Time(Instant),
}

impl<'a> Cell<'a> {
    /// The cell of one row; the host has checked the batch, so what does not fit can only be a null.
    pub fn of(column: &'a Column, form: Form, row: usize) -> Self {
        if column.is_null(row) {
            return if form == Form::Names { Self::Names("") } else { Self::Null };
        }
        match (&column.cells, form) {
            (Cells::Integers(cells), Form::Flag) => Self::Flag(cells[row] != 0),
            (Cells::Integers(cells), Form::Time) => Self::Time(Instant::from_micros(cells[row])),
            (Cells::Integers(cells), _) => Self::Integer(cells[row]),
            (Cells::Reals(cells), _) => Self::Real(cells[row]),
            _ => match (column.text(row), form) {
                (Some(text), Form::OwnId) if text.starts_with('~') => Self::Text(""),
                (Some(text), Form::Tags) => Self::Tags(text),
                (Some(text), Form::Names) => Self::Names(text),
                (Some(text), _) => Self::Text(text),
                (None, _) => Self::Null,
            },
        }
    }

    /// Its text in a format that knows nothing else; a null is the empty text.
    pub fn flat<T>(self, with: impl FnOnce(&str) -> T) -> T {
        match self {
            Self::Null => with(""),
            Self::Text(text) | Self::Tags(text) | Self::Names(text) => with(text),
            Self::Integer(number) => with(&number.to_string()),
            // As short as it can be and still read back as the same.
            Self::Real(number) => with(&format!("{number:?}")),
            Self::Flag(flag) => with(if flag { "true" } else { "false" }),
            Self::Time(time) => with(&time.rfc3339()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::batch::ColumnBuilder;

    use super::*;

    #[test]
    fn a_cell_is_what_its_form_says() {
        let mut texts = ColumnBuilder::new("text", Kind::Text);
        texts.text("~0a");
        texts.null();
        let texts = texts.take(Kind::Text);
        let mut integers = ColumnBuilder::new("integer", Kind::Integer);
        integers.integer(1);
        integers.null();
        let integers = integers.take(Kind::Integer);
        for (column, form, row, cell, flat) in [
            (&texts, Form::Text, 0, Cell::Text("~0a"), "~0a"),
            (&texts, Form::OwnId, 0, Cell::Text(""), ""),
            (&texts, Form::Tags, 0, Cell::Tags("~0a"), "~0a"),
            (&texts, Form::Text, 1, Cell::Null, ""),
            (&texts, Form::Names, 1, Cell::Names(""), ""),
            (&integers, Form::Integer, 0, Cell::Integer(1), "1"),
            (&integers, Form::Flag, 0, Cell::Flag(true), "true"),
            (&integers, Form::Time, 0, Cell::Time(Instant::from_micros(1)), "1970-01-01T00:00:00.000001Z"),
            (&integers, Form::Time, 1, Cell::Null, ""),
        ] {
            let found = Cell::of(column, form, row);
            assert_eq!(found, cell);
            assert_eq!(found.flat(str::to_owned), flat);
        }
    }
}
