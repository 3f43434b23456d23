//! JSON: an array of objects at any depth, objects under keys, or one object. One record is in memory at a time.

pub(super) mod ahead;
pub mod extent;
pub mod object;
mod shape;
mod shaped;
pub mod squad;
#[cfg(test)]
mod tests;
mod walk;
mod window;

use encargo_sdk::text;

use crate::columns::{Columns, listed};
use crate::encoding::Decoder;
use crate::problem::{Broken, Code};
use crate::record::{Field, MOST_BYTES, Record, Records};
use crate::shaping::with_proposal;
use extent::MOST_DEPTH;
use shape::Shape;
pub(super) use shaped::fill;
use window::{Value, Window};

/// How many arrays without records are told.
const MOST_TOLD: usize = 12;

/// What came last in an object or array.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Came {
    Nothing,
    Value,
    Comma,
}

/// An object or array around what is being read.
struct Frame {
    is_object: bool,
    came: Came,
    /// Whether each value in it is a record.
    has_records: bool,
    /// The name of the member that it is.
    name: Option<String>,
    /// A member that has a title or a text and not both.
    incomplete: Option<String>,
}

/// The records of a JSON file.
pub struct Json {
    window: Window,
    frames: Vec<Frame>,
    /// Whether the outer value is read.
    is_done: bool,
    /// The names that lead to the records.
    found: Option<String>,
    /// Whether the records are the members of an object.
    by_key: bool,
    /// The names of arrays that hold no records, and the first byte of what they hold.
    looked_at: Vec<(String, u8)>,
    empty_arrays: u32,
    /// What the first object has of an array without records.
    names: Vec<String>,
    /// What the first object has that is a member of the outer one.
    keyed: Vec<String>,
    columns: Columns,
    number: u64,
}

impl Json {
    /// The records of this text.
    pub fn new(text: Decoder, columns: Columns) -> Self {
        Self {
            window: Window::new(text),
            frames: Vec::new(),
            is_done: false,
            found: None,
            by_key: false,
            looked_at: Vec::new(),
            empty_arrays: 0,
            names: Vec::new(),
            keyed: Vec::new(),
            columns,
            number: 0,
        }
    }

    /// Reads the outer value; whether it is a record.
    fn outer(&mut self, byte: u8, record: &mut Record) -> Result<bool, Broken> {
        self.is_done = true;
        if byte == b'{' || byte == b'[' {
            return self.value(byte, None, record);
        }
        let message = text!(
            "an array of objects is expected, or an object with one such array",
            "se espera una lista de objetos, o un objeto con una lista de objetos"
        );
        Err(self.window.broken(Code::Shape, message))
    }

    /// Reads a value or enters it; whether it is a record.
    fn value(&mut self, byte: u8, key: Option<String>, record: &mut Record) -> Result<bool, Broken> {
        if let Some(frame) = self.frames.last_mut() {
            frame.came = Came::Value;
            if frame.has_records && (!frame.is_object || matches!(byte, b'{' | b'n')) {
                return self.record(key.as_deref(), record);
            }
        }
        match byte {
            b'{' => self.object(key, record),
            b'[' => self.array(key).map(|()| false),
            b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => self.pass_over(key.as_deref()).map(|()| false),
            other => Err(self.window.unexpected(Some(other))),
        }
    }

    fn object(&mut self, key: Option<String>, record: &mut Record) -> Result<bool, Broken> {
        let shape = match self.window.value()? {
            Value::Whole(length) | Value::TooDeep(length) => {
                Shape::of(self.window.bytes(length), self.columns.shaping())
            }
            Value::TooLarge | Value::Cut => Shape::default(),
        };
        let keyed = if self.keyed.is_empty() && !shape.is_record() {
            ahead::names_at_hand(&mut self.window)?
        } else {
            Vec::new()
        };
        let (path, is_member) = (self.path(None), self.frames.len() == 1);
        let Some(around) = self.frames.last_mut() else {
            if shape.is_record() && shape.inner {
                let message = text!(
                    "the object is a record and has records in it: keep one of both",
                    "el objeto es un registro y tiene registros dentro: deja una de las dos cosas"
                );
                return Err(self.window.broken(Code::Shape, message));
            }
            if shape.is_record() {
                self.found = Some(String::new());
                return self.record(None, record);
            }
            return self.enter(true, false, None).map(|()| false);
        };
        if !shape.is_record() {
            if is_member && self.keyed.is_empty() && !shape.inner {
                self.keyed = keyed;
            }
            if shape.title || shape.body {
                around.incomplete.get_or_insert_with(|| key.clone().unwrap_or_default());
            }
            return self.enter(true, false, key).map(|()| false);
        }
        if let Some(other) = &around.incomplete {
            let other = listed(std::slice::from_ref(other));
            let message = text!(
                "this is a record and {other} beside it lacks a title or a text",
                "esto es un registro y a {other}, a su lado, le falta el título o el texto"
            );
            return Err(self.window.broken(Code::Shape, message));
        }
        if !around.is_object {
            let message = text!(
                "this is a record and what comes before it in its array is none",
                "esto es un registro y lo que hay antes en su lista no lo es"
            );
            return Err(self.window.broken(Code::Shape, message));
        }
        around.has_records = true;
        self.by_key = true;
        self.find(path)?;
        self.record(key.as_deref(), record)
    }

