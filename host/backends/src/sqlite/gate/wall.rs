//! An empty database in memory that has some of a schema's tables, and judges the statements that are compiled in it.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use encargo_model::{ErrorCode, TableAction, Text, text};
use libsqlite3_sys::SQLITE_PREPARE_NO_VTAB;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::hooks::AuthContext;

use super::judge::{Judge, REPLACED};
use super::schema::Schema;
use super::{Passed, program};
use crate::sqlite::rights::Rights;
use crate::sqlite::statement::{Fault, Statement};
use crate::sqlite::{connect, words};
use crate::{Access, BackendError};

pub(super) struct Wall {
    connection: Rc<Connection>,
    judge: Arc<Mutex<Judge>>,
    /// The table of each root page: its own and those of its indexes.
    roots: HashMap<i64, String>,
    rights: Rights,
    ticket: u64,
    access: Access,
}

/// Why a statement does not pass.
pub(super) enum Failure {
    /// It was judged.
    Refused(BackendError),
    /// SQLite does not understand it, here.
    Fault(Fault),
}

impl Wall {
    /// Makes the tables of the schema that are `kept`, with their indexes.
    pub(super) fn build(
        schema: &Schema,
        kept: impl Fn(&str) -> bool,
        rights: &Rights,
        access: &Access,
    ) -> rusqlite::Result<Self> {
        let connection = connect::compiling(access)?;
        let mut made = String::from("PRAGMA recursive_triggers = ON; BEGIN;\n");
        for (table, sql) in schema.parts.iter().filter(|(table, _)| kept(table)) {
            made.push_str(sql);
            made.push_str(";\n");
            if sql.starts_with("CREATE TABLE") {
                // SQLite asks nobody when it removes a row to put another into its place, but it compiles the triggers
                // of the removal. This one is compiled when a statement is compiled for the second time.
                made.push_str(&format!(
                    "CREATE TRIGGER \"{table}{REPLACED}\" BEFORE DELETE ON \"{table}\" BEGIN SELECT 1; END;\n"
                ));
            }
        }
        made.push_str("COMMIT;");
        connection.execute_batch(&made)?;
        let roots = connection
            .prepare("SELECT rootpage, lower(tbl_name) FROM sqlite_schema WHERE rootpage > 0")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let judge = Arc::new(Mutex::new(Judge::new(rights, &schema.consequences)));
        let asked = Arc::clone(&judge);
        let answer = move |context: AuthContext<'_>| lock(&asked).answer(&context);
        connection.authorizer(Some(answer))?;
        let ticket = access.interrupt.register(connection.get_interrupt_handle());
        let connection = Rc::new(connection);
        Ok(Self { connection, judge, roots, rights: rights.clone(), ticket, access: access.clone() })
    }

    pub(super) fn check(&self, sql: &str) -> Result<Passed, Failure> {
        lock(&self.judge).begin();
        let Some((mut statement, taken)) = self.compile(sql)? else {
            return Err(refused(ErrorCode::Syntax, text!("the SQL is empty", "el SQL está vacío")));
        };
        if statement.is_explain() {
            return Err(refused(
                ErrorCode::Denied,
                text!("`EXPLAIN` is no statement of a command", "`EXPLAIN` no es una sentencia de un comando"),
            ));
        }
        if !words::is_blank(sql.get(taken..).unwrap_or_default()) {
            return Err(refused(
                ErrorCode::Syntax,
                text!("the SQL is more than one statement", "el SQL es más de una sentencia"),
            ));
        }
        let changes = lock(&self.judge).changes.clone();
        let instructions = program::check(&mut statement, &self.roots, &self.rights, &changes)?;
        drop(statement);
        if changes.iter().any(|(action, _)| *action != TableAction::Delete) {
            self.check_replaces(sql)?;
        }
        Ok(Passed { instructions })
    }

    /// Compiles once more with the trigger that tells of rows which go without a DELETE.
    fn check_replaces(&self, sql: &str) -> Result<(), Failure> {
        let on = |on| self.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, on);
        let switched = |_| {
            refused(ErrorCode::Internal, text!("the statement cannot be judged", "no se puede juzgar la sentencia"))
        };
        on(true).map_err(switched)?;
        lock(&self.judge).looks_for_replaced = true;
        let compiled = self.compile(sql).map(drop);
        lock(&self.judge).looks_for_replaced = false;
        on(false).map_err(switched)?;
        compiled
    }

    fn compile(&self, sql: &str) -> Result<Option<(Statement, usize)>, Failure> {
        Statement::compile(&self.connection, sql, SQLITE_PREPARE_NO_VTAB)
            .map_err(|fault| lock(&self.judge).refusal.take().map_or(Failure::Fault(fault), Failure::Refused))
    }
}

