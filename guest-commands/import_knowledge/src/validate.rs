//! The rules that an item must keep before it is written.

use encargo_sdk::text;

use encargo_sdk::knowledge::{Absent, Item};
use encargo_sdk_records::bytes::has_control;
use encargo_sdk_records::columns::Columns;
use encargo_sdk_records::problem::{Code, Problem, shown};
use encargo_sdk_records::record::{Field, Record};
use encargo_sdk_records::tags::Tags;

/// The most bytes of each field. A batch of the database has 1 MiB, so one item must fit beside what is waiting.
const fn most_bytes(field: Field) -> usize {
    match field {
        Field::ExternalId => 255,
        Field::Title => 1 << 10,
        Field::Body => 512 << 10,
        Field::Language => 35,
        Field::Tags => 8 << 10,
        Field::Source => 2 << 10,
    }
}

/// Checks records.
#[derive(Debug, Default)]
pub struct Validator {
    tags: Tags,
}

impl Validator {
    /// The record as an item.
    ///
    /// # Errors
    /// All that is wrong with it; what its format found goes first and alone.
    pub fn item<'a>(&'a mut self, record: &'a Record, columns: &Columns) -> Result<Item<'a>, Vec<Problem>> {
        if !record.problems.is_empty() {
            return Err(record.problems.clone());
        }
        let mut cells = record.texts();
        // One look at the whole record is faster than one at each cell, and nearly always enough.
        let controlled = has_control(&record.bytes);
        for (field, cell) in Field::ALL.into_iter().zip(&mut cells) {
            *cell = cell.filter(|cell| is_plain(field, cell) && !(controlled && has_control(cell.as_bytes())));
        }
        let [Some(external_id), Some(title), Some(body), Some(language), Some(tags), Some(source)] = cells else {
            return Err(check(record, columns));
        };
        let Some(tags) = self.tags.of(tags) else { return Err(check(record, columns)) };
        let absent = Absent {
            language: !record.has(Field::Language),
            tags: !record.has(Field::Tags),
            source: !record.has(Field::Source),
        };
        Ok(Item { external_id, title, body, language, tags, source, absent })
    }
}

/// Whether nothing is wrong with a cell but perhaps a control character, told fast.
fn is_plain(field: Field, cell: &str) -> bool {
    cell.len() <= most_bytes(field)
        && match field {
            Field::Title | Field::Body => !cell.trim_start().is_empty(),
            Field::Language => is_language(cell),
            Field::ExternalId => !cell.starts_with('~'),
            Field::Tags | Field::Source => true,
        }
}

/// Each thing that is wrong with the record.
fn check(record: &Record, columns: &Columns) -> Vec<Problem> {
    let mut problems = Vec::new();
    for field in Field::ALL {
        let value = record.lossy(field);
        let mut wrong = |code, message| {
            let (line, record, column, value) =
                (record.line, record.number, columns.name(field).to_owned(), shown(&value));
            problems.push(Problem { line, record, column, code, value, message });
        };
        if record.cell(field).is_err() {
            let message = text!(
                "it has bytes that are not UTF-8 or not in its encoding",
                "tiene bytes que no son UTF-8 o no son de su codificación"
            );
            wrong(Code::Encoding, message);
        }
        let (bytes, most) = (value.len(), most_bytes(field));
        if bytes > most {
            wrong(
                Code::TooLong,
                text!("it has {bytes} bytes, at most {most} fit", "tiene {bytes} bytes y caben {most}"),
            );
        }
        if let Some((place, character)) = (1..).zip(value.chars()).find(|(_, character)| is_control(*character)) {
            let number = u32::from(character);
            let message = text!(
                "character {place} is the control character U+{number:04X}",
                "el carácter {place} es el carácter de control U+{number:04X}"
            );
            wrong(Code::ControlCharacter, message);
        }
        match field {
            Field::Title | Field::Body if value.trim_start().is_empty() => {
                wrong(Code::Missing, text!("it is empty", "está vacío"));
            }
            Field::Language if !is_language(&value) => {
                let message = text!(
                    "it is not a language tag such as `es` or `en-GB`",
                    "no es una etiqueta de idioma como `es` o `en-GB`"
                );
                wrong(Code::Language, message);
            }
            Field::ExternalId if value.starts_with('~') => {
                let message = text!(
                    "an id that begins with `~` is one that only Encargo gives",
                    "un identificador que empieza por `~` solo lo da Encargo"
                );
                wrong(Code::ExternalId, message);
            }
            Field::Tags if Tags::default().of(&value).is_none() => {
                let message = text!(
                    "an array of tags has something other than texts",
                    "una lista de etiquetas tiene algo que no es un texto"
                );
                wrong(Code::Type, message);
            }
            _ => {}
        }
    }
    problems
}

