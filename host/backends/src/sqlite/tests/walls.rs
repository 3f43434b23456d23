//! What is not granted does not exist, whichever way a statement comes to it.

use encargo_model::{ErrorCode, Kind, TableAction};

use super::support::{Bench, add_chat, number};
use crate::schema::{HOST_TABLES, RELATIONS};

/// Ways to a table's rows; `@` stands for the table and `#` for a column of it.
const WAYS: [&str; 22] = [
    "SELECT # FROM (SELECT 'x' AS #) FULL JOIN @ USING (#)",
    "SELECT # FROM @ FULL JOIN (SELECT 'x' AS #) USING (#)",
    "SELECT * FROM (SELECT 'x' AS #) NATURAL FULL JOIN @",
    "SELECT 1 FROM (SELECT 'x' AS #) NATURAL JOIN @",
    "SELECT 1 FROM (SELECT 'x' AS #) LEFT JOIN @ USING (#)",
    "SELECT count(*) FROM @",
    "SELECT 1 FROM @",
    "SELECT * FROM main.@",
    "SELECT 1 WHERE EXISTS (SELECT 1 FROM \"@\")",
    "SELECT 1 WHERE 1 IN (SELECT # FROM @)",
    "SELECT (SELECT # FROM @ LIMIT 1)",
    "WITH a AS (SELECT # FROM (SELECT 'x' AS #) FULL JOIN @ USING (#)) SELECT count(*) FROM a, a AS b",
    "WITH RECURSIVE a(x) AS (SELECT 1 UNION SELECT 1 FROM (SELECT 'x' AS #) FULL JOIN @ USING (#), a) SELECT x FROM a",
    "VALUES ((SELECT max(#) FROM @))",
    "SELECT 1 UNION ALL SELECT # FROM @",
    "SELECT sum(1) OVER (ORDER BY #) FROM @",
    "DELETE FROM logs WHERE id = 1 AND EXISTS (SELECT 1 FROM (SELECT 'x' AS #) FULL JOIN @ USING (#))",
    "UPDATE logs SET message = 'x' FROM (SELECT # FROM (SELECT 'x' AS #) FULL JOIN @ USING (#)) AS t WHERE logs.id = 1",
    "UPDATE logs SET message = (SELECT # FROM (SELECT 'x' AS #) FULL JOIN @ USING (#)) WHERE id = 1",
    "INSERT INTO logs (id, level, message, created_at) SELECT 1, 'info', #, 0 FROM (SELECT 'x' AS #) FULL JOIN @ USING (#)",
    "DELETE FROM logs WHERE id = 1 RETURNING (SELECT # FROM (SELECT 'x' AS #) FULL JOIN @ USING (#))",
    "INSERT INTO logs (id, level, message, created_at) VALUES (1, 'info', '', 0) ON CONFLICT (id) DO UPDATE SET message = (SELECT max(#) FROM @)",
];

fn column_of(table: &str) -> &'static str {
    match table {
        "checkpoints" => "checkpoint",
        "id_blocks" => "next_id",
        "sqlite_schema" | "sqlite_master" | "sqlite_temp_schema" | "sqlite_temp_master" => "sql",
        _ => "tenant_id",
    }
}

fn written(way: &str, table: &str) -> String {
    way.replace('@', table).replace('#', column_of(table))
}

#[test]
fn no_way_leads_to_a_table_that_may_not_be_read() {
    let bench = Bench::new();
    let held = ["read:logs", "insert:logs", "update:logs", "delete:logs"];
    for table in RELATIONS.iter().filter(|table| **table != "logs") {
        let none = bench.open(&held);
        let writing: Vec<_> = ["insert", "update", "delete"].map(|verb| format!("{verb}:{table}")).into();
        let writes = bench.open(&[&held[..], &writing.iter().map(String::as_str).collect::<Vec<_>>()].concat());
        for way in WAYS {
            let sql = written(way, table);
            for (who, database) in [("nothing", &none), ("writes", &writes)] {
                let error = database.execute(&sql, &[]).unwrap_err();
                assert_eq!(error.code, ErrorCode::Denied, "{who}: {sql}: {error}");
                assert!(error.message.en.ends_with(&format!("permission `read:{table}`")), "{who}: {sql}: {error}");
            }
        }
    }
}

