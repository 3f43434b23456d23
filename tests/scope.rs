//! A run inside a tenant has that tenant alone, one tenant is open at a time, and a receipt holds whatever was committed.

use serde_json::{Value, json};
use support::{Output, TestHost, rows, tenant_database};

/// A host with the tenants `demo`, which is the default one, and `other`, and with the guest.
fn host() -> TestHost {
    let host = TestHost::with_tenant();
    let _ = host.run(["init_system", "--only", "tenants", "--tenant=other"]).exits(0);
    host.place("wander");
    host
}

fn wander(host: &TestHost, more: &[&str]) -> Output {
    host.run(["wander", "--json"].iter().chain(more))
}

/// The tables of the last run's receipt: tenant, table, rows added and changed.
fn receipt(host: &TestHost) -> Vec<(Value, Value, Value, Value)> {
    let record = host.run(["runs", "show", "latest", "--json"]).exits(0).json_lines().swap_remove(0);
    let tables = record["receipt"]["tables"].as_array().unwrap_or_else(|| panic!("no tables in {record}")).clone();
    let line = |line: Value| {
        (line["tenant"].clone(), line["table"].clone(), line["inserted"].clone(), line["updated"].clone())
    };
    tables.into_iter().map(line).collect()
}

#[test]
fn a_run_inside_a_tenant_has_that_tenant_alone() {
    let host = host();
    let inside = wander(&host, &["--tenant=demo", "--roam=other"]).exits(0);
    let withheld = "probe: what is wrong with which tenant is told to runs of system scope";
    let expected = [
        "list: demo",
        "open other: NotFound",
        "default: demo",
        "set default: Denied",
        "create: Denied",
        "admin: Denied",
        "many ids: Invalid",
        "ids: done",
        withheld,
    ];
    assert_eq!(inside.notes(), expected);
    // The same by its place.
    assert_eq!(wander(&host, &["other", "--tenant=demo"]).exits(0).notes(), expected);
    let elsewhere = wander(&host, &["--tenant=other", "--roam=demo"]).exits(0);
    assert_eq!(elsewhere.notes()[..3], ["list: other", "open other: NotFound", "default: none"]);
    assert_eq!(rows(&host.data().join("platform.db"), "SELECT slug FROM tenants WHERE is_default = 1"), ["demo"]);

    let system = wander(&host, &["--roam=other"]).exits(0);
    let expected = [
        "list: demo other",
        "open other: done",
        "default: demo",
        "set default: done",
        "create: done",
        "admin: done",
        "many ids: Invalid",
        "ids: done",
    ];
    assert_eq!(system.notes()[..8], expected);
    let tables =
        [(Value::Null, json!("tenants"), json!(1), json!(2)), (Value::Null, json!("users"), json!(1), json!(0))];
    assert_eq!(receipt(&host), tables);
}

#[test]
fn one_tenant_is_open_at_a_time() {
    let host = host();
    let output = wander(&host, &["--open=demo", "--open=other"]).exits(0);
    let expected = ["while open: TransactionOpen", "checkpoint: Invalid", "first: Invalid", "second: done"];
    assert_eq!(output.notes(), expected);
    let lines = |slug| rows(&tenant_database(&host.data(), slug), "SELECT count(*) FROM logs");
    assert_eq!((lines("demo"), lines("other")), (vec!["0".to_owned()], vec!["1".to_owned()]));
}

#[test]
fn a_receipt_holds_what_was_committed_however_the_guest_ends() {
    let host = host();
    let line = |slug: &str, n: u64| (json!(slug), json!("logs"), json!(n), json!(0));
    for (ending, exit, added) in
        [("report", 0, 1), ("keep", 0, 1), ("trap", 1, 1), ("exit", 1, 1), ("cancelled", 130, 1), ("twice", 0, 2)]
    {
        let _ = wander(&host, &["--commit", ending]).exits(exit);
        assert_eq!(receipt(&host), [line("demo", added), line("other", added)], "{ending}");
        let _ = wander(&host, &["--tenant=demo", "--commit", ending]).exits(exit);
        assert_eq!(receipt(&host), [line("demo", added)], "{ending} inside a tenant");
    }
    let _ = wander(&host, &["--commit=trap", "--dry-run"]).exits(1);
    assert_eq!(receipt(&host), [line("demo", 1), line("other", 1)]);
    let lines = |slug| rows(&tenant_database(&host.data(), slug), "SELECT count(*) FROM logs").swap_remove(0);
    assert_eq!((lines("demo"), lines("other")), ("14".to_owned(), "7".to_owned()));
}
