//! How many items of a type there are, and which of them changed last.

use encargo_sdk::statements;

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
