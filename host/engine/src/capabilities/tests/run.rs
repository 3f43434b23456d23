//! What a run is told of itself, its settings and its services.

use encargo_model::{LogLevel, Signal, Tier, Timestamp};

use super::{denied, of, refused};
use crate::bindings::encargo::logging::logging::Host as Logging;
use crate::bindings::encargo::probes::probes::Host as Probes;
use crate::bindings::encargo::run::run::Host as Run;
use crate::bindings::encargo::settings::settings::Host as Settings;
use crate::samples::{Attempt, FakeHost, tenant};

#[test]
fn a_guest_is_told_what_its_run_is() {
    let mut attempt = Attempt::of(&[], FakeHost::default(), |job| {
        job.tenant = Some(tenant("acme"));
        (job.attempt, job.dry_run, job.started_at, job.verbosity) = (3, true, Timestamp(7), 2);
        job.selected = Some(vec!["x".to_owned()]);
    });
    let state = &mut attempt.state;
    assert_eq!((state.id().unwrap(), state.command().unwrap()), (state.job.run.to_string(), "sample".to_owned()));
    assert_eq!(Run::tenant(state).unwrap().as_deref(), Some("acme"));
    assert_eq!(state.selected_tenants().unwrap(), Some(vec!["x".to_owned()]));
    assert_eq!((state.started_at().unwrap(), state.attempt().unwrap(), state.dry_run().unwrap()), (7, 3, true));
    assert_eq!((Run::language(state).unwrap(), state.environment().unwrap()), ("en".to_owned(), "test".to_owned()));
    assert_eq!((state.verbosity().unwrap(), state.cancelled().unwrap()), (2, false));
    let told = Attempt::of(&[], FakeHost { signal: Some(Signal::Interrupt), ..FakeHost::default() }, |_| {});
    let mut state = told.state;
    assert!(state.cancelled().unwrap() && Run::tenant(&mut state).unwrap().is_none() && !state.dry_run().unwrap());
}

#[test]
fn what_has_to_be_over_calls_nothing_more() {
    let mut attempt = Attempt::inside(&[]);
    attempt.end();
    let state = &mut attempt.state;
    for traps in [
        state.id().is_err(),
        state.cancelled().is_err(),
        state.say("x".to_owned()).is_err(),
        state.confirm("x".to_owned()).is_err(),
        Run::progress(state, "checking".to_owned(), 1, None, "x".to_owned(), None).is_err(),
        state.ids(1).is_err(),
        state.checkpoint("x".to_owned()).is_err(),
        Settings::get(state, "x".to_owned()).is_err(),
        Logging::log(state, "info".to_owned(), "x".to_owned(), vec![]).is_err(),
        Logging::enabled(state, "info".to_owned()).is_err(),
        Probes::check(state, "database".to_owned()).is_err(),
        Probes::list(state).is_err(),
    ] {
        assert!(traps);
    }
    assert_eq!((attempt.host.messages(), attempt.host.told()), (vec![], vec![]));
}

#[test]
fn a_question_is_asked_unless_nothing_is_changed() {
    for (yes, dry_run, answer, asked) in
        [(true, false, Ok(()), true), (false, false, Err("refused"), true), (false, true, Ok(()), false)]
    {
        let mut attempt = Attempt::of(&[], FakeHost { yes, ..FakeHost::default() }, |job| job.dry_run = dry_run);
        assert_eq!(of(attempt.state.confirm("sure?".to_owned())), answer.map_err(str::to_owned));
        assert_eq!(attempt.host.told(), Vec::from_iter(asked.then_some("confirm sure? false")));
    }
}

#[test]
fn what_is_said_logged_and_done_reaches_the_host() {
    let mut attempt = Attempt::new(&[]);
    let state = &mut attempt.state;
    state.say("one\ntwo".to_owned()).unwrap();
    for level in ["debug", "warning"] {
        Logging::log(state, level.to_owned(), level.to_owned(), vec![]).unwrap();
        assert_eq!(Logging::enabled(state, level.to_owned()).unwrap(), level == "warning");
    }
    Run::progress(state, "checking".to_owned(), 7, Some(9), "rows".to_owned(), None).unwrap();
    assert_eq!(attempt.host.messages(), ["one", "two", "warning"]);
    let levels = attempt.host.lines.lock().unwrap().iter().map(|line| line.level).collect::<Vec<_>>();
    assert_eq!(levels, [LogLevel::Said, LogLevel::Said, LogLevel::Warning]);
    assert_eq!(attempt.host.told(), ["progress 7"]);
}

