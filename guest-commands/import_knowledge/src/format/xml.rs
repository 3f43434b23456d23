//! XML in the shape of Encargo's own export: `knowledge_items`, in it `knowledge_item`, in it a field each.
//!
//! Document type definitions, entities beyond the five of XML and deeper elements are refused with their place.
//! `encoding="base64"` on a field stands for text that XML cannot hold.

pub mod window;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use encargo_sdk::text;
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::columns::Columns;
use crate::encoding::{Decoder, Encoding};
use crate::problem::{Broken, Code, shown};
use crate::record::{Field, MOST_BYTES, Record, Records};
use window::Window;

const ROOT: &str = "knowledge_items";
const ITEM: &str = "knowledge_item";

/// What the next event means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Outside,
    Root,
    Item,
    Field,
    After,
}

/// What one event asks for. It no longer borrows the event's buffer.
enum Step {
    Open(String, Option<bool>),
    Leaf(String, Option<bool>),
    Close,
    Character(char),
    Nothing,
    End,
}

/// The records of an XML file.
pub struct Xml {
    reader: Reader<Window>,
    buffer: Vec<u8>,
    depth: Depth,
    columns: Columns,
    number: u64,
}

/// A field being read: which one, where its text begins, and whether it is base64.
type Open = (Option<Field>, usize, bool);

impl Xml {
    /// The records of this text.
    pub fn new(text: Decoder) -> Self {
        let reader = Reader::from_reader(Window::new(text));
        Self { reader, buffer: Vec::new(), depth: Depth::Outside, columns: Columns::default(), number: 0 }
    }

    /// Reads one event; text goes to the end of `cells` where a field is open.
    fn step(&mut self, cells: &mut Vec<u8>) -> Result<Step, Broken> {
        self.buffer.clear();
        let place = self.reader.get_mut().begin();
        let broken = |code, message| Broken::new(code, place.0, Some(place.1), message);
        let step = match self.reader.read_event_into(&mut self.buffer) {
            Ok(Event::Start(tag)) => Step::Open(tag.name().as_ref().to_owned(), is_base64(&tag)),
            Ok(Event::Empty(tag)) => Step::Leaf(tag.name().as_ref().to_owned(), is_base64(&tag)),
            Ok(Event::End(_)) => Step::Close,
            Ok(Event::Text(text)) => {
                let text = text.xml10_content();
                self.depth.take(&text, cells).map_err(|message| broken(Code::Shape, message))?
            }
            Ok(Event::CData(text)) => {
                let text = text.xml10_content();
                self.depth.take(&text, cells).map_err(|message| broken(Code::Shape, message))?
            }
            Ok(Event::GeneralRef(reference)) => {
                let name: &str = &reference;
                let character = match name {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                let name = shown(name);
                Step::Character(character.ok_or_else(|| {
                    broken(Code::Entity, text!("the entity `&{name};` is not read", "la entidad `&{name};` no se lee"))
                })?)
            }
            Ok(Event::DocType(_)) => {
                let message = text!("document type definitions are not read", "las definiciones DTD no se leen");
                return Err(broken(Code::Doctype, message));
            }
            Ok(Event::Decl(declaration)) => match declaration.encoding() {
                Some(Ok(label)) if !is_told_by_the_bytes(&label) => {
                    let label = shown(&label);
                    let message = text!(
                        "the encoding `{label}` is not read: save it as UTF-8",
                        "la codificación `{label}` no se lee: guárdalo como UTF-8"
                    );
                    return Err(broken(Code::Encoding, message));
                }
                _ => Step::Nothing,
            },
            Ok(Event::Comment(_) | Event::PI(_)) => Step::Nothing,
            Ok(Event::Eof) => Step::End,
            Err(error) => {
                return Err(self
                    .reader
                    .get_mut()
                    .failure
                    .take()
                    .unwrap_or_else(|| broken(Code::Syntax, text!("not XML: {error}", "no es XML: {error}"))));
            }
        };
        Ok(step)
    }

    fn shape(&mut self, message: String) -> Broken {
        let (line, column) = self.reader.get_mut().began();
        Broken::new(Code::Shape, line, Some(column), message)
    }

    fn open(&mut self, name: &str, record: &mut Record) -> Result<Option<Field>, Broken> {
        let expected = match self.depth {
            Depth::Outside => ROOT,
            Depth::Root => ITEM,
            Depth::Item => {
                self.depth = Depth::Field;
                let field = self.columns.field(name);
                let taken = field.filter(|&field| record.has(field));
                if let Some(taken) = taken {
                    self.columns.ignore(name, taken);
                }
                return Ok(field.filter(|_| taken.is_none()));
            }
            Depth::Field => {
                let name = shown(name);
                let message = text!(
                    "`<{name}>` is too deep: a field has only text",
                    "`<{name}>` está a demasiada profundidad: un campo solo tiene texto"
                );
                let broken = self.shape(message);
                return Err(Broken { code: Code::TooDeep, ..broken });
            }
            Depth::After => "",
        };
        if name != expected {
            let name = shown(name);
            return Err(self.shape(text!(
                "`<{expected}>` is expected, not `<{name}>`: only the shape of `encargo export_data --format=xml` is read",
                "se espera `<{expected}>`, no `<{name}>`: solo se lee la forma de `encargo export_data --format=xml`"
            )));
        }
        if self.depth == Depth::Root {
            self.number += 1;
            record.begin(self.number, self.reader.get_mut().began().0);
            record.bytes.clear();
            self.depth = Depth::Item;
        } else {
            self.depth = Depth::Root;
        }
        Ok(None)
    }

    /// Closes the innermost element; whether it was an item.
    fn close(&mut self, field: Open, record: &mut Record) -> bool {
        let was = self.depth;
        self.depth = match was {
            Depth::Field => {
                self.close_field(field, record);
                Depth::Item
            }
            Depth::Item => Depth::Root,
            Depth::Outside | Depth::Root | Depth::After => Depth::After,
        };
        was == Depth::Item
    }

    fn close_field(&mut self, (field, start, base64): Open, record: &mut Record) {
        let Some(field) = field else {
            record.bytes.truncate(start);
            return;
        };
        if base64 {
            let written = record.bytes.split_off(start);
            let written: Vec<u8> = written.into_iter().filter(|byte| !byte.is_ascii_whitespace()).collect();
            if STANDARD.decode_vec(&written, &mut record.bytes).is_err() {
                let value = shown(&String::from_utf8_lossy(&written));
                let message = text!("it is not base64, as its attribute says", "no es base64, como dice su atributo");
                let column = self.columns.name(field).to_owned();
                record.problem(Code::Base64, &column, value, message);
            }
        }
        record.set(field, start, record.bytes.len());
    }
}

impl Depth {
    /// Takes text where a field is open; elsewhere only white space may stand.
    fn take(self, text: &str, cells: &mut Vec<u8>) -> Result<Step, String> {
        if self == Self::Field {
            cells.extend_from_slice(text.as_bytes());
        } else if !text.bytes().all(|byte| byte.is_ascii_whitespace()) {
            let found = shown(text.trim());
            return Err(text!("text outside of a field: `{found}`", "texto fuera de un campo: `{found}`"));
        }
        Ok(Step::Nothing)
    }
}

/// Whether a declared encoding is one that the text's own bytes tell.
fn is_told_by_the_bytes(label: &str) -> bool {
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes());
    encoding.is_some_and(|encoding| [UTF_8, WINDOWS_1252, UTF_16LE, UTF_16BE].contains(&encoding))
}

