//! One JSON object as a record: its members go straight into the record's buffer.

use std::fmt;

use encargo_sdk::text;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::extent::{End, Extent};
use super::shape::{Unread, is_json};

use crate::columns::{Columns, Named};
use crate::problem::{Code, shown};
use crate::record::{Field, Record};
use crate::tags;

/// Fills the record with the object in these bytes. What is wrong with it becomes its problem.
pub fn fill(object: &[u8], record: &mut Record, columns: &mut Columns) {
    record.bytes.clear();
    let (mut reading, mut inexact) = (None, 0);
    let mut deserializer = serde_json::Deserializer::from_slice(object);
    let members = Members { record, columns, reading: &mut reading, inexact: &mut inexact };
    let read = members.deserialize(&mut deserializer).and_then(|()| deserializer.end());
    let Err(error) = read else {
        if inexact != 0 {
            keep_digits(object, inexact, record, columns);
        }
        return;
    };
    record.problems.clear();
    if is_something_else(object) {
        let value = shown(&String::from_utf8_lossy(object));
        let message = text!("it is no record: an object is expected", "no es un registro: se espera un objeto");
        return record.problem(Code::Type, "", value, message);
    }
    let column = reading.map_or("", |field| columns.name(field));
    wrong(object, &error, column, record);
}

/// The object is no JSON, or a value of it not what is expected.
pub(super) fn wrong(object: &[u8], error: &serde_json::Error, column: &str, record: &mut Record) {
    let (english, byte) = (error.to_string(), error.column());
    let what = english.rsplit_once(" at line ").map_or(english.as_str(), |(what, _)| what);
    let (code, message) = if std::str::from_utf8(object).is_err() {
        (
            Code::Encoding,
            text!(
                "it has bytes that are not UTF-8 or not in its encoding",
                "tiene bytes que no son UTF-8 o no son de su codificación"
            ),
        )
    } else if error.is_data() {
        (Code::Type, text!("{what}, at byte {byte} of the line", "{what}, en el byte {byte} de la línea"))
    } else {
        let message =
            text!("not JSON at byte {byte} of the line: {what}", "no es JSON en el byte {byte} de la línea: {what}");
        (Code::Syntax, message)
    };
    record.problem(code, column, shown(&String::from_utf8_lossy(object)), message);
    if let Some(problem) = record.problems.last_mut() {
        problem.line += (error.line() as u64).saturating_sub(1);
    }
}

/// Whether the bytes are a JSON value and no object.
fn is_something_else(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    value.first() != Some(&b'{') && is_json(value)
}

/// Puts the digits of numbers as they stand in the place of those that went through a double, whose bits are in
/// `inexact`. The object is known to be JSON.
fn keep_digits(object: &[u8], mut inexact: u8, record: &mut Record, columns: &Columns) {
    let mut rest = object.trim_ascii().get(1..).unwrap_or_default();
    while inexact != 0 {
        rest = rest.trim_ascii_start();
        let End::At(name) = Extent::default().find(rest) else { return };
        let field =
            serde_json::from_slice::<String>(&rest[..name]).ok().and_then(|name| columns.shaping().use_of(&name).field);
        rest = rest[name..].trim_ascii_start().get(1..).unwrap_or_default().trim_ascii_start();
        let End::At(value) = Extent::default().find(rest) else { return };
        let number = &rest[..value];
        let is_number = matches!(number.first(), Some(b'-' | b'0'..=b'9'));
        if let Some(field) = field.filter(|&field| is_number && inexact & bit(field) != 0) {
            inexact &= !bit(field);
            let start = record.bytes.len();
            record.bytes.extend_from_slice(number);
            record.set(field, start, record.bytes.len());
        }
        rest = rest[value..].trim_ascii_start().get(1..).unwrap_or_default();
        if name == 0 {
            return;
        }
    }
}

fn bit(field: Field) -> u8 {
    1 << field as u8
}

struct Members<'a> {
    record: &'a mut Record,
    columns: &'a mut Columns,
    /// The field whose value is being read.
    reading: &'a mut Option<Field>,
    /// A bit for each field whose number has more digits than were kept.
    inexact: &'a mut u8,
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
        while let Some(key) = members.next_key_seed(Key { record: self.record, columns: self.columns })? {
            let Some(field) = key else {
                members.next_value::<Unread>()?;
                continue;
            };
            *self.reading = Some(field);
            let start = self.record.bytes.len();
            let cell = Cell { field, bytes: &mut self.record.bytes, inexact: self.inexact };
            members.next_value_seed(cell)?;
            if field == Field::Tags && self.record.is_filled(field) {
                unite_tags(self.record, start);
            } else if !self.record.is_filled(field) {
                self.record.set(field, start, self.record.bytes.len());
            }
            *self.reading = None;
        }
        Ok(())
    }
}

/// Another member is tags: what it has, from `start` on, joins what there was.
pub(crate) fn unite_tags(record: &mut Record, start: usize) {
    let more = String::from_utf8_lossy(&record.bytes[start..]).into_owned();
    let united = tags::united([record.lossy(Field::Tags).as_str(), more.as_str()]);
    record.bytes.truncate(start);
    record.bytes.extend_from_slice(united.as_bytes());
    record.set(Field::Tags, start, record.bytes.len());
}

/// A member's name, as the field that it is for; none when that has a value already.
struct Key<'a> {
    record: &'a mut Record,
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

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        let Named { field, place, .. } = self.columns.find(name);
        let Some(field) = field else { return Ok(None) };
        if place.is_some_and(|place| self.record.repeats(place)) {
            let message = text!("the object has this name twice", "el objeto tiene este nombre dos veces");
            self.record.problem(Code::Repeated, name, String::new(), message);
            return Ok(None);
        }
        if self.record.is_filled(field) && field != Field::Tags {
            self.columns.ignore(name, field);
            return Ok(None);
        }
        Ok(Some(field))
    }
}

