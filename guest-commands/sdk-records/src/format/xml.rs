//! XML in the shape of Encargo's own export: `knowledge_items`, in it `knowledge_item`, in it a field each.
//!
//! Document type definitions, entities beyond the five of XML and deeper elements are refused with their place.
//! `encoding="base64"` on a field stands for text that XML cannot hold.

mod elements;
mod events;
pub mod feed;
mod html;
pub mod mediawiki;
pub mod posts;
#[cfg(test)]
mod tests;
mod window;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use encargo_sdk::text;

use crate::columns::{Columns, Named};
use crate::encoding::Decoder;
use crate::format::json::object::unite_tags;
use crate::problem::{Broken, Code, shown};
use crate::record::{Field, MOST_BYTES, Record, Records};
use events::{Events, Step, Tag};

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

/// The records of an XML file.
pub struct Xml {
    events: Events,
    depth: Depth,
    columns: Columns,
    number: u64,
}

/// A field being read: which one, where its text begins, and whether it is base64.
type Open = (Option<Field>, usize, bool);

impl Xml {
    /// The records of this text.
    pub fn new(text: Decoder, columns: Columns) -> Self {
        Self { events: Events::new(text), depth: Depth::Outside, columns, number: 0 }
    }

    fn open(&mut self, name: &str, record: &mut Record) -> Result<Option<Field>, Broken> {
        let expected = match self.depth {
            Depth::Outside => ROOT,
            Depth::Root => ITEM,
            Depth::Item => {
                self.depth = Depth::Field;
                let Named { field, place, .. } = self.columns.find(name);
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
                let broken = self.events.shape(message);
                return Err(Broken { code: Code::TooDeep, ..broken });
            }
            Depth::After => "",
        };
        if name != expected {
            let name = shown(name);
            return Err(self.events.shape(text!(
                "`<{expected}>` is expected, not `<{name}>`: the shape of `encargo export_data --format=xml` is read, and RSS, Atom, MediaWiki and StackExchange by `--format`",
                "se espera `<{expected}>`, no `<{name}>`: se lee la forma de `encargo export_data --format=xml`, y RSS, Atom, MediaWiki y StackExchange con `--format`"
            )));
        }
        if self.depth == Depth::Root {
            self.number += 1;
            record.begin(self.number, self.events.began().0);
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
    fn take(self, text: &str, cells: &mut Vec<u8>) -> Result<(), String> {
        if self == Self::Field {
            cells.extend_from_slice(text.as_bytes());
        } else if !text.bytes().all(|byte| byte.is_ascii_whitespace()) {
            let found = shown(text.trim());
            return Err(text!("text outside of a field: `{found}`", "texto fuera de un campo: `{found}`"));
        }
        Ok(())
    }
}

/// Whether a start tag says that its text is base64; none where it names an encoding that is not known.
fn is_base64(tag: &Tag) -> Option<bool> {
    tag.attribute("encoding").map_or(Some(false), |encoding| (encoding == "base64").then_some(true))
}

/// The attributes that are not read.
fn unread(tag: &Tag) -> impl Iterator<Item = String> {
    let keys = tag.attributes.iter().map(|(key, _)| key.as_str());
    let unread = keys.filter(|key| !matches!(*key, "encoding" | "xml:space" | "xmlns") && !key.starts_with("xmlns:"));
    unread.map(|key| format!("{}/@{key}", tag.name))
}

impl Records for Xml {
    fn next(&mut self, record: &mut Record) -> Result<bool, Broken> {
        let mut open: Open = (None, 0, false);
        loop {
            let depth = self.depth;
            let step = self.events.step(&mut |text| depth.take(text, &mut record.bytes))?;
            match step {
                Step::Open(tag) | Step::Leaf(tag) if is_base64(&tag).is_none() => {
                    let name = shown(&tag.name);
                    return Err(self.events.shape(text!(
                        "`<{name}>` has an encoding other than base64",
                        "`<{name}>` tiene una codificación que no es base64"
                    )));
                }
                Step::Open(tag) => {
                    let field = self.open(&tag.name, record)?;
                    unread(&tag).for_each(|name| self.columns.unread(&name));
                    open = (field, record.bytes.len(), is_base64(&tag) == Some(true));
                }
                Step::Leaf(tag) => {
                    let field = self.open(&tag.name, record)?;
                    unread(&tag).for_each(|name| self.columns.unread(&name));
                    if self.close((field, record.bytes.len(), false), record) {
                        return Ok(true);
                    }
                }
                Step::Close => {
                    if self.close(open, record) {
                        return Ok(true);
                    }
                }
                Step::Nothing => {}
                Step::End if self.depth == Depth::After => return Ok(false),
                Step::End => return Err(self.events.cut()),
            }
            if self.events.was_cut() {
                return Err(self.events.too_large());
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
        self.events.text()
    }
}
