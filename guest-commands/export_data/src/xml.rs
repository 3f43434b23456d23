//! XML 1.0: an element an item, an element a cell. A carriage return is `&#13;`, because a reader would take it for a
//! line feed; a text with a character that XML cannot hold at all is base64, and its element says so with
//! `encoding="base64"`. A null is an empty element.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use encargo_sdk::batch::Batch;

use encargo_sdk::shape::Cell;
use encargo_sdk::shape::Grouping;
use encargo_sdk::shape::Shape;
use encargo_sdk::shape::special;

/// Writes the elements of one export.
#[derive(Debug)]
pub(crate) struct Xml {
    shape: &'static Shape,
    names: Vec<&'static str>,
    /// Whether an item is written whose end is not.
    is_open: bool,
}

impl Xml {
    pub(crate) fn new(shape: &'static Shape) -> Self {
        Self { shape, names: shape.nested_names(), is_open: false }
    }

    pub(crate) fn begin(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        line(out, 0, &["<", self.shape.items, ">"]);
    }

    pub(crate) fn rows(&mut self, batch: &Batch, rows: Range<usize>, grouping: &mut Grouping, out: &mut Vec<u8>) {
        for row in rows {
            let place = grouping.place(batch, row);
            let inner = self.shape.inner.as_ref();
            if !place.continues {
                self.close(out);
                self.is_open = true;
                line(out, 1, &["<", self.shape.item, ">"]);
                self.cells(batch, row, 0..inner.map_or(self.names.len(), |inner| inner.at), 2, out);
                if let Some(inner) = inner {
                    line(out, 2, &["<", inner.items, ">"]);
                }
            }
            if let Some(inner) = inner.filter(|_| place.inner) {
                line(out, 3, &["<", inner.item, ">"]);
                self.cells(batch, row, inner.at..self.names.len(), 4, out);
                line(out, 3, &["</", inner.item, ">"]);
            }
        }
    }

    /// What stands behind the last item.
    pub(crate) fn end(&self, out: &mut Vec<u8>) {
        line(out, 0, &["</", self.shape.items, ">"]);
    }

    /// Ends the item that is open.
    pub(crate) fn close(&mut self, out: &mut Vec<u8>) {
        if !self.is_open {
            return;
        }
        self.is_open = false;
        if let Some(inner) = &self.shape.inner {
            line(out, 2, &["</", inner.items, ">"]);
        }
        line(out, 1, &["</", self.shape.item, ">"]);
    }

    fn cells(&self, batch: &Batch, row: usize, places: Range<usize>, depth: usize, out: &mut Vec<u8>) {
        for place in places {
            let cell = Cell::of(&batch.columns[place], self.shape.columns[place].form, row);
            cell.flat(|text| push_element(self.names[place], text, depth, out));
        }
    }
}

fn indent(out: &mut Vec<u8>, depth: usize) {
    for _ in 0..depth {
        out.extend_from_slice(b"  ");
    }
}

fn line(out: &mut Vec<u8>, depth: usize, parts: &[&str]) {
    indent(out, depth);
    for part in parts {
        out.extend_from_slice(part.as_bytes());
    }
    out.push(b'\n');
}

fn push_element(name: &str, text: &str, depth: usize, out: &mut Vec<u8>) {
    if holds_forbidden(text) {
        line(out, depth, &["<", name, " encoding=\"base64\">", &STANDARD.encode(text), "</", name, ">"]);
        return;
    }
    indent(out, depth);
    out.push(b'<');
    out.extend_from_slice(name.as_bytes());
    out.push(b'>');
    push_text(text, out);
    line(out, 0, &["</", name, ">"]);
}

/// Whether a text holds a character that XML cannot hold. Only those below 32 and those whose first byte is 0xef are
/// looked at one by one.
fn holds_forbidden(text: &str) -> bool {
    let at = special::find(text.as_bytes(), [0xef], |byte| matches!(byte, 0xef | 0..=0x8 | 0xb | 0xc | 0xe..=0x1f));
    text.get(at..).is_some_and(|rest| rest.chars().any(is_forbidden))
}

/// Characters that no XML 1.0 document may hold, not even escaped.
fn is_forbidden(character: char) -> bool {
    matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

fn push_text(text: &str, out: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    loop {
        let at = special::find(rest, *b"&<>", |byte| matches!(byte, b'&' | b'<' | b'>' | b'\r'));
        out.extend_from_slice(&rest[..at]);
        let Some(&special) = rest.get(at) else { break };
        out.extend_from_slice(match special {
            b'&' => b"&amp;",
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            _ => b"&#13;",
        });
        rest = &rest[at + 1..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encargo_sdk::shape::samples::{GROUPED, grouped};

    #[test]
    fn a_cell_is_an_element_that_a_reader_takes_back_whole() {
        for (text, element) in [
            ("", "<t></t>"),
            ("a < b && c > d ]]>", "<t>a &lt; b &amp;&amp; c &gt; d ]]&gt;</t>"),
            ("\r\n\t 🎉 \" '", "<t>&#13;\n\t 🎉 \" '</t>"),
            ("\u{1}<", "<t encoding=\"base64\">ATw=</t>"),
            ("\u{ffff}", "<t encoding=\"base64\">77+/</t>"),
        ] {
            let mut out = Vec::new();
            push_element("t", text, 1, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), format!("  {element}\n"));
        }
    }

    #[test]
    fn an_item_goes_on_in_the_next_batch_and_one_without_inner_items_has_none() {
        let (mut xml, mut grouping) = (Xml::new(&GROUPED), Grouping::new(&GROUPED));
        let mut out = Vec::new();
        xml.begin(&mut out);
        xml.rows(&grouped(&[(1, Some("a"))]), 0..1, &mut grouping, &mut out);
        xml.rows(&grouped(&[(1, Some("b")), (2, None)]), 0..2, &mut grouping, &mut out);
        xml.close(&mut out);
        xml.end(&mut out);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            r#"<?xml version="1.0" encoding="UTF-8"?>
<chats>
  <chat>
    <id>1</id>
    <messages>
      <message>
        <body>a</body>
      </message>
      <message>
        <body>b</body>
      </message>
    </messages>
  </chat>
  <chat>
    <id>2</id>
    <messages>
    </messages>
  </chat>
</chats>
"#
        );
    }
}