/// Whether the tag says that its text is base64; none where it names an encoding that is not known.
fn is_base64(tag: &BytesStart<'_>) -> Option<bool> {
    match tag.try_get_attribute("encoding") {
        Ok(None) => Some(false),
        Ok(Some(attribute)) if &*attribute.value == "base64" => Some(true),
        _ => None,
    }
}

impl Records for Xml {
    fn next(&mut self, record: &mut Record) -> Result<bool, Broken> {
        let mut open: Open = (None, 0, false);
        loop {
            let step = self.step(&mut record.bytes)?;
            match step {
                Step::Open(name, base64) | Step::Leaf(name, base64) if base64.is_none() => {
                    let name = shown(&name);
                    return Err(self.shape(text!(
                        "`<{name}>` has an encoding other than base64",
                        "`<{name}>` tiene una codificación que no es base64"
                    )));
                }
                Step::Open(name, base64) => {
                    open = (self.open(&name, record)?, record.bytes.len(), base64 == Some(true));
                }
                Step::Leaf(name, _) => {
                    let field = self.open(&name, record)?;
                    if self.close((field, record.bytes.len(), false), record) {
                        return Ok(true);
                    }
                }
                Step::Close => {
                    if self.close(open, record) {
                        return Ok(true);
                    }
                }
                Step::Character(character) if self.depth == Depth::Field => {
                    record.bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                }
                Step::Character(character) => {
                    return Err(self.shape(text!(
                        "text outside of a field: `{character}`",
                        "texto fuera de un campo: `{character}`"
                    )));
                }
                Step::Nothing => {}
                Step::End if self.depth == Depth::After => return Ok(false),
                Step::End => {
                    return Err(self.shape(text!("the file ends in the middle", "el archivo termina a la mitad")));
                }
            }
            if record.bytes.len() > MOST_BYTES {
                let mebibytes = MOST_BYTES >> 20;
                let message =
                    text!("the item has more than {mebibytes} MiB", "el elemento tiene más de {mebibytes} MiB");
                return Err(Broken::new(Code::TooLarge, record.line, None, message));
            }
        }
    }

    fn columns(&self) -> &Columns {
        &self.columns
    }

