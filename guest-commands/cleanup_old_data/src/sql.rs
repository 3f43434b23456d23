//! The statements. Times are compared as `+column`, which keeps both databases from going by an index on the time:
//! a batch is a range of ids, and sorting all that is old anew for each batch would make the work quadratic.

/// A chat that may be deleted once it is old.
macro_rules! closed {
    () => {
        "legal_hold = 0 AND is_pinned = 0 AND status <> 'open'"
    };
}

/// The chats of a range of ids that are to be deleted: `$1` < id <= `$2`, older than `$3`.
macro_rules! old_chats {
    () => {
        concat!("id > $1 AND id <= $2 AND +updated_at < $3 AND ", closed!())
    };
}

macro_rules! delete_of_old_chats {
    ($table:literal) => {
        concat!(
            "DELETE FROM ",
            $table,
            " WHERE (tenant_id, chat_id) IN (SELECT tenant_id, id FROM chats WHERE ",
            old_chats!(),
            ")"
        )
    };
}

/// How many chats are older than `$1`; how many of them are held, pinned, open; the last id to delete; the oldest and
/// the newest to delete.
pub(crate) const OVERVIEW_OF_CHATS: &str = concat!(
    "SELECT count(*), coalesce(sum(CASE WHEN legal_hold = 1 THEN 1 ELSE 0 END), 0), ",
    "coalesce(sum(CASE WHEN legal_hold = 0 AND is_pinned = 1 THEN 1 ELSE 0 END), 0), ",
    "coalesce(sum(CASE WHEN legal_hold = 0 AND is_pinned = 0 AND status = 'open' THEN 1 ELSE 0 END), 0), ",
    "max(CASE WHEN ",
    closed!(),
    " THEN id END), min(CASE WHEN ",
    closed!(),
    " THEN updated_at END), max(CASE WHEN ",
    closed!(),
    " THEN updated_at END) FROM chats WHERE updated_at < $1"
);

/// The next chats to delete, at most `$4`, each with the number and the bytes of its messages.
pub(crate) const NEXT_CHATS: &str = "SELECT c.id, count(m.id), coalesce(sum(octet_length(m.body)), 0) \
     FROM chats c LEFT JOIN messages m ON m.tenant_id = c.tenant_id AND m.chat_id = c.id \
     WHERE c.id > $1 AND c.id <= $2 AND +c.updated_at < $3 \
     AND c.legal_hold = 0 AND c.is_pinned = 0 AND c.status <> 'open' \
     GROUP BY c.id ORDER BY c.id LIMIT $4";

pub(crate) const DELETE_SENTIMENTS: &str = delete_of_old_chats!("sentiments");
pub(crate) const DELETE_FEEDBACK: &str = delete_of_old_chats!("feedback");
pub(crate) const DELETE_MESSAGES: &str = delete_of_old_chats!("messages");
pub(crate) const DELETE_CHATS: &str = concat!("DELETE FROM chats WHERE ", old_chats!());

/// How many lines of the log are older than `$1` or expired before `$2`; how many of them are yet to expire; the last
/// id to delete; the oldest and the newest to delete.
pub(crate) const OVERVIEW_OF_LOGS: &str = "SELECT count(*), coalesce(sum(CASE WHEN expires_at >= $2 THEN 1 ELSE 0 END), 0), \
     max(CASE WHEN expires_at IS NULL OR expires_at < $2 THEN id END), \
     min(CASE WHEN expires_at IS NULL OR expires_at < $2 THEN created_at END), \
     max(CASE WHEN expires_at IS NULL OR expires_at < $2 THEN created_at END) \
     FROM logs WHERE created_at < $1 OR expires_at < $2";

/// The last id, the number and the bytes of the next lines to delete, at most `$5`.
pub(crate) const NEXT_LOGS: &str = "SELECT max(id), count(*), coalesce(sum(bytes), 0) FROM \
     (SELECT id, octet_length(message) + octet_length(context) AS bytes FROM logs WHERE id > $1 AND id <= $2 \
     AND (+expires_at < $4 OR (expires_at IS NULL AND +created_at < $3)) ORDER BY id LIMIT $5) AS batch";

pub(crate) const DELETE_LOGS: &str = "DELETE FROM logs WHERE id > $1 AND id <= $2 \
     AND (+expires_at < $4 OR (expires_at IS NULL AND +created_at < $3))";

/// How many events are older than `$1`, none of which is kept; the last id; the oldest and the newest.
pub(crate) const OVERVIEW_OF_EVENTS: &str =
    "SELECT count(*), 0, max(id), min(created_at), max(created_at) FROM analytics_events WHERE created_at < $1";

/// The last id, the number and the bytes of the next events to delete, at most `$4`.
pub(crate) const NEXT_EVENTS: &str = "SELECT max(id), count(*), coalesce(sum(bytes), 0) FROM \
     (SELECT id, octet_length(name) + octet_length(properties) AS bytes FROM analytics_events WHERE id > $1 AND id <= $2 \
     AND +created_at < $3 ORDER BY id LIMIT $4) AS batch";

pub(crate) const DELETE_EVENTS: &str = "DELETE FROM analytics_events WHERE id > $1 AND id <= $2 AND +created_at < $3";

/// Every statement of this command.
pub const STATEMENTS: &[&str] = &[
    OVERVIEW_OF_CHATS,
    NEXT_CHATS,
    DELETE_SENTIMENTS,
    DELETE_FEEDBACK,
    DELETE_MESSAGES,
    DELETE_CHATS,
    OVERVIEW_OF_LOGS,
    NEXT_LOGS,
    DELETE_LOGS,
    OVERVIEW_OF_EVENTS,
    NEXT_EVENTS,
    DELETE_EVENTS,
];
