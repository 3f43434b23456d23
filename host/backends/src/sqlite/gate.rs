//! The gate: compiles what a command wrote on a connection that denies everything it was not granted.
//!
//! Nothing is ever run here. Foreign keys and triggers are off on this connection, so the authorizer sees the tables
//! that the command names and not those that the schema adds on its own: a trigger's tombstone, or the look at a parent
//! that a foreign key takes. What a foreign key *changes* is asked for all the same: deleting from `chats` takes its
//! messages along, so it needs `delete:messages` too, and a column that is set to null needs the `update` permission.

use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use encargo_model::{CommandError, ErrorCode, TableAction};
use libsqlite3_sys::SQLITE_PREPARE_NO_VTAB;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use super::rights::Rights;
use super::statement::Statement;
use super::{connect, error, functions, words};
use crate::Access;

pub(super) struct Gate {
    connection: Rc<Connection>,
    refusal: Arc<Mutex<Option<CommandError>>>,
    ticket: u64,
    access: Access,
}

/// What deleting a row of a table does to other tables.
type Consequences = HashMap<String, Vec<(TableAction, String)>>;

impl Gate {
    pub(super) fn open(path: &Path, access: &Access, rights: &Rights) -> Result<Self, CommandError> {
        let host = |error: rusqlite::Error| error::error_of_opening(&error, path, access);
        let connection = connect::guarded(path, access).map_err(host)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, false).map_err(host)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).map_err(host)?;
        let consequences = consequences(&connection).map_err(host)?;
        let refusal = Arc::new(Mutex::new(None));
        let (rights, told) = (rights.clone(), Arc::clone(&refusal));
        let judge = move |context: AuthContext<'_>| match judge(&rights, &consequences, &context.action) {
            Ok(()) => Authorization::Allow,
            Err(error) => {
                told.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                Authorization::Deny
            }
        };
        connection.authorizer(Some(judge)).map_err(host)?;
        let ticket = access.interrupt.register(connection.get_interrupt_handle());
        Ok(Self { connection: Rc::new(connection), refusal, ticket, access: access.clone() })
    }

    /// Whether a command may run this text: one statement, of an allowed kind, within its permissions.
    pub(super) fn check(&self, sql: &str) -> Result<(), CommandError> {
        if sql.len() as u64 > self.access.limits.sql_bytes {
            let most = self.access.limits.sql_bytes;
            let message = format!("the SQL has {} bytes and may have {most}", sql.len());
            return Err(CommandError::new(ErrorCode::TooLarge, message));
        }
        words::check(sql)?;
        self.take_refusal();
        match Statement::compile(&self.connection, sql, SQLITE_PREPARE_NO_VTAB) {
            Ok(Some((statement, taken))) => {
                if statement.is_explain() {
                    return Err(CommandError::new(ErrorCode::Denied, "`EXPLAIN` is no statement of a command"));
                }
                if !words::is_blank(sql.get(taken..).unwrap_or_default()) {
                    return Err(CommandError::new(ErrorCode::Syntax, "the SQL is more than one statement"));
                }
                Ok(())
            }
            Ok(None) => Err(CommandError::new(ErrorCode::Syntax, "the SQL is empty")),
            Err(fault) => Err(self.take_refusal().unwrap_or_else(|| error::error_of(&fault, sql, &self.access))),
        }
    }

    fn take_refusal(&self) -> Option<CommandError> {
        self.refusal.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.access.interrupt.forget(self.ticket);
    }
}

fn judge(rights: &Rights, consequences: &Consequences, action: &AuthAction<'_>) -> Result<(), CommandError> {
    match *action {
        AuthAction::Select | AuthAction::Recursive => Ok(()),
        // A read without a column also names common table expressions, which are nobody's table.
        AuthAction::Read { table_name, column_name: "" } => match rights.check(TableAction::Read, table_name) {
            Err(error) if error.code == ErrorCode::NotFound => Ok(()),
            judged => judged,
        },
        AuthAction::Read { table_name, .. } => rights.check(TableAction::Read, table_name),
        AuthAction::Insert { table_name } => rights.check(TableAction::Insert, table_name),
        AuthAction::Update { table_name, .. } => rights.check(TableAction::Update, table_name),
        AuthAction::Delete { table_name } => {
            rights.check(TableAction::Delete, table_name)?;
            let consequences = consequences.get(table_name).map(Vec::as_slice).unwrap_or_default();
            consequences.iter().try_for_each(|(action, table)| {
                rights.check(*action, table).map_err(|mut error| {
                    error.message = format!("deleting from `{table_name}` changes other tables: {}", error.message);
                    error
                })
            })
        }
        AuthAction::Function { function_name } if functions::is_offered(function_name) => Ok(()),
        AuthAction::Function { function_name } => Err(CommandError::new(
            ErrorCode::Denied,
            format!("the function {} is not offered to commands", words::named(function_name)),
        )),
        _ => Err(CommandError::new(
            ErrorCode::Denied,
            "this statement is not for commands: they may SELECT, INSERT, UPDATE and DELETE",
        )),
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
