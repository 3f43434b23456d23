//! How many pages a connection found in its cache, and how many it read from its file.
#![expect(unsafe_code, reason = "SQLite is a C library; the call stands here with the reason why it is sound")]

use std::cell::Cell;
use std::ffi::c_int;

use encargo_model::PageUse;
use libsqlite3_sys as ffi;
use rusqlite::Connection;

/// SQLite tells the last 31 bits of what it counted.
const ROUND: u64 = 1 << 31;

/// What a connection counted when it was last asked.
#[derive(Debug, Default)]
pub(super) struct Pages(Cell<PageUse>);

impl Pages {
    /// What the connection asked for since this was last called. It is called after every statement, each of which asks for
    /// less than there are numbers.
    pub(super) fn since(&self, connection: &Connection) -> PageUse {
        let now = PageUse {
            found: status(connection, ffi::SQLITE_DBSTATUS_CACHE_HIT),
            read: status(connection, ffi::SQLITE_DBSTATUS_CACHE_MISS),
        };
        let before = self.0.replace(now);
        PageUse { found: grown(before.found, now.found), read: grown(before.read, now.read) }
    }
}

const fn grown(before: u64, now: u64) -> u64 {
    (now + ROUND - before) % ROUND
}

fn status(connection: &Connection, what: c_int) -> u64 {
    let (mut now, mut highest) = (0, 0);
    // SAFETY: the connection is open as long as it is borrowed, and both numbers outlive the call.
    let code = unsafe { ffi::sqlite3_db_status(connection.handle(), what, &raw mut now, &raw mut highest, 0) };
    // It fails for numbers alone that it does not know.
    debug_assert_eq!(code, ffi::SQLITE_OK);
    u64::try_from(now).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_once_is_found_the_next_time_and_a_count_goes_round() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.db");
        let filled = "CREATE TABLE t (x); INSERT INTO t WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
            WHERE i < 5000) SELECT hex(zeroblob(50)) FROM n";
        Connection::open(&path).unwrap().execute_batch(filled).unwrap();
        let connection = Connection::open(&path).unwrap();
        let pages = Pages::default();
        let all = || connection.query_row("SELECT count(x) FROM t", [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!((all(), pages.since(&connection).read > 50), (5_000, true));
        assert_eq!(all(), 5_000);
        let again = pages.since(&connection);
        assert!(again.found > 50 && again.read == 0, "{again:?}");
        assert_eq!(pages.since(&connection), PageUse::default());
        assert_eq!((grown(3, 10), grown(ROUND - 1, 4)), (7, 5));
    }
}