    fn encoding(&self) -> Encoding {
        self.reader.get_ref().encoding()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chunks::Pieces;

    fn read(text: &[u8], size: usize) -> Result<Vec<(u64, [String; 3])>, Broken> {
        let mut xml = Xml::new(Decoder::new(Box::new(Pieces(text.to_vec(), size))));
        let (mut record, mut all) = (Record::default(), Vec::new());
        while xml.next(&mut record)? {
            let problem = record.problems.first().map_or("", |problem| problem.code.as_str()).to_owned();
            all.push((record.line, [record.lossy(Field::Title), record.lossy(Field::Body), problem]));
        }
        Ok(all)
    }

    fn items(inside: &str) -> String {
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<knowledge_items>\n  {inside}\n</knowledge_items>\n")
    }

    #[test]
    fn an_export_comes_back_exactly() {
        for (fields, title, body) in [
            ("<title>a</title><body>=1+1 &amp; &lt;b&gt; ñ 😀</body>", "a", "=1+1 & <b> ñ 😀"),
            ("<title> a&#13;\n\tb </title><body>\"'&quot;&apos;</body>", " a\r\n\tb ", "\"'\"'"),
            ("<title>a\r\nb\rc</title><body>&#x1F600;</body>", "a\nb\nc", "😀"),
            ("<title encoding=\"base64\">AWE=</title><body><![CDATA[<x>&amp;]]></body>", "\u{1}a", "<x>&amp;"),
            ("<pregunta>a</pregunta>\n<!-- no --><respuesta/><more>x</more>", "a", ""),
            ("<body></body><title>a</title><title>b</title>", "a", ""),
        ] {
            let text = items(&format!("<knowledge_item>{fields}</knowledge_item>"));
            for size in [1, 2, 5, 1_000] {
                let found = read(text.as_bytes(), size).map_err(|broken| broken.error.message);
                assert_eq!(
                    found,
                    Ok(vec![(3, [title.to_owned(), body.to_owned(), String::new()])]),
                    "{fields} by {size}"
                );
            }
        }
        assert_eq!(read(b"<knowledge_items/>", 9).map_err(|broken| broken.error.message), Ok(Vec::new()));
        assert_eq!(read(items("<knowledge_item/>").as_bytes(), 9).map(|records| records.len()).ok(), Some(1));
        let bad = items("<knowledge_item><title encoding=\"base64\">?</title></knowledge_item>");
        assert_eq!(read(bad.as_bytes(), 9).map(|records| records[0].1[2].clone()).ok(), Some("base64".to_owned()));
    }

    #[test]
    fn bombs_and_other_shapes_are_refused_with_line_and_byte() {
        let item = |inside: &str| items(&format!("<knowledge_item>{inside}</knowledge_item>"));
        let huge = item(&format!("<title>{}</title>", "x".repeat(6 << 20)));
        let amps = item(&format!("<title>{}</title>", "&amp;".repeat(5 << 20)));
        let wide = format!("<knowledge_items a=\"{}", "x".repeat(6 << 20));
        for (text, place, code, words) in [
            ("<!DOCTYPE x [<!ENTITY a \"b\">]>\n<knowledge_items/>", (1, 1), Code::Doctype, "document type"),
            (&item("<title>\n&a;</title>"), (4, 1), Code::Entity, "`&a;`"),
            (&item("<title>&#xD800;</title>"), (3, 26), Code::Entity, "`&#xD800;`"),
            (&item("<title><b>x</b></title>"), (3, 26), Code::TooDeep, "`<b>` is too deep"),
            (&item("x"), (3, 19), Code::Shape, "text outside of a field: `x`"),
            ("<mediawiki>\n</mediawiki>", (1, 1), Code::Shape, "`<knowledge_items>` is expected, not `<mediawiki>`"),
            (&items("<item/>"), (3, 3), Code::Shape, "`<knowledge_item>` is expected"),
            ("<knowledge_items>", (1, 18), Code::Shape, "ends in the middle"),
            ("", (1, 1), Code::Shape, "ends in the middle"),
            ("<knowledge_items></knowledge_items>\n<more/>", (2, 1), Code::Shape, "not `<more>`"),
            (&item("<title></body>"), (3, 26), Code::Syntax, "not XML"),
            (&item("<title encoding=\"rot13\">x</title>"), (3, 19), Code::Shape, "other than base64"),
            ("<?xml version=\"1.0\" encoding=\"koi8-r\"?><knowledge_items/>", (1, 1), Code::Encoding, "`koi8-r`"),
            (&huge, (3, 26), Code::TooLarge, "more than 4 MiB"),
            (&amps, (3, 0), Code::TooLarge, "more than 4 MiB"),
            (&wide, (1, 1), Code::TooLarge, "more than 4 MiB"),
        ] {
            let broken = read(text.as_bytes(), 64 << 10).expect_err("it is refused");
            let shown = &text[..text.len().min(120)];
            assert_eq!((broken.line, broken.column.unwrap_or(0), broken.code), (place.0, place.1, code), "{shown}");
            assert!(broken.error.message.contains(words), "{shown}: {}", broken.error.message);
        }
    }
}