/// C0 controls and DEL, without tab and line breaks.
fn is_control(character: char) -> bool {
    character.is_ascii_control() && !matches!(character, '\t' | '\n' | '\r')
}

/// The shape of a tag: 2 to 8 letters, then parts of 1 to 8 letters or digits after `-` or `_`; or nothing.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split(['-', '_']);
    let first = parts.next().unwrap_or_default();
    tag.is_empty()
        || ((2..=8).contains(&first.len())
            && first.bytes().all(|byte| byte.is_ascii_alphabetic())
            && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(cells: &[(Field, &[u8])]) -> Record {
        let mut record = Record::default();
        record.begin(3, 7);
        for (field, cell) in cells {
            let start = record.bytes.len();
            record.bytes.extend_from_slice(cell);
            record.set(*field, start, record.bytes.len());
        }
        record
    }

    #[test]
    fn a_valid_record_is_an_item_exactly_as_it_is() {
        let record = record(&[
            (Field::Title, " =1+1 ".as_bytes()),
            (Field::Body, "a\r\n\t😀 \"b\"".as_bytes()),
            (Field::Language, b"es_ES"),
            (Field::Tags, b"x;y"),
        ]);
        let mut validator = Validator::default();
        let item = validator.item(&record, &Columns::default());
        let expected = Item {
            external_id: "",
            title: " =1+1 ",
            body: "a\r\n\t😀 \"b\"",
            language: "es_ES",
            tags: "[\"x\",\"y\"]",
            source: "",
            absent: Absent { source: true, ..Absent::default() },
        };
        assert_eq!(item, Ok(expected));
    }

    #[test]
    fn each_rule_has_its_own_code_and_column() {
        let good: [(Field, &[u8]); 2] = [(Field::Title, b"t"), (Field::Body, b"b")];
        let (long_title, long_body) = ("é".repeat(513), "x".repeat((512 << 10) + 1));
        for (bad, code) in [
            ((Field::Title, &b" \n"[..]), Code::Missing),
            ((Field::Body, b""), Code::Missing),
            ((Field::Title, long_title.as_bytes()), Code::TooLong),
            ((Field::Body, long_body.as_bytes()), Code::TooLong),
            ((Field::ExternalId, &[b'x'; 256]), Code::TooLong),
            ((Field::ExternalId, b"~abc"), Code::ExternalId),
            ((Field::Body, b"a\0b"), Code::ControlCharacter),
            ((Field::Source, b"a\x1Bb"), Code::ControlCharacter),
            ((Field::Title, b"\x7F"), Code::ControlCharacter),
            ((Field::Body, b"a\xFFb"), Code::Encoding),
            ((Field::Language, b"Spanish (Spain)"), Code::Language),
            ((Field::Language, b"e"), Code::Language),
            ((Field::Language, b"es-"), Code::Language),
            ((Field::Tags, b"[1,2]"), Code::Type),
            ((Field::Tags, b"[\"x\",null]"), Code::Type),
        ] {
            let mut validator = Validator::default();
            let record = record(&[&good[..], &[bad]].concat());
            let problems = validator.item(&record, &Columns::default()).expect_err("it is bad");
            let found: Vec<_> = problems.iter().map(|problem| (problem.code, problem.column.as_str())).collect();
            assert_eq!(found, [(code, bad.0.name())], "{:?}", String::from_utf8_lossy(bad.1));
            assert_eq!((problems[0].line, problems[0].record), (7, 3));
        }
    }

    #[test]
    fn all_that_is_wrong_with_a_record_is_told() {
        let record = record(&[(Field::Language, b"?"), (Field::ExternalId, b"~")]);
        let mut validator = Validator::default();
        let problems = validator.item(&record, &Columns::default()).expect_err("it is bad");
        let codes: Vec<_> = problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, [Code::ExternalId, Code::Missing, Code::Missing, Code::Language]);
    }
}
