//! What `--fix-issues` mends and what `--undo` takes back.

use std::collections::BTreeSet;

use support::{TestHost, rows, tenant_database};

use super::{faults, host, look, plant};

/// Faults that can be mended and taken back.
pub(super) const MENDABLE: &str = "
INSERT INTO messages (id, chat_id, role, body, created_at) VALUES (40, 1, 'user', 'a', 11);
INSERT INTO sentiments (id, message_id, chat_id, label, score, confidence, model, created_at)
    VALUES (40, 40, 2, 'neutral', 0, 1, 'm', 11);
INSERT INTO analytics_events (id, name, chat_id, agent_id, created_at) VALUES (41, 'a', 941, 942, 1), (42, 'a', 943, 1, 1);
INSERT INTO knowledge_items (id, external_id, title, body, content_hash, created_at, updated_at)
    VALUES (43, 'k43', 'a', 'b', 'wrong', 1, 1);";

/// The rows that are mended.
fn mended_rows(host: &TestHost) -> Vec<String> {
    let sql = "SELECT 'sentiment', id, chat_id, NULL FROM sentiments
        UNION ALL SELECT 'event', id, chat_id, agent_id FROM analytics_events
        UNION ALL SELECT 'item', id, content_hash, NULL FROM knowledge_items
        UNION ALL SELECT 'chat', id, agent_id, NULL FROM chats ORDER BY 1, 2";
    rows(&tenant_database(&host.data(), "demo"), sql)
}

#[test]
fn what_can_be_mended_is_mended_found_no_more_and_taken_back() {
    let host = host();
    plant(&host, MENDABLE);
    let before = mended_rows(&host);
    let fix = ["validate_system", "--json", "--fix-issues", "--fail-level=warning"];
    let _ = host.run(fix.iter().chain(&["--dry-run"])).exits(0);
    assert_eq!(mended_rows(&host), before);
    let fixed = host.run(fix).exits(0);
    assert_eq!((fixed.count("problems", "updated"), fixed.count("problems", "failed")), (5, 0));
    assert_eq!(faults(&look(&host, &["--fail-level=warning"]).exits(0)), BTreeSet::new());
    assert_ne!(mended_rows(&host), before);

    let run = fixed.summary()["run"].as_str().expect("a run has an id").to_owned();
    let undo = format!("--undo={run}");
    let undone = host.run(["validate_system", "--json", &undo]).exits(0);
    assert_eq!((undone.count("analytics_events", "updated"), undone.count("sentiments", "updated")), (2, 1));
    assert_eq!(mended_rows(&host), before);
    let again = host.run(["validate_system", &undo]).exits(10);
    assert!(again.error().contains("can be taken back"), "{}", again.stderr);
}

#[test]
fn what_changed_since_or_leads_nowhere_is_not_taken_back() {
    let host = host();
    plant(&host, MENDABLE);
    plant(&host, "INSERT INTO chats (id, agent_id, created_at, updated_at) VALUES (44, 944, 1, 1)");
    let fixed = host.run(["validate_system", "--json", "--fix-issues"]).exits(0);
    plant(&host, "UPDATE knowledge_items SET content_hash = 'edited' WHERE id = 43");
    let undo = format!("--undo={}", fixed.summary()["run"].as_str().expect("a run has an id"));
    let undone = host.run(["validate_system", "--json", &undo]).exits(3);
    assert_eq!((undone.count("chats", "kept"), undone.count("knowledge_items", "kept")), (1, 1));
    let kept = "SELECT relation, row_key, before FROM journal_entries WHERE journal_id > 1 ORDER BY relation";
    let kept = rows(&tenant_database(&host.data(), "demo"), kept);
    assert_eq!(kept, ["chats|44|{\"agent_id\":944}", "knowledge_items|43|{\"content_hash\":\"wrong\"}"]);
}

#[test]
fn a_fixer_that_fails_leaves_its_rows_and_the_others_go_on() {
    let host = host();
    plant(&host, MENDABLE);
    plant(&host, "CREATE TRIGGER no BEFORE UPDATE ON sentiments BEGIN SELECT RAISE(ABORT, 'no'); END");
    let before = mended_rows(&host);
    let line = ["validate_system", "--json", "--fix-issues", "--module=chats,knowledge"];
    let output = host.run(line).exits(3);
    let notes = output.notes();
    assert!(notes.iter().any(|note| note.starts_with("sentiments in `demo` could not be fixed")), "{notes:?}");
    let changed: Vec<_> = mended_rows(&host).into_iter().filter(|row| !before.contains(row)).collect();
    assert!(matches!(&changed[..], [item] if item.starts_with("item|43|")), "{changed:?}");
}
