//! The formats that a file may have, and how one is told from its name or its beginning.

pub mod csv;
pub mod json;
pub mod jsonl;
pub mod xml;

use encargo_sdk::Choice;
use encargo_sdk::error::Result;
use serde::de::IgnoredAny;

use crate::encoding::Decoder;
use crate::problem::Broken;
use crate::record::Records;

/// What a file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Format {
    /// Cells between commas, semicolons, tabs or bars, with a header.
    Csv,
    /// An array of objects, or an object with one such array.
    Json,
    /// An object on each line.
    Jsonl,
    /// The shape of Encargo's own export.
    Xml,
}

impl Format {
    /// The format that a file's name tells, with or without `.gz` or `.zst` behind it.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        let name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
        match name.rsplit_once('.')?.1 {
            "csv" | "tsv" | "tab" | "txt" => Some(Self::Csv),
            "json" => Some(Self::Json),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "xml" => Some(Self::Xml),
            _ => None,
        }
    }

    /// The format that a text looks like.
    fn from_text(beginning: &[u8]) -> Self {
        let text = beginning.trim_ascii_start();
        match text.first() {
            Some(b'<') => Self::Xml,
            Some(b'[') => Self::Json,
            Some(b'{') => {
                let (first, rest) = text.split_at(memchr::memchr(b'\n', text).unwrap_or(text.len()));
                let alone = serde_json::from_slice::<IgnoredAny>(first).is_ok();
                if alone && !rest.trim_ascii().is_empty() { Self::Jsonl } else { Self::Json }
            }
            _ => Self::Csv,
        }
    }
}

/// A file opened for reading records.
pub struct Opened {
    /// Its records.
    pub records: Box<dyn Records>,
    /// What it is written in.
    pub format: Format,
}

/// Opens a text as a format, else as what its name or its beginning tells.
///
/// # Errors
/// The text cannot be read, or has no header.
pub fn open(name: &str, mut text: Decoder, format: Option<Format>) -> Result<Opened, Broken> {
    let (beginning, _) = text.peek().map_err(|error| Broken::unreadable(1, error))?;
    let format = format.or_else(|| Format::from_name(name)).unwrap_or_else(|| Format::from_text(beginning));
    let records: Box<dyn Records> = match format {
        Format::Csv => Box::new(csv::Csv::open(text)?),
        Format::Json => Box::new(json::Json::new(text)),
        Format::Jsonl => Box::new(jsonl::Jsonl::new(text)),
        Format::Xml => Box::new(xml::Xml::new(text)),
    };
    Ok(Opened { records, format })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_format_also_behind_a_compression() {
        for (name, format) in [
            ("faq.csv", Some(Format::Csv)),
            ("FAQ.TSV", Some(Format::Csv)),
            ("faq.csv.gz", Some(Format::Csv)),
            ("faq.jsonl.zst", Some(Format::Jsonl)),
            ("faq.ndjson", Some(Format::Jsonl)),
            ("faq.json", Some(Format::Json)),
            ("faq.xml", Some(Format::Xml)),
            ("faq.md", None),
            ("-", None),
            ("csv", None),
        ] {
            assert_eq!(Format::from_name(name), format, "{name}");
        }
    }

    #[test]
    fn a_beginning_tells_the_format() {
        for (text, format) in [
            ("title,body\n", Format::Csv),
            ("", Format::Csv),
            ("\n <?xml version=\"1.0\"?>", Format::Xml),
            ("[\n {", Format::Json),
            ("{\"items\": [\n{\"title\": \"a\"}]}", Format::Json),
            ("{\"items\":[{\"title\": \"a\"}]}\n", Format::Json),
            ("{\"title\": \"a\"}\n", Format::Json),
            ("{\"title\": \"a\"}\n\n{}", Format::Jsonl),
            ("{\"title\": \"a\", \"x\":[{}]}\n{\"title\": \"b\"}", Format::Jsonl),
        ] {
            assert_eq!(Format::from_text(text.as_bytes()), format, "{text}");
        }
    }
}
