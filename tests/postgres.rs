//! The platform on PostgreSQL: the same tables and columns as on SQLite, and every statement of every command accepted.

use std::collections::BTreeMap;

use encargo_backends::schema;
use postgres::{Client, NoTls};
use rusqlite::Connection;
use support::{packaged_components, skip, sources};

/// Each packaged command with the statements that its component declares.
fn statements() -> Vec<(String, Vec<String>)> {
    let declared = |(name, component): (String, Vec<u8>)| {
        (name, encargo_pack::statements(&component).expect("a component's statements can be read"))
    };
    packaged_components().into_iter().map(declared).collect()
}

/// A connection to a schema of the test's own; `None` where there is no PostgreSQL.
fn platform(schema: &str) -> Option<Client> {
    #[expect(clippy::disallowed_methods, reason = "how `scripts/test` tells where its PostgreSQL is")]
    let (url, why) = (std::env::var("ENCARGO_TEST_POSTGRES"), std::env::var("ENCARGO_TEST_NO_POSTGRES"));
    let Ok(url) = url else {
        skip(&why.unwrap_or_else(|_| "no PostgreSQL: `scripts/test` starts one".to_owned()));
        return None;
    };
    let mut client = Client::connect(&url, NoTls).expect("the PostgreSQL of the tests answers");
    let ddl = format!(
        "DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}; SET search_path = {schema}; {}",
        schema::POSTGRESQL
    );
    client.batch_execute(&ddl).expect("the schema can be made");
    Some(client)
}

/// Tables and their columns in the files of SQLite.
fn in_sqlite() -> BTreeMap<String, Vec<String>> {
    let mut tables = BTreeMap::new();
    for (_, migrations) in schema::SQLITE {
        let database = Connection::open_in_memory().expect("a database in memory");
        for migration in migrations {
            database.execute_batch(&migration.replace("{tenant_id}", "7")).expect("a migration runs");
        }
        let sql = "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c
                   WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.name";
        let mut statement = database.prepare(sql).expect("the catalog can be asked");
        let columns = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("the catalog answers");
        for column in columns {
            let (table, column): (String, String) = column.expect("a row of the catalog");
            tables.entry(table).or_insert_with(Vec::new).push(column);
        }
    }
    tables.retain(|table, _| !schema::OF_FILES.contains(&table.as_str()));
    tables
}

#[test]
fn both_engines_have_the_same_tables_and_columns() {
    let Some(mut client) = platform("twin") else { return };
    let sql = "SELECT table_name::text, column_name::text FROM information_schema.columns
               WHERE table_schema = 'twin' ORDER BY 1, column_name COLLATE \"C\"";
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in client.query(sql, &[]).expect("the catalog answers") {
        tables.entry(row.get(0)).or_default().push(row.get(1));
    }
    assert_eq!(tables, in_sqlite());
}

#[test]
fn postgresql_prepares_every_statement_of_every_command() {
    let Some(mut client) = platform("statements") else { return };
    let mut problems = Vec::new();
    for (command, statements) in statements() {
        for sql in statements {
            if let Err(error) = client.prepare(&sql) {
                problems.push(format!("{command}: {sql}: {error}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// The beginnings of statements, as text literals.
const BEGINNINGS: [&str; 5] = ["\"SELECT ", "\"INSERT ", "\"UPDATE ", "\"DELETE ", "\"WITH "];

#[test]
fn no_command_has_sql_that_it_does_not_declare() {
    let (mut problems, mut declaring) = (Vec::new(), 0);
    for (place, source) in sources() {
        let is_commands = place.starts_with("guest-commands/") && !place.starts_with("guest-commands/sdk/");
        if !is_commands || !BEGINNINGS.iter().any(|sql| source.contains(sql)) {
            continue;
        }
        declaring += 1;
        if !source.contains("statements! {") || source.contains("const ") {
            problems.push(place);
        }
    }
    assert!(declaring >= 4, "{declaring} files with statements");
    assert_eq!(problems, Vec::<String>::new(), "these have SQL outside `statements!`");
}

#[test]
fn what_is_declared_is_what_was_written() {
    let all = statements();
    let of = |command: &str| all.iter().find(|(name, _)| name == command).map_or(0, |(_, statements)| statements.len());
    for (command, least) in [("cleanup_old_data", 12), ("export_data", 9), ("import_knowledge", 2), ("init_system", 7)]
    {
        assert!(of(command) >= least, "`{command}` declares {} statements", of(command));
    }
}