impl Drop for Wall {
    fn drop(&mut self) {
        self.access.interrupt.forget(self.ticket);
    }
}

fn refused(code: ErrorCode, message: Text) -> Failure {
    Failure::Refused(BackendError::new(code, message))
}

fn lock(judge: &Mutex<Judge>) -> MutexGuard<'_, Judge> {
    judge.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use encargo_model::{FixedClock, Limits, RunId, Timestamp};

    use super::*;
    use crate::Interrupt;

    /// A wall with two tables of one shape and no index, where SQLite takes its shortest ways, and these permissions.
    fn wall(permissions: &[&str]) -> Wall {
        let access = Access {
            permissions: permissions.iter().map(|text| text.parse().unwrap()).collect(),
            limits: Limits::default(),
            interrupt: Arc::new(Interrupt::new()),
            meter: Arc::default(),
            checkpoint_key: String::new(),
            run: RunId(1),
            ledger: crate::Ledger::default(),
            media: crate::MadeMedia::default(),
            statements: crate::StatementLog::default(),
            clock: Arc::new(FixedClock(Timestamp(0))),
        };
        let table =
            |name: &str| (name.to_owned(), format!("CREATE TABLE {name} (id INTEGER PRIMARY KEY, body TEXT NOT NULL)"));
        let schema = Schema { parts: vec![table("agents"), table("tools")], consequences: HashMap::new() };
        Wall::build(&schema, |_| true, &Rights::of(&access.permissions), &access).unwrap()
    }

    fn refusal(wall: &Wall, sql: &str) -> String {
        match wall.check(sql) {
            Err(Failure::Refused(error)) => error.message.en,
            Err(Failure::Fault(fault)) => panic!("{sql}: {}", fault.text),
            Ok(_) => panic!("{sql} passed"),
        }
    }

    #[test]
    fn a_table_that_is_copied_whole_is_read() {
        let sql = "INSERT INTO agents SELECT * FROM tools";
        assert!(refusal(&wall(&["insert:agents"]), sql).ends_with("permission `read:tools`"));
        assert!(refusal(&wall(&["read:tools"]), sql).ends_with("permission `insert:agents`"));
        assert!(wall(&["insert:agents", "read:tools"]).check(sql).is_ok());
    }

    #[test]
    fn the_flag_of_a_run_no_longer_ends_what_is_compiled_in_a_wall_that_is_gone() {
        let wall = wall(&[]);
        let interrupt = Arc::clone(&wall.access.interrupt);
        assert_eq!(interrupt.registered(), 1);
        drop(wall);
        assert_eq!(interrupt.registered(), 0);
    }

    #[test]
    fn an_explain_is_refused_whatever_the_words_were() {
        for sql in ["EXPLAIN SELECT 1", "EXPLAIN QUERY PLAN SELECT 1"] {
            assert_eq!(refusal(&wall(&[]), sql), "`EXPLAIN` is no statement of a command");
        }
    }

    #[test]
    fn rows_that_go_without_a_delete_are_seen_whatever_the_words_were() {
        let wall = wall(&["insert:agents", "update:agents", "delete:agents", "read:agents"]);
        for sql in [
            "REPLACE INTO agents VALUES (1, 'x')",
            "INSERT OR REPLACE INTO agents VALUES (1, 'x')",
            "INSERT OR REPLACE INTO agents SELECT * FROM agents",
            "INSERT OR \u{feff}REPLACE INTO agents (id, body) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET body = 'y'",
            "UPDATE OR REPLACE agents SET id = 2",
            "WITH a AS (SELECT 1) REPLACE INTO agents SELECT 1, 'x' FROM a RETURNING id",
        ] {
            // A statement that cannot meet another row removes none.
            let passes = sql.contains("DO UPDATE") && wall.check(sql).is_ok();
            assert!(passes || refusal(&wall, sql).starts_with("`REPLACE` is not taken"), "{sql}");
        }
        for sql in [
            "INSERT OR ROLLBACK INTO agents VALUES (1, 'x')",
            "UPDATE OR ROLLBACK agents SET id = 2",
            "INSERT OR FAIL INTO agents VALUES (1, NULL)",
        ] {
            assert!(refusal(&wall, sql).starts_with("`OR ROLLBACK` and `OR FAIL` are not taken"), "{sql}");
        }
        for sql in [
            "INSERT INTO agents VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            "INSERT OR ABORT INTO agents VALUES (1, 'x')",
            "UPDATE agents SET id = 2, body = 'y' WHERE id = 1",
            "WITH \"a is replaced\" AS (SELECT 1) DELETE FROM agents WHERE id IN (SELECT * FROM \"a is replaced\")",
        ] {
            assert!(wall.check(sql).is_ok(), "{sql}");
        }
    }
}
