//! What killed runs left is listed, and ended where `--kill` is given; nobody living is touched.

use std::fs;
use std::time::Duration;

use rusqlite::Connection;
use serde_json::Value;
use support::{TestHost, kill_after};

use super::database;

fn orphans(host: &TestHost, more: &[&str]) -> Vec<Value> {
    let line = ["optimize_database", "--json"].iter().chain(more);
    let summary = host.run(line).exits(0).summary();
    summary["details"]["orphans"].as_array().expect("a list of orphans").clone()
}

#[test]
fn what_a_killed_run_left_is_listed_and_goes_with_kill_alone() {
    let host = TestHost::with_tenant();
    let left = host.data().join("tmp/06yws1xe400");
    let make = || fs::create_dir_all(left.join("databases")).expect("a folder can be made");
    make();
    let found = orphans(&host, &[]);
    let [files] = &found[..] else { panic!("{found:?}") };
    assert_eq!((&files["kind"], &files["name"]), (&"files".into(), &"tmp/06yws1xe400".into()));
    assert_eq!((&files["can_end"], &files["ended"]), (&true.into(), &false.into()));
    make();
    let dry = orphans(&host, &["--kill", "--dry-run"]);
    assert_eq!(dry[0]["ended"], true, "what would be: {dry:?}");
    make();
    let ended = orphans(&host, &["--kill"]);
    assert_eq!(ended[0]["ended"], true);
    assert!(!left.exists());
    assert_eq!(orphans(&host, &["--kill"]), Vec::<Value>::new());
}

#[test]
fn a_run_that_was_killed_is_told_as_lost() {
    let host = TestHost::with_tenant();
    let line = ["create_test_data", "--tenant=demo", "--volume=large", "--quiet"];
    let process = host.command(line).spawn().expect("the binary can be started");
    assert!(kill_after(process, Duration::from_millis(1_500)), "it takes longer than that");
    let found = orphans(&host, &[]);
    let lost: Vec<_> = found.iter().filter(|orphan| orphan["kind"] == "lost-run").collect();
    assert_eq!(lost.len(), 1, "{found:?}");
    assert!(lost[0]["holder"].as_str().is_some_and(|holder| holder.contains("`create_test_data` in `demo`")));
    assert_eq!(orphans(&host, &[]).iter().filter(|orphan| orphan["kind"] == "lost-run").count(), 0, "it is told once");
}

#[test]
fn who_is_writing_is_named_and_not_killed() {
    let host = TestHost::with_tenant();
    let _ = host.run(["init_system", "--quiet", "--only=tenants", "--tenant=shop"]).exits(0);
    let holding = Connection::open(database(&host)).expect("the file can be opened");
    holding.execute_batch("BEGIN IMMEDIATE").expect("nobody else writes");
    let told = host.run(["optimize_database", "--analyze", "--kill", "--json"]).exits(3).summary();
    let found = told["details"]["orphans"].as_array().expect("a list of orphans");
    let writer = found.iter().find(|orphan| orphan["kind"] == "transaction").expect("the writer is found");
    assert_eq!((&writer["name"], &writer["can_end"], &writer["ended"]), (&"demo".into(), &false.into(), &false.into()));
    assert_eq!(writer["holder"], format!("process {}", std::process::id()));
    holding.execute_batch("COMMIT").expect("the transaction goes on");
}
