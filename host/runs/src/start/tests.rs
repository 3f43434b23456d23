//! What is refused before anything is recorded, how a run is recorded, and what a resume goes on with.

use encargo_model::{ArgumentSpec, Exit, FailureKind, Language, Outcome, PathValue};
use serde_json::{Value, json};

use super::*;
use crate::RunFilter;
use crate::samples::{Installation, Place, Watching, ended, failed, prepared, request, tenants, without_threads};

fn observer() -> (Arc<Watching>, Arc<dyn Observer>) {
    let watching = Arc::new(Watching::default());
    (Arc::clone(&watching), watching)
}

fn spec(name: &str, kind: &str, besides: &[(&str, bool)]) -> ArgumentSpec {
    let mut spec = json!({"name": name, "help": {"en": "."}, "kind": kind});
    for (field, value) in besides {
        spec[field] = Value::Bool(*value);
    }
    serde_json::from_value(spec).unwrap()
}

fn path(path: &str, kind: ArgumentKind) -> ResolvedArgument {
    let value = Some(ArgumentValue::Path(PathValue { path: path.to_owned(), kind }));
    ResolvedArgument { name: "output".to_owned(), value, origin: Origin::Given, written: path.to_owned() }
}

fn text(name: &str, written: &str) -> ResolvedArgument {
    let value = Some(ArgumentValue::Text(written.to_owned()));
    ResolvedArgument { name: name.to_owned(), value, origin: Origin::Given, written: written.to_owned() }
}

/// Starts what has no program, and answers the error's word.
fn refused(installation: &Installation, ask: impl Fn(StartRequest) -> StartRequest) -> &'static str {
    let request = ask(StartRequest { command: "sample".to_owned(), ..request() });
    let refused = installation.runs.start(request, &observer().1).unwrap_err().word();
    assert_eq!(installation.runs.list(&RunFilter { limit: 9, ..RunFilter::default() }).unwrap(), [], "{refused}");
    refused
}

#[test]
fn what_cannot_be_started_is_refused_for_the_first_reason_and_not_recorded() {
    let output = json!({"name": "output", "help": {"en": "."}, "kind": "output"});
    let input = json!({"name": "input", "help": {"en": "."}, "kind": "input-file"});
    let description = json!({"arguments": [output, input], "host-flags": {"parallel": {"env": "JOBS"}}});
    let installation = Installation::new(&["a", "b"], &description);
    let given = |request: StartRequest, name: &str, value: &str| StartRequest {
        arguments: vec![(name.to_owned(), vec![value.to_owned()])],
        ..request
    };
    let in_tenants = |request, slugs: &[&str]| StartRequest {
        tenants: Some(slugs.iter().map(|&slug| slug.to_owned()).collect()),
        ..request
    };
    let missing = installation.folder.path().join("missing").display().to_string();
    let jobs = |request: StartRequest| {
        let mut request = request;
        request.fallbacks.environment.insert("JOBS".to_owned(), "none".to_owned());
        request
    };
    assert_eq!(refused(&installation, |r| StartRequest { command: "none".to_owned(), ..r }), "unknown-command");
    assert_eq!(refused(&installation, |r| in_tenants(r, &["c"])), "not-found");
    assert_eq!(refused(&installation, |r| given(in_tenants(r, &["a"]), "none", "x")), "invalid-arguments");
    assert_eq!(refused(&installation, |r| given(in_tenants(r, &["all"]), "output", "-")), "usage");
    assert_eq!(refused(&installation, |r| given(in_tenants(r, &["a"]), "input", &missing)), "bad-path");
    assert_eq!(refused(&installation, |r| jobs(in_tenants(r, &["a"]))), "invalid-arguments");
    // It describes itself and exports nothing; for one tenant standard output is no obstacle.
    assert_eq!(refused(&installation, |r| given(in_tenants(r, &["a"]), "output", "-")), "not-a-command");
    assert_eq!(refused(&installation, |r| in_tenants(r, &["all"])), "not-a-command");
}

#[test]
fn a_file_or_a_name_that_can_only_be_one_does_not_take_the_output_of_several_tenants() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(at("file"), "").unwrap();
    std::fs::create_dir(at("folder.d")).unwrap();
    for (place, kind, refused) in [
        ("-".to_owned(), ArgumentKind::Output, true),
        (at("file"), ArgumentKind::Output, true),
        (at("new.csv"), ArgumentKind::Output, true),
        (at("new"), ArgumentKind::Output, false),
        (at("folder.d"), ArgumentKind::Output, false),
        ("-".to_owned(), ArgumentKind::InputFile, false),
        (at("file"), ArgumentKind::InputFile, false),
    ] {
        let checked = refuse_single_output(&[text("other", "-"), path(&place, kind)]);
        assert_eq!(checked.is_err(), refused, "{place} {kind:?}");
        if let Err(error) = checked {
            assert!(matches!(error, StartError::SingleOutput(path) if path == place));
        }
    }
}

