//! The gate: judges what a command wrote, where what it was not granted does not exist.
//!
//! Nothing is ever run here. A statement is compiled in an empty database in memory whose schema is the granted relations
//! of the tenant's file and nothing else, behind three walls: a name that was not granted is no table there; SQLite's
//! authorizer is asked for each column, table and function (`judge.rs`); and what the compiled program opens must lie
//! within the permissions, whichever way SQLite came to it (`program.rs`). The second wall alone has holes: SQLite never
//! asks it about the columns of `USING` and of a natural join, nor when it copies one table into another.
//!
//! The main connection then compiles the same text against the tenant's file, which has more tables. Nothing can mean
//! another thing there: a name that the gate found is the same table's in both, because both schemas have the same texts,
//! neither has a second schema to look into (nothing can be attached, and no temporary table made), a common table
//! expression goes before a table in both, and a name that the gate did not find was an error. Foreign keys and triggers
//! are off here, so that the gate sees the tables that the command names and not those that the schema adds on its own:
//! a trigger's tombstone, or the look at a parent that a foreign key takes. What a foreign key *changes* is asked for
//! all the same: deleting from `chats` takes its messages along, so it needs `delete:messages` too, and a column that is
//! set to null needs the `update` permission.
//!
//! A second such database has the whole schema. It lets nothing pass; it is asked what a statement that failed in the
//! first would have needed, so that a refusal names the permission.

mod judge;
mod program;
mod schema;
mod wall;

use std::cell::OnceCell;

use encargo_model::{ErrorCode, TableAction, text};
use libsqlite3_sys::SQLITE_ERROR;
use rusqlite::Connection;

use super::rights::Rights;
use super::{budget, error, words};
use crate::{Access, BackendError};
use schema::Schema;
use wall::{Failure, Wall};

/// What the gate let pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Passed {
    /// How many instructions the compiled program has.
    pub(super) instructions: u32,
}

pub(super) struct Gate {
    schema: Schema,
    rights: Rights,
    granted: Wall,
    /// Made when a statement first fails.
    whole: OnceCell<Wall>,
    access: Access,
}

impl Gate {
    /// Makes the gate of a tenant's file, which is open on `main`.
    pub(super) fn open(main: &Connection, access: &Access, rights: &Rights) -> rusqlite::Result<Self> {
        let schema = Schema::read(main)?;
        let granted = Wall::build(&schema, |table| rights.has_any(table), rights, access)?;
        Ok(Self { schema, rights: rights.clone(), granted, whole: OnceCell::new(), access: access.clone() })
    }

    /// Whether a command may run this text: one statement, of an allowed kind, within its permissions.
    pub(super) fn check(&self, sql: &str) -> Result<Passed, BackendError> {
        if sql.len() as u64 > self.access.limits.sql_bytes {
            let most = self.access.limits.sql_bytes;
            let message = text!(
                "the SQL has {} bytes and may have {most}",
                "el SQL tiene {} bytes y puede tener {most}";
                sql.len()
            );
            return Err(BackendError::new(ErrorCode::TooLarge, message));
        }
        words::check(sql)?;
        budget::compiling(|| self.granted.check(sql)).map_err(|failure| match failure {
            Failure::Refused(error) => error,
            Failure::Fault(fault) => {
                let told = (fault.code == SQLITE_ERROR).then(|| self.refusal(sql, &fault.text)).flatten();
                told.unwrap_or_else(|| error::error_of_compiling(&fault, sql, &self.access))
            }
        })
    }

    /// What a statement that names something the gate does not have would have needed.
    fn refusal(&self, sql: &str, text: &str) -> Option<BackendError> {
        if let Ok(whole) = self.whole()
            && let Err(Failure::Refused(error)) = budget::compiling(|| whole.check(sql))
            && error.code == ErrorCode::Denied
        {
            return Some(error);
        }
        // SQLite leaves out what cannot have rows before it asks for it.
        let table = text.strip_prefix("no such table: ")?;
        let table = table.strip_prefix("main.").unwrap_or(table);
        self.rights.check(TableAction::Read, table).err().filter(|error| error.code == ErrorCode::Denied)
    }

    fn whole(&self) -> rusqlite::Result<&Wall> {
        if let Some(whole) = self.whole.get() {
            return Ok(whole);
        }
        let whole = Wall::build(&self.schema, |_| true, &self.rights, &self.access)?;
        Ok(self.whole.get_or_init(|| whole))
    }
}
