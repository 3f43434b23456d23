//! One JSON object as a record: its members go straight into the record's buffer.

use std::fmt;

use encargo_sdk::text;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::columns::Columns;
use crate::problem::{Code, shown};
use crate::record::{Field, Record};

/// Fills the record with the object in these bytes. What is wrong with it becomes its problems.
pub fn fill(object: &[u8], record: &mut Record, columns: &mut Columns) {
    record.bytes.clear();
    let mut deserializer = serde_json::Deserializer::from_slice(object);
    let read = Members { record, columns }.deserialize(&mut deserializer).and_then(|()| deserializer.end());
    let Err(error) = read else { return };
    let line = record.line + (error.line() as u64).saturating_sub(1);
    if std::str::from_utf8(object).is_err() {
        let message = text!("it has bytes that are not UTF-8", "tiene bytes que no son UTF-8");
        record.problem(Code::Encoding, "", shown(&String::from_utf8_lossy(object)), message);
    } else {
        let (english, byte) = (error.to_string(), error.column());
        let what = english.rsplit_once(" at line ").map_or(english.as_str(), |(what, _)| what);
        let message = text!("not JSON at byte {byte} of the line: {what}", "no es JSON en el byte {byte} de la línea: {what}");
        record.problem(Code::Syntax, "", shown(&String::from_utf8_lossy(object)), message);
    }
    if let Some(problem) = record.problems.last_mut() {
        problem.line = line;
    }
}

struct Members<'a> {
    record: &'a mut Record,
    columns: &'a mut Columns,
}

impl<'de> DeserializeSeed<'de> for Members<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(field) = members.next_key_seed(Key { record: self.record, columns: self.columns })? {
            let Some(field) = field else {
                members.next_value::<IgnoredAny>()?;
                continue;
            };
            let start = self.record.bytes.len();
            match members.next_value_seed(Cell { field, bytes: &mut self.record.bytes })? {
                Taken::Value => self.record.set(field, start, self.record.bytes.len()),
                Taken::Nothing => {}
                Taken::Misfit(found) => {
                    self.record.bytes.truncate(start);
                    let message = text!("a text is expected here, not {found}", "aquí se espera un texto, no {found}");
                    let column = self.columns.name(field).to_owned();
                    self.record.problem(Code::Type, &column, String::new(), message);
                }
            }
        }
        Ok(())
    }
}

/// A member's name, as the field that it is for.
struct Key<'a> {
    record: &'a Record,
    columns: &'a mut Columns,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<Field>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Option<Field>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a member's name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        let field = self.columns.field(name);
        match field {
            Some(field) if self.record.has(field) => {
                self.columns.ignore(name, field);
                Ok(None)
            }
            field => Ok(field),
        }
    }
}

enum Taken {
    Value,
    Nothing,
    Misfit(&'static str),
}

/// A member's value: a text, a number or a flag as a text; for tags also an array of texts.
struct Cell<'a> {
    field: Field,
    bytes: &'a mut Vec<u8>,
}

impl Cell<'_> {
    fn take(self, text: &str) -> Taken {
        self.bytes.extend_from_slice(text.as_bytes());
        Taken::Value
    }
}

impl<'de> DeserializeSeed<'de> for Cell<'_> {
    type Value = Taken;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Taken, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Cell<'_> {
    type Value = Taken;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_str<E>(self, value: &str) -> Result<Taken, E> {
        Ok(self.take(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Taken, E> {
        Ok(self.take(&value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Taken, E> {
        Ok(self.take(&value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Taken, E> {
        Ok(self.take(&value.to_string()))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Taken, E> {
        Ok(self.take(if value { "true" } else { "false" }))
    }

    fn visit_unit<E>(self) -> Result<Taken, E> {
        Ok(Taken::Nothing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Taken, A::Error> {
        if self.field != Field::Tags {
            while elements.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Taken::Misfit("[]"));
        }
        self.bytes.push(b'[');
        let first = self.bytes.len();
        let mut all_texts = true;
        loop {
            if self.bytes.len() > first {
                self.bytes.push(b',');
            }
            match elements.next_element_seed(Tag(self.bytes))? {
                Some(text) => all_texts &= text,
                None => break,
            }
        }
        if self.bytes.len() > first {
            self.bytes.pop();
        }
        self.bytes.push(b']');
        Ok(if all_texts { Taken::Value } else { Taken::Misfit("[…]") })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Taken, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Taken::Misfit("{}"))
    }
}

/// One tag, written as JSON; whether it was a text.
struct Tag<'a>(&'a mut Vec<u8>);

impl<'de> DeserializeSeed<'de> for Tag<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tag<'_> {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a tag")
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<bool, E> {
        serde_json::to_writer(self.0, value).map_err(E::custom)?;
        Ok(true)
    }

    fn visit_i64<E>(self, _: i64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_u64<E>(self, _: u64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_f64<E>(self, _: f64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_bool<E>(self, _: bool) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<bool, A::Error> {
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(false)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<bool, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(false)
    }
}
