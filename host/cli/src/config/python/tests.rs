//! Tests of literals: what Python reads is read alike, and what is computed is refused with its place.

use proptest::prelude::*;

use super::*;

fn read(source: &str) -> Result<Option<Value>, (usize, usize, String)> {
    let told = |wrong: Wrong| (wrong.place.line, wrong.place.column, wrong.sentence.en);
    assigned(source, "X").map(|found| found.map(|literal| literal.value)).map_err(told)
}

fn value(written: &str) -> Value {
    read(&format!("X = {written}\n")).expect(written).expect(written)
}

fn text(said: &str) -> Value {
    Value::Text(said.to_owned())
}

#[test]
fn literals_say_what_they_say_in_python() {
    for (written, expected) in [
        ("True", Value::Truth(true)),
        ("None", Value::None),
        ("1_000", Value::Integer(1_000)),
        ("0xFF", Value::Integer(255)),
        ("0o17", Value::Integer(15)),
        ("0b_101", Value::Integer(5)),
        ("00", Value::Integer(0)),
        ("- 3", Value::Integer(-3)),
        ("--3", Value::Integer(3)),
        ("-9223372036854775808", Value::Integer(i64::MIN)),
        ("1.", Value::Real(1.0)),
        (".5", Value::Real(0.5)),
        ("1e-3", Value::Real(0.001)),
        ("1_0.5E+2", Value::Real(1050.0)),
        ("'a' \"b\"", text("ab")),
        ("('a'\n  # between\n  r'\\n')", text("a\\n")),
        ("'\\x41\\u00f1\\U0001F600\\101\\q\\''", text("Añ😀A\\q'")),
        ("'''a\n'b'''", text("a\n'b")),
        ("'a\\\nb'", text("ab")),
        ("u'é'", text("é")),
        ("()", Value::List(vec![])),
        ("(1)", Value::Integer(1)),
        ("{}", Value::Dict(vec![])),
        ("\\\n  7  # days", Value::Integer(7)),
    ] {
        assert_eq!(value(written), expected, "{written}");
    }
    let Value::List(one) = value("(1,)") else { panic!("a tuple of one") };
    assert_eq!(one.len(), 1);
}

#[test]
fn what_is_computed_is_refused_with_its_place() {
    for (source, line, column, words) in [
        ("X = 60 * 60", 1, 8, "`*` is no literal"),
        ("X = {\n  'a': os.environ['B'],\n}", 2, 8, "`os` is no literal"),
        ("X = {\n  'a': int('3'),\n}", 2, 8, "`int` is no literal"),
        ("X = {**other}", 1, 6, "`*` is no literal"),
        ("X = {1, 2}", 1, 6, "a set has no keys"),
        ("X = {'a': 1, 'a': 2}", 1, 14, "the key stands twice"),
        ("X = f'{a}'", 1, 11, "with `f` before it is no plain text"),
        ("X = b'a'", 1, 9, "with `b` before it is no plain text"),
        ("X = 'a", 1, 5, "the text is not closed"),
        ("X = {\n 'a': [1,\n", 2, 7, "the bracket is not closed"),
        ("X = 010", 1, 5, "`010` is no literal"),
        ("X = 1__0", 1, 5, "`1__0` is no literal"),
        ("X = 3j", 1, 5, "`3j` is no literal"),
        ("X = 9223372036854775808", 1, 5, "more than 64 bits"),
        ("X = 1e999", 1, 5, "too large"),
        ("X = '\\ud800'", 1, 6, "stands for no character"),
        ("X = [1 2]", 1, 8, "`2` is no literal"),
        ("X = ", 1, 5, "the file ends"),
        ("X = 1 if DEBUG else 2", 1, 7, "`if` is no literal"),
        ("if DEBUG:\n    X = {}", 2, 5, "`X` is used here"),
        ("X = {}\nX['a'] = 1", 2, 1, "`X` is used here"),
        ("X = {}\nX = {}", 2, 1, "`X` is used here"),
        ("X += {}", 1, 1, "`X` is used here"),
        ("X: dict", 1, 1, "`X` is used here"),
        ("Y = X = {}", 1, 5, "`X` is used here"),
        ("X == {}", 1, 1, "`X` is used here"),
    ] {
        let (its_line, its_column, sentence) = read(source).expect_err(source);
        assert!(
            (its_line, its_column) == (line, column) && sentence.contains(words),
            "{source}: {its_line}:{its_column} {sentence}"
        );
    }
    let deep = format!("X = {}", "[".repeat(100_000));
    assert!(read(&deep).expect_err("it is deep").2.contains("brackets deep"));
}

