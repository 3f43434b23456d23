//! What a command may not do.

use encargo_model::ErrorCode;

use super::support::{Bench, add_chat, number};

#[test]
fn a_statement_needs_the_permission_of_every_table_it_touches() {
    let bench = Bench::new();
    for (sql, needed) in [
        ("SELECT id FROM chats", "read:chats"),
        ("SELECT count(*) FROM chats", "read:chats"),
        ("SELECT 1 FROM CHATS", "read:chats"),
        ("SELECT 1 WHERE EXISTS (SELECT 1 FROM main.chats)", "read:chats"),
        ("WITH a AS (SELECT id FROM chats) SELECT 1 FROM a", "read:chats"),
        ("SELECT 1 WHERE 1 IN chats", "read:chats"),
        ("INSERT INTO logs (id, level, message, created_at) VALUES (1, 'info', '', 0)", "insert:logs"),
        ("UPDATE settings SET value = '1'", "update:settings"),
        ("DELETE FROM logs", "delete:logs"),
        ("SELECT 1 FROM deletions", "read:deletions"),
    ] {
        let error = bench.open(&[]).execute(sql, &[]).unwrap_err();
        assert_eq!(error.code, ErrorCode::Denied, "{sql}: {error}");
        assert!(error.message.en.contains(&format!("it needs the permission `{needed}`")), "{sql}: {error}");
        let granted = bench.open(&[needed]).execute(sql, &[]);
        assert!(granted.as_ref().is_ok_and(|_| true) || sql.contains("IN chats"), "{sql}: {granted:?}");
    }
    let error = bench.open(&[]).execute("DELETE FROM chats", &[]).unwrap_err();
    assert_eq!(error.message.en, "the command may not delete from `chats`: it needs the permission `delete:chats`");
}

#[test]
fn a_statement_that_does_several_things_needs_every_permission() {
    let bench = Bench::new();
    for (sql, needed) in [
        ("DELETE FROM logs WHERE id = 1", &["delete:logs", "read:logs"][..]),
        ("UPDATE logs SET message = level", &["update:logs", "read:logs"]),
        ("DELETE FROM logs RETURNING message", &["delete:logs", "read:logs"]),
        (
            // As on PostgreSQL, the columns that a conflict is found by are read.
            "INSERT INTO settings (name, value, updated_at) VALUES ('a', '1', 0)
             ON CONFLICT (tenant_id, name) DO UPDATE SET value = excluded.value",
            &["insert:settings", "update:settings", "read:settings"],
        ),
        (
            "INSERT INTO logs (id, level, message, created_at) SELECT id, 'info', title, 0 FROM chats",
            &["insert:logs", "read:chats"],
        ),
    ] {
        for missing in needed {
            let held: Vec<_> = needed.iter().copied().filter(|held| held != missing).collect();
            let error = bench.open(&held).execute(sql, &[]).unwrap_err();
            assert!(error.message.en.ends_with(&format!("permission `{missing}`")), "{sql}: {error}");
        }
        assert_eq!(bench.open(needed).execute(sql, &[]).map(|_| ()), Ok(()), "{sql}");
    }
}

#[test]
fn literals_and_common_table_expressions_need_none() {
    let bench = Bench::new();
    let database = bench.open(&[]);
    for sql in [
        "SELECT 1",
        "VALUES (1)",
        "WITH a AS (SELECT 1 AS b) SELECT b FROM a",
        "WITH a AS (SELECT 1) SELECT count(*) FROM a",
        "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a WHERE n < 9) SELECT max(n) - 8 FROM a",
        "SELECT 1 WHERE 'abc' LIKE 'a%' AND length(trim(' x ')) = 1",
    ] {
        assert_eq!(number(&database, sql), 1, "{sql}");
    }
}

