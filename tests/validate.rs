//! `validate_system` over planted faults: all are found, none is invented, and a look changes nothing.

mod plants;

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::Connection;
use serde_json::Value;
use support::{Output, TestHost, platform_state, settle, tenant_database};

use plants::{PLANTS, WELL};

/// SHA-256 of `text`, and one of nothing here.
const TEXT: &str = "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1";
const OTHER: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// An issue, the relation and the key of one of its faults.
type Fault = (String, String, String);

/// A tenant with everything in it that a plain installation has, and more; all of it is well.
fn host() -> TestHost {
    let host = TestHost::new();
    let _ = host.run(["init_system"]).exits(0);
    host.file("faq.csv", "id,title,body,language,tags\nfaq-101,¿Cómo?,Así,es,a;b\n,Sin id,Texto,es,\n");
    let _ = host.run(["import_knowledge", "--file=faq.csv"]).exits(0);
    plant(&host, WELL);
    plant(&host, &format!("UPDATE files SET sha256 = '{TEXT}'"));
    host.file("encargo-data/media/1/well.txt", "text");
    host
}

/// Runs SQL in the tenant's file, past its references and rules, as data from elsewhere comes.
#[track_caller]
fn plant(host: &TestHost, sql: &str) {
    let database = Connection::open(tenant_database(&host.data(), "demo")).expect("the file can be opened");
    let sql = sql.replace("{sha}", OTHER).replace("{text}", TEXT);
    let sql = format!("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; {sql}");
    database.execute_batch(&sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// What a run found, each fault by itself.
fn faults(output: &Output) -> BTreeSet<Fault> {
    let summary = output.summary();
    let details: Value = match &summary["details"] {
        Value::String(text) => serde_json::from_str(text).expect("details are JSON"),
        details => details.clone(),
    };
    assert_eq!(details["crashes"], Value::Array(Vec::new()), "{details}");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let issues = details["issues"].as_array().expect("a list of issues").iter();
    let places = |issue: &Value| -> Vec<Fault> {
        let sample = issue["sample"].as_array().expect("a list of places");
        assert_eq!(Some(sample.len() as u64), issue["n"].as_u64(), "{issue}");
        sample.iter().map(|place| (text(&issue["issue"]), text(&place["relation"]), text(&place["id"]))).collect()
    };
    issues.flat_map(places).collect()
}

fn look(host: &TestHost, more: &[&str]) -> Output {
    host.run(["validate_system", "--json", "--contents", "--sample=1000"].iter().chain(more))
}

#[test]
fn a_plain_installation_has_no_problems() {
    let output = look(&host(), &["--fail-level=debug"]).exits(0);
    assert_eq!(faults(&output), BTreeSet::new());
}

#[test]
fn every_planted_fault_is_found_and_none_is_invented() {
    let host = host();
    let mut planted = BTreeSet::new();
    for (issue, relation, key, sql) in PLANTS {
        plant(&host, sql);
        planted.insert(((*issue).to_owned(), (*relation).to_owned(), (*key).to_owned()));
    }
    for (name, content) in
        [("unknown", "a"), ("short", "text"), ("other", "other"), ("orphan", "text"), ("unhashed", "text"), ("aÃ±o", "text")]
    {
        host.file(&format!("encargo-data/media/1/{name}.txt"), content);
    }
    // An item that is planted for something else is hashed as it should be.
    rehash(&host, "knowledge_items.id BETWEEN 202 AND 299");
    let found = faults(&look(&host, &[]).exits(4));
    let (missed, invented): (Vec<_>, Vec<_>) =
        (planted.difference(&found).collect(), found.difference(&planted).collect());
    let right = planted.intersection(&found).count();
    println!(
        "planted {}, found {}: recall {:.3}, precision {:.3}",
        planted.len(),
        found.len(),
        right as f64 / planted.len() as f64,
        right as f64 / found.len() as f64
    );
    assert!(missed.is_empty() && invented.is_empty(), "missed {missed:?}\ninvented {invented:?}");
}

/// Gives items the content hash of what they say.
fn rehash(host: &TestHost, which: &str) {
    use encargo_sdk::knowledge::{Absent, Hasher, Item};
    let database = Connection::open(tenant_database(&host.data(), "demo")).expect("the file can be opened");
    let sql = format!("SELECT id, title, body, language, tags, source FROM knowledge_items WHERE {which}");
    let mut statement = database.prepare(&sql).expect("the items can be read");
    let row = |row: &rusqlite::Row<'_>| {
        let texts: rusqlite::Result<Vec<String>> = (1..6).map(|column| row.get(column)).collect();
        Ok((row.get::<_, i64>(0)?, texts?))
    };
    let items: Vec<_> = statement.query_map([], row).expect("rows").map(|row| row.expect("a row")).collect();
    for (id, texts) in items {
        let [title, body, language, tags, source] = &texts[..] else { panic!("five texts") };
        let item = Item { external_id: "x", title, body, language, tags, source, absent: Absent::default() };
        let (mut hasher, sql) = (Hasher::default(), "UPDATE knowledge_items SET content_hash = ?2 WHERE id = ?1");
        database.execute(sql, (id, hasher.identity(&item).content_hash)).expect("an item can be hashed");
    }
}

/// Whether a run left every byte as it was.
#[track_caller]
fn changes_nothing(host: &TestHost, exit: i32, arguments: &[&str]) {
    settle(&host.data());
    let before = platform_state(&host.data());
    let _ = host.run(arguments).exits(exit);
    assert_eq!(platform_state(&host.data()), before, "{arguments:?}");
}

#[test]
fn a_look_changes_no_byte_whatever_it_may_and_needs_no_permission_to_write() {
    let host = host();
    PLANTS.iter().for_each(|(.., sql)| plant(&host, sql));
    changes_nothing(&host, 4, &["validate_system", "--contents"]);
    let shown = host.run(["commands", "show", "validate_system", "--json"]).exits(0);
    let writing = shown.stdout.split('"').filter(|text| is_writing(text)).map(str::to_owned).collect::<BTreeSet<_>>();
    for permission in &writing {
        let _ = host.run(["commands", "revoke", "validate_system", permission]).exits(0);
    }
    changes_nothing(&host, 4, &["validate_system", "--contents"]);
}

fn is_writing(text: &str) -> bool {
    ["insert:", "update:", "delete:"].iter().any(|verb| text.starts_with(verb))
}

#[test]
fn a_check_that_crashes_is_told_as_crashed_and_the_others_go_on() {
    let host = host();
    plant(&host, "INSERT INTO settings (name, value, updated_at) VALUES ('bare', 'dark', 1)");
    plant(&host, "ALTER TABLE logs RENAME COLUMN context TO renamed");
    let output = host.run(["validate_system", "--json", "--module=logs,settings", "--fail-level=critical"]).exits(4);
    let details = &output.summary()["details"];
    assert_eq!(details["crashes"][0]["module"], "logs", "{details}");
    assert_eq!(details["issues"][0]["issue"], "settings.E001", "{details}");
}

#[test]
fn the_media_folder_is_where_the_test_puts_it() {
    assert!(Path::new(&host().data()).join("media/1/well.txt").is_file());
}
