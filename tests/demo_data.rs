//! A demo that was set up is taken back to what was there before, and what people changed in it is theirs.

use std::fs;

use rusqlite::Connection;
use support::{TestHost, platform_state, rows, settle, tenant_database};

/// Sets up the demo, or what the words say.
fn demo(host: &TestHost, words: &[&str]) -> support::Output {
    let line = ["setup_demo_data", "--tenant=demo", "--json"];
    host.run(line.iter().chain(words))
}

fn execute(host: &TestHost, sql: &str) {
    let database = Connection::open(tenant_database(&host.data(), "demo")).expect("the tenant's file can be opened");
    database.execute_batch(&format!("PRAGMA foreign_keys = ON; {sql}")).expect("people can change what is theirs");
}

/// What the platform holds, without what tells that something was there: tombstones, and the counter of ids.
fn held(host: &TestHost) -> Vec<(String, String)> {
    settle(&host.data());
    let state = platform_state(&host.data()).into_iter();
    let counts = |name: &str| !name.ends_with(".db") && !name.ends_with(" deletions") && !name.ends_with(" id_blocks");
    state.filter(|(name, _)| counts(name)).collect()
}

#[test]
fn what_was_set_up_is_taken_back_and_nothing_is_left_of_it() {
    let host = TestHost::new();
    let _ = host.run(["init_system", "--skip-admin"]).exits(0);
    let before = held(&host);
    let made = demo(&host, &[]).exits(0);
    assert_eq!((made.count("chats", "created"), made.count("tools", "kept")), (220, 3));
    let media = host.data().join("media");
    let folder = fs::read_dir(media).expect("there are media").next().expect("of one tenant").expect("it can be read");
    assert_eq!(fs::read_dir(folder.path()).expect("it can be listed").count(), 8);

    let removed = demo(&host, &["--remove"]).exits(0);
    for (subject, n) in [("chats", 220), ("agents", 6), ("knowledge_items", 64), ("documents", 8), ("files", 8)] {
        assert_eq!(removed.count(subject, "deleted"), n, "{subject}");
    }
    assert_eq!(held(&host), before);
    let again = demo(&host, &["--remove"]).exits(0);
    assert_eq!((again.count("chats", "deleted"), again.count("files", "deleted")), (0, 0));
}

#[test]
fn what_people_changed_is_kept_and_what_they_deleted_stays_deleted_until_a_reset() {
    let host = TestHost::with_tenant();
    let _ = demo(&host, &[]).exits(0);
    execute(
        &host,
        "UPDATE knowledge_items SET body = 'ours' WHERE external_id = 'demo-returns-es';
         UPDATE chats SET title = 'ours' WHERE external_id = 'demo-chat-0007';
         INSERT INTO messages (id, chat_id, role, body, created_at)
         SELECT 1, id, 'user', 'one more', updated_at FROM chats WHERE external_id = 'demo-chat-0008';
         DELETE FROM chats WHERE external_id = 'demo-chat-0009';
         INSERT INTO chats (id, agent_id, created_at, updated_at) SELECT 2, id, 1, 1 FROM agents WHERE slug = 'demo-night';",
    );
    let again = demo(&host, &[]).exits(0);
    let of = |output: &support::Output, action: &str| {
        ["chats", "knowledge_items", "agents"].map(|subject| output.count(subject, action))
    };
    assert_eq!(of(&again, "created"), [0, 0, 0]);
    assert_eq!(of(&again, "kept"), [2, 1, 0]);
    assert_eq!(of(&again, "skipped"), [1, 0, 0], "what somebody deleted stays deleted");

    let refused = demo(&host, &["--reset"]);
    assert_eq!(refused.exit, 13, "{}", refused.stderr);
    let reset = demo(&host, &["--reset", "--yes"]).exits(0);
    // The agents of the two chats stay with them, and their tools.
    assert_eq!(of(&reset, "created"), [218, 63, 3]);
    assert_eq!(of(&reset, "kept"), [2, 1, 3]);
    let notes = reset.summary()["notes"].to_string();
    assert!(notes.contains("10 changed or used since") && notes.contains("demo-chat-0007"), "{notes}");

    let removed = demo(&host, &["--remove"]).exits(0);
    assert_eq!(of(&removed, "deleted"), [218, 63, 3]);
    let database = tenant_database(&host.data(), "demo");
    let left = rows(&database, "SELECT coalesce(external_id, 'own') FROM chats ORDER BY 1");
    assert_eq!(left, ["demo-chat-0007", "demo-chat-0008", "own"]);
    assert_eq!(rows(&database, "SELECT body FROM knowledge_items"), ["ours"]);
    let unused = "SELECT slug FROM agents a WHERE NOT EXISTS (SELECT 1 FROM chats c WHERE c.agent_id = a.id)";
    assert_eq!((rows(&database, "SELECT slug FROM agents").len(), rows(&database, unused).len()), (3, 0));
    assert_eq!(rows(&database, "SELECT count(*) FROM journals"), ["0"]);
}

#[test]
fn moods_that_were_added_to_its_chats_are_no_change_of_theirs() {
    let host = TestHost::with_tenant();
    let _ = demo(&host, &[]).exits(0);
    execute(
        &host,
        "INSERT INTO sentiments (id, message_id, chat_id, label, score, confidence, model, created_at)
         SELECT 9, m.id, m.chat_id, 'neutral', 0.0, 0.5, 'm', 1 FROM messages m
         WHERE NOT EXISTS (SELECT 1 FROM sentiments s WHERE s.message_id = m.id) LIMIT 1;",
    );
    let removed = demo(&host, &["--remove"]).exits(0);
    assert_eq!((removed.count("chats", "deleted"), removed.count("chats", "kept")), (220, 0));
    assert_eq!(rows(&tenant_database(&host.data(), "demo"), "SELECT count(*) FROM sentiments"), ["0"]);
}

#[test]
fn its_knowledge_is_unchanged_when_it_is_exported_and_imported_again() {
    let host = TestHost::with_tenant();
    let _ = demo(&host, &[]).exits(0);
    let _ = host.run(["export_data", "--type=knowledge", "--tenant=demo", "--output=demo.jsonl"]).exits(0);
    let imported = host.run(["import_knowledge", "--tenant=demo", "--file=demo.jsonl", "--json"]).exits(0);
    assert_eq!(imported.count("knowledge_items", "unchanged"), 64);
}

#[test]
fn production_wants_a_yes_for_demonstration_and_for_test_data() {
    let host = TestHost::new();
    host.file("encargo.toml", "environment = \"production\"\n");
    let _ = host.run(["init_system", "--only=tenants", "--tenant=demo"]).exits(0);
    for command in ["setup_demo_data", "create_test_data"] {
        let refused = host.run([command, "--tenant=demo"]);
        assert_eq!(refused.exit, 13, "{}", refused.stderr);
        assert_eq!(rows(&tenant_database(&host.data(), "demo"), "SELECT count(*) FROM journals"), ["0"]);
    }
    let _ = host.run(["setup_demo_data", "--tenant=demo", "--yes"]).exits(0);
}
