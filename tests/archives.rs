//! Archives of what a cleanup deletes: all of it is in them before it goes, and what is not in them as it is does not go.

use std::collections::BTreeSet;
use std::fs;

use rusqlite::Connection;
use serde_json::Value;
use support::{Output, TestHost, copy_of, in_namespace, killed_and_run_again, rows, settle, skip, tenant_database};

use crate::cli::installation::NO_MOUNTS;

const KILLS: u64 = 16;
const CHATS: usize = 1_500;
const TABLES: [&str; 6] = ["chats", "messages", "feedback", "sentiments", "logs", "analytics_events"];

fn change(host: &TestHost, sql: &str) {
    let database = Connection::open(tenant_database(&host.data(), "demo")).expect("the file opens");
    database.execute_batch(sql).expect("rows can be changed");
    drop(database);
    settle(&host.data());
}

/// A tenant with old rows of every kind; every tenth chat is open.
fn filled() -> TestHost {
    let host = TestHost::with_tenant();
    change(
        &host,
        &format!(
            "INSERT INTO agents (id, slug, name, created_at, updated_at) VALUES (1, 'help', 'Help', 1, 1);
             WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {CHATS})
             INSERT INTO chats (id, external_id, agent_id, title, status, created_at, updated_at)
             SELECT n, 'x' || n, 1, 'Title \"' || n, iif(n % 10, 'closed', 'open'), n, n FROM n;
             INSERT INTO messages (id, chat_id, role, body, created_at)
             SELECT 2 * id, id, 'user', 'día' || char(10) || hex(randomblob(40)), 1 FROM chats
             UNION ALL SELECT 2 * id + 1, id, 'assistant', 'yes', 2 FROM chats;
             INSERT INTO feedback (id, chat_id, rating, comment, created_at)
             SELECT 9000 - id, id, 5, 'ok', 3 FROM chats WHERE id % 3 = 0;
             INSERT INTO sentiments (id, message_id, chat_id, label, score, confidence, model, created_at)
             SELECT 9000 - id, 2 * id, id, 'neutral', id / 7.0, 0.5, 'm', 4 FROM chats;
             INSERT INTO logs (id, level, message, created_at) SELECT id, 'info', 'old ' || id, 5 FROM chats;
             INSERT INTO analytics_events (id, name, value, created_at) SELECT id, 'seen', id / 3.0, 6 FROM chats;"
        ),
    );
    host
}

const CLEANUP: [&str; 5] = ["cleanup_old_data", "--tenant=demo", "--batch-size=100", "--archive-to=archive/", "--json"];

/// The lines of the archives of one relation, in the order of the files' names.
fn archived(host: &TestHost, relation: &str) -> Vec<String> {
    let folder = fs::read_dir(host.folder().join("archive")).into_iter().flatten();
    let mut names: Vec<_> = folder.map(|entry| entry.expect("an entry can be read").path()).collect();
    names.sort();
    let is_of = |path: &&std::path::PathBuf| {
        let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
        name.starts_with(&format!("{relation}-")) && name.ends_with(".jsonl.zst")
    };
    let mut lines = Vec::new();
    for path in names.iter().filter(is_of) {
        let bytes = zstd::stream::decode_all(fs::File::open(path).expect("it can be read")).expect("it is zstd");
        lines.extend(String::from_utf8(bytes).expect("it is UTF-8").lines().map(str::to_owned));
    }
    lines
}

/// The ids of rows that are there.
fn there(host: &TestHost, table: &str) -> BTreeSet<String> {
    rows(&tenant_database(&host.data(), "demo"), &format!("SELECT id FROM {table}")).into_iter().collect()
}

/// The ids of a relation's rows that are in archives.
fn archived_ids(host: &TestHost, table: &str) -> BTreeSet<String> {
    let relation = if table == "messages" { "chats" } else { table };
    let lines = archived(host, relation).into_iter();
    let values = lines.map(|line| serde_json::from_str::<Value>(&line).expect("a line is JSON"));
    let id = |value: &Value| value["id"].to_string();
    if table == "messages" {
        let messages = |chat: Value| chat["messages"].as_array().expect("a chat has messages").clone();
        values.flat_map(messages).map(|message| id(&message)).collect()
    } else {
        values.map(|value| id(&value)).collect()
    }
}

