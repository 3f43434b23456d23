//! An index is advised where it is proved to help, and never one that is there.

use std::fs;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::Value;
use support::{Random, TestHost, copy_of, kill_after, platform_state, rows, settle};

use super::{database, first};

/// A tenant with 4,000 chats of which one in a hundred is open, and a statement that looks for those and has no index.
pub(super) fn with_a_slow_statement() -> TestHost {
    let host = TestHost::with_tenant();
    let chats = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
        INSERT INTO chats (id, status, created_at, updated_at)
        SELECT i, CASE WHEN i BETWEEN 1980 AND 2019 THEN 'open' ELSE 'closed' END, i, i FROM n";
    let file = Connection::open(database(&host)).expect("the file can be opened");
    file.execute_batch(chats).expect("rows can be written");
    drop(file);
    settle(&host.data());
    host.place("count_chats");
    for _ in 0..3 {
        let _ = host.run(["count_chats", "--tenant=demo", "--status=open"]).exits(0);
    }
    host
}

fn optimized(host: &TestHost, more: &[&str]) -> Value {
    host.run(["optimize_database", "--json"].iter().chain(more)).exits(0).summary()["details"].clone()
}

fn of_kind<'a>(details: &'a Value, kind: &str) -> Vec<&'a Value> {
    let advice = details["advice"].as_array().expect("a list of advice").iter();
    advice.filter(|advice| advice["kind"] == kind).collect()
}

fn create(host: &TestHost, sql: &str) {
    let file = Connection::open(database(host)).expect("the file can be opened");
    file.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
}

const STATEMENT: &str = "select count (*) from chats where status = $1";

#[test]
fn the_advice_for_a_slow_statement_makes_it_faster_and_is_not_given_again() {
    let host = with_a_slow_statement();
    let details = optimized(&host, &[]);
    let slow = details["slow_statements"].as_array().expect("a list of statements");
    let slow = slow.iter().find(|slow| slow["text"] == STATEMENT).expect("the statement is remembered");
    assert_eq!(
        (&slow["calls"], &slow["command"], &slow["plan"][0]),
        (&3.into(), &"count_chats".into(), &"SCAN chats".into())
    );
    let advised = of_kind(&details, "index");
    let [advice] = advised[..] else { panic!("{details}") };
    assert_eq!(advice["helps"][0], slow["id"]);
    let [before, after] = ["work_before", "work_after"].map(|name| advice[name].as_u64().expect("a number"));
    assert!(after * 4 <= before && advice["bytes"].as_u64() > Some(0), "{advice}");
    let sql = advice["statement"].as_str().expect("a text");
    assert_eq!(sql, "CREATE INDEX advised_chats_by_status ON chats (status, tenant_id)");

    let plan = format!("EXPLAIN QUERY PLAN {}", STATEMENT.replace("$1", "'open'"));
    assert!(first(&host, &plan).contains("SCAN chats"));
    create(&host, sql);
    assert!(first(&host, &plan).contains("SEARCH chats USING COVERING INDEX advised_chats_by_status (status=?)"));
    let again = optimized(&host, &[]);
    assert_eq!(of_kind(&again, "index"), Vec::<&Value>::new());
    let _ = host.run(["validate_system", "--module=storage"]).exits(0);
}

#[test]
fn an_equal_index_is_not_advised_and_a_threshold_drops_what_helps_little() {
    for index in ["some ON chats (status)", "more ON chats (status, created_at)", "same ON chats (status, tenant_id)"] {
        let host = with_a_slow_statement();
        create(&host, &format!("CREATE INDEX {index}"));
        let details = host.run(["optimize_database", "--json"]).summary()["details"].clone();
        assert_eq!(of_kind(&details, "index"), Vec::<&Value>::new(), "{index}");
    }
    let host = with_a_slow_statement();
    let details = optimized(&host, &["--min-gain=100000"]);
    assert_eq!(of_kind(&details, "index"), Vec::<&Value>::new());
    assert_eq!(optimized(&host, &["--statements=0"])["slow_statements"], Value::Array(Vec::new()));
}

#[test]
fn an_index_that_repeats_another_is_told_and_those_of_keys_are_not() {
    let host = with_a_slow_statement();
    create(
        &host,
        "CREATE INDEX advised_a ON chats (title, tenant_id); CREATE INDEX advised_b ON chats (title, tenant_id);
         CREATE INDEX advised_c ON chats (title, status, tenant_id); CREATE INDEX advised_d ON messages (chat_id, created_at)",
    );
    let details = optimized(&host, &[]);
    let told = |kind: &str| -> Vec<String> {
        of_kind(&details, kind).iter().map(|advice| advice["index"].as_str().expect("a text").to_owned()).collect()
    };
    assert_eq!(told("equal"), ["advised_b"]);
    assert_eq!(told("covered"), ["advised_a"], "that of `chat_id` stands for a reference");
    assert_eq!(told("unused"), [""; 0], "too little is remembered to tell");
    let covered = of_kind(&details, "covered")[0];
    assert_eq!(covered["detail"], "`advised_c` covers it; it may be kept");
}

#[test]
fn a_kill_while_an_index_is_tried_leaves_nothing_that_the_next_run_does_not_remove() {
    let template = with_a_slow_statement();
    let undisturbed = copy_of(&template);
    let begun = Instant::now();
    let _ = undisturbed.run(["optimize_database"]).exits(0);
    let length = u64::try_from(begun.elapsed().as_micros()).expect("it took less than an age");
    let mut random = Random::new(20_261_126);
    for kill in 0..12 {
        let host = copy_of(&template);
        let moment = length / 2 + random.below(length / 2);
        let process = host.command(["optimize_database"]).spawn().expect("the binary can be started");
        let _ = kill_after(process, Duration::from_micros(moment));
        let what = format!("kill {kill} after {moment} us");
        assert_eq!(first(&host, "PRAGMA integrity_check"), "ok", "{what}");
        assert_eq!(of_kind(&optimized(&host, &[]), "index").len(), 1, "{what}");
        let left = fs::read_dir(host.data().join("tmp")).expect("the folder can be read").count();
        assert_eq!(left, 0, "{what}");
    }
}

#[test]
fn a_dry_run_gives_the_same_advice_and_leaves_nothing() {
    let host = with_a_slow_statement();
    let before = platform_state(&host.data());
    let dry = optimized(&host, &["--dry-run"]);
    assert_eq!(of_kind(&dry, "index").len(), 1, "{dry}");
    assert_eq!(platform_state(&host.data()), before);
    let work = |details: &Value| of_kind(details, "index")[0]["work_after"].clone();
    assert_eq!(work(&optimized(&host, &[])), work(&dry), "steps are the same each time");
    let left = fs::read_dir(host.data().join("tmp")).expect("the folder can be read").count();
    assert_eq!(left, 0);
    assert_eq!(rows(&database(&host), "SELECT name FROM sqlite_schema WHERE name LIKE 'advised%'"), [""; 0]);
}
