//! The formats, and what an export looks like in one.

use std::ops::Range;

use encargo_sdk::batch::Batch;
use encargo_sdk::prelude::*;

use crate::csv;
use crate::xml::Xml;
use encargo_sdk::shape::Grouping;
use encargo_sdk::shape::Json;
use encargo_sdk::shape::Shape;

/// A format; its word is the suffix of a file, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Format {
    Csv,
    Json,
    Jsonl,
    Xml,
}

impl Format {
    /// The format that a file's name asks for; `.gz` and `.zst` behind the suffix are the host's.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let plain = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
        plain.rsplit_once('.').and_then(|(_, suffix)| Self::from_word(suffix))
    }

    /// Begins a text of this format; `excel` is for CSV alone.
    pub(crate) fn writer(self, shape: &'static Shape, excel: bool) -> Text {
        match self {
            Self::Csv => Text::Csv(shape, excel),
            Self::Json => Text::Json(Json::new(shape, false)),
            Self::Jsonl => Text::Json(Json::new(shape, true)),
            Self::Xml => Text::Xml(Xml::new(shape)),
        }
    }
}

/// The text of one export in the making.
#[derive(Debug)]
pub(crate) enum Text {
    Csv(&'static Shape, bool),
    Json(Json),
    Xml(Xml),
}

impl Text {
    /// What stands before the first row.
    pub(crate) fn begin(&mut self, out: &mut Vec<u8>) {
        match self {
            Self::Csv(shape, _) => csv::begin(shape, out),
            Self::Json(json) => json.begin(out),
            Self::Xml(xml) => xml.begin(out),
        }
    }

    /// Rows of a batch; `grouping` follows them.
    pub(crate) fn rows(&mut self, batch: &Batch, rows: Range<usize>, grouping: &mut Grouping, out: &mut Vec<u8>) {
        match self {
            Self::Csv(shape, excel) => {
                grouping.pass(batch, rows.clone());
                csv::rows(shape, batch, rows, *excel, out);
            }
            Self::Json(json) => json.rows(batch, rows, grouping, out),
            Self::Xml(xml) => xml.rows(batch, rows, grouping, out),
        }
    }

    /// The end of the item that is open, if one is: rows that belong to it may come as long as this was not asked for.
    pub(crate) fn close(&mut self, out: &mut Vec<u8>) {
        match self {
            Self::Csv(..) => {}
            Self::Json(json) => json.close(out),
            Self::Xml(xml) => xml.close(out),
        }
    }

    /// What stands behind the last item.
    pub(crate) fn end(&self, out: &mut Vec<u8>) {
        match self {
            Self::Csv(..) => {}
            Self::Json(json) => json.end(out),
            Self::Xml(xml) => xml.end(out),
        }
    }

    /// Makes an item the first of a text that was begun; it was written behind another one, and may be open.
    pub(crate) fn goes_on(&mut self, item: &mut Vec<u8>) {
        if let Self::Json(json) = self {
            json.goes_on(item);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_asks_for_the_format_of_its_suffix() {
        for (name, format) in [
            ("faq.csv", Some(Format::Csv)),
            ("FAQ.JSON", Some(Format::Json)),
            ("faq.jsonl.gz", Some(Format::Jsonl)),
            ("faq.old.xml.zst", Some(Format::Xml)),
            ("faq.txt", None),
            ("csv", None),
            ("faq.gz", None),
        ] {
            assert_eq!(Format::from_name(name), format, "{name}");
        }
    }
}
