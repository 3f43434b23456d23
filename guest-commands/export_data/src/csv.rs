//! CSV by RFC 4180: a header, commas, CRLF, and quotes only where a cell needs them. A null is an empty cell. Cells
//! that a spreadsheet would take for a formula stay as they are, so that an import gets back what was exported; unless
//! they are to get an apostrophe.

use std::ops::Range;

use encargo_sdk::batch::{Batch, Cells, Column};

use encargo_sdk::formula;
use encargo_sdk::shape::Shape;
use encargo_sdk::shape::special;
use encargo_sdk::shape::{Cell, Form};

/// Writes the header.
pub(crate) fn begin(shape: &Shape, out: &mut Vec<u8>) {
    for (place, column) in shape.columns.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        out.extend_from_slice(column.name.as_bytes());
    }
    out.extend_from_slice(b"\r\n");
}

/// Writes rows of a batch; with `excel` what a spreadsheet takes for a formula gets an apostrophe.
pub(crate) fn rows(shape: &Shape, batch: &Batch, rows: Range<usize>, excel: bool, out: &mut Vec<u8>) {
    let mut columns: Vec<_> = shape
        .columns
        .iter()
        .zip(&batch.columns)
        .map(|(column, cells)| match Texts::new(cells, &rows, column.form, excel) {
            Some(texts) => CsvColumn::Texts(texts),
            None => CsvColumn::Other(cells, column.form),
        })
        .collect();
    for row in rows {
        for (place, column) in columns.iter_mut().enumerate() {
            if place > 0 {
                out.push(b',');
            }
            match column {
                CsvColumn::Texts(texts) => texts.push(row, out),
                CsvColumn::Other(cells, form) => {
                    Cell::of(cells, *form, row).flat(|text| out.extend_from_slice(text.as_bytes()));
                }
            }
        }
        out.extend_from_slice(b"\r\n");
    }
}

enum CsvColumn<'a> {
    Texts(Texts<'a>),
    /// Numbers, flags and times never need quotes.
    Other(&'a Column, Form),
}

/// The first character that makes its cell need quotes.
fn find_special(data: &[u8]) -> usize {
    special::find(data, *b",\"", |byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'))
}

/// A column of texts. Its data is searched from one special character to the next and not cell by cell, so that long
/// stretches without any cost one search.
struct Texts<'a> {
    offsets: &'a [u32],
    data: &'a [u8],
    form: Form,
    excel: bool,
    /// The place of the first special character that is not before the row at hand.
    special: usize,
}

impl<'a> Texts<'a> {
    fn new(column: &'a Column, rows: &Range<usize>, form: Form, excel: bool) -> Option<Self> {
        let Cells::Texts(texts) = &column.cells else { return None };
        let [start, end] = [rows.start, rows.end].map(|row| texts.offsets[row] as usize);
        let data = &texts.data.as_bytes()[..end];
        Some(Self { offsets: &texts.offsets, data, form, excel, special: start + find_special(&data[start..]) })
    }

    fn push(&mut self, row: usize, out: &mut Vec<u8>) {
        let (start, end) = (self.offsets[row] as usize, self.offsets[row + 1] as usize);
        let cell = &self.data[start..end];
        if self.special < start {
            self.special = start + find_special(&self.data[start..]);
        }
        if self.form == Form::OwnId && cell.first() == Some(&b'~') {
            return;
        }
        let apostrophe: &[u8] = if self.excel && formula::is_escaped(cell) { b"'" } else { b"" };
        if self.special >= end {
            out.extend_from_slice(apostrophe);
            out.extend_from_slice(cell);
            return;
        }
        out.push(b'"');
        out.extend_from_slice(apostrophe);
        special::push_doubled(cell, out);
        out.push(b'"');
    }
}

#[cfg(test)]
mod tests {
    use encargo_sdk::batch::ColumnBuilder;
    use encargo_sdk::value::Kind;

    use super::*;
    use encargo_sdk::shape::Column;

    const SHAPE: Shape = Shape {
        items: "things",
        item: "thing",
        columns: &[
            Column { name: "external_id", form: Form::OwnId },
            Column { name: "title", form: Form::Text },
            Column { name: "at", form: Form::Time },
        ],
        inner: None,
    };

    fn written(rows_in: &[(&str, &str, Option<i64>)]) -> String {
        written_for(rows_in, false)
    }

    fn written_for(rows_in: &[(&str, &str, Option<i64>)], excel: bool) -> String {
        let mut ids = ColumnBuilder::new("external_id", Kind::Text);
        let mut titles = ColumnBuilder::new("title", Kind::Text);
        let mut times = ColumnBuilder::new("at", Kind::Integer);
        for (id, title, at) in rows_in {
            ids.text(id);
            titles.text(title);
            match at {
                Some(at) => times.integer(*at),
                None => times.null(),
            }
        }
        let columns = vec![ids.take(Kind::Text), titles.take(Kind::Text), times.take(Kind::Integer)];
        let mut out = Vec::new();
        begin(&SHAPE, &mut out);
        rows(&SHAPE, &Batch { rows: rows_in.len() as u32, columns }, 0..rows_in.len(), excel, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn no_rows_are_a_header() {
        assert_eq!(written(&[]), "external_id,title,at\r\n");
    }

    #[test]
    fn a_cell_is_quoted_only_when_it_needs_it() {
        for (title, cell) in [
            ("plain", "plain"),
            ("", ""),
            ("=1+1", "=1+1"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("\"", "\"\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("two\r\nlines", "\"two\r\nlines\""),
            ("\r", "\"\r\""),
            (" space 🎉 ", " space 🎉 "),
        ] {
            assert_eq!(
                written(&[("a", title, Some(0))]),
                format!("external_id,title,at\r\na,{cell},1970-01-01T00:00:00Z\r\n")
            );
        }
    }

    #[test]
    fn a_formula_gets_an_apostrophe_inside_its_quotes_and_a_hidden_id_none() {
        let rows = [("=a", "=1,2", None), ("~b", "\r", Some(-1)), ("c", "plain", None)];
        let text = "external_id,title,at\r\n'=a,\"'=1,2\",\r\n,\"'\r\",1969-12-31T23:59:59.999999Z\r\nc,plain,\r\n";
        assert_eq!(written_for(&rows, true), text);
    }

    #[test]
    fn a_special_character_quotes_its_own_cell_and_no_neighbour() {
        let rows =
            [("a,", "plain", None), ("~1,2", "x,y", None), ("b", "", None), ("~3", "\r", None), ("c", "z", None)];
        assert_eq!(written(&rows), "external_id,title,at\r\n\"a,\",plain,\r\n,\"x,y\",\r\nb,,\r\n,\"\r\",\r\nc,z,\r\n");
    }
}
