//! JSON and JSONL: an object an item, with its inner items as an array. Written as the rows come, so an item of any
//! number of inner items needs no memory.

use std::ops::Range;

use crate::batch::Batch;

use super::{Cell, Grouping, Inner, Place, Shape, special};

/// What stands between two items of an array; no item begins with it.
const BETWEEN: &[u8] = b",\n";

/// Writes the objects of one export.
#[derive(Debug)]
pub struct Json {
    shape: &'static Shape,
    /// One object a line and nothing around them.
    lines: bool,
    /// `"name":` of each column, with the comma before it.
    keys: Vec<String>,
    first: bool,
    /// Whether an item is written whose end is not.
    is_open: bool,
}

impl Json {
    /// Objects of a shape, a line each, or in one array.
    pub fn new(shape: &'static Shape, lines: bool) -> Self {
        let inner_at = shape.inner.as_ref().map(|inner| inner.at);
        let key = |(place, name): (usize, &str)| {
            let comma = if place == 0 || Some(place) == inner_at { "" } else { "," };
            format!("{comma}\"{name}\":")
        };
        let keys = shape.nested_names().into_iter().enumerate().map(key).collect();
        Self { shape, lines, keys, first: true, is_open: false }
    }

    /// What stands before the first row.
    pub fn begin(&mut self, out: &mut Vec<u8>) {
        self.first = true;
        if !self.lines {
            out.extend_from_slice(b"[\n");
        }
    }

    /// Some rows of a batch; `grouping` follows them.
    pub fn rows(&mut self, batch: &Batch, rows: Range<usize>, grouping: &mut Grouping, out: &mut Vec<u8>) {
        for row in rows {
            let place = grouping.place(batch, row);
            let inner = self.shape.inner.as_ref();
            if !place.continues {
                self.close(out);
                if !self.first && !self.lines {
                    out.extend_from_slice(BETWEEN);
                }
                (self.first, self.is_open) = (false, true);
                out.push(b'{');
                self.cells(batch, row, 0..inner.map_or(self.keys.len(), |inner| inner.at), out);
                if let Some(inner) = inner {
                    out.extend_from_slice(format!(",\"{}\":[", inner.items).as_bytes());
                }
            }
            if let Some(inner) = inner {
                self.inner(inner, place, batch, row, out);
            }
        }
    }

    /// What stands behind the last item, which has been closed; what of the text was begun is not changed by it.
    pub fn end(&self, out: &mut Vec<u8>) {
        if !self.lines {
            out.extend_from_slice(if self.first { b"]\n" } else { b"\n]\n" });
        }
    }

    fn inner(&self, inner: &Inner, place: Place, batch: &Batch, row: usize, out: &mut Vec<u8>) {
        if !place.inner {
            return;
        }
        if place.continues {
            out.push(b',');
        }
        out.push(b'{');
        self.cells(batch, row, inner.at..self.keys.len(), out);
        out.push(b'}');
    }

    /// Says that the text begins with an item, perhaps one that is still open, which was written behind another one.
    pub fn goes_on(&mut self, item: &mut Vec<u8>) {
        self.first = false;
        if item.starts_with(BETWEEN) {
            item.drain(..BETWEEN.len());
        }
    }

    /// Ends the item that is open.
    pub fn close(&mut self, out: &mut Vec<u8>) {
        if !self.is_open {
            return;
        }
        self.is_open = false;
        out.extend_from_slice(if self.shape.inner.is_some() { b"]}" } else { b"}" });
        if self.lines {
            out.push(b'\n');
        }
    }

    fn cells(&self, batch: &Batch, row: usize, places: Range<usize>, out: &mut Vec<u8>) {
        for place in places {
            out.extend_from_slice(self.keys[place].as_bytes());
            push_cell(Cell::of(&batch.columns[place], self.shape.columns[place].form, row), out);
        }
    }
}