#[test]
fn the_hosts_and_sqlites_tables_are_denied_whatever_was_granted() {
    let bench = Bench::new();
    let database = bench.open(&["read:checkpoints", "read:id_blocks", "read:sqlite_schema", "insert:checkpoints"]);
    for sql in [
        "SELECT * FROM checkpoints",
        "SELECT count(*) FROM id_blocks",
        "INSERT INTO checkpoints (resume_key, run, checkpoint, saved_at) VALUES ('key', 'r', 'c', 0)",
        "SELECT name FROM sqlite_schema",
        "SELECT 1 FROM SQLITE_MASTER",
        "SELECT 1 FROM sqlite_temp_schema",
        "SELECT 1 FROM sqlite_stat1",
        "UPDATE sqlite_schema SET sql = ''",
    ] {
        let error = database.execute(sql, &[]).unwrap_err();
        assert_eq!(error.code, ErrorCode::Denied, "{sql}: {error}");
    }
}

#[test]
fn every_other_kind_of_statement_is_denied() {
    let bench = Bench::new();
    let database = bench.open_fully();
    for sql in [
        "ATTACH ':memory:' AS other",
        "DETACH main",
        "PRAGMA user_version",
        "PRAGMA main.journal_mode = DELETE",
        "CREATE TABLE x (a)",
        "CREATE TEMP TABLE x (a)",
        "CREATE VIEW x AS SELECT 1",
        "CREATE TEMP TRIGGER x AFTER INSERT ON chats BEGIN SELECT 1; END",
        "CREATE INDEX x ON chats (title)",
        "CREATE VIRTUAL TABLE x USING dbstat",
        "DROP TABLE chats",
        "ALTER TABLE chats ADD COLUMN x",
        "VACUUM",
        "VACUUM INTO '/tmp/x.db'",
        "REINDEX",
        "ANALYZE",
        "BEGIN",
        "COMMIT",
        "ROLLBACK",
        "SAVEPOINT x",
        "RELEASE x",
        "EXPLAIN SELECT 1",
        "EXPLAIN QUERY PLAN SELECT 1",
        "REPLACE INTO settings (name, value, updated_at) VALUES ('a', '1', 0)",
        "INSERT OR REPLACE INTO settings (name, value, updated_at) VALUES ('a', '1', 0)",
        "UPDATE OR REPLACE settings SET name = 'a'",
        "INSERT OR ROLLBACK INTO settings (name, value, updated_at) VALUES ('a', '1', 0)",
    ] {
        assert_eq!(database.execute(sql, &[]).unwrap_err().code, ErrorCode::Denied, "{sql}");
    }
    for sql in ["SELECT 1; SELECT 2", "SELECT 1; DROP TABLE chats", "SELECT 1;;/* */ DELETE FROM chats"] {
        let error = database.execute(sql, &[]).unwrap_err();
        assert_eq!(error.code, ErrorCode::Syntax);
        assert_eq!(error.message.en, format!("the SQL is more than one statement: {sql}"));
    }
    assert_eq!(database.execute("SELECT 1; -- that is all", &[]), Ok(0));
}

#[test]
fn virtual_tables_and_functions_that_are_not_offered_are_denied() {
    let bench = Bench::new();
    let database = bench.open_fully();
    for sql in [
        "SELECT * FROM pragma_database_list",
        "SELECT count(*) FROM pragma_table_info('chats')",
        "SELECT 1 FROM dbstat",
        "SELECT value FROM json_each('[1]')",
        "SELECT 1 FROM json_tree",
    ] {
        let error = database.execute(sql, &[]).unwrap_err();
        assert!(matches!(error.code, ErrorCode::Denied | ErrorCode::NotFound | ErrorCode::Syntax), "{sql}: {error}");
        assert!(!error.message.en.contains('/'), "{error}");
    }
    for call in [
        "load_extension('x')",
        "printf('%d', 1)",
        "format('%d', 1)",
        "zeroblob(9)",
        "randomblob(9)",
        "random()",
        "json_group_array(1)",
        "json_group_object('a', 1)",
        "json_extract('{}', '$')",
        "'{}' -> 'a'",
        "json('[]')",
        "'a' GLOB 'a'",
        "quote('a')",
        "char(97)",
        "soundex('a')",
        "sqlite_version()",
        "sqlite_compileoption_get(1)",
        "last_insert_rowid()",
        "changes()",
        "datetime('now')",
        "unixepoch()",
        "CURRENT_TIMESTAMP",
        "likelihood(1, 0.5)",
        "sqlite_offset(1)",
    ] {
        let error = database.execute(&format!("SELECT {call}"), &[]).unwrap_err();
        let denied = error.code == ErrorCode::Denied && error.message.en.starts_with("the function `");
        assert!(denied || error.code == ErrorCode::NotFound, "{call}: {error:?}");
    }
}