#[test]
fn a_record_says_who_started_it_and_keeps_no_secret() {
    let place = Place::new();
    let mut prepared = prepared(|_, _| ended(Outcome::Ok));
    prepared.command.description.arguments =
        vec![spec("type", "text", &[]), spec("token", "text", &[("secret", true)])];
    prepared.arguments = vec![text("type", "logs"), text("token", "***")];
    prepared.request.language = Language::Es;
    let run = place.records.fresh(&prepared, Some("demo"), None, "key".to_owned());
    assert_eq!((run.command.as_str(), run.version.as_str(), run.tenant.as_deref()), ("cleanup", "1.0.0", Some("demo")));
    assert_eq!((run.trigger, run.resume_key.as_str()), (encargo_model::Trigger::Cli, "key"));
    assert_eq!((run.language, run.status, run.attempts), (Language::Es, RunStatus::Running, 1));
    let values = run.arguments.iter().map(|argument| (argument.written.as_str(), argument.value.is_some()));
    assert_eq!(values.collect::<Vec<_>>(), [("logs", true), ("***", false)]);
    let share = place.records.fresh(&prepared, Some("demo"), Some(run.id), String::new());
    assert_eq!((share.parent, share.trigger), (Some(run.id), encargo_model::Trigger::Command));
}

#[test]
fn the_source_is_the_place_of_the_component() {
    let mut prepared = prepared(|_, _| ended(Outcome::Ok));
    assert_eq!(prepared.source(), "packaged");
    prepared.command.source = Source::File("/commands/cleanup.wasm".into());
    assert_eq!(prepared.source(), "/commands/cleanup.wasm");
}

#[test]
fn a_dry_run_and_a_command_that_reads_change_nothing() {
    for (effect, dry_run, only_reads) in [
        (Effect::ReadOnly, false, true),
        (Effect::ReadOnly, true, true),
        (Effect::Changes, true, true),
        (Effect::Changes, false, false),
        (Effect::Destroys, false, false),
    ] {
        let mut prepared = prepared(|_, _| ended(Outcome::Ok));
        (prepared.command.description.effect, prepared.request.dry_run) = (effect, dry_run);
        assert_eq!(prepared.only_reads(), only_reads, "{effect:?} {dry_run}");
        // Its effect needs an argument, and none is given.
        prepared.command.description.changes_with = vec!["fix".to_owned()];
        assert!(prepared.only_reads() && !prepared.takes_lock(), "{effect:?} {dry_run}");
    }
}

#[test]
fn a_run_of_system_scope_is_told_what_was_selected_and_its_record_says_so() {
    let place = Place::new();
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let told = Arc::clone(&seen);
    let mut prepared = prepared(move |job, _| {
        let tenant = job.tenant.as_ref().map(|tenant| tenant.slug.clone());
        told.lock().unwrap().push((tenant, job.selected.clone(), job.resume, job.limits.wall_seconds));
        ended(Outcome::Ok)
    });
    let usual = prepared.request.limits.wall_seconds;
    prepared.arguments = vec![text("type", "logs")];
    let selected = Some(vec!["a".to_owned(), "b".to_owned()]);
    let finished = place.records.single(&prepared, None, selected.clone(), &observer().1).unwrap();
    let said = finished.run.arguments.iter().map(|argument| (argument.name.as_str(), argument.written.as_str()));
    assert_eq!(said.collect::<Vec<_>>(), [("tenant", "a,b"), ("type", "logs")]);
    let texts = ArgumentValue::Texts(vec!["a".to_owned(), "b".to_owned()]);
    assert_eq!((&finished.run.arguments[0].value, &finished.run.arguments[0].origin), (&Some(texts), &Origin::Given));
    prepared.request.timeout = Some(Duration::from_secs(5));
    let tenant = tenants(&["demo"]).remove(0);
    let finished = place.records.single(&prepared, Some(tenant), None, &observer().1).unwrap();
    assert_eq!((finished.run.tenant.as_deref(), finished.run.arguments.len()), (Some("demo"), 1));
    let demo = Some("demo".to_owned());
    let expected = [(None, selected, false, usual), (demo, None, false, Duration::from_secs(5))];
    assert_eq!(*seen.lock().unwrap(), expected);
}

/// A place with a run of the tenant `demo` that was interrupted, with what it was prepared from.
fn with_interrupted() -> (Place, Prepared, Run) {
    let place = Place::new();
    let early = prepared(|_, _| failed(FailureKind::Interrupted));
    let tenant = tenants(&["demo"]).remove(0);
    let run = place.records.single(&early, Some(tenant), None, &observer().1).unwrap().run;
    assert_eq!((run.status, run.attempts), (RunStatus::Interrupted, 1));
    (place, prepared(|_, _| ended(Outcome::Ok)), run)
}

