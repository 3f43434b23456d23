//! The schema of a tenant's file as texts, and what its foreign keys do.

use std::collections::HashMap;

use encargo_model::TableAction;
use rusqlite::Connection;

/// What deleting a row of a table does to other tables.
pub(super) type Consequences = HashMap<String, Vec<(TableAction, String)>>;

/// The tables and indexes of a tenant's file.
pub(super) struct Schema {
    /// Table and text of each table, then of each index, in an order in which they can be made.
    pub(super) parts: Vec<(String, String)>,
    pub(super) consequences: Consequences,
}

impl Schema {
    pub(super) fn read(main: &Connection) -> rusqlite::Result<Self> {
        let sql = "SELECT tbl_name, sql FROM sqlite_schema
                   WHERE type IN ('table', 'index') AND sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
                   ORDER BY type = 'index', rowid";
        let mut statement = main.prepare(sql)?;
        let parts = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
        Ok(Self { parts, consequences: consequences(main)? })
    }
}

/// Reads from the schema what foreign keys do when a row is deleted, through as many tables as it goes.
fn consequences(connection: &Connection) -> rusqlite::Result<Consequences> {
    let mut direct: Consequences = HashMap::new();
    let mut keys = connection.prepare(
        "SELECT DISTINCT lower(key.\"table\"), lower(t.name), key.on_delete
         FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS key WHERE t.type = 'table'",
    )?;
    let mut rows = keys.query([])?;
    while let Some(row) = rows.next()? {
        let (parent, child, what): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let action = match what.as_str() {
            "CASCADE" => TableAction::Delete,
            "SET NULL" | "SET DEFAULT" => TableAction::Update,
            _ => continue,
        };
        direct.entry(parent).or_default().push((action, child));
    }
    let mut all = Consequences::new();
    for parent in direct.keys() {
        let mut found: Vec<(TableAction, String)> = Vec::new();
        let mut open = vec![parent.clone()];
        while let Some(table) = open.pop() {
            for consequence in direct.get(&table).into_iter().flatten() {
                if !found.contains(consequence) {
                    found.push(consequence.clone());
                    if consequence.0 == TableAction::Delete {
                        open.push(consequence.1.clone());
                    }
                }
            }
        }
        all.insert(parent.clone(), found);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deletion_goes_through_as_many_tables_as_it_deletes_from_and_no_further() {
        let connection = Connection::open_in_memory().unwrap();
        let tables = "CREATE TABLE a (id INTEGER PRIMARY KEY);
                      CREATE TABLE b (id INTEGER PRIMARY KEY, a REFERENCES a (id) ON DELETE CASCADE);
                      CREATE TABLE c (id INTEGER PRIMARY KEY, b REFERENCES b (id) ON DELETE CASCADE);
                      CREATE TABLE d (id INTEGER PRIMARY KEY, c REFERENCES c (id) ON DELETE SET NULL);
                      CREATE TABLE e (id INTEGER PRIMARY KEY, d REFERENCES d (id) ON DELETE CASCADE, a REFERENCES a (id));";
        connection.execute_batch(tables).unwrap();
        let all = consequences(&connection).unwrap();
        let of = |table: &str| all[table].iter().map(|(action, table)| (*action, table.as_str())).collect::<Vec<_>>();
        let (gone, emptied) = (TableAction::Delete, TableAction::Update);
        assert_eq!(of("a"), [(gone, "b"), (gone, "c"), (emptied, "d")]);
        assert_eq!(of("b"), [(gone, "c"), (emptied, "d")]);
        assert_eq!((of("c"), of("d")), (vec![(emptied, "d")], vec![(gone, "e")]));
    }
}
