//! The statements. Times are compared as `+column`, which keeps both databases from going by an index on the time:
//! a batch is a range of ids, and sorting all that is old anew for each batch would make the work quadratic.

use encargo_sdk::statements;

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

statements! {
    /// How many chats are older than `$1`; how many of them are held, pinned, open; the last id to delete; the oldest and
    /// the newest to delete.
    OVERVIEW_OF_CHATS = concat!(
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
    NEXT_CHATS = "SELECT c.id, count(m.id), coalesce(sum(octet_length(m.body)), 0) \
         FROM chats c LEFT JOIN messages m ON m.tenant_id = c.tenant_id AND m.chat_id = c.id \
         WHERE c.id > $1 AND c.id <= $2 AND +c.updated_at < $3 \
         AND c.legal_hold = 0 AND c.is_pinned = 0 AND c.status <> 'open' \
         GROUP BY c.id ORDER BY c.id LIMIT $4";

    DELETE_SENTIMENTS = delete_of_old_chats!("sentiments");
    DELETE_FEEDBACK = delete_of_old_chats!("feedback");
    DELETE_MESSAGES = delete_of_old_chats!("messages");
    DELETE_CHATS = concat!("DELETE FROM chats WHERE ", old_chats!());

    /// How many lines of the log are older than `$1` or expired before `$2`; how many of them are yet to expire; the last
    /// id to delete; the oldest and the newest to delete.
    OVERVIEW_OF_LOGS = "SELECT count(*), coalesce(sum(CASE WHEN expires_at >= $2 THEN 1 ELSE 0 END), 0), \
         max(CASE WHEN expires_at IS NULL OR expires_at < $2 THEN id END), \
         min(CASE WHEN expires_at IS NULL OR expires_at < $2 THEN created_at END), \
         max(CASE WHEN expires_at IS NULL OR expires_at < $2 THEN created_at END) \
         FROM logs WHERE created_at < $1 OR expires_at < $2";

    /// The last id, the number and the bytes of the next lines to delete, at most `$5`.
    NEXT_LOGS = "SELECT max(id), count(*), coalesce(sum(bytes), 0) FROM \
         (SELECT id, octet_length(message) + octet_length(context) AS bytes FROM logs WHERE id > $1 AND id <= $2 \
         AND (+expires_at < $4 OR (expires_at IS NULL AND +created_at < $3)) ORDER BY id LIMIT $5) AS batch";

    DELETE_LOGS = "DELETE FROM logs WHERE id > $1 AND id <= $2 \
         AND (+expires_at < $4 OR (expires_at IS NULL AND +created_at < $3))";

    /// How many events are older than `$1`, none of which is kept; the last id; the oldest and the newest.
    OVERVIEW_OF_EVENTS =
        "SELECT count(*), 0, max(id), min(created_at), max(created_at) FROM analytics_events WHERE created_at < $1";

    /// The last id, the number and the bytes of the next events to delete, at most `$4`.
    NEXT_EVENTS = "SELECT max(id), count(*), coalesce(sum(bytes), 0) FROM \
         (SELECT id, octet_length(name) + octet_length(properties) AS bytes FROM analytics_events WHERE id > $1 AND id <= $2 \
         AND +created_at < $3 ORDER BY id LIMIT $4) AS batch";

    DELETE_EVENTS = "DELETE FROM analytics_events WHERE id > $1 AND id <= $2 AND +created_at < $3";
}