#[test]
fn every_way_is_open_to_who_may_read() {
    let bench = Bench::new();
    let held = ["read:logs", "insert:logs", "update:logs", "delete:logs"];
    for table in RELATIONS {
        let read = format!("read:{table}");
        let database = bench.open(&[&held[..], &[read.as_str()]].concat());
        for way in WAYS {
            let sql = written(way, table);
            let done = database.execute(&sql, &[]);
            assert!(done.is_ok(), "{sql}: {done:?}");
            database.execute("DELETE FROM logs", &[]).unwrap_or(0);
        }
    }
}

#[test]
fn the_hosts_and_sqlites_own_tables_are_behind_every_wall() {
    let bench = Bench::new();
    let database = bench.open_fully();
    let own = ["sqlite_schema", "sqlite_master", "sqlite_temp_schema", "sqlite_temp_master"];
    for table in HOST_TABLES.iter().chain(&own) {
        // `main.` has no temporary tables.
        for way in WAYS.iter().filter(|way| !way.contains("main.") || !table.contains("temp")) {
            let sql = written(way, table);
            let error = database.execute(&sql, &[]).unwrap_err();
            assert_eq!(error.code, ErrorCode::Denied, "{sql}: {error}");
            assert!(error.message.en.contains("it is the host's"), "{sql}: {error}");
        }
    }
    let functions = [
        "pragma_table_info('chats')",
        "pragma_database_list",
        "json_each('[1]')",
        "json_tree('[1]')",
        "generate_series(1, 2)",
        "dbstat",
        "sqlite_dbpage",
        "bytecode('SELECT 1')",
        "sqlite_stmt",
        "fts5vocab",
    ];
    for function in functions {
        for sql in [
            format!("SELECT * FROM {function}"),
            format!("SELECT 1 FROM (SELECT 'x' AS name) NATURAL FULL JOIN {function}"),
        ] {
            let error = database.execute(&sql, &[]).unwrap_err();
            assert!(
                matches!(error.code, ErrorCode::Denied | ErrorCode::NotFound | ErrorCode::Syntax),
                "{sql}: {error}"
            );
        }
    }
}

#[test]
fn a_table_copied_into_another_is_read() {
    let bench = Bench::new();
    // SQLite copies pages where both tables look alike, and asks nobody about the columns.
    let error =
        bench.open(&["insert:deletions"]).execute("INSERT INTO deletions SELECT * FROM deletions", &[]).unwrap_err();
    assert!(error.message.en.ends_with("permission `read:deletions`"), "{error}");
    let error =
        bench.open(&["insert:settings"]).execute("INSERT INTO settings SELECT * FROM id_blocks", &[]).unwrap_err();
    assert_eq!(error.code, ErrorCode::Denied, "{error}");
}

#[test]
fn a_change_needs_its_own_permission_and_no_other() {
    let bench = Bench::new();
    for relation in RELATIONS {
        let insert = format!("INSERT INTO {relation} DEFAULT VALUES");
        let update = format!("UPDATE {relation} SET tenant_id = tenant_id WHERE 1 = 0");
        for (sql, action) in [(insert, TableAction::Insert), (update, TableAction::Update)] {
            let others = TableAction::ALL.iter().filter(|other| **other != action);
            let others: Vec<_> = others.map(|other| format!("{}:{relation}", other.verb())).collect();
            let error =
                bench.open(&others.iter().map(String::as_str).collect::<Vec<_>>()).execute(&sql, &[]).unwrap_err();
            assert!(
                error.message.en.ends_with(&format!("permission `{}:{relation}`", action.verb())),
                "{sql}: {error}"
            );
        }
    }
    // Without a column of its own in it, a change reads nothing, in one pass or in two.
    for sql in ["UPDATE logs SET message = 'x'", "UPDATE logs SET id = 5", "UPDATE logs SET created_at = 1"] {
        assert_eq!(bench.open(&["update:logs"]).execute(sql, &[]), Ok(0), "{sql}");
    }
    assert_eq!(bench.open(&["delete:logs"]).execute("DELETE FROM logs", &[]), Ok(0));
}

