//! Ids for commands of system scope, which have no tenant whose rows would give them.

use encargo_model::{Timestamp, next_id};
use rusqlite::{OptionalExtension, TransactionBehavior, params};

use super::Registry;
use crate::BackendError;
use crate::sqlite::{check_count, error_of_host};

/// The name under which the id stands that is given next.
const NEXT_ID: &str = "next_id";

impl Registry {
    /// The first of `n` consecutive ids that no other process was given from here.
    ///
    /// # Errors
    /// `invalid` for too many, and when `platform.db` cannot be written.
    pub fn ids(&self, n: u32, now: Timestamp) -> Result<i64, BackendError> {
        check_count(n)?;
        self.change(|main| {
            let mut reserve = || -> rusqlite::Result<i64> {
                let transaction = main.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let sql = "SELECT CAST(value AS INTEGER) FROM installation WHERE name = ?1";
                let floor: Option<i64> = transaction.query_row(sql, [NEXT_ID], |row| row.get(0)).optional()?;
                let first = next_id(now, n, floor.unwrap_or(0));
                transaction.execute(
                    "INSERT INTO installation (name, value) VALUES (?1, ?2)
                     ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    params![NEXT_ID, (first + i64::from(n)).to_string()],
                )?;
                transaction.commit()?;
                Ok(first)
            };
            reserve().map_err(|error| error_of_host(&error))
        })
    }
}
