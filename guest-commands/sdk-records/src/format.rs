//! The formats that a file may have, and how one is told from its name or its beginning.

pub mod csv;
pub mod json;
pub mod jsonl;
#[cfg(test)]
mod tests;
pub mod xml;

use encargo_sdk::Choice;
use encargo_sdk::error::Result;
use encargo_sdk::text;
use serde::de::IgnoredAny;

use crate::columns::Columns;
use crate::encoding::Decoder;
use crate::problem::{Broken, Code};
use crate::record::Records;
use crate::shaping::Shaping;

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
    /// JSON of questions with their answers and texts, as of SQuAD.
    Squad,
    /// A feed of RSS, of any version.
    Rss,
    /// A feed of Atom.
    Atom,
    /// The XML export of a MediaWiki.
    Mediawiki,
    /// The `Posts.xml` of a dump of StackExchange.
    Stackexchange,
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
            "rss" => Some(Self::Rss),
            "atom" => Some(Self::Atom),
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

    /// The shape that JSON or XML has, as far as its beginning tells.
    fn within(self, beginning: &[u8]) -> Self {
        let has = |words: &[u8]| memchr::memmem::find(beginning, words).is_some();
        match self {
            Self::Json if beginning.trim_ascii_start().starts_with(b"{") => {
                let is_squad = has(b"\"data\"") && has(b"\"paragraphs\"") && (has(b"\"qas\"") || has(b"\"context\""));
                if is_squad { Self::Squad } else { Self::Json }
            }
            Self::Xml => match root_of(beginning) {
                b"rss" | b"rdf:RDF" => Self::Rss,
                b"feed" => Self::Atom,
                b"mediawiki" => Self::Mediawiki,
                b"posts" => Self::Stackexchange,
                _ => Self::Xml,
            },
            other => other,
        }
    }
}

/// The name of the first element of XML.
fn root_of(mut text: &[u8]) -> &[u8] {
    loop {
        let Some(at) = memchr::memchr(b'<', text) else { return b"" };
        text = &text[at + 1..];
        let end = match text.first() {
            Some(b'?') => memchr::memmem::find(text, b"?>"),
            Some(b'!') if text.starts_with(b"!--") => memchr::memmem::find(text, b"-->"),
            _ => {
                let length =
                    text.iter().take_while(|byte| !byte.is_ascii_whitespace() && !b"/>".contains(byte)).count();
                return &text[..length];
            }
        };
        let Some(end) = end else { return b"" };
        text = &text[end..];
    }
}

/// A file opened for reading records.
pub struct Opened {
    /// Its records.
    pub records: Box<dyn Records>,
    /// What it is written in.
    pub format: Format,
}

/// Opens a text as a format, else as what its name or its beginning tells; its records become items as `shaping` says.
///
/// # Errors
/// The text cannot be read, or has no header.
pub fn open(name: &str, mut text: Decoder, format: Option<Format>, shaping: &Shaping) -> Result<Opened, Broken> {
    let (beginning, _) = text.peek().map_err(|error| Broken::unreadable(1, error))?;
    let format = format
        .unwrap_or_else(|| Format::from_name(name).unwrap_or_else(|| Format::from_text(beginning)).within(beginning));
    let is_flat = matches!(format, Format::Csv | Format::Json | Format::Jsonl);
    if !is_flat && !shaping.is_none() && (format != Format::Xml || shaping.composes()) {
        let format = format.word();
        let message = text!(
            "it is {format}, and its fields are known: `--map`, `--title-from`, `--body-from` and `--template` are for CSV, JSON and JSON lines",
            "es {format}, y sus campos se conocen: `--map`, `--title-from`, `--body-from` y `--template` son para CSV, JSON y JSON por líneas"
        );
        return Err(Broken::new(Code::Shape, 1, None, message));
    }
    let columns = Columns::shaped(shaping.clone());
    let records: Box<dyn Records> = match format {
        Format::Csv => Box::new(csv::Csv::open(text, columns)?),
        Format::Json => Box::new(json::Json::new(text, columns)),
        Format::Jsonl => Box::new(jsonl::Jsonl::new(text, columns)),
        Format::Xml => Box::new(xml::Xml::new(text, columns)),
        Format::Squad => Box::new(json::squad::Squad::new(text)),
        Format::Rss | Format::Atom => Box::new(xml::feed::Feed::new(text)),
        Format::Mediawiki => Box::new(xml::mediawiki::MediaWiki::new(text)),
        Format::Stackexchange => Box::new(xml::posts::Posts::new(text)),
    };
    Ok(Opened { records, format })
}

#[cfg(test)]
mod telling_tests {
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
