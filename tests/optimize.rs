//! `optimize_database` puts files in order and loses nothing: not in a dry run, not when it is killed, not of damaged files.

mod advice;
mod orphans;
mod statements;

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::Value;
use support::{Random, TestHost, copy_of, kill_after, platform_state, rows, settle, tenant_database};

/// A tenant with rows, and a third of whose storage is empty.
fn host() -> TestHost {
    let host = TestHost::with_tenant();
    let _ = host.run(["create_test_data", "--quiet", "--tenant=demo", "--volume=small"]).exits(0);
    let database = Connection::open(database(&host)).expect("the file can be opened");
    let many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
        INSERT INTO logs (level, message, created_at) SELECT 'info', 'line ' || i, i FROM n";
    database.execute_batch(&format!("{many}; DELETE FROM logs")).expect("rows can be written");
    drop(database);
    settle(&host.data());
    host
}

fn database(host: &TestHost) -> PathBuf {
    tenant_database(&host.data(), "demo")
}

fn first(host: &TestHost, sql: &str) -> String {
    rows(&database(host), sql).swap_remove(0)
}

/// Every row of a tenant's tables.
fn content(host: &TestHost) -> Vec<String> {
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let database = database(host);
    rows(&database, tables).iter().flat_map(|table| rows(&database, &format!("SELECT * FROM {table}"))).collect()
}

/// The statements that a run named.
fn statements(details: &Value) -> Vec<&str> {
    let named = details["statements"].as_array().expect("a list of statements").iter();
    named.map(|statement| statement["statement"].as_str().expect("a text")).collect()
}

#[test]
fn what_is_empty_is_given_back_and_a_second_run_does_nothing() {
    let host = host();
    let before = content(&host);
    let first_run = host.run(["optimize_database", "--json"]).exits(0).summary();
    let details = &first_run["details"];
    assert!(statements(details).contains(&"VACUUM"), "{details}");
    let tenant = &details["tenants"][0];
    let bytes = |when: &str, what: &str| tenant[when][what].as_u64().expect("a number");
    assert!(bytes("before", "free_bytes") > 0 && bytes("after", "free_bytes") == 0, "{tenant}");
    assert!(bytes("after", "bytes") < bytes("before", "bytes") && bytes("after", "log_bytes") == 0, "{tenant}");
    assert!(tenant["after"]["analyzed_at"].is_string() && tenant["before"]["analyzed_at"].is_null(), "{tenant}");
    assert_eq!(content(&host), before);
    assert_eq!(first(&host, "PRAGMA integrity_check"), "ok");
    let again = host.run(["optimize_database", "--json"]).exits(0).summary();
    assert_eq!(statements(&again["details"]), Vec::<&str>::new());
}

#[test]
fn a_dry_run_names_the_statements_and_changes_no_byte() {
    let host = host();
    let before = platform_state(&host.data());
    for more in [&[][..], &["--analyze"], &["--reindex"], &["--analyze", "--reindex"], &["--kill"]] {
        let line = ["optimize_database", "--dry-run", "--json"].iter().chain(more);
        let dry = host.run(line).exits(0).summary();
        assert!(!statements(&dry["details"]).is_empty(), "{more:?}");
        assert_eq!(platform_state(&host.data()), before, "{more:?}");
    }
    let dry = host.run(["optimize_database", "--dry-run", "--json"]).exits(0).summary();
    let real = host.run(["optimize_database", "--json"]).exits(0).summary();
    assert_eq!(statements(&dry["details"]), statements(&real["details"]));
    assert_eq!(dry["counts"], real["counts"]);
}

#[test]
fn statistics_alone_and_indexes_alone_are_nothing_else() {
    let host = host();
    let free = "PRAGMA freelist_count";
    let before = first(&host, free);
    let analyzed = host.run(["optimize_database", "--analyze", "--json"]).exits(0).summary();
    assert!(statements(&analyzed["details"]).iter().all(|statement| statement.starts_with("ANALYZE ")));
    assert!(rows(&database(&host), "SELECT DISTINCT tbl FROM sqlite_stat1").contains(&"messages".to_owned()));
    let reindexed = host.run(["optimize_database", "--reindex", "--json"]).exits(0).summary();
    let named = statements(&reindexed["details"]);
    assert!(named.iter().all(|statement| statement.starts_with("REINDEX ")), "{named:?}");
    assert!(named.contains(&"REINDEX \"messages_by_chat_id\""), "{named:?}");
    assert_ne!((before.as_str(), first(&host, free).as_str()), ("0", "0"), "nothing was written anew");
}

#[test]
fn indexes_that_are_half_empty_are_built_anew_and_others_are_not() {
    let host = TestHost::with_tenant();
    let rows_of = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
        INSERT INTO logs (id, level, message, created_at) SELECT i, 'info', 'x', i FROM n";
    let file = Connection::open(database(&host)).expect("the file can be opened");
    file.execute_batch(&format!("{rows_of}; DELETE FROM logs WHERE id % 2 <> 0")).expect("rows can be written");
    drop(file);
    let done = host.run(["optimize_database", "--json", "--free-threshold=100"]).exits(0).summary();
    let named = statements(&done["details"]);
    assert!(named.contains(&"REINDEX \"logs_by_created_at\""), "{named:?}");
    assert!(!named.iter().any(|statement| statement.contains("chats_by")), "{named:?}");
    assert_eq!(first(&host, "PRAGMA integrity_check"), "ok");
}

