//! Where a value comes from, which arguments stand together, and what is said of those that do not fit.

use encargo_model::{ArgumentKind, Language};
use serde_json::json;

use super::*;
use crate::request::{Setting, StartRequest};
use crate::samples::prepared;

fn description(arguments: &Value, constraints: &Value) -> Description {
    let whole = json!({
        "schema": 1, "name": "cleanup", "version": "1.0.0", "summary": {"en": "Clean up"}, "scope": "tenant",
        "effect": "changes", "idempotent": true, "arguments": arguments, "constraints": constraints,
        "host-flags": {"parallel": {"env": "JOBS", "settings": "jobs"}, "jobs": {}},
    });
    serde_json::from_value(whole).unwrap()
}

/// One argument `days`, which the variable `DAYS` and the key `age` fill too.
fn days(default: Option<&str>) -> Description {
    let mut days =
        json!({"name": "max-days", "help": {"en": "Days"}, "kind": "integer", "env": "DAYS", "settings": "age"});
    if let Some(default) = default {
        days["default"] = default.into();
    }
    description(&json!([days]), &json!([]))
}

fn texts(constraints: &Value) -> Description {
    let text = |name: &str| json!({"name": name, "help": {"en": "Text"}, "kind": "text", "env": name.to_uppercase()});
    description(&["a", "b", "c"].map(text).into(), constraints)
}

/// A request with these arguments, variables and settings.
fn request(given: &[(&str, &[&str])], environment: &[(&str, &str)], settings: &[(&str, Value)]) -> StartRequest {
    let owned = |values: &[&str]| values.iter().map(|&value| value.to_owned()).collect::<Vec<_>>();
    let setting = |value: &Value, key: &str| Setting { value: value.clone(), place: format!("commands.cleanup.{key}") };
    StartRequest {
        arguments: given.iter().map(|(name, values)| ((*name).to_owned(), owned(values))).collect(),
        fallbacks: Fallbacks {
            environment: environment.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect(),
            settings: settings.iter().map(|(key, value)| ((*key).to_owned(), setting(value, key))).collect(),
        },
        ..prepared(|_, _| unreachable!("nothing is executed")).request
    }
}

fn resolve(
    description: &Description,
    request: &StartRequest,
    now: Timestamp,
) -> Result<Vec<ResolvedArgument>, Vec<ArgumentProblem>> {
    super::resolve(description, &request.arguments, &request.fallbacks, now)
}

fn resolved(description: &Description, request: &StartRequest) -> Vec<(String, String, Origin)> {
    let all = resolve(description, request, Timestamp(0)).unwrap();
    all.into_iter().map(|argument| (argument.name, argument.written, argument.origin)).collect()
}

fn problems(description: &Description, request: &StartRequest) -> Vec<String> {
    let problems = resolve(description, request, Timestamp(0)).unwrap_err();
    problems.iter().map(|problem| problem.text().get(Language::En).to_owned()).collect()
}

#[test]
fn a_value_is_the_given_one_then_the_environments_then_the_settings_then_the_default() {
    let environment = || Origin::Environment("DAYS".to_owned());
    let settings = |key: &str| Origin::Settings(format!("commands.cleanup.{key}"));
    let given: &[(&str, &[&str])] = &[("max-days", &["1"])];
    let (own, other) = (("max_days", json!(3)), ("age", json!("4")));
    for (given, variables, keys, expected) in [
        (given, &[("DAYS", "2")][..], &[own.clone()][..], Some(("1", Origin::Given))),
        (&[], &[("DAYS", "2")], &[own.clone(), other.clone()], Some(("2", environment()))),
        (&[], &[("DAYS", "")], &[own.clone(), other.clone()], Some(("3", settings("max_days")))),
        (&[], &[], &[other], Some(("4", settings("age")))),
        (&[], &[("max-days", "2")], &[("max-days", json!(3))], Some(("5", Origin::Default))),
    ] {
        let request = request(given, variables, keys);
        let expected = expected.map(|(written, origin)| ("max-days".to_owned(), written.to_owned(), origin));
        assert_eq!(resolved(&days(Some("5")), &request), Vec::from_iter(expected));
    }
    assert_eq!(resolved(&days(None), &request(&[], &[], &[])), [], "what has no value is left out");
}