#[test]
fn ids_are_the_tenants_own_or_the_platforms() {
    for mut attempt in [Attempt::new(&[]), Attempt::inside(&[])] {
        let first = of(attempt.state.ids(10)).unwrap();
        assert!(of(attempt.state.ids(1)).unwrap() >= first + 10);
    }
}

#[test]
fn a_setting_is_the_tenants_then_the_operators_where_the_command_is_a_packaged_one() {
    let configured = |tier| {
        Attempt::of(&["read-settings:limit", "read-settings:chat.*"], FakeHost::default(), |job| {
            job.settings = serde_json::json!({"limit": 5, "chat.days": "x", "hidden": 1});
            job.tier = tier;
        })
    };
    let get = |attempt: &mut Attempt, name: &str| of(Settings::get(&mut attempt.state, name.to_owned()));
    let mut packaged = configured(Tier::Packaged);
    assert_eq!(get(&mut packaged, "limit").unwrap().as_deref(), Some("5"));
    assert_eq!(get(&mut packaged, "chat.days").unwrap().as_deref(), Some("\"x\""));
    assert_eq!(get(&mut packaged, "chat.none").unwrap(), None);
    assert_eq!(get(&mut packaged, "hidden"), Err(denied()));
    assert_eq!(get(&mut configured(Tier::Operator), "limit").unwrap(), None);
    assert_eq!(get(&mut Attempt::inside(&["read-settings:limit"]), "limit").unwrap(), None);
}

#[test]
fn a_probe_is_asked_where_that_is_granted_and_names_no_other_tenant_to_one() {
    let words = "what is wrong with which tenant is told to runs of system scope";
    for (mut attempt, hidden) in [
        (Attempt::new(&["check:database", "check:storage"]), false),
        (Attempt::inside(&["check:database", "check:storage"]), true),
    ] {
        let mut check = |name: &str| of(Probes::check(&mut attempt.state, name.to_owned()));
        let finding = check("database").unwrap();
        assert_eq!((finding.status.as_str(), finding.detail == words), ("ok", hidden));
        assert_ne!(check("storage").unwrap().detail, words);
        assert_eq!(check("schema").map(|_| ()), Err(denied()));
        assert!(Probes::list(&mut attempt.state).unwrap().contains(&"schema".to_owned()));
        let mut all = |names: &[&str]| {
            let names = names.iter().map(|&name| name.to_owned()).collect();
            of(Probes::check_all(&mut attempt.state, names, 30_000, 30_000))
        };
        let found = all(&["schema", "database"]).unwrap();
        let told: Vec<_> = found.iter().map(|one| (one.service.name.as_str(), one.status.as_str())).collect();
        assert_eq!(told, [("database", "ok"), ("schema", "skipped")], "what was not granted is left out");
        assert_eq!(found[0].detail == words, hidden);
        assert_eq!(all(&["schema"]).map(|_| ()), Err(denied()));
        assert!(Probes::services(&mut attempt.state).unwrap().iter().any(|service| service.kind == "redis"));
    }
}

#[test]
fn a_checkpoint_is_read_by_a_resume_inside_a_tenant_alone() {
    for (resume, inside) in [(true, false), (false, true), (true, true)] {
        let mut attempt = Attempt::of(&[], FakeHost::default(), |job| {
            job.resume = resume;
            job.tenant = inside.then(|| tenant("acme"));
        });
        assert_eq!(of(attempt.state.checkpoint("loop".to_owned())), Ok(None), "{resume} {inside}");
    }
    assert_eq!(refused(Settings::get(&mut Attempt::new(&[]).state, "x".to_owned())), denied());
}