#[test]
fn a_name_that_nobody_has_is_not_found_and_what_is_left_out_is_still_denied() {
    let bench = Bench::new();
    let database = bench.open(&["read:chats"]);
    for sql in ["SELECT 1 FROM nowhere", "SELECT 1 FROM chats NATURAL JOIN nowhere", "DELETE FROM nowhere"] {
        let error = database.execute(sql, &[]).unwrap_err();
        assert_eq!(
            (error.code, error.message.en.as_str()),
            (ErrorCode::NotFound, "there is no table `nowhere`"),
            "{sql}"
        );
    }
    for sql in [
        "SELECT 1 FROM chats LEFT JOIN (SELECT id FROM messages) AS m ON m.id = chats.id WHERE 1 = 0",
        "SELECT (SELECT 1 FROM messages WHERE 0) FROM chats",
    ] {
        let error = database.execute(sql, &[]).unwrap_err();
        assert!(error.message.en.ends_with("permission `read:messages`"), "{sql}: {error}");
    }
}

#[test]
fn a_row_is_replaced_by_nothing_that_a_statement_can_say() {
    let bench = Bench::new();
    let full = bench.open_fully();
    add_chat(&full, 1, 2);
    let database = bench.open(&["insert:chats", "update:chats", "read:chats"]);
    let values = "chats (id, external_id, created_at, updated_at) VALUES (1, 'c9', 0, 0)";
    for between in
        [" ", "\u{feff}", "\t\u{feff}\n", "/**/\u{feff}/**/", " --\n\u{feff}", "\u{b}", " \u{b}", "\u{a0}", "\u{2028}"]
    {
        for statement in [
            "INSERT OR@REPLACE INTO ",
            "INSERT@OR@REPLACE INTO ",
            "REPLACE@INTO ",
            "@REPLACE INTO ",
            "INSERT OR@ROLLBACK INTO ",
        ] {
            let sql = format!("{}{values}", statement.replace('@', between));
            let error = database.execute(&sql, &[]).unwrap_err();
            assert!(matches!(error.code, ErrorCode::Denied | ErrorCode::Syntax), "{sql:?}: {error}");
        }
        let sql = format!("UPDATE OR{between}REPLACE chats SET external_id = 'c1'");
        let error = database.execute(&sql, &[]).unwrap_err();
        assert!(matches!(error.code, ErrorCode::Denied | ErrorCode::Syntax), "{sql:?}: {error}");
    }
    assert_eq!(number(&full, "SELECT count(*) FROM messages"), 2);
    assert_eq!(number(&full, "SELECT count(*) FROM chats WHERE external_id = 'c1'"), 1);
    assert!(full.rows("SELECT replace('a', 'a', 'b')", &[], &[Kind::Text], 1).is_ok());
}

#[test]
fn what_may_only_be_added_to_is_not_read_however_little_of_it_is_asked_for() {
    let bench = Bench::new();
    let database = bench.open(&["insert:logs"]);
    for sql in [
        "SELECT count(*) FROM logs",
        "SELECT 1 FROM logs",
        "SELECT 1 FROM logs WHERE 0",
        "SELECT count(*) FROM logs WHERE 0",
        "SELECT 1 FROM logs LIMIT 0",
        "SELECT EXISTS (SELECT 1 FROM logs WHERE 0)",
        "SELECT CASE WHEN 1 THEN 1 ELSE (SELECT count(*) FROM logs) END",
    ] {
        let read = database.rows(sql, &[], &[Kind::Integer], 9);
        assert!(matches!(&read, Err(error) if error.code == ErrorCode::Denied), "{sql}: {read:?}");
    }
}
