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

/// Whether something that a person wrote is left in a chat.
macro_rules! named {
    ($chats:literal) => {
        concat!(
            "(",
            $chats,
            ".title <> '' OR EXISTS (SELECT 1 FROM messages n WHERE n.tenant_id = ",
            $chats,
            ".tenant_id AND n.chat_id = ",
            $chats,
            ".id AND n.body <> '') OR EXISTS (SELECT 1 FROM feedback f WHERE f.tenant_id = ",
            $chats,
            ".tenant_id AND f.chat_id = ",
            $chats,
            ".id AND f.comment <> ''))"
        )
    };
}

macro_rules! next_chats {
    ($of:expr) => {
        concat!(
            "SELECT c.id, count(m.id), coalesce(sum(octet_length(m.body)), 0) \
             FROM chats c LEFT JOIN messages m ON m.tenant_id = c.tenant_id AND m.chat_id = c.id \
             WHERE c.id > $1 AND c.id <= $2 AND +c.updated_at < $3 \
             AND c.legal_hold = 0 AND c.is_pinned = 0 AND c.status <> 'open'",
            $of,
            " GROUP BY c.id ORDER BY c.id LIMIT $4"
        )
    };
}

macro_rules! overview_of_chats {
    ($of:expr) => {
        concat!(
            "SELECT count(*), coalesce(sum(CASE WHEN legal_hold = 1 THEN 1 ELSE 0 END), 0), ",
            "coalesce(sum(CASE WHEN legal_hold = 0 AND is_pinned = 1 THEN 1 ELSE 0 END), 0), ",
            "coalesce(sum(CASE WHEN legal_hold = 0 AND is_pinned = 0 AND status = 'open' THEN 1 ELSE 0 END), 0), ",
            "max(CASE WHEN ",
            closed!(),
            " THEN id END), min(CASE WHEN ",
            closed!(),
            " THEN updated_at END), max(CASE WHEN ",
            closed!(),
            " THEN updated_at END) FROM chats WHERE updated_at < $1",
            $of
        )
    };
}

macro_rules! update_of_old_chats {
    ($update:literal) => {
        concat!($update, " AND (tenant_id, chat_id) IN (SELECT tenant_id, id FROM chats WHERE ", old_chats!(), ")")
    };
}

/// Rows that go with the chats of a range that are to be deleted, in the order of these.
macro_rules! of_old_chats {
    ($select:expr, $order:literal) => {
        concat!(
            $select,
            " WHERE c.id > $1 AND c.id <= $2 AND +c.updated_at < $3 \
             AND c.legal_hold = 0 AND c.is_pinned = 0 AND c.status <> 'open' ORDER BY c.id, ",
            $order
        )
    };
}

/// The last id of the first so many rows of a range that are to be deleted.
macro_rules! last_of {
    ($table:literal, $old:expr, $most:literal) => {
        concat!(
            "SELECT max(id) FROM (SELECT id FROM ",
            $table,
            " WHERE ",
            $old,
            " ORDER BY id LIMIT ",
            $most,
            ") AS first"
        )
    };
}

/// The lines of the log of a range that are to be deleted: `$1` < id <= `$2`, older than `$3` or expired before `$4`.
macro_rules! old_logs {
    () => {
        "id > $1 AND id <= $2 AND (+expires_at < $4 OR (expires_at IS NULL AND +created_at < $3))"
    };
}

/// The events of a range that are to be deleted: `$1` < id <= `$2`, older than `$3`.
macro_rules! old_events {
    () => {
        "id > $1 AND id <= $2 AND +created_at < $3"
    };
}

