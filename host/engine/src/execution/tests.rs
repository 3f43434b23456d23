//! How arguments reach a guest.

use encargo_model::{ErrorCode, Origin, PathValue, Timestamp};

use super::*;
use crate::samples::{Attempt, FakeHost};

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

#[test]
fn a_guest_gets_the_number_of_files_that_are_there() {
    let folder = tempfile::tempdir().unwrap();
    ["a", "b"].iter().for_each(|name| std::fs::write(folder.path().join(name), "").unwrap());
    let input = PathValue { kind: ArgumentKind::InputFolder, path: folder.path().display().to_string() };
    let attempt = Attempt::of(&[], FakeHost::default(), |job| {
        job.arguments = vec![argument("folder", Some(ArgumentValue::Path(input)))];
    });
    let taken = arguments_of(&attempt.state).unwrap();
    assert_eq!(taken.len(), 1);
    assert!(format!("{:?}", taken[0]).contains('2'), "{:?}", taken[0]);
}

#[test]
fn checkpoints_are_forgotten_by_a_run_that_saved_some_or_went_on_from_them() {
    for (saved, resume, forgotten) in [(false, false, false), (true, false, true), (false, true, true)] {
        let mut attempt = Attempt::inside(&[]);
        let own = attempt.state.own().unwrap();
        let transaction = own.begin(true).unwrap();
        transaction.save_checkpoint("loop", "at 7").unwrap();
        transaction.commit().unwrap();
        (attempt.state.checkpoint_saved, attempt.state.job.resume) = (saved, resume);
        forget_checkpoints(&mut attempt.state);
        assert_eq!(own.checkpoint("loop").unwrap().is_none(), forgotten, "{saved} {resume}");
    }
    let mut system = Attempt::new(&[]);
    system.state.checkpoint_saved = true;
    forget_checkpoints(&mut system.state);
    assert!(
        system.state.here.rows.of(crate::rows::Seat::Main, "acme").unwrap().is_none(),
        "it has none, and opens no tenant for that"
    );
}

#[test]
fn a_receipt_has_the_changes_and_what_was_used_of_each_limit() {
    let mut attempt = Attempt::inside(&[]);
    attempt.state.ledger.add_platform("tenants", 1, 0);
    attempt.state.limiter.peak = 7;
    attempt.state.log.line(LogLevel::Info, "four", &[]);
    attempt.state.job.limits.result_bytes = 100;
    let own = attempt.state.own().unwrap();
    (0..3).for_each(|_| assert_eq!(own.execute("SELECT 1", &[]), Ok(0)));
    let files = Rc::clone(&attempt.state.here.files);
    let sink = files.borrow().create("output", "a", false).unwrap();
    drop((sink, files.borrow().create("output", "b", false).unwrap()));
    let (control, log) = (Arc::clone(&attempt.state.control), Arc::clone(&attempt.state.log));
    control.used_cpu(std::time::Duration::from_millis(12));
    drop(own);
    let Receipt { tables, files, limits, pages } = receipt(attempt.state, &control, &log, 99);
    assert_eq!((tables.len(), tables[0].inserted, files.len()), (1, 1, 0));
    assert!(pages.read > 0, "{pages:?}");
    let used = |name: &str| limits.iter().find(|limit| limit.name == name).map(|limit| limit.used);
    assert_eq!([used("cpu"), used("memory"), used("log"), used("result")], [Some(12), Some(7), Some(4), Some(99)]);
    let counted = ["statements", "log-lines", "files", "open-files", "batch-rows"].map(used);
    assert_eq!(counted, [Some(3), Some(1), Some(2), Some(2), Some(0)]);
    assert_eq!((limits.len(), limits.last().map(|limit| limit.limit)), (16, Some(100)));
}
