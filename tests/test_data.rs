//! Test data is the same for the same seed wherever it is made, and is removed without a trace.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use rusqlite::Connection;
use serde_json::Value;
use support::{TestHost, rows, tenant_database};

/// The relations of a batch with all of their columns but the tenant's.
const RELATIONS: [(&str, &str); 11] = [
    ("agents", "id, slug, name, description, model, instructions, language, is_active, created_at, updated_at"),
    ("knowledge_items", "id, external_id, title, body, language, tags, source, content_hash, created_at, updated_at"),
    ("documents", "id, external_id, title, media_type, body, created_at, updated_at"),
    ("files", "id, name, media_type, bytes, sha256, document_id, created_at"),
    (
        "chats",
        "id, external_id, agent_id, title, status, language, is_pinned, legal_hold, first_response_at, handed_over_at, \
         resolved_at, created_at, updated_at",
    ),
    ("messages", "id, chat_id, role, body, tokens, response_ms, created_at"),
    ("sentiments", "id, message_id, chat_id, label, score, confidence, model, created_at"),
    ("feedback", "id, chat_id, rating, comment, created_at"),
    ("logs", "id, level, message, context, created_at, expires_at"),
    ("analytics_events", "id, name, chat_id, agent_id, properties, value, created_at"),
    ("settings", "name, value, updated_at"),
];

/// What a tenant has of every relation.
pub(crate) fn content(host: &TestHost, tenant: &str) -> BTreeMap<&'static str, Vec<String>> {
    let database = tenant_database(&host.data(), tenant);
    let of = |(relation, columns)| (relation, rows(&database, &format!("SELECT {columns} FROM {relation} ORDER BY 1")));
    RELATIONS.map(of).into_iter().collect()
}

fn make(host: &TestHost, tenant: &str, words: &[&str]) -> support::Output {
    let tenant = format!("--tenant={tenant}");
    host.run(["create_test_data", &tenant, "--json"].iter().chain(words)).exits(0)
}

#[test]
fn the_same_seed_gives_the_same_rows_in_every_tenant_and_other_seeds_others() {
    let host = TestHost::with_tenant();
    for tenant in ["one", "two"] {
        let _ = host.run(["init_system", "--only=tenants", "--tenant", tenant]).exits(0);
    }
    for scenario in ["normal", "high_load", "edge_cases", "faults"] {
        let scenario = format!("--scenario={scenario}");
        for tenant in ["one", "two"] {
            let _ = make(&host, tenant, &["--seed=7", &scenario]);
        }
        // Another seed beside it meets none of its keys, which would be an error.
        let _ = make(&host, "two", &["--seed=8", &scenario]);
        let _ = make(&host, "two", &["--remove", "--seed=8"]);
    }
    let (one, two) = (content(&host, "one"), content(&host, "two"));
    for (relation, rows) in &one {
        assert!(rows == &two[relation], "{relation}");
        assert!(!rows.is_empty(), "{relation}");
    }
    for kind in ["chats", "knowledge", "agents"] {
        let export = |tenant: &str| {
            let (kind, file) = (format!("--type={kind}"), format!("{tenant}-{kind}.csv"));
            let _ = host.run(["export_data", &kind, "--tenant", tenant, "--output", &file]).exits(0);
            fs::read(host.folder().join(file)).expect("the export is there")
        };
        assert!(export("one") == export("two"), "{kind}");
    }
    let _ = make(&host, "one", &["--remove"]);
    assert!(content(&host, "one").values().all(Vec::is_empty));
    assert_eq!(rows(&tenant_database(&host.data(), "one"), "SELECT count(*) FROM journals"), ["0"]);
}

#[test]
fn what_others_added_to_a_batch_stays_when_it_is_removed() {
    let host = TestHost::with_tenant();
    let _ = make(&host, "demo", &[]);
    let database = tenant_database(&host.data(), "demo");
    Connection::open(&database)
        .and_then(|connection| {
            connection.execute_batch(
                "INSERT INTO messages (id, chat_id, role, body, created_at)
                 SELECT 1, max(id), 'user', 'a person wrote this', 1 FROM chats;
                 INSERT INTO chats (id, agent_id, created_at, updated_at) SELECT 2, max(id), 1, 1 FROM agents;",
            )
        })
        .expect("people can write");
    let removed = make(&host, "demo", &["--remove"]);
    assert_eq!((removed.count("chats", "deleted"), removed.count("chats", "kept")), (499, 1));
    assert_eq!(removed.count("agents", "kept"), 1 + u64::from(rows(&database, "SELECT count(*) FROM agents") == ["2"]));
    assert_eq!(rows(&database, "SELECT body FROM messages WHERE id = 1"), ["a person wrote this"]);
}

#[test]
fn a_batch_that_comes_back_is_not_told_as_deleted() {
    let host = TestHost::with_tenant();
    let _ = make(&host, "demo", &["--chats=100"]);
    let _ = make(&host, "demo", &["--remove"]);
    let database = tenant_database(&host.data(), "demo");
    assert_ne!(rows(&database, "SELECT count(*) FROM deletions"), ["0"]);
    let _ = make(&host, "demo", &["--chats=100"]);
    assert_eq!(rows(&database, "SELECT count(*) FROM deletions"), ["0"]);
}

