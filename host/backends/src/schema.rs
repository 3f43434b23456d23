//! The platform's schema as text: numbered migrations for SQLite, and the PostgreSQL twin.

/// Numbered migrations of `platform.db`; the first one makes version 1.
pub const PLATFORM: &[&str] = &[
    include_str!("../schema/platform/0001_people_and_tenants.sql"),
    include_str!("../schema/platform/0002_identity.sql"),
];

/// Numbered migrations of a tenant's file; `{tenant_id}` stands for the tenant's id.
pub const TENANT: &[&str] = &[
    include_str!("../schema/tenant/0001_rows.sql"),
    include_str!("../schema/tenant/0002_identity.sql"),
    include_str!("../schema/tenant/0003_checkpoint_loops.sql"),
    include_str!("../schema/tenant/0004_journals.sql"),
    include_str!("../schema/tenant/0005_words.sql"),
    include_str!("../schema/tenant/0006_incremental_exports.sql"),
    include_str!("../schema/tenant/0007_unknown_sentiments.sql"),
];

/// The same tables and columns for PostgreSQL.
pub const POSTGRESQL: &str = include_str!("../schema/postgresql/0001_platform.sql");

/// Both kinds of SQLite files with their migrations.
pub const SQLITE: [(&str, &[&str]); 2] = [("platform", PLATFORM), ("tenant", TENANT)];

pub use encargo_model::RELATIONS;

/// Tables in a tenant's file that are the host's and denied to every command.
pub const HOST_TABLES: [&str; 3] = ["checkpoints", "id_blocks", "identity"];

/// Tables that only a file of its own has: in a shared database no file can be taken for another tenant's.
pub const OF_FILES: [&str; 1] = ["identity"];

/// The version that the migrations of a file lead to.
pub(crate) fn version(migrations: &[&str]) -> u32 {
    u32::try_from(migrations.len()).expect("there are few migrations")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rusqlite::Connection;

    use super::*;

    fn empty() -> Connection {
        crate::sqlite::bound_memory();
        Connection::open_in_memory().unwrap()
    }

    fn tables(database: &Connection) -> BTreeSet<String> {
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        let mut statement = database.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn the_relations_are_the_tables_of_a_tenants_file() {
        let database = empty();
        for migration in TENANT {
            database.execute_batch(&migration.replace("{tenant_id}", "7")).unwrap();
        }
        let named = RELATIONS.iter().chain(&HOST_TABLES).map(|&name| name.to_owned()).collect();
        assert_eq!(tables(&database), named);
    }

    #[test]
    fn no_row_that_is_written_opens_a_table_for_a_list_of_words() {
        let database = empty();
        for migration in TENANT {
            database.execute_batch(&migration.replace("{tenant_id}", "7")).unwrap();
        }
        for table in RELATIONS {
            let sql = "SELECT group_concat('1') FROM pragma_table_info(?1)";
            let values: String = database.query_row(sql, [table], |row| row.get(0)).unwrap();
            let mut program = database.prepare(&format!("EXPLAIN INSERT INTO {table} VALUES ({values})")).unwrap();
            let steps: Vec<String> =
                program.query_map([], |row| row.get(1)).unwrap().collect::<Result<_, _>>().unwrap();
            assert!(!steps.contains(&"OpenEphemeral".to_owned()), "{table}");
        }
    }

    #[test]
    fn a_word_that_no_rule_allows_is_refused() {
        let database = empty();
        for migration in TENANT {
            database.execute_batch(&migration.replace("{tenant_id}", "7")).unwrap();
        }
        database.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        for (table, column, words) in [
            ("chats", "status", &["open", "resolved", "closed"][..]),
            ("messages", "role", &["user", "assistant", "system", "tool"]),
            ("sentiments", "label", &["negative", "neutral", "positive", "unknown"]),
            ("logs", "level", &["debug", "info", "warning", "error"]),
            ("journal_entries", "action", &["created", "updated", "deleted"]),
        ] {
            let insert = |word: &str| {
                let sql = "SELECT group_concat(CASE WHEN name = ?2 THEN quote(?3) WHEN name = 'tenant_id' THEN '7' \
                           WHEN name IN ('is_pinned', 'legal_hold') THEN '0' WHEN type = 'TEXT' THEN quote('x') \
                           ELSE '1' END) FROM pragma_table_info(?1)";
                let values: String = database.query_row(sql, [table, column, word], |row| row.get(0)).unwrap();
                database.execute_batch(&format!("DELETE FROM {table}; INSERT INTO {table} VALUES ({values})"))
            };
            for word in words {
                insert(word).unwrap_or_else(|error| panic!("{table} refuses `{word}`: {error}"));
            }
            assert!(insert("other").unwrap_err().to_string().contains("CHECK"), "{table}");
        }
    }

    #[test]
    fn every_foreign_key_finds_its_rows_by_an_index() {
        let database = empty();
        for migration in TENANT {
            database.execute_batch(&migration.replace("{tenant_id}", "7")).unwrap();
        }
        // Without one, each row that goes would cost a look at every row of the other table.
        let sql = "SELECT t.name || '.' || key.\"from\"
                   FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS key
                   WHERE t.type = 'table' AND NOT EXISTS (
                       SELECT 1 FROM pragma_index_list(t.name) AS i, pragma_index_info(i.name) AS c
                       WHERE c.seqno = 0 AND c.name = key.\"from\")";
        let mut statement = database.prepare(sql).unwrap();
        let without: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert_eq!(without, Vec::<String>::new());
    }

    #[test]
    fn postgresql_has_the_same_tables() {
        let mut sqlite = BTreeSet::new();
        for (_, migrations) in SQLITE {
            let database = empty();
            for migration in migrations {
                database.execute_batch(&migration.replace("{tenant_id}", "7")).unwrap();
            }
            sqlite.append(&mut tables(&database));
        }
        sqlite.retain(|table| !OF_FILES.contains(&table.as_str()));
        let postgresql = POSTGRESQL.lines().filter_map(|line| line.strip_prefix("CREATE TABLE "));
        assert_eq!(sqlite, postgresql.map(|line| line.trim_end_matches(" (").to_owned()).collect());
    }
}
