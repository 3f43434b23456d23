//! What a cleanup is without Encargo: the bare loop of SQL over ranges of ids, a transaction for 250 chats,
//! which have four rows each in the benchmark: as many rows as a transaction of `cleanup_old_data` has.
//!
//! usage: bare_cleanup DATABASE CUTOFF_IN_MICROSECONDS

use std::env;

use anyhow::{Result, anyhow};
use rusqlite::{Connection, params};

const NEXT: &str = "SELECT max(id) FROM (SELECT id FROM chats WHERE id > ?1 AND +updated_at < ?2
    AND status <> 'open' AND is_pinned = 0 AND legal_hold = 0 ORDER BY id LIMIT 250)";
const OLD: &str = "id > ?1 AND id <= ?2 AND +updated_at < ?3 AND status <> 'open' AND is_pinned = 0 AND legal_hold = 0";

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [database, cutoff] = arguments.as_slice() else { return Err(anyhow!("usage: bare_cleanup DATABASE CUTOFF")) };
    let cutoff: i64 = cutoff.parse()?;
    let mut database = Connection::open(database)?;
    database.execute_batch("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL")?;
    let mut after = 0_i64;
    loop {
        let transaction = database.transaction()?;
        let next: Option<i64> =
            transaction.prepare_cached(NEXT)?.query_row(params![after, cutoff], |row| row.get(0))?;
        let Some(last) = next else { break };
        for table in ["sentiments", "feedback", "messages"] {
            let sql = format!("DELETE FROM {table} WHERE chat_id IN (SELECT id FROM chats WHERE {OLD})");
            transaction.prepare_cached(&sql)?.execute(params![after, last, cutoff])?;
        }
        let sql = format!("DELETE FROM chats WHERE {OLD}");
        transaction.prepare_cached(&sql)?.execute(params![after, last, cutoff])?;
        transaction.commit()?;
        after = last;
    }
    Ok(())
}
