//! The statements. Everything is found by ranges of ids, because a batch is one.

use encargo_sdk::statements;

statements! {
    /// A row that is there again was not deleted; only a batch that was removed before has any of these.
    FORGET_TOMBSTONES = "DELETE FROM deletions WHERE relation = $1 AND row_id >= $2 AND row_id < $3";

    /// Chats of a range to which somebody else added messages, which have ids outside of the batch.
    CHATS_IN_USE = "SELECT chat_id FROM messages WHERE chat_id >= $1 AND chat_id < $2 AND (id < $3 OR id >= $4) \
         GROUP BY chat_id ORDER BY chat_id";
    DELETE_SENTIMENTS = "DELETE FROM sentiments WHERE chat_id >= $1 AND chat_id < $2";
    DELETE_FEEDBACK = "DELETE FROM feedback WHERE chat_id >= $1 AND chat_id < $2";
    DELETE_MESSAGES = "DELETE FROM messages WHERE chat_id >= $1 AND chat_id < $2";
    DELETE_CHATS = "DELETE FROM chats WHERE id >= $1 AND id < $2";

    DELETE_EVENTS = "DELETE FROM analytics_events WHERE id >= $1 AND id < $2";
    DELETE_LOGS = "DELETE FROM logs WHERE id >= $1 AND id < $2";
    DELETE_FILES = "DELETE FROM files WHERE id >= $1 AND id < $2";
    DELETE_DOCUMENTS = "DELETE FROM documents WHERE id >= $1 AND id < $2";
    DELETE_ITEMS = "DELETE FROM knowledge_items WHERE id >= $1 AND id < $2";
    DELETE_TOOLS = "DELETE FROM tools WHERE id >= $1 AND id < $2";
    /// An agent that other chats use stays.
    DELETE_AGENTS = "DELETE FROM agents WHERE id >= $1 AND id < $2 \
         AND NOT EXISTS (SELECT 1 FROM chats c WHERE c.agent_id = agents.id)";
    COUNT_AGENTS = "SELECT count(*) FROM agents WHERE id >= $1 AND id < $2";
    DELETE_SETTING = "DELETE FROM settings WHERE name = $1";
}