#[test]
fn a_setting_is_written_as_on_the_command_line() {
    let kinds = [("n", "integer"), ("flag", "flag"), ("one", "text"), ("many", "texts")];
    let spec = |(name, kind): (&str, &str)| json!({"name": name, "help": {"en": "."}, "kind": kind});
    let description = description(&kinds.map(spec).into(), &json!([]));
    let settings = [("n", json!(-7)), ("flag", json!(true)), ("one", json!("a b")), ("many", json!(["x", 2, "y"]))];
    let resolved = resolve(&description, &request(&[], &[], &settings), Timestamp(0)).unwrap();
    let values = resolved.into_iter().map(|argument| argument.value.unwrap()).collect::<Vec<_>>();
    let many = ["x", "2", "y"].map(str::to_owned).into();
    let text = ArgumentValue::Text("a b".to_owned());
    assert_eq!(values, [ArgumentValue::Integer(-7), ArgumentValue::Flag(true), text, ArgumentValue::Texts(many)]);
}

#[test]
fn what_is_given_more_than_once_counts_together_and_a_secret_is_not_written_down() {
    let many = json!({"name": "tags", "help": {"en": "."}, "kind": "texts"});
    let secret = json!({"name": "token", "help": {"en": "."}, "kind": "text", "secret": true});
    let description = description(&json!([many, secret]), &json!([]));
    let request = request(&[("tags", &["a"]), ("token", &["x"]), ("tags", &["b,c", "d"])], &[], &[]);
    let resolved = resolve(&description, &request, Timestamp(0)).unwrap();
    assert_eq!(resolved[0].value, Some(ArgumentValue::Texts(["a", "b", "c", "d"].map(str::to_owned).into())));
    assert_eq!(resolved[0].written, "a,b,c,d");
    assert_eq!(
        (resolved[1].value.clone(), resolved[1].written.as_str()),
        (Some(ArgumentValue::Text("x".into())), "***")
    );
}

#[test]
fn a_path_keeps_the_kind_of_its_argument() {
    for (kind, expected) in [
        ("input-file", ArgumentKind::InputFile),
        ("input-folder", ArgumentKind::InputFolder),
        ("output", ArgumentKind::Output),
        ("password-file", ArgumentKind::PasswordFile),
    ] {
        let description = description(&json!([{"name": "path", "help": {"en": "."}, "kind": kind}]), &json!([]));
        let resolved = resolve(&description, &request(&[("path", &["/x"])], &[], &[]), Timestamp(0)).unwrap();
        let Some(ArgumentValue::Path(path)) = &resolved[0].value else { panic!("{resolved:?}") };
        assert_eq!((path.path.as_str(), path.kind), ("/x", expected));
    }
}

#[test]
fn every_problem_names_its_argument_and_where_the_value_came_from() {
    let mut required = days(None);
    required.arguments[0].required = true;
    assert_eq!(problems(&required, &request(&[], &[], &[])), ["--max-days: it is required"]);
    let origins = [
        (request(&[("max-days", &["x"])], &[], &[]), "--max-days: "),
        (request(&[], &[("DAYS", "x")], &[]), "--max-days (from DAYS): "),
        (request(&[], &[], &[("age", json!("x"))]), "--max-days (from commands.cleanup.age in the configuration): "),
    ];
    for (request, begins) in origins {
        let said = problems(&required, &request);
        assert!(said.len() == 1 && said[0].starts_with(begins) && said[0].len() > begins.len(), "{said:?}");
    }
    let said = problems(&required, &request(&[("nonsense", &["1"]), ("other", &[])], &[], &[]));
    assert_eq!(said.len(), 3, "all of them at once: {said:?}");
    assert!(said[0].starts_with("--nonsense: ") && said[1].starts_with("--other: "), "{said:?}");
}