#[test]
fn a_resume_goes_on_with_the_same_run_as_its_next_attempt() {
    for by_id in [false, true] {
        let (place, _, early) = with_interrupted();
        let mut prepared = prepared(|job, _| {
            assert!(job.resume && job.attempt == 2);
            ended(Outcome::Ok)
        });
        prepared.request.resume = Some(if by_id { Resume::Run(early.id) } else { Resume::Newest });
        // Another version of the command, with another way to do the same work.
        prepared.digest = Digest("cd".repeat(32));
        prepared.command.description.version = "2.0.0".to_owned();
        prepared.arguments = vec![text("batch", "9")];
        *place.clock.0.lock().unwrap() += 1;
        let (run, resume) = place.records.record_for(&prepared, Some("demo"), None).unwrap();
        assert!(resume);
        assert_eq!((run.id, run.attempts, run.started_at), (early.id, 2, early.started_at));
        assert_eq!((run.digest, run.version.as_str()), (prepared.digest.clone(), "2.0.0"));
        assert_eq!(run.arguments, prepared.arguments);
        assert_eq!((run.status, run.exit, run.ended_at), (RunStatus::Running, None, None));
        let (watching, observer) = observer();
        let tenant = tenants(&["demo"]).remove(0);
        let finished = place.records.single(&prepared, Some(tenant), None, &observer).unwrap();
        assert_eq!((finished.run.id, finished.run.attempts, finished.run.exit), (early.id, 2, Some(Exit::Done)));
        assert_eq!(*watching.earlier.lock().unwrap(), [0; 0], "it is gone on with");
    }
}

#[test]
fn what_is_not_the_same_work_is_not_gone_on_with() {
    let (place, mut prepared, early) = with_interrupted();
    let goes_on = |prepared: &Prepared, tenant: Option<&str>, parent| {
        let found = place.records.record_for(prepared, tenant, parent);
        match found {
            Ok((run, resume)) => {
                assert_eq!((run.id == early.id, run.attempts), (resume, if resume { 2 } else { 1 }));
                Some(resume)
            }
            Err(StartError::NothingToResume(command)) => {
                assert_eq!(command, "cleanup");
                None
            }
            Err(other) => panic!("{other:?}"),
        }
    };
    assert_eq!(goes_on(&prepared, Some("demo"), None), Some(false), "nobody asked for it");
    for resume in [Resume::Newest, Resume::Run(early.id)] {
        prepared.request.resume = Some(resume);
        assert_eq!(goes_on(&prepared, Some("demo"), None), Some(true));
        assert_eq!(goes_on(&prepared, Some("other"), None), None);
        // A share is found by its own work, whatever id was named; one with nothing to go on with begins anew.
        assert_eq!(goes_on(&prepared, Some("demo"), Some(RunId(1))), Some(true));
        assert_eq!(goes_on(&prepared, Some("other"), Some(RunId(1))), Some(false));
        for leave in
            [|request: &mut StartRequest| request.dry_run = true, |request: &mut StartRequest| request.restart = true]
        {
            let before = prepared.request.clone();
            leave(&mut prepared.request);
            assert_eq!(goes_on(&prepared, Some("demo"), None), Some(false));
            prepared.request = before;
        }
        prepared.input = "another file".to_owned();
        assert_eq!(goes_on(&prepared, Some("demo"), None), None);
        prepared.input.clear();
    }
    prepared.request.resume = Some(Resume::Run(RunId(7)));
    assert_eq!(goes_on(&prepared, Some("demo"), None), None);
    assert_eq!(goes_on(&prepared, Some("demo"), Some(RunId(7))), Some(true));
}

#[test]
fn earlier_runs_are_told_of_unless_the_caller_knows_of_them_or_nothing_is_to_be_done() {
    let (place, mut prepared, _) = with_interrupted();
    let told = |prepared: &Prepared, slugs: &[Option<&str>]| {
        let (watching, observer) = observer();
        place.records.tell_of_earlier(prepared, slugs, &observer).unwrap();
        watching.earlier.lock().unwrap().clone()
    };
    assert_eq!(told(&prepared, &[Some("demo")]), [1]);
    assert_eq!(told(&prepared, &[Some("other"), Some("demo")]), [1]);
    assert_eq!(told(&prepared, &[Some("other"), None]), [0; 0]);
    for leave in [
        |request: &mut StartRequest| request.dry_run = true,
        |request: &mut StartRequest| request.restart = true,
        |request: &mut StartRequest| request.resume = Some(Resume::Newest),
    ] {
        let before = prepared.request.clone();
        leave(&mut prepared.request);
        assert_eq!(told(&prepared, &[Some("demo")]), [0; 0]);
        prepared.request = before;
    }
    let (watching, observer) = observer();
    let tenant = tenants(&["demo"]).remove(0);
    place.records.single(&prepared, Some(tenant), None, &observer).unwrap();
    assert_eq!(*watching.earlier.lock().unwrap(), [1]);
}

#[test]
fn a_machine_without_room_for_a_thread_is_named_and_nothing_is_recorded() {
    let place = Place::new();
    let refused = place.records.single(&without_threads(), None, None, &observer().1).unwrap_err();
    assert!(matches!(refused, StartError::Thread(_)), "{refused:?}");
    assert_eq!(place.runs(), []);
}
