//! Where the records of a JSON document are found, and where it is refused.

use encargo_sdk::Choice;

use super::*;
use crate::chunks::Pieces;

fn read(text: &str, size: usize) -> Result<Vec<(u64, String)>, Broken> {
    let mut json = Json::new(Decoder::new(Box::new(Pieces(text.into(), size)), None), Columns::default());
    let (mut record, mut all) = (Record::default(), Vec::new());
    while json.next(&mut record)? {
        let problem = record.problems.first().map(|problem| format!("{}: ", problem.code.word()));
        all.push((record.line, problem.unwrap_or_default() + &record.lossy(Field::Title)));
    }
    Ok(all)
}

fn notes(text: &str) -> Vec<String> {
    let mut json = Json::new(Decoder::new(Box::new(Pieces(text.into(), 7)), None), Columns::default());
    let mut record = Record::default();
    while json.next(&mut record).expect("it can be read") {}
    json.notes()
}

#[test]
fn records_are_found_wherever_they_are_however_it_is_cut() {
    for (text, expected) in [
        (r#"[{"title":"a"},{"title":"b]}"}]"#, &[(1, "a"), (1, "b]}")][..]),
        (" [ ] ", &[]),
        ("{\"version\": 1.5, \"data\": [] }", &[]),
        (
            "{\"version\": 1.5, \"deep\": [[1], {}],\n \"data\" : [ {\"title\":\"a\"}\n,\n{\"title\":\"b\"} ], \"x\": {\"y\": [{}]}}",
            &[(2, "a"), (4, "b")],
        ),
        (r#"{"meta": [], "data": [{"title":"a"}]}"#, &[(1, "a")]),
        (
            "[{\"title\":\"a\"}, 7,\n null, {\"title\": x}, {\"title\":\"b\"}]",
            &[(1, "a"), (1, "type: "), (2, "type: "), (2, "syntax: "), (2, "b")],
        ),
        (r#"{"title":"a","body":"b"}"#, &[(1, "a")]),
        (
            "{\"1\":{\"question\":\"a\",\"answer\":\"x\"},\n\"2\":{\"question\":\"b\"},\"3\":null}",
            &[(1, "a"), (2, "b"), (2, "type: ")],
        ),
        (r#"{"data":{"faqs":[{"title":"a","body":"b"}]}}"#, &[(1, "a")]),
        (r#"{"items":[null,{"title":"a","body":"b"}]}"#, &[(1, "type: "), (1, "a")]),
        (r#"{"groups":[{"faqs":[{"title":"a"}]},{"n":1,"faqs":[{"title":"b"}]}]}"#, &[(1, "a"), (1, "b")]),
        (r#"{"title":"the whole","items":[{"title":"a","body":"b"}]}"#, &[(1, "a")]),
    ] {
        let expected: Vec<_> = expected.iter().map(|&(line, title)| (line, title.to_owned())).collect();
        for size in 1..=text.len() {
            let found = read(text, size).map_err(|broken| broken.error.message);
            assert_eq!(found, Ok(expected.clone()), "{text} by {size}");
        }
    }
}

#[test]
fn a_note_says_where_the_records_were_found() {
    assert_eq!(notes(r#"{"data":{"faqs":[{"title":"a","body":"b"}]}}"#), ["the records are those of `data.faqs`"]);
    assert!(notes(r#"{"1":{"title":"a","body":"b"}}"#)[0].starts_with("the records are the members of the object; "));
    assert!(notes(r#"{"x":{"1":{"title":"a","body":"b"}}}"#)[0].starts_with("the records are the members of `x`; "));
    assert_eq!(notes("[]"), [""; 0]);
    assert_eq!(notes(r#"{"title":"a","body":"b"}"#), [""; 0]);
}

#[test]
fn the_keys_of_objects_are_external_ids_where_they_have_none() {
    let text = r#"{"k1":{"question":"a","answer":"x"},"k2":{"id":7,"question":"b","answer":"y"}}"#;
    let mut json = Json::new(Decoder::new(Box::new(Pieces(text.into(), 5)), None), Columns::default());
    let (mut record, mut ids) = (Record::default(), Vec::new());
    while json.next(&mut record).expect("it can be read") {
        ids.push(record.lossy(Field::ExternalId));
    }
    assert_eq!(ids, ["k1", "7"]);
}

#[test]
fn a_record_that_is_too_large_or_too_deep_is_its_own_problem() {
    let text = format!(
        "[{{\"title\":\"a\"}},{{\"title\":\"{}\"}},\n{{\"x\":{}{}}},{{\"title\":\"b\"}}]",
        "x".repeat(5 << 20),
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    let found = read(&text, 64 << 10).map_err(|broken| broken.error.message);
    let expected = [(1, "a"), (1, "too-large: "), (2, "too-deep: "), (2, "b")];
    assert_eq!(found, Ok(expected.map(|(line, title)| (line, title.to_owned())).to_vec()));
}

#[test]
fn what_cannot_be_read_on_is_refused_with_line_and_byte() {
    let deep = format!("{{\"x\": {}", "[".repeat(100_000));
    let huge = format!("[\n{{\"title\": \"{}", "x".repeat(6 << 20));
    let huge_beside = format!("{{\n\"a\": \"{}\"}}", "x".repeat(6 << 20));
    for (text, place, code, words) in [
        ("", (1, 1), Code::Shape, "an array of objects is expected"),
        ("\n  \"a\"", (2, 3), Code::Shape, "an array of objects is expected"),
        ("[{\"title\":\"a\"}\n {}]", (2, 2), Code::Syntax, "`{` is out of place"),
        ("[{}] x", (1, 6), Code::Syntax, "`x` is out of place"),
        ("[{}] {}", (1, 6), Code::Syntax, "--format=jsonl"),
        ("[{},]", (1, 5), Code::Syntax, "`]` is out of place"),
        ("[,{}]", (1, 2), Code::Syntax, "`,` is out of place"),
        ("[{}", (1, 4), Code::Syntax, "ends in the middle"),
        ("[\n{\"title\": \"a", (2, 13), Code::Syntax, "ends in the middle"),
        ("{\"a\": [{\"title\":1}],\n\"b\": [{\"title\":1}]}", (2, 6), Code::Shape, "two arrays of objects, `a`, `b`"),
        ("{\"meta\"::1,\"items\":[{\"title\":\"q\",\"body\":\"a\"}],}", (1, 9), Code::Syntax, "`:` is out of place"),
        ("{\"items\":[{\"title\":\"q\",\"body\":\"a\"}],}", (1, 37), Code::Syntax, "`}` is out of place"),
        ("{\"title\"::\"a\",\"body\":\"b\",}", (1, 10), Code::Syntax, "`:` is out of place"),
        ("{\"a\": 01, \"items\":[{\"title\":1}]}", (1, 7), Code::Syntax, "not JSON"),
        (
            "{\"faq\":{\"bank\":[[\"q1\",\"a1\"],[\"q2\",\"a2\"]]}}",
            (1, 43),
            Code::Shape,
            "there is `faq.bank` (arrays)",
        ),
        ("{\"error\":\"none\"}", (1, 17), Code::Shape, "there is `error`"),
        ("{}", (1, 3), Code::Shape, "there is nothing"),
        (
            "{\"1\":{\"title\":\"a\"},\"2\":{\"title\":\"a\",\"body\":\"b\"}}",
            (1, 24),
            Code::Shape,
            "`1` beside it lacks",
        ),
        (
            "{\"a\":[{\"x\":1},{\"title\":\"a\",\"body\":\"b\"}]}",
            (1, 15),
            Code::Shape,
            "before it in its array is none",
        ),
        (
            "{\"title\":\"a\",\"body\":\"b\",\"items\":[{\"title\":\"a\",\"body\":\"b\"}]}",
            (1, 1),
            Code::Shape,
            "keep one of both",
        ),
        (&deep, (1, 22), Code::TooDeep, "deeper than the 16 levels"),
        (&huge, (2, 6 << 20), Code::Syntax, "ends in the middle"),
        (&huge_beside, (2, 6), Code::TooLarge, "more than 4 MiB"),
    ] {
        for size in [7, 64 << 10] {
            if text.len() > 1 << 16 && size == 7 {
                continue;
            }
            let broken = read(text, size).expect_err("it is refused");
            let shown = &text[..text.len().min(60)];
            let column =
                if text.len() > 6 << 20 && code == Code::Syntax { 6 << 20 } else { broken.column.unwrap_or(0) };
            assert_eq!((broken.line, column, broken.code), (place.0, place.1, code), "{shown} by {size}");
            assert!(broken.error.message.contains(words), "{shown}: {}", broken.error.message);
        }
    }
}
