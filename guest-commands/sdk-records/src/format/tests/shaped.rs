//! Records of any shape, against serde_json: every value of them is in the title or in the text, and nothing else is.

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::*;
use crate::plain_readers::{mutated, mutations};

fn all_of(name: &str, text: &[u8], size: usize) -> Result<Vec<(String, String, String)>, String> {
    let shaping = Shaping::of(&[], Some("nombre"), &["*".to_owned()], None).map_err(|error| error.message)?;
    let text = Decoder::new(Box::new(Pieces(text.to_vec(), size)), None);
    let mut opened = open(name, text, None, &shaping).map_err(|broken| broken.error.message)?;
    let (mut record, mut all) = (Record::default(), Vec::new());
    while opened.records.next(&mut record).map_err(|broken| broken.error.message)? {
        if let Some(problem) = record.problems.first() {
            return Err(problem.message.clone());
        }
        let [id, title, body] = [Field::ExternalId, Field::Title, Field::Body].map(|field| record.lossy(field));
        all.push((id, title, body));
    }
    Ok(all)
}

/// A value in one line, written another way than the reader does.
fn line_of(value: &Value) -> String {
    let filled = |texts: Vec<String>, separator: &str| {
        texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(separator)
    };
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(all) => {
            let separator = if all.iter().any(Value::is_object) { "; " } else { ", " };
            filled(all.iter().map(line_of).collect(), separator)
        }
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| (name, line_of(value)));
            filled(
                members.filter(|(_, text)| !text.is_empty()).map(|(name, text)| format!("{name}: {text}")).collect(),
                ", ",
            )
        }
        plain => plain.to_string(),
    }
}

/// What a name that is neither a part of the text nor left out is for, however it is written.
fn known(name: &str) -> Option<&'static str> {
    let id = crate::columns::field_of(name) == Some(Field::ExternalId);
    if id { Some("id") } else { (crate::columns::plain(name) == "nombre").then_some("nombre") }
}

fn lines_of(members: &Map<String, Value>, above: &str, lines: &mut Vec<String>) {
    for (name, value) in members {
        let name = format!("{above}{name}");
        match value {
            Value::Object(inner) => lines_of(inner, &format!("{name}."), lines),
            _ if known(&name).is_some() => {}
            value if line_of(value).trim().is_empty() => {}
            value => lines.push(format!("{name}: {}", line_of(value))),
        }
    }
}

/// The records of objects, as serde_json sees them; none where it refuses them or one is none.
fn plainly(text: &[u8]) -> Option<Vec<(String, String, String)>> {
    let Value::Array(objects) = serde_json::from_slice(text).ok()? else { return None };
    let record = |object: &Value| {
        let members = object.as_object()?;
        let mut lines = Vec::new();
        lines_of(members, "", &mut lines);
        let cell = |its: &str| {
            let mut values = members.iter().filter(|(name, value)| known(name) == Some(its) && !value.is_object());
            values.next().map(|(_, value)| line_of(value)).unwrap_or_default()
        };
        Some((cell("id"), cell("nombre"), lines.join("\n")))
    };
    objects.iter().map(record).collect()
}

fn any_value() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[ab,: é\"]{0,5}".prop_map(Value::from),
    ];
    plain.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[abc]{1,2}", inner, 0..4)
                .prop_map(|members| members.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

const MENU: &str = "[{\"id\":1,\"nombre\":\"a\",\"x\":[1,{\"y\":null,\"z\":2}],\"info\":{\"b\":true}},\n {\"nombre\":\"c\",\"w\":\"d\"}]";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn every_value_is_in_its_item(
        rows in prop::collection::vec(prop::collection::btree_map("[a-d]{1,2}|titulo|tags", any_value(), 0..5), 1..4),
        size in 1_usize..60,
    ) {
        let objects: Vec<Value> = rows.into_iter().enumerate().map(|(at, members)| {
            let mut object: Map<String, Value> = members.into_iter().collect();
            object.insert("nombre".to_owned(), Value::from(format!("n{at}")));
            object.into()
        }).collect();
        let text = serde_json::to_vec(&objects).expect("it can be written");
        prop_assert_eq!(all_of("a.json", &text, size).ok(), plainly(&text), "{}", String::from_utf8_lossy(&text));
        let lines: Vec<u8> = objects.iter().flat_map(|object| format!("{object}\n").into_bytes()).collect();
        prop_assert_eq!(all_of("a.jsonl", &lines, size).ok(), plainly(&text));
    }

    #[test]
    fn mutated_records_of_any_shape_are_what_a_plain_reader_says_or_are_refused(mutations in mutations(), size in 1_usize..60) {
        let text = mutated(MENU.as_bytes(), &mutations);
        if !text.trim_ascii_start().starts_with(b"[") {
            return Ok(());
        }
        if let Ok(found) = all_of("a.json", &text, size) {
            let plain = plainly(&text);
            // serde_json leaves out a number's own digits and a name's first value; the reader refuses the latter.
            let digits = |text: &str| text.replace(['e', 'E', '+', '.', '0'], "");
            let same = plain.as_ref().is_some_and(|plain| {
                plain.len() == found.len()
                    && plain.iter().zip(&found).all(|(one, other)| digits(&one.1) == digits(&other.1) && one.2.lines().count() == other.2.lines().count())
            });
            prop_assert!(same, "{:?} and {:?} of {}", found, plain, String::from_utf8_lossy(&text));
        }
    }
}

#[test]
fn options_are_proposed_that_take_the_file() {
    for (text, options) in [
        (r#"[{"id":1,"nombre":"a","precio":2}]"#, "--title-from=nombre --body-from='*'"),
        (r#"{"a":{"nombre":"x","precio":1},"b":{"nombre":"y","precio":2}}"#, "--title-from=nombre --body-from='*'"),
        (r#"{"nombre":"x","info":{"precio":1},"z":2}"#, "--title-from=nombre --body-from='*'"),
        (r#"{"menu":{"platos":[{"nombre":"x","precio":1}]}}"#, "--title-from=nombre --body-from='*'"),
        (r#"[{"p":{"nombre":"x"},"precio":1}]"#, "--title-from=p.nombre --body-from='*'"),
    ] {
        let Ok(mut opened) = opened("a.json", text.as_bytes(), 9, None) else { panic!("{text}") };
        let broken = opened.records.next(&mut Record::default()).expect_err("it is refused");
        assert!(broken.error.message.contains(&format!("`{options}`")), "{}", broken.error.message);
        let title = options.split(['=', ' ']).nth(1).expect("a name");
        let shaping = Shaping::of(&[], Some(title), &["*".to_owned()], None).expect("it can be meant");
        let text = Decoder::new(Box::new(Pieces(text.into(), 9)), None);
        let Ok(mut opened) = open("a.json", text, None, &shaping) else { panic!("{title}") };
        let mut record = Record::default();
        assert!(opened.records.next(&mut record).expect("it can be read"));
        assert!(record.is_filled(Field::Title) && record.is_filled(Field::Body) && record.problems.is_empty());
    }
}
