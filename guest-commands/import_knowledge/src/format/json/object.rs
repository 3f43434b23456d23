//! One JSON object as a record: its members go straight into the record's buffer.

use std::fmt;

use encargo_sdk::text;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::columns::Columns;
use crate::problem::{Code, shown};
use crate::record::{Field, Record};

/// Fills the record with the object in these bytes. What is wrong with it becomes its problem.
pub fn fill(object: &[u8], record: &mut Record, columns: &mut Columns) {
    record.bytes.clear();
    let mut reading = None;
    let mut deserializer = serde_json::Deserializer::from_slice(object);
    let members = Members { record, columns, reading: &mut reading };
    let read = members.deserialize(&mut deserializer).and_then(|()| deserializer.end());
    let Err(error) = read else { return };
    let (english, byte) = (error.to_string(), error.column());
    let what = english.rsplit_once(" at line ").map_or(english.as_str(), |(what, _)| what);
    let (code, message) = if std::str::from_utf8(object).is_err() {
        (Code::Encoding, text!("it has bytes that are not UTF-8", "tiene bytes que no son UTF-8"))
    } else if error.is_data() {
        (Code::Type, text!("{what}, at byte {byte} of the line", "{what}, en el byte {byte} de la línea"))
    } else {
        let message =
            text!("not JSON at byte {byte} of the line: {what}", "no es JSON en el byte {byte} de la línea: {what}");
        (Code::Syntax, message)
    };
    let column = reading.map_or("", |field| columns.name(field));
    record.problem(code, column, shown(&String::from_utf8_lossy(object)), message);
    if let Some(problem) = record.problems.last_mut() {
        problem.line += (error.line() as u64).saturating_sub(1);
    }
}

struct Members<'a> {
    record: &'a mut Record,
    columns: &'a mut Columns,
    /// The field whose value is being read.
    reading: &'a mut Option<Field>,
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
            *self.reading = Some(field);
            let start = self.record.bytes.len();
            if members.next_value_seed(Cell { field, bytes: &mut self.record.bytes })? {
                self.record.set(field, start, self.record.bytes.len());
            }
            *self.reading = None;
        }
        Ok(())
    }
}

/// A member's name, as the field that it is for; none when that has a value already.
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

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        let field = self.columns.field(name);
        match field.filter(|&field| self.record.has(field)) {
            Some(taken) => {
                self.columns.ignore(name, taken);
                Ok(None)
            }
            None => Ok(field),
        }
    }
}

/// A member's value: a text, a number or a flag, as a text; for tags also an array of texts. False for null.
struct Cell<'a> {
    field: Field,
    bytes: &'a mut Vec<u8>,
}

impl Cell<'_> {
    fn take<E>(self, text: &str) -> Result<bool, E> {
        self.bytes.extend_from_slice(text.as_bytes());
        Ok(true)
    }
}

impl<'de> DeserializeSeed<'de> for Cell<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Cell<'_> {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.field == Field::Tags { "an array of texts or a text" } else { "a text" })
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<bool, E> {
        self.take(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<bool, E> {
        self.take(&value.to_string())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<bool, E> {
        self.take(&value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<bool, E> {
        self.take(&value.to_string())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<bool, E> {
        self.take(if value { "true" } else { "false" })
    }

    fn visit_unit<E: Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<bool, A::Error> {
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
        Ok(true)
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
    fn the_first_of_two_members_for_one_field_wins() {
        let (cells, problems, warnings) = filled(r#"{"title": "a", "question": "b", "title": "c"}"#);
        assert_eq!((cells[1].as_str(), problems.len()), ("a", 0));
        assert_eq!(warnings.len(), 2, "{warnings:?}");
    }

    #[test]
    fn what_does_not_fit_is_a_problem_with_its_place() {
        for (object, code, column, line, words) in [
            ("{\"title\": [1]}", Code::Type, "title", 5, "invalid type: sequence, expected a text, at byte 11"),
            ("{\"tags\": [\"a\", 1]}", Code::Type, "tags", 5, "expected a text"),
            ("{\"answer\": {}}", Code::Type, "answer", 5, "invalid type: map"),
            ("[1]", Code::Type, "", 5, "expected an object"),
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