/// The lines of a file of answers.
fn answers(host: &TestHost, name: &str) -> Vec<Value> {
    let text = fs::read_to_string(host.folder().join(name)).expect("the answers are there");
    text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

#[test]
fn the_key_names_rows_that_are_there_and_a_cleanup_does_what_it_says() {
    let host = TestHost::with_tenant();
    let _ = make(&host, "demo", &["--scenario=faults", "--until=2020-01-01", "--answers=key.jsonl"]);
    let answers = answers(&host, "key.jsonl");
    let database = tenant_database(&host.data(), "demo");
    let count = |answer: &Value| {
        let (relation, id) =
            (answer["relation"].as_str().unwrap_or_default(), answer["id"].as_str().unwrap_or_default());
        let column = if relation == "settings" { "name" } else { "id" };
        rows(&database, &format!("SELECT count(*) FROM {relation} WHERE {column} = '{id}'")).swap_remove(0)
    };
    let in_tables: Vec<_> = answers.iter().filter(|answer| answer["relation"] != "media").collect();
    assert!(in_tables.len() > 130 && in_tables.iter().all(|answer| count(answer) == "1"));

    let _ = host.run(["cleanup_old_data", "--tenant=demo"]).exits(0);
    let fates: Vec<_> = answers.iter().filter(|answer| answer["command"] == "cleanup_old_data").collect();
    assert_eq!(fates.len(), 15);
    for answer in fates {
        assert_eq!(count(answer), if answer["issue"] == "kept" { "1" } else { "0" }, "{answer}");
    }
}

#[test]
fn labels_tell_how_every_message_of_a_customer_feels() {
    let host = TestHost::with_tenant();
    let made = make(&host, "demo", &["--labels=labels.jsonl"]);
    let labels = answers(&host, "labels.jsonl");
    let database = tenant_database(&host.data(), "demo");
    let customers = rows(&database, "SELECT count(*) FROM messages WHERE role = 'user'").swap_remove(0);
    assert_eq!((labels.len().to_string(), made.count("labels", "created").to_string()), (customers.clone(), customers));
    let known: BTreeMap<_, _> =
        labels.iter().map(|label| (label["id"].to_string(), label["label"].as_str().unwrap_or_default())).collect();
    let told = rows(&database, "SELECT message_id, label FROM sentiments");
    assert!(told.len() > 50);
    for row in told {
        let (id, label) = row.split_once('|').expect("two cells");
        assert_eq!(known[id], label);
    }
}

#[test]
fn ten_times_the_messages_take_no_more_memory() {
    let host = TestHost::with_tenant();
    let memory = |seed: &str, messages: &str| {
        let _ = make(&host, "demo", &[seed, "--chats=3000", messages, "--documents=0"]);
        let shown = host.run(["runs", "show", "latest", "--json"]).exits(0).json_lines();
        let limits = shown[0]["receipt"]["limits"].as_array().cloned().unwrap_or_default();
        let memory = limits.iter().find(|limit| limit["name"] == "memory").expect("memory is measured");
        memory["used"].as_u64().expect("in bytes")
    };
    let (few, many) = (memory("--seed=1", "--messages=9000"), memory("--seed=2", "--messages=90000"));
    assert!(many < few * 2, "{few} and {many} bytes");
}

/// What a validation finds, as issue, relation and id; samples hold all of so few.
fn found(host: &TestHost) -> BTreeSet<(String, String, String)> {
    let validated = host.run(["validate_system", "--tenant=demo", "--contents", "--json"]);
    let summary = validated.summary();
    let details = summary["details"]["issues"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let of = |issue: &Value| {
        let sample = issue["sample"].as_array().cloned().unwrap_or_default();
        sample
            .into_iter()
            .map(|row| (text(&issue["issue"]), text(&row["relation"]), text(&row["id"])))
            .collect::<Vec<_>>()
    };
    details.iter().flat_map(of).collect()
}

#[test]
fn a_validation_finds_every_planted_fault_and_nothing_in_what_is_sound() {
    let host = TestHost::with_tenant();
    for scenario in ["normal", "high_load", "edge_cases"] {
        let _ = make(&host, "demo", &["--scenario", scenario]);
    }
    let _ = host.run(["setup_demo_data", "--tenant=demo"]).exits(0);
    assert!(found(&host).is_empty(), "{:?}", found(&host));
    let _ = make(&host, "demo", &["--scenario=faults", "--answers=key.jsonl"]);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let planted = answers(&host, "key.jsonl").into_iter().filter(|answer| answer["command"] == "validate_system");
    let planted: BTreeSet<_> =
        planted.map(|answer| (text(&answer["issue"]), text(&answer["relation"]), text(&answer["id"]))).collect();
    assert_eq!(found(&host), planted);
}