statements! {
    /// How many chats are older than `$1`; how many of them are held, pinned, open; the last id to delete; the oldest and
    /// the newest to delete.
    OVERVIEW_OF_CHATS = overview_of_chats!("");

    /// The same of those in which something is left that a person wrote.
    OVERVIEW_OF_NAMED_CHATS = overview_of_chats!(concat!(" AND ", named!("chats")));

    /// When the chat was last changed that has so many newer ones.
    LAST_CHAT = "SELECT updated_at FROM chats ORDER BY updated_at DESC LIMIT 1 OFFSET $1";

    /// The next chats to delete, at most `$4`, each with the number and the bytes of its messages.
    NEXT_CHATS = next_chats!("");

    /// The same of those in which something is left that a person wrote.
    NEXT_NAMED_CHATS = next_chats!(concat!(" AND ", named!("c")));

    DELETE_SENTIMENTS = delete_of_old_chats!("sentiments");
    DELETE_FEEDBACK = delete_of_old_chats!("feedback");
    DELETE_MESSAGES = delete_of_old_chats!("messages");
    DELETE_CHATS = concat!("DELETE FROM chats WHERE ", old_chats!());

    ANONYMIZE_FEEDBACK = update_of_old_chats!("UPDATE feedback SET comment = '' WHERE comment <> ''");
    ANONYMIZE_MESSAGES = update_of_old_chats!("UPDATE messages SET body = '' WHERE body <> ''");
    ANONYMIZE_CHATS = concat!("UPDATE chats SET title = '' WHERE title <> '' AND ", old_chats!());

    /// Which of a hundred names of media have a row.
    USED_MEDIA = concat!("SELECT name FROM files WHERE name IN (", encargo_sdk::hundred!(), ")");

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

    DELETE_LOGS = concat!("DELETE FROM logs WHERE ", old_logs!());

    ANONYMIZE_LOGS = concat!(
        "UPDATE logs SET message = '', context = '{}' WHERE ",
        old_logs!(),
        " AND (message <> '' OR context <> '{}')"
    );

    /// How many events are older than `$1`, none of which is kept; the last id; the oldest and the newest.
    OVERVIEW_OF_EVENTS =
        "SELECT count(*), 0, max(id), min(created_at), max(created_at) FROM analytics_events WHERE created_at < $1";

    /// The last id, the number and the bytes of the next events to delete, at most `$4`.
    NEXT_EVENTS = "SELECT max(id), count(*), coalesce(sum(bytes), 0) FROM \
         (SELECT id, octet_length(name) + octet_length(properties) AS bytes FROM analytics_events WHERE id > $1 AND id <= $2 \
         AND +created_at < $3 ORDER BY id LIMIT $4) AS batch";

    DELETE_EVENTS = concat!("DELETE FROM analytics_events WHERE ", old_events!());

    ANONYMIZE_EVENTS =
        concat!("UPDATE analytics_events SET properties = '{}' WHERE ", old_events!(), " AND properties <> '{}'");

    ARCHIVED_CHATS = of_old_chats!(encargo_sdk::select_chats!(), "m.id");
    ARCHIVED_FEEDBACK = of_old_chats!(
        "SELECT f.id, f.chat_id, f.rating, f.comment, f.created_at \
         FROM chats c JOIN feedback f ON f.tenant_id = c.tenant_id AND f.chat_id = c.id",
        "f.id"
    );
    ARCHIVED_SENTIMENTS = of_old_chats!(
        "SELECT s.id, s.chat_id, s.message_id, s.label, s.score, s.confidence, s.model, s.created_at \
         FROM chats c JOIN sentiments s ON s.tenant_id = c.tenant_id AND s.chat_id = c.id",
        "s.id"
    );
    ARCHIVED_LOGS = concat!(
        "SELECT id, level, message, context, created_at, expires_at FROM logs WHERE ",
        old_logs!(),
        " ORDER BY id"
    );
    ARCHIVED_EVENTS = concat!(
        "SELECT id, name, chat_id, agent_id, properties, value, created_at FROM analytics_events WHERE ",
        old_events!(),
        " ORDER BY id"
    );

    LAST_OF_CHATS = last_of!("chats", old_chats!(), "$4");
    LAST_OF_LOGS = last_of!("logs", old_logs!(), "$5");
    LAST_OF_EVENTS = last_of!("analytics_events", old_events!(), "$4");

    /// The chats of a range with messages whose sentiments say that they are of another chat.
    ASTRAY_CHATS = "SELECT DISTINCT m.chat_id FROM messages m \
        JOIN sentiments s ON s.tenant_id = m.tenant_id AND s.message_id = m.id \
        WHERE m.chat_id > $1 AND m.chat_id <= $2 AND s.chat_id <> m.chat_id";
}
