//! The statements, one pair for each type: everything, and what changed in a range of time.
//!
//! Rows come in the order in which they were added: it needs no sorting, however many there are, and an import of the
//! export into an empty tenant adds them in the same order again.

use encargo_sdk::statements;

macro_rules! pair {
    ($all:ident, $changed:ident, $select:expr, $updated_at:literal, $order:literal) => {
        statements! {
            $all = concat!($select, " ORDER BY ", $order);
            $changed = concat!($select, " WHERE ", $updated_at, " >= $1 AND ", $updated_at, " < $2 ORDER BY ", $order);
        }
    };
}

pair!(CHATS, CHATS_CHANGED, encargo_sdk::select_chats!(), "c.updated_at", "c.id, m.id");

pair!(
    AGENTS,
    AGENTS_CHANGED,
    "SELECT a.slug, a.name, a.description, a.model, a.instructions, a.language, a.is_active, \
     (SELECT string_agg(t.slug, ',' ORDER BY t.slug) FROM agent_tools u JOIN tools t \
     ON t.tenant_id = u.tenant_id AND t.id = u.tool_id WHERE u.tenant_id = a.tenant_id AND u.agent_id = a.id), \
     a.created_at, a.updated_at FROM agents a",
    "a.updated_at",
    "a.slug"
);

pair!(
    KNOWLEDGE,
    KNOWLEDGE_CHANGED,
    "SELECT external_id, title, body, language, tags, source FROM knowledge_items",
    "updated_at",
    "id"
);

pair!(
    DOCUMENTS,
    DOCUMENTS_CHANGED,
    "SELECT id, external_id, title, media_type, body, created_at, updated_at FROM documents",
    "updated_at",
    "id"
);

// Messages and ratings are never changed, so that the time at which one was made is that of its last change.
pair!(
    MESSAGES,
    MESSAGES_CHANGED,
    "SELECT id, chat_id, role, body, tokens, response_ms, created_at FROM messages",
    "created_at",
    "id"
);

pair!(FEEDBACK, FEEDBACK_CHANGED, "SELECT id, chat_id, rating, comment, created_at FROM feedback", "created_at", "id");

pair!(SETTINGS, SETTINGS_CHANGED, "SELECT name, value, updated_at FROM settings", "updated_at", "name");

macro_rules! newest {
    ($($name:ident = $id:literal, $updated_at:literal, $table:literal;)+) => {
        statements! {
            $($name = concat!(
                "SELECT ", $updated_at, ", ", $id, " FROM ", $table, " WHERE ", $updated_at, " >= $1 AND ", $updated_at,
                " < $2 ORDER BY ", $updated_at, " DESC, ", $id, " DESC LIMIT 1"
            );)+
        }
    };
}

newest! {
    NEWEST_CHAT = "id", "updated_at", "chats";
    NEWEST_AGENT = "id", "updated_at", "agents";
    NEWEST_KNOWLEDGE = "id", "updated_at", "knowledge_items";
    NEWEST_DOCUMENT = "id", "updated_at", "documents";
    NEWEST_MESSAGE = "id", "created_at", "messages";
    NEWEST_FEEDBACK = "id", "created_at", "feedback";
}

statements! {
    /// A setting has no id.
    NEWEST_SETTING = "SELECT updated_at, NULLIF(1, 1) FROM settings WHERE updated_at >= $1 AND updated_at < $2 \
                      ORDER BY updated_at DESC LIMIT 1";
    /// How many items there are, where an index tells it at once: a few milliseconds for a million.
    COUNT_OF_CHATS = "SELECT count(*) FROM chats";
    COUNT_OF_CHATS_CHANGED = "SELECT count(*) FROM chats WHERE updated_at >= $1 AND updated_at < $2";
    COUNT_OF_KNOWLEDGE = "SELECT count(*) FROM knowledge_items";
    COUNT_OF_DOCUMENTS = "SELECT count(*) FROM documents";
    COUNT_OF_MESSAGES = "SELECT count(*) FROM messages";
    COUNT_OF_FEEDBACK = "SELECT count(*) FROM feedback";
}
