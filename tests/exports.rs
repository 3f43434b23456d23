//! Incremental exports: whoever applies all of them in order has what is there, whatever happens between and in them.

mod changing;
mod replay;

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use changing::Changing;
use replay::{is_present, replayed};
use rusqlite::Connection;
use support::{Random, TestHost, kill_after, killed_and_run_again, rows, settle, tenant_database};

const EXPORT: [&str; 6] =
    ["export_data", "--tenant=demo", "--incremental", "--format=jsonl", "--output=changes", "--quiet"];

fn with_rows(sql: &str) -> TestHost {
    let host = TestHost::with_tenant();
    let database = Connection::open(tenant_database(&host.data(), "demo")).expect("the file opens");
    database.execute_batch(sql).expect("the rows can be made");
    drop(database);
    settle(&host.data());
    host
}

#[test]
fn all_exports_of_a_cursor_in_their_order_are_what_is_there() {
    for seed in 0..4 {
        let host = TestHost::with_tenant();
        let mut changing = Changing::new(&tenant_database(&host.data(), "demo"), seed);
        let mut random = Random::new(seed);
        for export in 0..6 {
            (0..40).for_each(|_| changing.change());
            let killed = export > 0 && random.below(3) == 0;
            if killed {
                let process = host.command(EXPORT).spawn().expect("the binary can be started");
                let _ = kill_after(process, Duration::from_micros(random.below(60_000)));
            } else {
                let _ = host.run(EXPORT).exits(0);
                is_present(&host, &format!("seed {seed}, export {export}"));
            }
        }
        let _ = host.run(EXPORT).exits(0);
        is_present(&host, &format!("seed {seed}, at the end"));
        let nothing = host.run(EXPORT.iter().chain(&["--json", "--fail-if-empty"])).exits(4);
        assert_eq!((nothing.count("chats", "read"), nothing.count("deletions", "read")), (0, 0), "seed {seed}");
    }
}

#[test]
fn an_export_that_is_killed_skips_nothing() {
    let template = with_rows(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 2000)
         INSERT INTO chats (id, status, created_at, updated_at) SELECT n, 'closed', 1, n FROM n;
         INSERT INTO messages (id, chat_id, role, body, created_at) SELECT id, id, 'user', 'x', 1 FROM chats;
         INSERT INTO feedback (id, chat_id, rating, created_at) SELECT id, id, 5, 1 FROM chats;
         DELETE FROM chats WHERE id % 10 = 0;",
    );
    let _ = template.run(["export_data", "--tenant=demo", "--incremental", "--quiet"]).exits(0);
    let database = Connection::open(tenant_database(&template.data(), "demo")).expect("the file opens");
    database
        .execute_batch("UPDATE messages SET body = 'y' WHERE id % 2 = 0; DELETE FROM feedback WHERE id % 3 = 0;")
        .expect("the rows can be changed");
    drop(database);
    settle(&template.data());
    let content = |host: &TestHost| {
        let database = tenant_database(&host.data(), "demo");
        (replayed(&host.folder().join("changes")), rows(&database, "SELECT relation, row_key FROM journal_entries"))
    };
    let line = [&EXPORT[..], &["--manifest"]].concat();
    killed_and_run_again(&template, &line, 8, content, |host, what| {
        let names = fs::read_dir(host.folder().join("changes")).map_or(0, Iterator::count);
        let moved = rows(&tenant_database(&host.data(), "demo"), "SELECT updated_at > created_at FROM journals");
        assert!(moved == ["0"] || names == 24, "{what}: the cursor was moved before {names} files were there");
    });
}