    fn array(&mut self, key: Option<String>) -> Result<(), Broken> {
        let is_outer = self.frames.is_empty();
        let first = self.window.first_element()?;
        let kind = first.and_then(|element| element.first().copied());
        let shape = first.map(|element| Shape::of(element, self.columns.shaping())).unwrap_or_default();
        let names = first.map(ahead::names_of).unwrap_or_default();
        let path = self.path(key.as_deref());
        // The outer array holds the records unless they are plainly further inside.
        let has_records = shape.title || shape.body || (is_outer && !(kind == Some(b'{') && shape.inner));
        if has_records {
            if kind == Some(b'{') {
                ahead::refuse_others(&mut self.window, &self.columns)?;
            }
            self.find(path)?;
        } else if let Some(kind) = kind {
            // An array in an array has the same names before it, and the outer one is told.
            if self.names.is_empty() {
                self.names = names;
            }
            if self.looked_at.len() < MOST_TOLD && !self.looked_at.iter().any(|(other, _)| *other == path) {
                self.looked_at.push((path, kind));
            }
        } else {
            self.empty_arrays += 1;
        }
        self.enter(false, has_records, key)
    }

    /// The records were found where these names lead.
    fn find(&mut self, path: String) -> Result<(), Broken> {
        match &self.found {
            Some(found) if *found != path => {
                let names = listed(&[found.clone(), path]);
                let message = text!(
                    "there are two arrays of objects, {names}: keep one",
                    "hay dos listas de objetos, {names}: deja una"
                );
                Err(self.window.broken(Code::Shape, message))
            }
            _ => {
                self.found = Some(path);
                Ok(())
            }
        }
    }

    fn enter(&mut self, is_object: bool, has_records: bool, name: Option<String>) -> Result<(), Broken> {
        if self.frames.len() == MOST_DEPTH as usize {
            let message = too_deep();
            return Err(self.window.broken(Code::TooDeep, message));
        }
        self.window.advance(1);
        self.frames.push(Frame { is_object, came: Came::Nothing, has_records, name, incomplete: None });
        Ok(())
    }

    /// Goes past a plain value that is no record and no part of one.
    fn pass_over(&mut self, key: Option<&str>) -> Result<(), Broken> {
        match self.window.value()? {
            Value::Whole(length) | Value::TooDeep(length) => {
                shape::check(self.window.bytes(length)).map_err(|error| self.window.not_json(&error))?;
                self.window.advance(length);
                self.columns.unread(&self.path(key));
                Ok(())
            }
            Value::TooLarge => Err(self.window.broken(Code::TooLarge, too_large())),
            Value::Cut => Err(self.window.cut()),
        }
    }

    /// Reads the value at hand as a record.
    fn record(&mut self, key: Option<&str>, record: &mut Record) -> Result<bool, Broken> {
        self.number += 1;
        record.begin(self.number, self.window.line);
        match self.window.value()? {
            Value::Whole(length) => {
                fill(self.window.bytes(length), record, &mut self.columns);
                self.window.advance(length);
                if let Some(key) = key.filter(|_| !record.is_filled(Field::ExternalId)) {
                    let start = record.bytes.len();
                    record.bytes.extend_from_slice(key.as_bytes());
                    record.set(Field::ExternalId, start, record.bytes.len());
                }
            }
            Value::TooDeep(length) => {
                self.window.advance(length);
                record.problem(Code::TooDeep, "", String::new(), too_deep());
            }
            Value::TooLarge => {
                self.window.skip()?;
                record.problem(Code::TooLarge, "", String::new(), too_large());
            }
            Value::Cut => return Err(self.window.cut()),
        }
        Ok(true)
    }

    /// The names that lead to a member of what is being read.
    fn path(&self, key: Option<&str>) -> String {
        let names: Vec<&str> = self.frames.iter().filter_map(|frame| frame.name.as_deref()).chain(key).collect();
        names.join(".")
    }

