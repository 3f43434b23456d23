//! The statements. A batch is a range of ids of messages; times are compared as `+column`, so that no index on a time is gone by.

use encargo_sdk::statements;

/// What customers wrote in a time, to one agent or to all: `$1` <= time < `$2`, the agent `$3`, with 0 all.
macro_rules! chosen {
    () => {
        "m.role = 'user' AND m.created_at >= $1 AND m.created_at < $2 AND ($3 = 0 OR c.agent_id = $3)"
    };
}

macro_rules! with_chats_and_sentiments {
    () => {
        " FROM messages m JOIN chats c ON c.tenant_id = m.tenant_id AND c.id = m.chat_id \
         LEFT JOIN sentiments s ON s.tenant_id = m.tenant_id AND s.message_id = m.id WHERE "
    };
}

statements! {
    /// The agents that a word may name.
    AGENTS_NAMED = "SELECT id, slug FROM agents WHERE slug = $1 OR name = $1 OR CAST(id AS TEXT) = $1 ORDER BY id LIMIT 20";

    AGENTS = "SELECT id, slug FROM agents ORDER BY id";

    /// How many messages there are, and the last one's id.
    OVERVIEW = "SELECT count(*), max(id) FROM messages";

    /// Where a batch after `$1` of `$2` messages at most ends, and how many they are.
    BATCH = "SELECT max(p.id), count(*) FROM (SELECT id FROM messages WHERE id > $1 AND id <= $3 ORDER BY id LIMIT $2) p";

    /// The messages of a batch, `$4` < id <= `$5`, and what is said of them already. What was said by others or by this
    /// version, whose rows begin with `$6`, has no text, unless `$7` asks for what was said by any of our own, `$8`.
    MESSAGES = concat!(
        "SELECT m.id, m.chat_id, c.language, CASE WHEN s.id IS NULL OR (s.model LIKE $8 AND ($7 = 1 OR s.model NOT LIKE $6)) \
         THEN substr(m.body, 1, 20000) END, s.label, s.score, s.confidence, s.model",
        with_chats_and_sentiments!(), chosen!(), " AND m.id > $4 AND m.id <= $5 ORDER BY m.id"
    );

    /// What is said of all that was chosen, chat by chat.
    SAID = concat!(
        "SELECT m.id, m.chat_id, c.agent_id, m.created_at, s.label, s.score",
        with_chats_and_sentiments!(), chosen!(), " ORDER BY m.chat_id"
    );

    /// The text of a message with its chat's language.
    BODY = "SELECT substr(m.body, 1, 20000), c.language FROM messages m \
            JOIN chats c ON c.tenant_id = m.tenant_id AND c.id = m.chat_id WHERE m.id = $1";
}
