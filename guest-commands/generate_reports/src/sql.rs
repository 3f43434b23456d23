//! The statements: each reads rows of a range of time once, and counts and sums are asked for apart, to compare.

use encargo_sdk::statements;

statements! {
    /// The agents, by their short names.
    AGENTS = "SELECT id, slug, name FROM agents ORDER BY slug";

    /// Chats that were begun in a range: when, whose, state (0 open, 1 not), times, whether they were rated.
    CHATS = "SELECT c.created_at, c.agent_id, CASE WHEN c.status = 'open' THEN 0 ELSE 1 END, c.first_response_at, \
             c.resolved_at, CASE WHEN c.handed_over_at IS NULL THEN 0 ELSE 1 END, \
             CASE WHEN EXISTS (SELECT 1 FROM feedback f WHERE f.chat_id = c.id) THEN 1 ELSE 0 END \
             FROM chats c WHERE c.created_at >= $1 AND c.created_at < $2";

    /// Messages of a range: when, whose, role by its number, tokens, milliseconds.
    MESSAGES = "SELECT m.created_at, c.agent_id, CASE m.role WHEN 'user' THEN 0 WHEN 'assistant' THEN 1 \
                WHEN 'system' THEN 2 ELSE 3 END, m.tokens, m.response_ms \
                FROM messages m LEFT JOIN chats c ON c.id = m.chat_id WHERE m.created_at >= $1 AND m.created_at < $2";

    /// Ratings of a range: when, whose, how many stars.
    RATINGS = "SELECT f.created_at, c.agent_id, f.rating FROM feedback f LEFT JOIN chats c ON c.id = f.chat_id \
               WHERE f.created_at >= $1 AND f.created_at < $2";

    /// Sentiments of messages of a range: when, whose, 0 negative, 1 neutral, 2 positive, 3 another word.
    SENTIMENTS = "SELECT m.created_at, c.agent_id, CASE s.label WHEN 'negative' THEN 0 WHEN 'neutral' THEN 1 \
                  WHEN 'positive' THEN 2 ELSE 3 END FROM sentiments s JOIN messages m ON m.id = s.message_id \
                  LEFT JOIN chats c ON c.id = m.chat_id WHERE m.created_at >= $1 AND m.created_at < $2";

    /// What the database itself counts of the same.
    COUNT_OF_CHATS = "SELECT count(*) FROM chats WHERE created_at >= $1 AND created_at < $2";
    COUNT_OF_MESSAGES = "SELECT count(*), coalesce(sum(CASE WHEN tokens >= 0 AND tokens <= 1000000000 THEN tokens END), 0) \
                         FROM messages WHERE created_at >= $1 AND created_at < $2";
    COUNT_OF_RATINGS = "SELECT count(*), coalesce(sum(rating), 0) FROM feedback WHERE created_at >= $1 AND created_at < $2";
}