    /// The end of the document: it had records, or an empty place for them.
    fn end(&mut self) -> Result<bool, Broken> {
        if self.found.is_some() || (self.empty_arrays == 1 && self.looked_at.is_empty()) {
            return ahead::check_names(&self.columns, self.number).map(|()| false);
        }
        let found = if self.looked_at.is_empty() {
            self.columns.unread_names().unwrap_or_else(|| text!("nothing", "nada"))
        } else {
            let told = self.looked_at.iter().map(|(path, kind)| {
                let path = listed(std::slice::from_ref(path));
                match kind {
                    b'{' => text!("{path} (objects without both)", "{path} (objetos sin los dos)"),
                    b'[' => text!("{path} (arrays)", "{path} (listas)"),
                    _ => text!("{path} (values)", "{path} (valores)"),
                }
            });
            told.collect::<Vec<_>>().join(", ")
        };
        let message = text!(
            "no records: objects with a title (title, question) and a text (body, answer) are looked for, and there is {found}",
            "no hay registros: se buscan objetos con título (title, pregunta) y texto (body, respuesta), y hay {found}"
        );
        let plain = self.columns.unread_plain();
        let names = [&self.names, &plain, &self.keyed].into_iter().find(|names| !names.is_empty()).unwrap_or(&plain);
        let message = with_proposal(message, names);
        Err(self.window.broken(Code::Shape, message))
    }
}

pub(super) fn too_deep() -> String {
    text!(
        "it is nested deeper than the {MOST_DEPTH} levels that are read",
        "está anidado a más de los {MOST_DEPTH} niveles que se leen"
    )
}

pub(super) fn too_large() -> String {
    let mebibytes = MOST_BYTES >> 20;
    text!(
        "the value that begins here has more than {mebibytes} MiB",
        "el valor que empieza aquí tiene más de {mebibytes} MiB"
    )
}

impl Records for Json {
    fn next(&mut self, record: &mut Record) -> Result<bool, Broken> {
        loop {
            let byte = self.window.peek()?;
            let is_record = match (self.frames.last(), byte) {
                (None, None) if self.is_done => return self.end(),
                (None, Some(b'{')) if self.is_done => {
                    let message = text!(
                        "a second document begins here; where each line is one, `--format=jsonl` reads them",
                        "aquí empieza otro documento; si cada línea es uno, `--format=jsonl` los lee"
                    );
                    return Err(self.window.broken(Code::Syntax, message));
                }
                (None, Some(byte)) if !self.is_done => self.outer(byte, record)?,
                (None, None) => self.outer(0, record)?,
                (Some(frame), Some(b'}' | b']'))
                    if frame.came != Came::Comma && frame.is_object == (byte == Some(b'}')) =>
                {
                    self.window.advance(1);
                    self.frames.pop();
                    false
                }
                (Some(Frame { came: Came::Value, .. }), Some(b',')) => {
                    self.window.advance(1);
                    if let Some(frame) = self.frames.last_mut() {
                        frame.came = Came::Comma;
                    }
                    false
                }
                (Some(frame), Some(b'"')) if frame.is_object && frame.came != Came::Value => {
                    let key = self.window.key()?;
                    match self.window.peek()? {
                        Some(byte) => self.value(byte, Some(key), record)?,
                        None => return Err(self.window.cut()),
                    }
                }
                (Some(frame), Some(byte))
                    if !frame.is_object && frame.came != Came::Value && !matches!(byte, b',' | b':' | b']' | b'}') =>
                {
                    self.value(byte, None, record)?
                }
                _ => return Err(self.window.unexpected(byte)),
            };
            if is_record {
                return Ok(true);
            }
        }
    }

    fn columns(&self) -> &Columns {
        &self.columns
    }

    fn text(&self) -> &Decoder {
        &self.window.source
    }

    fn notes(&self) -> Vec<String> {
        let Some(path) = self.found.as_ref().filter(|path| self.by_key || !path.is_empty()) else { return Vec::new() };
        let place = if path.is_empty() { String::new() } else { listed(std::slice::from_ref(path)) };
        vec![match (self.by_key, path.is_empty()) {
            (false, _) => text!("the records are those of {place}", "los registros son los de {place}"),
            (true, true) => text!(
                "the records are the members of the object; their keys are external ids where they have none",
                "los registros son los miembros del objeto; sus claves son identificadores externos donde no tienen"
            ),
            (true, false) => text!(
                "the records are the members of {place}; their keys are external ids where they have none",
                "los registros son los miembros de {place}; sus claves son identificadores externos donde no tienen"
            ),
        }]
    }
}
