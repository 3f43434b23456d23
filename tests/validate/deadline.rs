//! A look at how rows are stored reads every page, and ends at its deadline.

use support::{TestHost, last_run, limit_used, tenant_database};

#[test]
fn a_deadline_ends_a_long_look_at_how_rows_are_stored_and_is_recorded() {
    let host = TestHost::with_tenant();
    let database = rusqlite::Connection::open(tenant_database(&host.data(), "demo")).expect("the file opens");
    let events = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600000)
                  INSERT INTO analytics_events (id, name, created_at) SELECT i, 'seen', i FROM n";
    database.execute_batch(events).expect("events can be added");
    drop(database);
    let line = ["validate_system", "--module=storage", "--json"];
    let _ = host.run(line).exits(0);
    let undisturbed = last_run(&host);
    let [(wall, _), (cpu, _)] = ["wall", "cpu"].map(|name| limit_used(&undisturbed, name));

    let timeout = format!("--timeout={}ms", wall / 2);
    let ended = host.run(line.iter().chain(&[timeout.as_str()])).exits(124);
    assert_eq!(ended.summary()["error"]["code"], "wall-limit");
    let run = last_run(&host);
    assert_eq!((&run["status"], &run["exit_code"]), (&"timed-out".into(), &124.into()));
    assert_eq!(limit_used(&run, "wall").1, wall / 2);
    // No statement of the command was at work: what was ended is the look itself, which would have gone on.
    let (used, statement) = (limit_used(&run, "cpu").0, limit_used(&run, "statement").0);
    assert!(used < cpu * 9 / 10, "it went on: {used} of {cpu} ms");
    assert!(statement < used / 4, "{statement} of {used} ms were a statement's");
    let _ = host.run(line).exits(0);
}