#[test]
fn what_the_schema_does_by_itself_needs_no_permission_but_losing_rows_does() {
    let bench = Bench::new();
    let full = bench.open_fully();
    add_chat(&full, 1, 2);
    // A tombstone is written by a trigger, and a parent is looked at by a foreign key.
    let narrow = bench.open(&["delete:messages", "delete:sentiments"]);
    assert_eq!(narrow.execute("DELETE FROM messages", &[]), Ok(2));
    assert_eq!(number(&full, "SELECT count(*) FROM deletions WHERE relation = 'messages'"), 2);
    let narrow = bench.open(&["insert:messages"]);
    let sql = "INSERT INTO messages (id, chat_id, role, body, created_at) VALUES (5, 1, 'user', '', 0)";
    assert_eq!(narrow.execute(sql, &[]), Ok(1));

    let narrow = bench.open(&["delete:chats", "read:chats", "delete:messages", "delete:sentiments"]);
    let error = narrow.execute("DELETE FROM chats WHERE id = 1", &[]).unwrap_err();
    assert_eq!(error.code, ErrorCode::Denied);
    assert!(error.message.en.contains("`chats` changes other tables"), "{error}");
    assert!(error.message.en.ends_with("it needs the permission `delete:feedback`"), "{error}");
    let enough = ["delete:chats", "read:chats", "delete:messages", "delete:sentiments", "delete:feedback"];
    assert_eq!(bench.open(&enough).execute("DELETE FROM chats WHERE id = 1", &[]), Ok(1));
    assert_eq!(number(&full, "SELECT count(*) FROM messages"), 0);

    let error = bench.open(&["delete:agents", "delete:agent_tools"]).execute("DELETE FROM agents", &[]).unwrap_err();
    assert!(error.message.en.ends_with("it needs the permission `update:chats`"), "{error}");
}

#[test]
fn a_statement_that_the_host_compiled_is_still_judged() {
    let bench = Bench::new();
    let database = bench.open(&["read:chats"]);
    // The host reads this at the beginning of the transaction, and keeps it compiled.
    let transaction = database.begin(false).unwrap();
    let error = transaction.execute("SELECT count(*) FROM id_blocks", &[]).unwrap_err();
    assert_eq!(error.code, ErrorCode::Denied);
    assert_eq!(transaction.execute("SELECT count(*) FROM chats", &[]), Ok(0));
}

#[test]
fn a_function_that_only_sqlite_has_is_refused_with_the_portable_one() {
    let bench = Bench::new();
    let database = bench.open(&[]);
    for (call, instead) in [
        ("group_concat(1)", "write `string_agg(.., ',')`"),
        ("IfNull(1, 2)", "write `coalesce(.., ..)`"),
        ("iif(1, 2, 3)", "write `CASE WHEN .. THEN .. ELSE .. END`"),
        ("total(1)", "write `coalesce(sum(..), 0)`"),
        ("instr('a', 'b')", "write `LIKE`"),
        ("'a' GLOB 'b'", "write `LIKE`"),
        ("datetime(1)", "write a placeholder with the time"),
    ] {
        let error = database.execute(&format!("SELECT {call}"), &[]).unwrap_err();
        assert_eq!(error.code, ErrorCode::Denied, "{call}");
        assert!(error.message.en.ends_with(&format!("is not offered to commands; {instead}")), "{call}: {error}");
    }
    let error = database.execute("SELECT sqlite_version()", &[]).unwrap_err();
    assert!(error.message.en.ends_with("is not offered to commands"), "where there is no other way: {error}");
}

#[test]
fn a_denied_statement_can_be_followed_by_an_allowed_one() {
    let bench = Bench::new();
    let database = bench.open(&["read:chats"]);
    assert!(database.execute("SELECT 1 FROM logs", &[]).is_err());
    assert_eq!(number(&database, "SELECT count(*) FROM chats"), 0);
    let error = database.execute("SELECT 1 FROM nowhere", &[]).unwrap_err();
    assert_eq!((error.code, error.message.en.as_str()), (ErrorCode::NotFound, "there is no table `nowhere`"));
}