/// A member's value: a text, a number or a flag, as a text; for tags also an array of texts; null is nothing.
struct Cell<'a> {
    field: Field,
    bytes: &'a mut Vec<u8>,
    inexact: &'a mut u8,
}

impl Cell<'_> {
    fn take<E>(self, text: &str) -> Result<(), E> {
        self.bytes.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Cell<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Cell<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.field == Field::Tags { "an array of texts or a text" } else { "a text" })
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.take(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.take(&value.to_string())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.take(&value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        *self.inexact |= bit(self.field);
        self.take(&value.to_string())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.take(if value { "true" } else { "false" })
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        if self.field != Field::Tags {
            return Err(A::Error::invalid_type(serde::de::Unexpected::Seq, &self));
        }
        self.bytes.push(b'[');
        while elements.next_element_seed(Tag(self.bytes))?.is_some() {
            self.bytes.push(b',');
        }
        if self.bytes.ends_with(b",") {
            self.bytes.pop();
        }
        self.bytes.push(b']');
        Ok(())
    }
}

/// One tag of an array, which is written as JSON.
struct Tag<'a>(&'a mut Vec<u8>);

impl<'de> DeserializeSeed<'de> for Tag<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Tag<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text")
    }

    fn visit_str<E: Error>(self, tag: &str) -> Result<(), E> {
        serde_json::to_writer(self.0, tag).map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Problem;

    fn filled(object: &str) -> (Vec<String>, Vec<Problem>, Vec<String>) {
        let (mut record, mut columns) = (Record::default(), Columns::default());
        record.begin(1, 5);
        fill(object.as_bytes(), &mut record, &mut columns);
        (Field::ALL.map(|field| record.lossy(field)).to_vec(), record.problems, columns.warnings())
    }

    #[test]
    fn members_become_cells_and_numbers_become_texts() {
        let object = r#"{"id": 12, "pregunta": "¿a\n\"b\"?", "body": true, "lang": null, "tags": ["x", "y,\"z"], "source": 1.5, "more": {"a": [1]}}"#;
        let (cells, problems, warnings) = filled(object);
        assert_eq!(cells, ["12", "¿a\n\"b\"?", "true", "", r#"["x","y,\"z"]"#, "1.5"]);
        assert_eq!(problems, []);
        assert_eq!(warnings, ["columns that are not read: `more`"]);
        assert_eq!(filled(r#"{"tags": []}"#).0[4], "[]");
        assert_eq!(filled(r#"{"tags": "a; b"}"#).0[4], "a; b");
    }

    #[test]
    fn every_digit_of_a_number_is_kept() {
        for number in ["98765432109876543210", "-98765432109876543211", "1e5", "1.50", "-0", "1E+2", "0.1e-7", "-7"] {
            for object in [
                format!(r#"{{"id":{number},"title":"a"}}"#),
                format!(r#"{{ "x" : {{"id": 1.5}}, "y":[2.50] , "title" : {number}, "id" : {number} }}"#),
            ] {
                let (cells, problems, _) = filled(&object);
                assert_eq!((cells[0].as_str(), problems), (number, vec![]), "{object}");
            }
        }
    }

    #[test]
    fn of_two_names_for_one_field_the_first_with_a_value_is_read_and_tags_are_united() {
        let (cells, problems, warnings) = filled(r#"{"title": "a", "question": "b"}"#);
        assert_eq!((cells[1].as_str(), problems.len()), ("a", 0));
        assert_eq!(warnings, ["column `question` is not read: `title` is the title already"]);
        assert_eq!(filled(r#"{"title": null, "question": "b"}"#).0[1], "b");
        assert_eq!(filled(r#"{"category": "a", "tags": ["b", "a"]}"#).0[4], r#"["a","b"]"#);
    }

    #[test]
    fn what_does_not_fit_is_a_problem_with_its_place() {
        for (object, code, column, line, words) in [
            ("{\"title\": [1]}", Code::Type, "title", 5, "invalid type: sequence, expected a text, at byte 11"),
            ("{\"tags\": [\"a\", 1]}", Code::Type, "tags", 5, "expected a text"),
            ("{\"answer\": {}}", Code::Type, "answer", 5, "invalid type: map"),
            ("[1]", Code::Type, "", 5, "an object is expected"),
            ("null", Code::Type, "", 5, "it is no record"),
            ("{\"title\":\"a\",\"title\":\"b\"}", Code::Repeated, "title", 5, "twice"),
            ("{\"title\": NaN}", Code::Syntax, "title", 5, "not JSON at byte"),
            ("{\"title\": \"\\ud800\"}", Code::Syntax, "title", 5, "not JSON at byte"),
            ("{\"x\": \"\\udc00\"}", Code::Syntax, "", 5, "not JSON at byte"),
            ("{\n\"title\": tru}", Code::Syntax, "title", 6, "not JSON at byte"),
            ("{\"title\": \"a\" \"body\"}", Code::Syntax, "", 5, "expected `,` or `}`"),
            ("{\"title\": \"a\nb\"}", Code::Syntax, "title", 6, "control character"),
        ] {
            let problems = filled(object).1;
            assert_eq!(problems.len(), 1, "{object}");
            let problem = &problems[0];
            assert_eq!((problem.code, problem.column.as_str(), problem.line), (code, column, line), "{object}");
            assert!(problem.message.contains(words), "{object}: {}", problem.message);
        }
    }
}
