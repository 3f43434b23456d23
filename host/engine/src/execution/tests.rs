//! How arguments reach a guest.

use encargo_model::{ErrorCode, Origin, PathValue, Timestamp};

use super::*;

fn argument(name: &str, value: Option<ArgumentValue>) -> ResolvedArgument {
    ResolvedArgument { name: name.to_owned(), value, origin: Origin::Given, written: String::new() }
}

fn path(kind: ArgumentKind) -> Option<ArgumentValue> {
    Some(ArgumentValue::Path(PathValue { kind, path: "/secret/place".to_owned() }))
}

#[test]
fn a_guest_gets_values_and_numbers_of_files_and_never_a_path_or_a_password() {
    let arguments = [
        argument("none", None),
        argument("flag", Some(ArgumentValue::Flag(false))),
        argument("integer", Some(ArgumentValue::Integer(-3))),
        argument("real", Some(ArgumentValue::Real(0.5))),
        argument("text", Some(ArgumentValue::Text("a".to_owned()))),
        argument("texts", Some(ArgumentValue::Texts(vec!["b".to_owned(), "c".to_owned()]))),
        argument("instant", Some(ArgumentValue::Instant(Timestamp(7)))),
        argument("duration", Some(ArgumentValue::Duration(8))),
        argument("tenant", Some(ArgumentValue::Tenant("acme".to_owned()))),
        argument("password", path(ArgumentKind::PasswordFile)),
        argument("output", path(ArgumentKind::Output)),
        argument("folder", path(ArgumentKind::InputFolder)),
    ];
    let mut asked = Vec::new();
    let count = |name: &str| {
        asked.push(name.to_owned());
        Ok(9)
    };
    let passed = passed(&arguments, count).unwrap();
    let shown: Vec<_> =
        passed.iter().map(|argument| format!("{} {}: {:?}", argument.name, argument.kind, argument.values)).collect();
    let expected = [
        "flag flag: [Value::Integer(0)]",
        "integer integer: [Value::Integer(-3)]",
        "real real: [Value::Real(0.5)]",
        "text text: [Value::Text(\"a\")]",
        "texts texts: [Value::Text(\"b\"), Value::Text(\"c\")]",
        "instant instant: [Value::Integer(7)]",
        "duration duration: [Value::Integer(8)]",
        "tenant tenant: [Value::Text(\"acme\")]",
        "password flag: [Value::Integer(1)]",
        "output path: [Value::Integer(1)]",
        "folder path: [Value::Integer(9)]",
    ];
    assert_eq!(shown, expected);
    assert_eq!(asked, ["folder"]);
}

#[test]
fn an_input_that_cannot_be_counted_is_the_answer_and_a_huge_number_of_files_is_the_largest_one() {
    let arguments = [argument("file", path(ArgumentKind::InputFile))];
    let refused = passed(&arguments, |_| Err(CommandError::new(ErrorCode::NotFound, "it is gone")));
    assert_eq!(refused.map(|_| ()).unwrap_err().code, ErrorCode::NotFound);
    let many = passed(&arguments, |_| Ok(usize::MAX)).unwrap();
    assert!(matches!(many[0].values[..], [Value::Integer(i64::MAX)]));
}
