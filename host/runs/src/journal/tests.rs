//! What each line says, and at which level.

use std::path::PathBuf;

use encargo_model::{Exit, LimitUse, Outcome, Receipt, RunStatus, Timestamp};
use encargo_store::Worker;
use serde_json::json;

use super::*;
use crate::samples::{Place, ended as end, lines, prepared};

/// A run of the tenant `demo` that took three seconds.
fn run() -> Run {
    let fresh = Place::new().records.fresh(&prepared(|_, _| end(Outcome::Ok)), Some("demo"), None, String::new());
    let ended_at = Some(Timestamp(fresh.started_at.0 + 3_000_999));
    Run { id: RunId(7 << 40), status: RunStatus::Succeeded, exit: Some(Exit::Done), ended_at, ..fresh }
}

fn broken() -> StoreError {
    StoreError::Corrupt { path: PathBuf::from("engine.db"), problem: "odd".to_owned() }
}

#[test]
fn a_run_has_a_line_for_its_beginning_and_one_for_its_end_with_the_milliseconds_that_it_took() {
    let run = run();
    let began = json!({"level": "INFO", "message": "the run began",
        "digest": run.digest.to_string(), "trigger": run.trigger.as_str()});
    let ended =
        json!({"level": "INFO", "message": "the run ended", "status": "succeeded", "exit": 0, "took_ms": 3_000});
    assert_eq!(lines(|| super::began(&run)), [began]);
    assert_eq!(lines(|| super::ended(&run)), [ended]);
}

#[test]
fn what_a_run_used_of_each_limit_is_for_whoever_looks_closer() {
    let limit = |name: &str, used| LimitUse { name: name.to_owned(), used, limit: 9, unit: "ms".to_owned() };
    let receipt = Receipt { limits: vec![limit("cpu", 1), limit("wall", 2)], ..Receipt::default() };
    let line = |name, used| {
        json!({"level": "DEBUG", "message": "used of a limit",
            "limit": name, "used": used, "most": 9, "unit": "ms"})
    };
    assert_eq!(lines(|| used(&Run { receipt, ..run() })), [line("cpu", 1), line("wall", 2)]);
}

#[test]
fn a_refused_run_has_the_hosts_own_cause_and_no_words_of_its_caller() {
    let store = lines(|| refused("import", &StartError::Store(broken())));
    let line = json!({"level": "INFO", "message": "a run was refused", "command": "import",
        "reason": "engine-store", "exit": StartError::Store(broken()).exit().code(), "cause": broken().to_string()});
    assert_eq!(store, [line]);
    let error = StartError::SingleOutput("secret".to_owned());
    let line = json!({"level": "INFO", "message": "a run was refused", "command": "import",
        "reason": "usage", "exit": error.exit().code()});
    assert_eq!(lines(|| refused("import", &error)), [line]);
}

#[test]
fn a_wait_for_a_lock_is_told_with_its_holder_and_how_long_it_was() {
    let run = run();
    let worker = Worker { host: "here".to_owned(), pid: 42, started: None };
    let held = Held { run: RunId(1 << 41), worker, since: Timestamp(0) };
    let line = json!({"level": "INFO", "message": "a run waits for its lock",
        "command": run.command, "tenant": "demo", "holder": held.run.to_string(), "pid": 42});
    assert_eq!(lines(|| waits(&run, &held)), [line]);
    let line = json!({"level": "INFO", "message": "a run has its lock",
        "command": run.command, "tenant": "demo", "waited_ms": 1_500});
    assert_eq!(lines(|| waited(&run, Duration::from_millis(1_500))), [line]);
}

#[test]
fn whatever_befalls_a_run_or_its_record_is_a_warning_that_names_the_run() {
    let run = run();
    let lost_ones = [run.id, RunId(8 << 40)];
    let told = lines(|| {
        lost(&lost_ones);
        unrecorded(&run, &broken());
        not_renewed(&run, &broken());
        taken_over(&run);
        log_not_stored(&run, &broken());
    });
    let (id, cause) = (run.id.to_string(), broken().to_string());
    let gone = "a run is lost: its lease was over or its process gone";
    let expected = [
        json!({"message": gone, "run": id}),
        json!({"message": gone, "run": lost_ones[1].to_string()}),
        json!({"message": "a run goes on without a record",
            "run": id, "command": run.command, "tenant": "demo", "cause": cause}),
        json!({"message": "the lease of a run was not renewed", "run": id, "cause": cause}),
        json!({"message": "a run lost its lease: it is another process's, or over",
            "run": id, "attempt": run.attempts}),
        json!({"message": "lines of a run's log were not stored; they are tried again", "run": id, "cause": cause}),
    ];
    let warnings = expected.map(|mut line| {
        line["level"] = json!("WARN");
        line
    });
    assert_eq!(told, warnings);
}