#[test]
fn chats_are_archived_as_they_are_exported_and_numbers_read_back_as_they_were() {
    let host = filled();
    let files = |host: &TestHost| fs::read_dir(host.folder().join("archive")).into_iter().flatten().count();
    change(&host, "UPDATE chats SET status = 'closed'");
    let line = ["export_data", "--tenant=demo", "--type=chats", "--format=jsonl", "--output=-", "--quiet"];
    let exported = host.run(line).exits(0).stdout;
    let scores = rows(&tenant_database(&host.data(), "demo"), "SELECT score FROM sentiments ORDER BY chat_id");
    let dry = host.run(CLEANUP.iter().chain(&["--dry-run"])).exits(0);
    assert_eq!(files(&host), 0, "a dry run leaves nothing");
    let real = host.run(CLEANUP).exits(0);
    assert_eq!(dry.summary()["counts"], real.summary()["counts"]);
    assert_eq!(real.count("chats", "deleted"), CHATS as u64);
    assert_eq!(archived(&host, "chats"), exported.lines().collect::<Vec<_>>());
    let read = archived(&host, "sentiments").into_iter().map(|line| {
        // The parser of the tests rounds the last digit.
        let score = line.split_once("\"score\":").expect("it has a score").1.split(',').next().expect("a number");
        score.parse::<f64>().expect("it is a number").to_string()
    });
    assert_eq!(read.collect::<Vec<_>>(), scores);
    assert_eq!(files(&host), 5, "a file for each relation, messages within their chats");
    let _ = host.run(CLEANUP).exits(0);
    assert_eq!(files(&host), 5, "nothing is old any more");
}

#[test]
fn what_changes_after_it_was_archived_stays() {
    let host = filled();
    // Deleting the first of each changes others that come later.
    change(
        &host,
        "CREATE TRIGGER a AFTER DELETE ON chats WHEN OLD.id = 1 BEGIN
             UPDATE messages SET body = 'changed' WHERE id = 2 * 901;
             UPDATE feedback SET comment = 'changed' WHERE chat_id = 903;
             UPDATE chats SET status = 'open' WHERE id = 905;
         END;
         CREATE TRIGGER b AFTER DELETE ON logs WHEN OLD.id = 1 BEGIN
             UPDATE logs SET message = 'changed' WHERE id IN (901, 1500);
         END;
         UPDATE sentiments SET chat_id = 911 WHERE chat_id = 907;",
    );
    let output = host.run(CLEANUP).exits(0);
    let open = CHATS / 10;
    let left = there(&host, "chats");
    for chat in ["901", "903", "905", "907"] {
        assert!(left.contains(chat), "{chat}");
    }
    assert_eq!((left.len(), output.count("chats", "kept")), (open + 4, open as u64 + 4));
    assert_eq!(there(&host, "logs"), ["901", "1500"].map(str::to_owned).into());
    assert_eq!(output.count("logs", "kept"), 2);
    let kept = output.summary()["tables"][0]["rows"][0][5].as_str().expect("a text").to_owned();
    assert!(kept.contains("4 not as archived"), "{kept}");
    assert!(there(&host, "messages").contains("1802") && there(&host, "feedback").contains(&(9000 - 903).to_string()));
}

#[test]
fn a_limit_is_one_of_the_archive_too() {
    let host = filled();
    let output = host.run(CLEANUP.iter().chain(&["--limit=150"])).exits(0);
    for table in ["chats", "logs", "analytics_events"] {
        assert_eq!((output.count(table, "deleted"), archived(&host, table).len()), (150, 150), "{table}");
        assert!(archived_ids(&host, table).is_disjoint(&there(&host, table)), "{table}");
    }
    let kept = output.summary()["tables"][0]["rows"][0][5].as_str().expect("a text").to_owned();
    assert!(kept.contains("1200 left for the next run"), "{kept}");
}

#[test]
fn nothing_is_deleted_where_the_archive_has_no_room() {
    let host = filled();
    let before = TABLES.map(|table| there(&host, table));
    let script = "mkdir archive; mount -t tmpfs -o size=32k tmpfs archive
        exec \"$encargo\" cleanup_old_data --tenant=demo --type=chats --archive-to=archive/";
    let Some(output) = in_namespace(&host, script) else { return skip(NO_MOUNTS) };
    let output: Output = output.exits(1);
    assert!(output.error().contains("the disk is full"), "{}", output.stderr);
    assert!(TABLES.map(|table| there(&host, table)) == before);
}

#[test]
fn a_cleanup_that_is_killed_has_archived_all_that_is_gone() {
    let template = filled();
    let all = TABLES.map(|table| there(&template, table));
    let is_whole = |host: &TestHost, what: &str| {
        for (table, all) in TABLES.iter().zip(&all) {
            let gone: BTreeSet<_> = all.difference(&there(host, table)).cloned().collect();
            assert!(gone.is_subset(&archived_ids(host, table)), "{what}: {table} is gone and not archived");
        }
    };
    let content = |host: &TestHost| {
        is_whole(host, "at the end");
        TABLES.map(|table| there(host, table))
    };
    let line = ["cleanup_old_data", "--tenant=demo", "--batch-size=50", "--archive-to=archive/", "--quiet"];
    killed_and_run_again(&template, &line, KILLS, content, is_whole);
    // One run's archive never takes the place of another one's.
    let host = copy_of(&template);
    for _ in 0..2 {
        let _ = host.run(line.iter().chain(&["--limit=100", "--overwrite"])).exits(0);
    }
    assert_eq!(archived(&host, "chats").len(), 200);
}
