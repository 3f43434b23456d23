//! Random changes of a tenant's rows, some stamped as they should be, some late, some not at all.

use std::path::Path;

use encargo_model::{Clock, SystemClock, next_id};
use rusqlite::Connection;
use support::Random;

const MINUTE: i64 = 60_000_000;

/// SQL with `{now}` in microseconds and `{id}`, an id that is given now.
pub(super) fn with_now(sql: &str) -> String {
    let now = SystemClock.now();
    sql.replace("{now}", &now.0.to_string()).replace("{id}", &next_id(now, 1, 0).to_string())
}

/// A tenant's rows with someone who changes them.
pub(super) struct Changing {
    database: Connection,
    random: Random,
}

/// What can happen; `{at}` is a stamp and `{row}` the id of some row of the table.
const CHANGES: [(&str, &str); 24] = [
    ("chats", "INSERT INTO chats (id, title, created_at, updated_at) VALUES ({id}, 'new', {at}, {at})"),
    ("chats", "INSERT INTO chats (id, title, created_at, updated_at) VALUES ({id}, 'old', 1, 1)"),
    ("chats", "UPDATE chats SET title = title || '.', updated_at = {now} WHERE id = {row}"),
    ("chats", "UPDATE chats SET title = title || '!' WHERE id = {row}"),
    ("chats", "UPDATE chats SET title = title || '?', updated_at = {at} WHERE id = {row}"),
    ("chats", "DELETE FROM chats WHERE id = {row}"),
    (
        "chats",
        "INSERT INTO messages (id, chat_id, role, body, created_at) SELECT {id}, id, 'user', 'm', {at} FROM chats WHERE id = {row}",
    ),
    (
        "chats",
        "INSERT INTO feedback (id, chat_id, rating, created_at) SELECT {id}, id, 3, {at} FROM chats WHERE id = {row}",
    ),
    ("messages", "UPDATE messages SET body = body || '.' WHERE id = {row}"),
    ("messages", "DELETE FROM messages WHERE id = {row}"),
    ("feedback", "UPDATE feedback SET comment = comment || '.' WHERE id = {row}"),
    ("feedback", "DELETE FROM feedback WHERE id = {row}"),
    (
        "documents",
        "INSERT INTO documents (id, title, media_type, created_at, updated_at) VALUES ({id}, 'd', 't', {at}, {at})",
    ),
    ("documents", "UPDATE documents SET body = body || '.' WHERE id = {row}"),
    ("documents", "DELETE FROM documents WHERE id = {row}"),
    (
        "knowledge_items",
        "INSERT INTO knowledge_items (id, external_id, title, body, content_hash, created_at, updated_at) VALUES ({id}, 'k{few}', 'k', 'b', 'h', {at}, {at}) ON CONFLICT DO NOTHING",
    ),
    ("knowledge_items", "UPDATE knowledge_items SET body = body || '.', updated_at = {now} WHERE id = {row}"),
    ("knowledge_items", "DELETE FROM knowledge_items WHERE id = {row}"),
    (
        "agents",
        "INSERT INTO agents (id, slug, name, created_at, updated_at) VALUES ({id}, 'a{few}', 'A', {at}, {at}) ON CONFLICT DO NOTHING",
    ),
    ("agents", "UPDATE agents SET name = name || '.' WHERE id = {row}"),
    ("agents", "DELETE FROM agents WHERE id = {row}"),
    (
        "agents",
        "UPDATE chats SET agent_id = {row} WHERE id = (SELECT max(id) FROM chats) AND EXISTS (SELECT 1 FROM agents WHERE id = {row})",
    ),
    (
        "agents",
        "INSERT INTO settings (name, value, updated_at) VALUES ('s{few}', 'v', {now}) ON CONFLICT DO UPDATE SET value = value || '.', updated_at = {now}",
    ),
    ("agents", "DELETE FROM settings WHERE name = 's{few}'"),
];

impl Changing {
    /// Opens a tenant's file.
    pub(super) fn new(file: &Path, seed: u64) -> Self {
        let database = Connection::open(file).expect("the file opens");
        database.execute_batch("PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 30000").expect("it takes settings");
        Self { database, random: Random::new(seed + 1_000) }
    }

    /// Changes something.
    pub(super) fn change(&mut self) {
        let at = usize::try_from(self.random.below(CHANGES.len() as u64)).expect("there are few");
        let (table, sql) = CHANGES[at];
        let rows: i64 = self.number(&format!("SELECT count(*) FROM {table}"));
        let nth = self.random.below(u64::try_from(rows.max(1)).expect("it is a count"));
        let row = self.number(&format!("SELECT coalesce((SELECT id FROM {table} LIMIT 1 OFFSET {nth}), 0)"));
        // Late by up to nine minutes, which is less than the overlap; its id, too, was taken then.
        let now = SystemClock.now();
        let late = i64::try_from(self.random.below(9)).expect("it is small") * MINUTE;
        let few = self.random.below(6).to_string();
        let sql =
            sql.replace("{at}", &(now.0 - late).to_string()).replace("{row}", &row.to_string()).replace("{few}", &few);
        self.database.execute_batch(&with_now(&sql)).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    fn number(&self, sql: &str) -> i64 {
        self.database.query_row(sql, [], |row| row.get(0)).unwrap_or_else(|error| panic!("{sql}: {error}"))
    }
}