fn push_cell(cell: Cell<'_>, out: &mut Vec<u8>) {
    match cell {
        Cell::Null => out.extend_from_slice(b"null"),
        Cell::Text(text) => push_text(text, out),
        Cell::Tags("[]") | Cell::Names("") => out.extend_from_slice(b"[]"),
        // What is stored need not be an array; then it is shown as the text that it is.
        Cell::Tags(text) => match serde_json::from_str::<Vec<String>>(text) {
            Ok(tags) => push_texts(tags.iter().map(String::as_str), out),
            Err(_) => push_text(text, out),
        },
        Cell::Names(text) => push_texts(text.split(','), out),
        Cell::Time(time) => push_text(&time.rfc3339(), out),
        // JSON has no other numbers.
        Cell::Real(number) if !number.is_finite() => cell.flat(|text| push_text(text, out)),
        Cell::Integer(_) | Cell::Real(_) | Cell::Flag(_) => cell.flat(|text| out.extend_from_slice(text.as_bytes())),
    }
}

fn push_texts<'a>(texts: impl Iterator<Item = &'a str>, out: &mut Vec<u8>) {
    out.push(b'[');
    for (place, text) in texts.enumerate() {
        if place > 0 {
            out.push(b',');
        }
        push_text(text, out);
    }
    out.push(b']');
}

fn push_text(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    loop {
        let at = special::find(rest, *b"\"\\", |byte| matches!(byte, 0..=0x1f | b'"' | b'\\'));
        out.extend_from_slice(&rest[..at]);
        let Some(&special) = rest.get(at) else { break };
        match special {
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            control @ 0..=0x1f => out.extend_from_slice(format!("\\u{control:04x}").as_bytes()),
            byte => out.extend_from_slice(&[b'\\', byte]),
        }
        rest = &rest[at + 1..];
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::shape::samples::{GROUPED, grouped};

    fn written(lines: bool, batches: &[&[(i64, Option<&str>)]]) -> String {
        let (mut json, mut grouping) = (Json::new(&GROUPED, lines), Grouping::new(&GROUPED));
        let mut out = Vec::new();
        json.begin(&mut out);
        for rows in batches {
            json.rows(&grouped(rows), 0..rows.len(), &mut grouping, &mut out);
        }
        json.close(&mut out);
        json.end(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_item_goes_on_in_the_next_batch() {
        let batches: [&[_]; 2] = [&[(1, Some("a")), (1, Some("b"))], &[(1, Some("c")), (2, None), (3, Some("d"))]];
        assert_eq!(
            serde_json::from_str::<Value>(&written(false, &batches)).unwrap(),
            json!([
                { "id": 1, "messages": [{ "body": "a" }, { "body": "b" }, { "body": "c" }] },
                { "id": 2, "messages": [] },
                { "id": 3, "messages": [{ "body": "d" }] },
            ])
        );
        assert_eq!(
            written(true, &batches),
            "{\"id\":1,\"messages\":[{\"body\":\"a\"},{\"body\":\"b\"},{\"body\":\"c\"}]}\n\
             {\"id\":2,\"messages\":[]}\n{\"id\":3,\"messages\":[{\"body\":\"d\"}]}\n"
        );
    }

    #[test]
    fn no_items_are_an_empty_array_or_no_line() {
        assert_eq!(written(false, &[]), "[\n]\n");
        assert_eq!(written(true, &[]), "");
    }

    #[test]
    fn a_cell_reads_back_as_what_it_was() {
        for (cell, value) in [
            (Cell::Text("say \"hi\"\\ \n\r\t\u{1}\u{1f} é🎉"), json!("say \"hi\"\\ \n\r\t\u{1}\u{1f} é🎉")),
            (Cell::Tags("[\"a\", \"b\\nc\"]"), json!(["a", "b\nc"])),
            (Cell::Tags("[]"), json!([])),
            (Cell::Tags("not json"), json!("not json")),
            (Cell::Names("x,y"), json!(["x", "y"])),
            (Cell::Names(""), json!([])),
            (Cell::Null, json!(null)),
            (Cell::Flag(false), json!(false)),
            (Cell::Integer(-3), json!(-3)),
            (Cell::Real(-0.1), json!(-0.1)),
            (Cell::Real(1e300), json!(1e300)),
            (Cell::Real(f64::INFINITY), json!("inf")),
        ] {
            let mut out = Vec::new();
            push_cell(cell, &mut out);
            assert!(!out.contains(&b'\n'), "a JSONL line has no line break inside");
            assert_eq!(serde_json::from_slice::<Value>(&out).unwrap(), value);
        }
    }
}
