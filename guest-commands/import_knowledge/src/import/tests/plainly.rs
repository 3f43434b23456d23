//! The whole import beside plain readers: what it takes they take, and no cell is different.

use proptest::prelude::*;

use super::plain_records::{csv_records, json_record, json_records};
use super::*;
use crate::plain_readers::{mutated, mutations};
use encargo_sdk_records::columns::field_of;
use encargo_sdk_records::record::{FIELDS, Field};

/// What a strict import has of a file: the rows, unless it refuses it.
fn imported(name: &str, text: &[u8]) -> Option<Vec<[String; FIELDS]>> {
    let sources = Memory { names: vec![name.to_owned()], contents: vec![RefCell::new(vec![text.to_vec()])] };
    let mut table = Table::default();
    let (imported, _) = run(&sources, &mut table, true);
    let row = |(id, row): (&String, &Row)| {
        let id = if id.starts_with('~') { String::new() } else { id.clone() };
        [id, row.title.clone(), row.body.clone(), row.language.clone(), row.tags.clone(), row.source.clone()]
    };
    (!imported.refused).then(|| table.rows.iter().map(row).collect())
}

/// What records of a plain reader are as rows: by field, once where they are equal.
fn rows_of(records: &[Vec<(String, String)>]) -> Vec<[String; FIELDS]> {
    let mut rows: Vec<[String; FIELDS]> = Vec::new();
    for record in records {
        let mut row: [String; FIELDS] = Default::default();
        for (name, text) in record {
            if let Some(field) = field_of(name) {
                row[field as usize].clone_from(text);
            }
        }
        let tags = encargo_sdk_records::tags::united([row[Field::Tags as usize].as_str()]);
        row[Field::Tags as usize] = tags;
        // Records that say the same are one, with the tags of all and the first source.
        match rows.iter_mut().find(|earlier| earlier[..4] == row[..4] && (row[0].is_empty() || **earlier == row)) {
            Some(earlier) => {
                earlier[4] = encargo_sdk_records::tags::united([earlier[4].as_str(), row[4].as_str()]);
                if earlier[5].is_empty() {
                    earlier[5].clone_from(&row[5]);
                }
            }
            None => rows.push(row),
        }
    }
    rows.sort();
    rows
}

/// The same without what this test's tags do not keep: their order of writing.
fn sorted(mut rows: Vec<[String; FIELDS]>) -> Vec<[String; FIELDS]> {
    for row in &mut rows {
        let tags = encargo_sdk_records::tags::united([row[Field::Tags as usize].as_str()]);
        row[Field::Tags as usize] = tags;
    }
    rows.sort();
    rows
}

fn agrees(name: &str, text: &[u8], plain: Option<Vec<Vec<(String, String)>>>) -> Result<(), TestCaseError> {
    let shown = String::from_utf8_lossy(text);
    let Some(rows) = imported(name, text) else { return Ok(()) };
    let Some(plain) = plain else {
        return Err(TestCaseError::fail(format!("taken, and a plain reader refuses it: {shown:.500}")));
    };
    let plain = rows_of(&plain);
    prop_assert!(sorted(rows.clone()) == plain, "{:.500?} and {:.500?} of {:.500}", rows, plain, shown);
    Ok(())
}

const CSV: &str =
    "id,title,body,lang,x\n1,a,\"b, c\",es,\n2,\"a \"\"q\"\"\",\"two\nlines\",,y\n,d,\"\"\"e\"\"\",en,z\n3,f,g,,\n";
const JSON: &str = "[{\"id\":\"1\",\"title\":\"a\\n\\u00f1\",\"body\":\"b\",\"x\":[1,{\"y\":null}]},\n {\"title\":\"c\",\"body\":\"d\",\"lang\":null}]";
const JSONL: &str =
    "{\"id\":\"1\",\"title\":\"a\",\"body\":\"b\"}\n\n{\"title\":\"c\",\"body\":\"d\\t\",\"x\":\"\\ud83d\\ude00\"}\n";

/// A text of bytes that mean something to CSV is told as another delimiter at times; this test is of commas.
fn is_of_commas(text: &str) -> bool {
    text.lines().next().is_some_and(|header| header.contains(',') && !header.contains([';', '\t', '|']))
        && !text.to_lowercase().starts_with("sep=")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn mutated_csv_is_what_a_plain_reader_says_or_is_refused(mutations in mutations()) {
        let text = mutated(CSV.as_bytes(), &mutations);
        let Ok(text) = String::from_utf8(text) else { return Ok(()) };
        if is_of_commas(&text) {
            agrees("a.csv", text.as_bytes(), csv_records(&text))?;
        }
    }

    #[test]
    fn random_csv_is_what_a_plain_reader_says_or_is_refused(rows in "[ab,\"\r\n é]{0,60}") {
        let text = format!("title,body\n{rows}");
        agrees("a.csv", text.as_bytes(), csv_records(&text))?;
    }

    #[test]
    fn mutated_json_is_what_a_plain_reader_says_or_is_refused(mutations in mutations()) {
        let text = mutated(JSON.as_bytes(), &mutations);
        if text.trim_ascii_start().starts_with(b"[") {
            agrees("a.json", &text, json_records(&text))?;
        } else if imported("a.json", &text).is_some() {
            prop_assert!(serde_json::from_slice::<serde_json::Value>(&text).is_ok(), "{}", String::from_utf8_lossy(&text));
        }
    }

    #[test]
    fn mutated_json_lines_are_what_a_plain_reader_says_or_are_refused(mutations in mutations()) {
        let text = mutated(JSONL.as_bytes(), &mutations);
        let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
        let plain = lines.map(|line| serde_json::from_slice(line).ok().and_then(json_record)).collect();
        agrees("a.jsonl", &text, plain)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn data_a_mutated_real_file_is_what_a_plain_reader_says_or_is_refused(mutations in mutations()) {
        let Some(data) = crate::test_data::folder() else { return Ok(()) };
        let text = std::fs::read(data.join("knowledge/covid_faq_en.csv")).expect("it can be read");
        let Ok(text) = String::from_utf8(mutated(&text, &mutations)) else { return Ok(()) };
        if is_of_commas(&text) {
            agrees("a.csv", text.as_bytes(), csv_records(&text))?;
        }
    }
}

#[test]
fn what_a_plain_reader_takes_is_taken() {
    for text in ["title,body\na,b\n", CSV, "title,body\r\n\"a\",\"b\r\nc\"\r\n", "title,body\ra,5\" pipe\r"] {
        let plain = csv_records(text).expect("it is right");
        assert_eq!(imported("a.csv", text.as_bytes()).map(sorted), Some(rows_of(&plain)), "{text:?}");
    }
    assert_eq!(imported("a.json", JSON.as_bytes()).map(|rows| rows.len()), Some(2));
    assert_eq!(imported("a.jsonl", JSONL.as_bytes()).map(|rows| rows.len()), Some(2));
}
