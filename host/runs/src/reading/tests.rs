//! Runs as they are listed and found, and those that are lost where that cannot be written.

use encargo_model::{Exit, Language, LogLevel, Timestamp};
use encargo_store::{Begin, Begun};
use serde_json::json;

use super::*;
use crate::samples::{Installation, ended, prepared};

/// A run of this tenant that is under way.
fn begin(runs: &Runs, tenant: &str, parent: Option<RunId>) -> Run {
    let records = &runs.records;
    let prepared = prepared(|_, _| ended(encargo_model::Outcome::Ok));
    let run = records.fresh(&prepared, Some(tenant), parent, String::new());
    let (tier, worker) = (encargo_model::Tier::Packaged, &records.worker);
    let begin = Begin { run: &run, tier, source: "packaged", worker, lease: records.lease, locked: false };
    match records.handle.block_on(records.store.begin_run(&begin, &records.liveness())).unwrap() {
        Begun::Started(started) => Run { id: started.run, ..run },
        Begun::Held(held) => panic!("{held:?}"),
    }
}

fn end(runs: &Runs, run: &Run, published: &[Artefact]) {
    let over = Run { status: RunStatus::Succeeded, exit: Some(Exit::Done), ..run.clone() };
    runs.records.handle.block_on(runs.records.store.end_run(&over, published, runs.records.clock.now())).unwrap();
}

fn ids(runs: &[Run]) -> Vec<RunId> {
    runs.iter().map(|run| run.id).collect()
}

fn all() -> RunFilter {
    RunFilter { limit: 10, ..RunFilter::default() }
}

#[test]
fn a_run_is_found_with_its_shares_its_log_and_its_files() {
    let installation = Installation::new(&[], &json!({}));
    let runs = &installation.runs;
    let parent = begin(runs, "a", None);
    let shares = ["b", "c"].map(|tenant| begin(runs, tenant, Some(parent.id)));
    let line = LogLine { at: Timestamp(1), level: LogLevel::Info, message: "x".to_owned(), fields: vec![] };
    runs.records.handle.block_on(runs.records.store.append_log(&parent, &[line.clone(), line.clone()])).unwrap();
    let file = Artefact { name: "a".to_owned(), path: "/a".to_owned(), bytes: 1, sha256: "ab".repeat(32) };
    end(runs, &parent, std::slice::from_ref(&file));
    assert_eq!(ids(&runs.children(parent.id).unwrap()), [shares[1].id, shares[0].id]);
    assert_eq!(runs.children(shares[0].id).unwrap(), []);
    assert_eq!(runs.logs(parent.id, None, 9).unwrap(), [(1, line.clone()), (2, line.clone())]);
    assert_eq!(runs.logs(parent.id, Some(1), 9).unwrap(), [(2, line)]);
    assert_eq!((runs.artefacts(parent.id).unwrap(), runs.artefacts(shares[0].id).unwrap()), (vec![file], vec![]));
    assert_eq!(runs.find_run("latest").unwrap().id, parent.id, "a share is not the latest");
}

#[test]
fn a_run_is_found_by_the_beginning_of_its_id_where_that_is_its_alone() {
    let installation = Installation::new(&[], &json!({}));
    let runs = &installation.runs;
    assert!(matches!(runs.find_run("latest"), Err(FindError::Unknown(text)) if text == "latest"));
    let one = begin(runs, "a", None);
    let whole = one.id.to_string();
    assert_eq!(runs.find_run(&whole).unwrap().id, one.id);
    assert_eq!(runs.find_run(&whole[..4]).unwrap().id, one.id);
    let other = begin(runs, "b", None);
    assert!(matches!(runs.find_run(&whole[..4]), Err(FindError::Ambiguous(text)) if text == whole[..4]));
    assert_eq!((runs.find_run(&whole).unwrap().id, runs.find_run("latest").unwrap().id), (one.id, other.id));
    assert!(matches!(runs.find_run("zzzzzzzzzzz"), Err(FindError::Unknown(_))));
    assert_eq!(runs.list(&RunFilter { limit: 1, ..all() }).unwrap().len(), 1);
}

#[test]
fn what_is_lost_is_recorded_as_that_and_only_shown_so_where_nothing_can_be_written() {
    for writable in [true, false] {
        let installation = Installation::new(&[], &json!({}));
        let runs = &installation.runs;
        let [lost, done] = ["a", "b"].map(|tenant| begin(runs, tenant, None));
        end(runs, &done, &[]);
        *installation.clock.0.lock().unwrap() += 86_400_000_000;
        let of_reader = if writable { installation.again() } else { installation.to_read() };
        let statuses =
            |filter: RunFilter| of_reader.list(&filter).unwrap().into_iter().map(|run| run.status).collect::<Vec<_>>();
        assert_eq!(statuses(all()), [RunStatus::Succeeded, RunStatus::Lost]);
        assert_eq!(statuses(RunFilter { limit: 1, ..all() }), [RunStatus::Succeeded]);
        let only = |status| RunFilter { status: Some(status), limit: 1, ..all() };
        assert_eq!(statuses(only(RunStatus::Lost)), [RunStatus::Lost]);
        assert_eq!(statuses(only(RunStatus::Running)), []);
        assert_eq!(of_reader.find_run(&lost.id.to_string()).unwrap().status, RunStatus::Lost);
        assert_eq!(of_reader.find_run(&done.id.to_string()).unwrap().status, RunStatus::Succeeded);
        let records = &runs.records;
        let recorded = records.handle.block_on(records.store.run(lost.id)).unwrap().unwrap();
        assert_eq!(recorded.status, if writable { RunStatus::Lost } else { RunStatus::Running });
    }
}

#[test]
fn a_run_that_is_not_found_is_named_with_the_way_out_in_both_languages() {
    let store = || StoreError::NotInitialised { path: "engine.db".into() };
    let said = |error: FindError| Language::ALL.map(|language| error.text().get(language).to_owned());
    let [english, spanish] = said(FindError::Unknown("abc".to_owned()));
    assert_eq!(english, "there is no run `abc`; `encargo runs list` shows them");
    assert_eq!(spanish, "no existe la ejecución `abc`; `encargo runs list` las muestra");
    let [english, spanish] = said(FindError::Ambiguous("a".to_owned()));
    assert!(english.starts_with("`a` is the beginning of more than one") && spanish.starts_with("`a` es el principio"));
    assert_eq!(FindError::Store(store()).text(), store().text());
}
