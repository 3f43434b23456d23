//! The elements of an XML file one after the other, with the text of those that are asked for: what readers of other
//! systems' dumps stand on. Elements that nobody asks for are passed over.

use encargo_sdk::text;

use super::events::{Events, Step, Tag};
use crate::encoding::Decoder;
use crate::problem::{Broken, Code, shown};
use crate::record::{FIELDS, Field, MOST_BYTES, Record};

/// The deepest nesting that is read.
const MOST_DEPTH: usize = 64;

/// What comes next.
pub(super) enum Element {
    /// An element begins; it is the last of the path.
    Open(Tag),
    /// An element of this name ended; the path is that around it.
    Close(String),
    /// The root ended, and the file with it.
    End,
}

/// The elements of an XML file.
pub(super) struct Elements {
    pub(super) events: Events,
    /// The names of the elements around.
    pub(super) path: Vec<String>,
    /// The text that is taken.
    pub(super) taken: String,
    /// Whether more text was there than is read; it was dropped.
    pub(super) is_too_large: bool,
    /// Whether what is taken becomes a part of HTML again.
    pub(super) escapes: bool,
    taking: bool,
    leaf: bool,
    rooted: bool,
}

impl Elements {
    pub(super) fn new(text: Decoder) -> Self {
        let (path, taken) = (Vec::new(), String::new());
        let (is_too_large, escapes, taking, leaf, rooted) = (false, false, false, false, false);
        Self { events: Events::new(text), path, taken, is_too_large, escapes, taking, leaf, rooted }
    }

    /// Takes text from here on, in the place of what was taken before.
    pub(super) fn take(&mut self) {
        (self.taking, self.is_too_large, self.escapes) = (true, false, false);
        self.taken.clear();
    }

    /// Takes no more.
    pub(super) fn leave(&mut self) {
        self.taking = false;
    }

    /// Adds to what is taken, when anything is.
    pub(super) fn put(&mut self, text: &str) {
        if self.taking && self.taken.len() + text.len() <= MOST_BYTES {
            self.taken.push_str(text);
        }
    }

    /// Whether the names around are these.
    pub(super) fn is_at(&self, path: &[&str]) -> bool {
        self.path == path
    }

    /// Goes on to the next element.
    pub(super) fn next(&mut self) -> Result<Element, Broken> {
        if std::mem::take(&mut self.leaf) {
            return Ok(Element::Close(self.path.pop().unwrap_or_default()));
        }
        loop {
            let (taken, taking, inside) = (&mut self.taken, self.taking, !self.path.is_empty());
            let escapes = self.escapes;
            let mut large = false;
            let step = self.events.step(&mut |text| {
                if !inside && !text.trim().is_empty() {
                    let found = shown(text.trim());
                    return Err(text!("text outside of the root: `{found}`", "texto fuera de la raíz: `{found}`"));
                }
                large = taking && taken.len() + text.len() > MOST_BYTES;
                if taking && !large && escapes {
                    taken.push_str(&text.replace('&', "&amp;").replace('<', "&lt;"));
                } else if taking && !large {
                    taken.push_str(text);
                }
                Ok(())
            })?;
            self.is_too_large |= large || (taking && self.events.was_cut());
            match step {
                Step::Open(tag) | Step::Leaf(tag) if self.path.is_empty() && self.rooted => {
                    let name = shown(&tag.name);
                    return Err(self
                        .events
                        .shape(text!("a second root begins here: `<{name}>`", "aquí empieza otra raíz: `<{name}>`")));
                }
                Step::Open(tag) => return self.open(tag),
                Step::Leaf(tag) => {
                    self.leaf = true;
                    return self.open(tag);
                }
                Step::Close => return Ok(Element::Close(self.path.pop().unwrap_or_default())),
                Step::Nothing => {}
                Step::End if self.path.is_empty() && self.rooted => return Ok(Element::End),
                Step::End => return Err(self.events.cut()),
            }
        }
    }

    fn open(&mut self, tag: Tag) -> Result<Element, Broken> {
        if self.path.len() == MOST_DEPTH {
            let message = text!(
                "it is nested deeper than the {MOST_DEPTH} levels that are read",
                "está anidado a más de los {MOST_DEPTH} niveles que se leen"
            );
            return Err(Broken { code: Code::TooDeep, ..self.events.shape(message) });
        }
        self.rooted = true;
        self.path.push(tag.name.clone());
        Ok(Element::Open(tag))
    }
}

/// The cells of a record whose parts come in any order.
#[derive(Default)]
pub(super) struct Cells([Option<String>; FIELDS]);

impl Cells {
    pub(super) fn clear(&mut self) {
        self.0 = Default::default();
    }

    pub(super) fn set(&mut self, field: Field, cell: &str) {
        self.0[field as usize] = Some(cell.to_owned());
    }

    /// Sets a cell that has nothing yet.
    pub(super) fn fill(&mut self, field: Field, cell: &str) {
        if self.get(field).is_empty() {
            self.set(field, cell);
        }
    }

    pub(super) fn get(&self, field: Field) -> &str {
        self.0[field as usize].as_deref().unwrap_or_default()
    }

    /// Adds a tag.
    pub(super) fn tag(&mut self, tag: &str) {
        let tags = crate::tags::united([self.get(Field::Tags), &serde_json::json!([tag]).to_string()]);
        self.set(Field::Tags, &tags);
    }

    /// Lays the cells into a record that was begun.
    pub(super) fn fill_record(&self, record: &mut Record) {
        record.bytes.clear();
        for (field, cell) in Field::ALL.into_iter().zip(&self.0) {
            if let Some(cell) = cell {
                let start = record.bytes.len();
                record.bytes.extend_from_slice(cell.as_bytes());
                record.set(field, start, record.bytes.len());
            }
        }
    }
}

/// The problem of a record of which a text is larger than is read.
pub(super) fn too_large(record: &mut Record) {
    let mebibytes = MOST_BYTES >> 20;
    let message = text!("a text of it has more than {mebibytes} MiB", "un texto suyo tiene más de {mebibytes} MiB");
    record.problem(Code::TooLarge, "", String::new(), message);
}