#[test]
fn an_argument_that_needs_another_is_refused_without_it() {
    let description = texts(&json!([{"requires": ["a", "b"]}]));
    for (given, fits) in [(&["a"][..], false), (&["a", "b"], true), (&["b"], true), (&["a", "c"], false), (&[], true)] {
        let given = given.iter().map(|&name| (name, &["x"][..])).collect::<Vec<_>>();
        assert_eq!(resolve(&description, &request(&given, &[], &[]), Timestamp(0)).is_ok(), fits, "{given:?}");
    }
    let mut by_default = description;
    by_default.arguments[0].default = Some("x".to_owned());
    assert_eq!(resolved(&by_default, &request(&[], &[], &[])).len(), 1, "a default needs nothing");
    assert_eq!(problems(&by_default, &request(&[("a", &["x"])], &[], &[])), ["--a: it needs --b"]);
    by_default.arguments[1].default = Some("x".to_owned());
    assert_eq!(resolved(&by_default, &request(&[("a", &["x"])], &[], &[])).len(), 2, "a default is enough for it");
}

#[test]
fn of_arguments_that_conflict_one_may_be_given_and_the_environments_give_way_to_it() {
    let mut description = texts(&json!([{"conflicts": ["a", "b"]}]));
    description.arguments[2].default = Some("z".to_owned());
    let names =
        |request: &StartRequest| resolved(&description, request).into_iter().map(|(name, ..)| name).collect::<Vec<_>>();
    let x: &[&str] = &["x"];
    assert_eq!(problems(&description, &request(&[("a", x), ("b", x)], &[], &[])), ["--a: it cannot stand beside --b"]);
    let set = [("A", "x"), ("B", "x"), ("C", "x")];
    assert_eq!(problems(&description, &request(&[], &set, &[])), ["--a: it cannot stand beside --b"]);
    assert_eq!(problems(&description, &request(&[("c", x)], &set, &[])).len(), 1, "what is free of it changes nothing");
    assert_eq!(names(&request(&[("b", x)], &set, &[])), ["b", "c"]);
    assert_eq!(names(&request(&[("a", x)], &[("C", "x")], &[("b", json!("x"))])), ["a", "c"]);
    assert_eq!(names(&request(&[("c", x), ("a", x)], &[], &[])), ["a", "c"]);
    description.arguments[1].default = Some("y".to_owned());
    let beside_a_default = resolved(&description, &request(&[("a", x)], &[], &[]));
    assert_eq!(beside_a_default.len(), 3, "a default is not given: {beside_a_default:?}");
}

#[test]
fn a_fallback_of_a_hosts_flag_is_a_number_above_0() {
    let description = days(None);
    let flag = |environment: &[(&str, &str)], settings: &[(&str, Value)]| {
        host_flag(&description, "parallel", &request(&[], environment, settings).fallbacks)
    };
    assert_eq!(flag(&[], &[]), Ok(None));
    assert_eq!(flag(&[("JOBS", "4")], &[("parallel", json!(2))]), Ok(Some(4)));
    assert_eq!(flag(&[], &[("parallel", json!(2)), ("jobs", json!(3))]), Ok(Some(2)));
    assert_eq!(flag(&[], &[("jobs", json!(3))]), Ok(Some(3)));
    assert_eq!(flag(&[("parallel", "4")], &[]), Ok(None));
    for wrong in ["0", "-1", "many", "4294967296", ""] {
        let problem = flag(&[("JOBS", wrong)], &[]).unwrap_err();
        assert_eq!((problem.name.as_str(), problem.origin), ("parallel", Origin::Environment("JOBS".to_owned())));
        assert!(problem.problem.get(Language::En).contains(&format!("`{wrong}`")));
    }
    let unknown = host_flag(&description, "timeout", &request(&[], &[], &[("timeout", json!(3))]).fallbacks);
    assert_eq!(unknown, Ok(None), "a flag that the description gives no fallback");
}