#[test]
fn what_commits_later_than_it_stamps_comes_with_the_next_export() {
    let host = TestHost::with_tenant();
    let database = tenant_database(&host.data(), "demo");
    let ids = |sql: &str| {
        let connection = Connection::open(&database).expect("the file opens");
        connection.execute_batch(&changing::with_now(sql)).expect("the rows can be made");
        drop(connection);
        let export = host.run(["export_data", "--tenant=demo", "--incremental", "--type=knowledge,chats", "--json"]);
        let export = export.exits(0);
        (export.count("knowledge_items", "read"), export.count("chats", "read"))
    };
    let chat = |id: i64, ago: &str| {
        format!("INSERT INTO chats (id, created_at, updated_at) VALUES ({id}, 0, {{now}} - {ago} * 60000000);")
    };
    assert_eq!(ids(&(chat(1, "0") + &chat(2, "60"))), (0, 2));
    assert_eq!(ids(&chat(3, "5")), (0, 1), "stamped five minutes before, within the overlap");
    assert_eq!(ids(""), (0, 0), "what was exported does not come again, although it is within the overlap");
    assert_eq!(ids("UPDATE chats SET title = 'x' WHERE id = 2"), (0, 1), "changed without another stamp");
    assert_eq!(ids("UPDATE chats SET title = 'y', updated_at = {now} - 3600000000 + id WHERE id = 3"), (0, 1));
    assert_eq!(
        ids("INSERT INTO chats (id, created_at, updated_at) VALUES ({id}, 0, 0)"),
        (0, 1),
        "a new id, an old stamp"
    );
    assert_eq!(
        ids("INSERT INTO messages (id, chat_id, role, body, created_at) VALUES ({id}, 1, 'user', 'x', 0)"),
        (0, 1)
    );
    assert_eq!(ids(""), (0, 0));
}

#[test]
fn an_export_without_a_cursor_needs_no_right_to_write_and_a_dry_run_moves_none() {
    let host = TestHost::with_tenant();
    let state = || rows(&tenant_database(&host.data(), "demo"), "SELECT name FROM journals");
    let _ = host.run(["export_data", "--tenant=demo", "--incremental", "--dry-run"]).exits(0);
    assert_eq!(state(), Vec::<String>::new());
    let _ = host.run(["export_data", "--tenant=demo", "--incremental"]).exits(0);
    assert_eq!(state(), ["default"]);
    let rights = ["insert:journals", "update:journals", "insert:journal_entries", "delete:journal_entries"];
    let _ = host.run(["commands", "revoke", "export_data"].iter().chain(&rights)).exits(0);
    let _ = host.run(["export_data", "--tenant=demo"]).exits(0);
    let refused = host.run(["export_data", "--tenant=demo", "--incremental", "--json"]).exits(14);
    assert!(refused.error().contains("journal"), "{}", refused.error());
}

#[test]
fn an_export_beside_a_writer_is_of_one_moment() {
    let host = with_rows("INSERT INTO agents (id, slug, name, created_at, updated_at) VALUES (1, 'a', 'A', 0, 0);");
    let database = tenant_database(&host.data(), "demo");
    let ended = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let connection = Connection::open(&database).expect("the file opens");
            connection.busy_timeout(Duration::from_secs(30)).expect("it can wait");
            let mut n = 0;
            while !ended.load(Ordering::Relaxed) {
                n += 1;
                let sql = format!(
                    "BEGIN IMMEDIATE; INSERT INTO documents (id, title, media_type, created_at, updated_at)
                     VALUES ({n}, 't', 'text/plain', {{now}}, {{now}});
                     INSERT INTO settings (name, value, updated_at) VALUES ('s{n:09}', 'v', {{now}}); COMMIT;"
                );
                connection.execute_batch(&changing::with_now(&sql)).expect("it can be written");
                thread::yield_now();
            }
        });
        let mut all = (0, 0);
        for export in 0..8 {
            let types = "--type=documents,settings";
            let run = host.run(["export_data", "--tenant=demo", types, "--incremental", "--json"]).exits(0);
            let (documents, settings) = (run.count("documents", "read"), run.count("settings", "read"));
            assert_eq!(documents, settings, "export {export}");
            all = (all.0 + documents, all.1 + settings);
        }
        ended.store(true, Ordering::Relaxed);
        assert!(all.0 > 0, "the writer wrote nothing");
    });
    let types = "--type=documents,settings";
    let _ = host.run(["export_data", "--tenant=demo", types, "--incremental", "--json"]).exits(0);
    let nothing = host.run(["export_data", "--tenant=demo", types, "--incremental", "--json"]).exits(0);
    assert_eq!((nothing.count("documents", "read"), nothing.count("settings", "read")), (0, 0));
}