#[test]
fn the_name_is_found_among_all_that_a_file_has() {
    for (source, found) in [
        ("\u{feff}import os\r\n\r\nX: Dict[str, int] = 3\r\n", Some(3)),
        ("'''X = 1'''\n# X = 2\nY = 'X' + f\"X\"\nX = 3 ; Y = 4", Some(3)),
        ("XY = 1\nYX = 2\nclass A: pass\nX = (\n  3\n)", Some(3)),
        ("Y = 1", None),
        ("", None),
    ] {
        assert_eq!(read(source), Ok(found.map(Value::Integer)), "{source}");
    }
}

#[test]
fn an_import_of_all_names_is_seen_where_it_stands_behind() {
    let place = Place { line: 2, column: 1 };
    for (source, line) in [
        ("from a import *\nX = {}\n", None),
        ("X = 1\nX = {}\nfrom .local import *\n", Some(3)),
        ("\n\ntry:\n    from .local import *\nexcept ImportError:\n    pass", Some(4)),
        ("\n\nfrom a import b\nc = b * 3\n# import *", None),
    ] {
        assert_eq!(imported_after(source, place).map(|place| place.line), line, "{source}");
    }
}

/// Any value, as deep as settings are.
fn values() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::Truth),
        any::<i64>().prop_map(Value::Integer),
        any::<f64>().prop_filter("Python writes no others as literals", |real| real.is_finite()).prop_map(Value::Real),
        any::<String>().prop_map(Value::Text),
    ];
    let located = |value| Literal { value, place: Place::default() };
    plain.prop_recursive(4, 40, 5, move |inner| {
        let list = prop::collection::vec(inner.clone().prop_map(located), 0..5).prop_map(Value::List);
        let entries = prop::collection::btree_map(any::<String>(), inner, 0..5);
        let dict = entries.prop_map(move |entries| {
            Value::Dict(entries.into_iter().map(|(key, value)| (located(Value::Text(key)), located(value))).collect())
        });
        prop_oneof![list, dict]
    })
}

/// As Python could write it, with a blank of some kind in each gap.
fn written(value: &Value, blank: &str) -> String {
    let list = |values: &[Literal]| {
        values.iter().map(|its| format!("{}{blank},{blank}", written(&its.value, blank))).collect::<String>()
    };
    match value {
        Value::None => "None".to_owned(),
        Value::Truth(truth) => if *truth { "True" } else { "False" }.to_owned(),
        Value::Integer(integer) => integer.to_string(),
        Value::Real(real) => format!("{real:?}"),
        Value::Text(said) => {
            let escaped: String = said.chars().map(|c| format!("\\U{:08x}", u32::from(c))).collect();
            format!("'{escaped}'")
        }
        Value::List(values) => format!("[{blank}{}]", list(values)),
        Value::Dict(entries) => {
            let entry = |(key, its): &(Literal, Literal)| {
                format!("{}{blank}:{blank}{}{blank},{blank}", written(&key.value, blank), written(&its.value, blank))
            };
            format!("{{{blank}{}}}", entries.iter().map(entry).collect::<String>())
        }
    }
}

/// Without the places.
fn bare(value: &Value) -> Value {
    let plain = |literal: &Literal| Literal { value: bare(&literal.value), place: Place::default() };
    match value {
        Value::List(values) => Value::List(values.iter().map(plain).collect()),
        Value::Dict(entries) => Value::Dict(entries.iter().map(|(key, its)| (plain(key), plain(its))).collect()),
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(value in values(), blank in "( |\t|\n|\r\n|# X = 1\n|\\\\\n){0,3}") {
        let found = assigned(&format!("X = ({}\n)\n", written(&value, &blank)), "X");
        prop_assert_eq!(found.map(|found| found.map(|its| bare(&its.value))), Ok(Some(value)));
    }

    #[test]
    fn any_text_is_read_or_refused(source in any::<String>(), more in "[X ={}\\[\\]()'\"\\\\,:0-9a-z_.\n#-]{0,80}") {
        let _ = assigned(&source, "X");
        let _ = assigned(&format!("X = {more}"), "X");
    }
}
