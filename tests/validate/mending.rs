//! What `--fix-issues` mends and what `--undo` takes back.

use std::collections::BTreeSet;

use support::{TestHost, killed_and_run_again, rows, settle, tenant_database};

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

/// Some hundred faults of each kind that can be mended and taken back, each with what it was before.
const MANY: &str = "
WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 1499)
    INSERT INTO messages (id, chat_id, role, body, created_at) SELECT i, 1, 'user', 'a', 11 FROM n;
INSERT INTO sentiments (id, message_id, chat_id, label, score, confidence, model, created_at)
    SELECT id, id, 2, 'neutral', 0, 1, 'm', 11 FROM messages WHERE id >= 1000;
INSERT INTO analytics_events (id, name, chat_id, agent_id, created_at)
    SELECT id, 'a', id + 90000, id + 80000, 1 FROM messages WHERE id >= 1000;
INSERT INTO knowledge_items (id, external_id, title, body, content_hash, created_at, updated_at)
    SELECT id, 'k' || id, 'a' || id, 'b', 'wrong' || id, 1, 1 FROM messages WHERE id >= 1000;";

#[test]
fn what_is_killed_while_it_mends_is_mended_by_the_next_run_and_all_of_it_is_taken_back() {
    let template = host();
    plant(&template, MANY);
    settle(&template.data());
    let before = mended_rows(&template);
    let line = ["validate_system", "--fix-issues", "--fail-level=warning", "--json"];
    let journals = "SELECT name FROM journals WHERE command = 'validate_system' ORDER BY id DESC";
    killed_and_run_again(
        &template,
        &line,
        12,
        |host| {
            let mended = mended_rows(host);
            assert_eq!(faults(&look(host, &["--fail-level=warning"]).exits(0)), BTreeSet::new());
            // A run that was killed has what it mended in a journal of its own.
            for run in rows(&tenant_database(&host.data(), "demo"), journals).iter().collect::<BTreeSet<_>>() {
                let _ = host.run(["validate_system", &format!("--undo={run}")]).exits(0);
            }
            assert!(mended_rows(host) == before, "what was taken back is not what was there before");
            mended
        },
        |host, what| {
            // A relation is mended whole or not at all, in a transaction with its journal.
            let database = tenant_database(&host.data(), "demo");
            for sql in [
                "SELECT count(*) FROM sentiments WHERE chat_id = 2 AND id >= 1000",
                "SELECT count(*) FROM knowledge_items WHERE content_hash LIKE 'wrong%'",
            ] {
                let left = rows(&database, sql).swap_remove(0);
                assert!(left == "0" || left == "500", "{what}: {left} are left of {sql}");
            }
        },
    );
}
