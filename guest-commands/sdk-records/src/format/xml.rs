//! XML in the shape of Encargo's own export: `knowledge_items`, in it `knowledge_item`, in it a field each.
//!
//! Document type definitions, entities beyond the five of XML and deeper elements are refused with their place.
//! `encoding="base64"` on a field stands for text that XML cannot hold.

#[cfg(test)]
mod tests;
pub mod window;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use encargo_sdk::text;
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::columns::{Columns, Named};
use crate::encoding::Decoder;
use crate::format::json::object::unite_tags;
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
    Open(Tag),
    Leaf(Tag),
    Close,
    Character(char),
    Nothing,
    End,
}

/// A start tag.
struct Tag {
    name: String,
    /// Whether it says that its text is base64; none where it names an encoding that is not known.
    base64: Option<bool>,
    /// Attributes that are not read.
    unread: Vec<String>,
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
            Ok(Event::Start(tag)) => Step::Open(tag_of(&tag).map_err(|message| broken(Code::Syntax, message))?),
            Ok(Event::Empty(tag)) => Step::Leaf(tag_of(&tag).map_err(|message| broken(Code::Syntax, message))?),
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
                        "la codificación `{label}` no se lee: guárdelo como UTF-8"
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
                let Named { field, place } = self.columns.find(name);
                let Some(field) = field.filter(|&field| field != Field::Tags) else { return Ok(field) };
                if place.is_some_and(|place| record.repeats(place)) {
                    let message = text!("the item has this element twice", "el elemento tiene este campo dos veces");
                    record.problem(Code::Repeated, name, String::new(), message);
                } else if record.is_filled(field) {
                    self.columns.ignore(name, field);
                } else {
                    return Ok(Some(field));
                }
                return Ok(None);
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
        if field == Field::Tags && record.is_filled(field) {
            unite_tags(record, start);
        } else {
            record.set(field, start, record.bytes.len());
        }
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

/// Reads a start tag.
fn tag_of(tag: &BytesStart<'_>) -> Result<Tag, String> {
    let name: String = tag.name().as_ref().to_owned();
    let (mut base64, mut unread) = (Some(false), Vec::new());
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| text!("not XML: {error}", "no es XML: {error}"))?;
        let key: &str = attribute.key.as_ref();
        if key == "encoding" {
            base64 = (&*attribute.value == "base64").then_some(true);
        } else if key != "xml:space" && key != "xmlns" && !key.starts_with("xmlns:") {
            unread.push(format!("{name}/@{key}"));
        }
    }
    Ok(Tag { name, base64, unread })
}

impl Records for Xml {
    fn next(&mut self, record: &mut Record) -> Result<bool, Broken> {
        let mut open: Open = (None, 0, false);
        loop {
            let step = self.step(&mut record.bytes)?;
            match step {
                Step::Open(tag) | Step::Leaf(tag) if tag.base64.is_none() => {
                    let name = shown(&tag.name);
                    return Err(self.shape(text!(
                        "`<{name}>` has an encoding other than base64",
                        "`<{name}>` tiene una codificación que no es base64"
                    )));
                }
                Step::Open(tag) => {
                    let field = self.open(&tag.name, record)?;
                    tag.unread.iter().for_each(|name| self.columns.unread(name));
                    open = (field, record.bytes.len(), tag.base64 == Some(true));
                }
                Step::Leaf(tag) => {
                    let field = self.open(&tag.name, record)?;
                    tag.unread.iter().for_each(|name| self.columns.unread(name));
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

    fn text(&self) -> &Decoder {
        self.reader.get_ref().text()
    }
}