#[test]
fn a_masked_export_joins_with_itself_and_with_no_other() {
    let host = with_rows(
        "INSERT INTO chats (id, external_id, title, created_at, updated_at) VALUES (7, 'ana', 'Ana Ruiz', 0, 0);
         INSERT INTO messages (id, chat_id, role, body, created_at) VALUES (8, 7, 'user', 'I am Ana', 0);
         INSERT INTO documents (id, external_id, title, media_type, created_at, updated_at)
         VALUES (9, 'ana', 'Ana', 'text/plain', 0, 0);
         INSERT INTO knowledge_items (id, external_id, title, body, content_hash, created_at, updated_at)
         VALUES (1, 'faq', 'Contact', 'Write to ana@correo.es or call +34 911 234 567', 'x', 0, 0);",
    );
    let export = |folder: &str| {
        let line = ["export_data", "--tenant=demo", "--anonymize", "--format=jsonl", "--manifest", "--output", folder];
        let types = ["--type=chats,messages,documents,knowledge", "--json"];
        let run = host.run(line.iter().chain(&types)).exits(0);
        assert!(run.notes().iter().any(|note| note.contains("masked")), "{:?}", run.notes());
        let read = |name: &str| fs::read_to_string(host.folder().join(folder).join(name)).expect("it was exported");
        let all = ["chats.jsonl", "messages.jsonl", "documents.jsonl", "knowledge.jsonl"].map(&read);
        for text in &all {
            assert!(!text.to_lowercase().contains("ana") && !text.contains("911 234"), "{text}");
        }
        assert!(read("chats.jsonl.manifest.json").contains("\"message_body\""));
        let parsed = all.map(|text| serde_json::from_str::<serde_json::Value>(&text).expect("it is one record"));
        let [chats, messages, documents, _] = &parsed;
        assert_eq!(chats["id"], messages["chat_id"]);
        assert_eq!(chats["messages"][0]["id"], messages["id"]);
        assert_eq!(chats["external_id"], documents["external_id"]);
        assert_eq!(messages["body"], "[8 characters]");
        (chats["id"].clone(), chats["external_id"].clone())
    };
    let (one, other) = (export("one"), export("other"));
    assert_ne!(one.0, other.0);
    assert_ne!(one.1, other.1);
}

#[test]
fn every_part_is_valid_and_a_missing_one_is_found() {
    let host = with_rows(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 500)
         INSERT INTO documents (id, title, media_type, body, created_at, updated_at)
         SELECT n, 'a \"b\", c', 'text/plain', printf('%.*c', n % 90, 'x') || char(10) || '<>', 0, 0 FROM n;",
    );
    let line = ["export_data", "--tenant=demo", "--type=documents", "--quiet"];
    for format in ["csv", "json", "jsonl", "xml"] {
        let (whole, parts) = (format!("whole.{format}"), format!("{format}-parts/"));
        let _ = host.run(line.iter().chain(&["--output", &whole])).exits(0);
        let format_given = format!("--format={format}");
        let more = [&format_given, "--max-bytes=10kb", "--max-rows=60", "--manifest", "--output", &parts];
        let _ = host.run(line.iter().chain(&more)).exits(0);
        let folder = host.folder().join(&parts);
        let mut names: Vec<_> =
            fs::read_dir(&folder).expect("it is there").map(|name| name.expect("it has a name").path()).collect();
        names.retain(|name| !name.to_string_lossy().ends_with(".manifest.json"));
        names.sort();
        assert!(names.len() > 5, "{format}: {} parts", names.len());
        let mut records = Vec::new();
        for name in &names {
            let text = fs::read_to_string(name).expect("it can be read");
            assert!(text.len() <= 10_000, "{}: {} bytes", name.display(), text.len());
            records.extend(replay::texts_of_records(&text, format));
        }
        let whole = fs::read_to_string(host.folder().join(&whole)).expect("it can be read");
        assert_eq!(records, replay::texts_of_records(&whole, format), "{format}");
        assert_eq!(records.len(), 500, "{format}");

        let verify = ["export_data", "--tenant=demo", "--json", "--verify-folder", &parts];
        let _ = host.run(verify).exits(0);
        fs::remove_file(&names[1]).expect("a part can be removed");
        let manifest = format!("{}.manifest.json", names[1].display());
        fs::remove_file(manifest).expect("a manifest can be removed");
        let found = host.run(verify).exits(5);
        assert!(found.notes().concat().contains("missing: 2"), "{:?}", found.notes());
    }
}

#[test]
fn standard_output_takes_neither_changes_nor_parts() {
    let host = TestHost::with_tenant();
    for option in ["--incremental", "--max-rows=10"] {
        let refused = host.run(["export_data", "--tenant=demo", "--type=chats", option, "--output=-"]).exits(2);
        assert!(refused.error().contains(option.split('=').next().unwrap_or_default()), "{}", refused.stderr);
        assert_eq!(refused.stdout, "");
    }
}