/// Overwrites a page in the middle of a relation.
fn damage(host: &TestHost) {
    let path = database(host);
    let page =
        "SELECT pageno FROM dbstat WHERE name = 'messages' AND pagetype = 'leaf' ORDER BY pageno LIMIT 1 OFFSET 3";
    let page: usize = first(host, page).parse().expect("a page has a number");
    let mut bytes = fs::read(&path).expect("the file can be read");
    bytes[(page - 1) * 16_384..page * 16_384].fill(0xa5);
    fs::write(&path, bytes).expect("the file can be written");
}

#[test]
fn a_damaged_tenant_is_told_and_not_touched_and_the_others_are_done() {
    let host = host();
    let _ = host.run(["init_system", "--quiet", "--only=tenants", "--tenant=shop"]).exits(0);
    settle(&host.data());
    damage(&host);
    let before = fs::read(database(&host)).expect("the file can be read");
    let told = host.run(["optimize_database", "--json"]).exits(5).summary();
    assert_eq!(told["details"]["damage"][0]["kind"], "structure", "{told}");
    assert_eq!(fs::read(database(&host)).expect("the file can be read"), before);
    let shop = tenant_database(&host.data(), "shop");
    assert!(rows(&shop, "SELECT name FROM sqlite_schema").contains(&"sqlite_stat1".to_owned()));
}

#[test]
fn a_file_that_is_cut_or_gone_is_damage_and_the_others_are_done() {
    let host = host();
    let _ = host.run(["init_system", "--quiet", "--only=tenants", "--tenant=shop"]).exits(0);
    settle(&host.data());
    let path = database(&host);
    let whole = fs::read(&path).expect("the file can be read");
    fs::write(&path, &whole[..5_000]).expect("the file can be written");
    for _ in 0..2 {
        let told = host.run(["optimize_database", "--json"]).exits(5).summary();
        assert_eq!(told["details"]["failed"][0]["code"], "verification-failed", "{told}");
        assert_eq!(told["details"]["tenants"][0]["tenant"], "shop", "{told}");
        let _ = fs::remove_file(&path);
    }
}

#[test]
fn a_tenant_in_use_is_told_and_the_others_are_done() {
    let host = host();
    let holding = Connection::open(database(&host)).expect("the file can be opened");
    holding.execute_batch("BEGIN IMMEDIATE").expect("nobody else writes");
    let refused = host.run(["optimize_database", "--analyze"]).exits(11);
    assert!(refused.error().contains("another process is using the rows of `demo`"), "{}", refused.error());
    let _ = host.run(["init_system", "--quiet", "--only=tenants", "--tenant=shop"]).exits(0);
    let told = host.run(["optimize_database", "--analyze", "--json"]).exits(3).summary();
    assert_eq!(told["details"]["failed"][0]["code"], "locked", "{told}");
    let shop = tenant_database(&host.data(), "shop");
    assert!(rows(&shop, "SELECT name FROM sqlite_schema").contains(&"sqlite_stat1".to_owned()));
}

#[test]
fn a_kill_at_any_moment_leaves_a_whole_file_and_the_next_run_does_the_rest() {
    let template = host();
    let before = content(&template);
    for line in [&["optimize_database"][..], &["optimize_database", "--analyze", "--reindex"]] {
        let undisturbed = copy_of(&template);
        let begun = Instant::now();
        let _ = undisturbed.run(line).exits(0);
        let length = u64::try_from(begun.elapsed().as_micros()).expect("it took less than an age");
        let mut random = Random::new(20_261_126);
        for kill in 0..12 {
            let host = copy_of(&template);
            let moment = random.below(length);
            let process = host.command(line).spawn().expect("the binary can be started");
            let _ = kill_after(process, Duration::from_micros(moment));
            let what = format!("{line:?}, kill {kill} after {moment} us");
            assert_eq!(first(&host, "PRAGMA integrity_check"), "ok", "{what}");
            assert_eq!(content(&host), before, "{what}");
            let _ = host.run(line).exits(0);
            assert_eq!(content(&host), before, "{what}");
        }
    }
}

#[test]
fn a_deadline_ends_it_and_leaves_a_whole_file() {
    let host = host();
    let many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000)
        INSERT INTO logs (id, level, message, created_at) SELECT i, 'info', i || 'x', i * 7919 % 400009 FROM n";
    let file = Connection::open(database(&host)).expect("the file can be opened");
    file.execute_batch(many).expect("rows can be written");
    drop(file);
    let before = first(&host, "SELECT count(*) FROM logs");
    let _ = host.run(["optimize_database", "--reindex", "--analyze", "--timeout=30ms"]).exits(124);
    assert_eq!(first(&host, "PRAGMA integrity_check"), "ok");
    assert_eq!(first(&host, "SELECT count(*) FROM logs"), before);
}
