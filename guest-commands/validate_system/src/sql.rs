//! The statements. Each of the first half answers the keys of what is wrong, in their order, and nothing where all is well;
//! those of the second half read whole relations, a row after the other.
//!
//! References are followed by id alone, which is unique over all tenants; that the tenants are the same is asked apart.

use encargo_sdk::statements;

statements! {
    LINKS_WITHOUT_AGENT = "SELECT l.agent_id, l.tool_id FROM agent_tools l \
         WHERE NOT EXISTS (SELECT 1 FROM agents a WHERE a.id = l.agent_id) ORDER BY l.agent_id, l.tool_id";
    LINKS_WITHOUT_TOOL = "SELECT l.agent_id, l.tool_id FROM agent_tools l \
         WHERE NOT EXISTS (SELECT 1 FROM tools t WHERE t.id = l.tool_id) ORDER BY l.agent_id, l.tool_id";
    LINKS_CROSSED = "SELECT l.agent_id, l.tool_id FROM agent_tools l \
         JOIN agents a ON a.id = l.agent_id JOIN tools t ON t.id = l.tool_id \
         WHERE a.tenant_id <> l.tenant_id OR t.tenant_id <> l.tenant_id ORDER BY l.agent_id, l.tool_id";
    AGENTS_OF_ONE_SLUG = "SELECT max(id) FROM agents GROUP BY slug, tenant_id HAVING count(*) > 1 ORDER BY 1";
    TOOLS_OF_ONE_SLUG = "SELECT max(id) FROM tools GROUP BY slug, tenant_id HAVING count(*) > 1 ORDER BY 1";
    AGENTS_OF_ONE_NAME =
        "SELECT max(id) FROM agents GROUP BY lower(name), tenant_id HAVING count(*) > 1 ORDER BY 1";

    ITEMS_OF_ONE_EXTERNAL_ID =
        "SELECT max(id) FROM knowledge_items GROUP BY external_id, tenant_id HAVING count(*) > 1 ORDER BY 1";
    /// Items that have been hashed wrongly are another issue's.
    ITEMS_OF_ONE_CONTENT = "SELECT max(id) FROM knowledge_items GROUP BY content_hash \
         HAVING count(*) > 1 AND min(external_id) <> max(external_id) ORDER BY 1";

    CHATS_WITHOUT_AGENT = "SELECT c.id FROM chats c WHERE c.agent_id IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM agents a WHERE a.id = c.agent_id) ORDER BY c.id";
    MESSAGES_WITHOUT_CHAT = "SELECT m.id FROM messages m \
         WHERE NOT EXISTS (SELECT 1 FROM chats c WHERE c.id = m.chat_id) ORDER BY m.id";
    SENTIMENTS_WITHOUT_MESSAGE = "SELECT s.id FROM sentiments s \
         WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.id = s.message_id) ORDER BY s.id";
    /// Where the message is in another chat, the chat is that matter.
    SENTIMENTS_WITHOUT_CHAT = "SELECT s.id FROM sentiments s \
         WHERE NOT EXISTS (SELECT 1 FROM chats c WHERE c.id = s.chat_id) \
         AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.id = s.message_id AND m.chat_id <> s.chat_id) ORDER BY s.id";
    SENTIMENTS_OF_ANOTHER_CHAT = "SELECT s.id FROM sentiments s JOIN messages m ON m.id = s.message_id \
         WHERE m.chat_id <> s.chat_id ORDER BY s.id";
    FEEDBACK_WITHOUT_CHAT = "SELECT f.id FROM feedback f \
         WHERE NOT EXISTS (SELECT 1 FROM chats c WHERE c.id = f.chat_id) ORDER BY f.id";
    CHATS_CROSSED = "SELECT c.id FROM chats c JOIN agents a ON a.id = c.agent_id \
         WHERE a.tenant_id <> c.tenant_id ORDER BY c.id";
    MESSAGES_CROSSED = "SELECT m.id FROM messages m JOIN chats c ON c.id = m.chat_id \
         WHERE c.tenant_id <> m.tenant_id ORDER BY m.id";
    SENTIMENTS_CROSSED = "SELECT s.id FROM sentiments s JOIN messages m ON m.id = s.message_id \
         WHERE m.tenant_id <> s.tenant_id ORDER BY s.id";
    FEEDBACK_CROSSED = "SELECT f.id FROM feedback f JOIN chats c ON c.id = f.chat_id \
         WHERE c.tenant_id <> f.tenant_id ORDER BY f.id";
    MESSAGES_BEFORE_CHAT = "SELECT m.id FROM messages m JOIN chats c ON c.id = m.chat_id \
         WHERE m.created_at < c.created_at ORDER BY m.id";
    CHATS_OF_ONE_EXTERNAL_ID = "SELECT max(id) FROM chats WHERE external_id IS NOT NULL \
         GROUP BY external_id, tenant_id HAVING count(*) > 1 ORDER BY 1";

    DOCUMENTS_OF_ONE_EXTERNAL_ID = "SELECT max(id) FROM documents WHERE external_id IS NOT NULL \
         GROUP BY external_id, tenant_id HAVING count(*) > 1 ORDER BY 1";
    FILES_WITHOUT_DOCUMENT = "SELECT f.id FROM files f WHERE f.document_id IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.id = f.document_id) ORDER BY f.id";
    FILES_CROSSED = "SELECT f.id FROM files f JOIN documents d ON d.id = f.document_id \
         WHERE d.tenant_id <> f.tenant_id ORDER BY f.id";

    /// A chat that was deleted has a tombstone, and events outlive their chats.
    EVENTS_WITHOUT_CHAT = "SELECT e.id FROM analytics_events e WHERE e.chat_id IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM chats c WHERE c.id = e.chat_id) \
         AND NOT EXISTS (SELECT 1 FROM deletions d WHERE d.relation = 'chats' AND d.row_id = e.chat_id) ORDER BY e.id";
    EVENTS_WITHOUT_AGENT = "SELECT e.id FROM analytics_events e WHERE e.agent_id IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM agents a WHERE a.id = e.agent_id) \
         AND NOT EXISTS (SELECT 1 FROM deletions d WHERE d.relation = 'agents' AND d.row_id = e.agent_id) ORDER BY e.id";

    TOMBSTONES_OF_LIVING = "SELECT d.relation, d.row_id FROM deletions d WHERE \
         (d.relation = 'agents' AND EXISTS (SELECT 1 FROM agents r WHERE r.id = d.row_id)) \
         OR (d.relation = 'tools' AND EXISTS (SELECT 1 FROM tools r WHERE r.id = d.row_id)) \
         OR (d.relation = 'knowledge_items' AND EXISTS (SELECT 1 FROM knowledge_items r WHERE r.id = d.row_id)) \
         OR (d.relation = 'documents' AND EXISTS (SELECT 1 FROM documents r WHERE r.id = d.row_id)) \
         OR (d.relation = 'files' AND EXISTS (SELECT 1 FROM files r WHERE r.id = d.row_id)) \
         OR (d.relation = 'chats' AND EXISTS (SELECT 1 FROM chats r WHERE r.id = d.row_id)) \
         OR (d.relation = 'feedback' AND EXISTS (SELECT 1 FROM feedback r WHERE r.id = d.row_id)) \
         OR (d.relation = 'messages' AND EXISTS (SELECT 1 FROM messages r WHERE r.id = d.row_id)) \
         ORDER BY d.relation, d.row_id";

    AGENTS = "SELECT id, created_at, updated_at, slug, name, description, model, instructions, language \
         FROM agents ORDER BY id";
    TOOLS = "SELECT id, created_at, updated_at, slug, name, description, kind, configuration FROM tools ORDER BY id";
    ITEMS = "SELECT id, created_at, updated_at, format_version, external_id, title, body, language, tags, source, \
         content_hash, legacy FROM knowledge_items ORDER BY id";
    CHATS = "SELECT id, created_at, updated_at, first_response_at, handed_over_at, resolved_at, status, title, language \
         FROM chats ORDER BY id";
    MESSAGES = "SELECT id, tokens, response_ms, body FROM messages ORDER BY id";
    SENTIMENTS = "SELECT id, score, confidence FROM sentiments ORDER BY id";
    FEEDBACK = "SELECT id, comment FROM feedback ORDER BY id";
    DOCUMENTS = "SELECT id, created_at, updated_at, media_type, title, body FROM documents ORDER BY id";
    FILES = "SELECT name, id, bytes, sha256 FROM files ORDER BY name";
    SETTINGS = "SELECT name, value FROM settings ORDER BY name";
    EVENTS = "SELECT id, name, properties FROM analytics_events ORDER BY id";
    LOGS = "SELECT id, created_at, expires_at, message, context FROM logs ORDER BY id";
    JOURNALS = "SELECT id, details FROM journals ORDER BY id";
    ENTRIES = "SELECT journal_id, relation, row_key, before FROM journal_entries WHERE before IS NOT NULL \
         ORDER BY journal_id, relation, row_key";

    /// Chats after `$1` whose agent is not there, with it.
    FIND_CHATS = "SELECT c.id, c.agent_id FROM chats c WHERE c.id > $1 AND c.agent_id IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM agents a WHERE a.id = c.agent_id) ORDER BY c.id LIMIT 500";
    EMPTY_CHAT_AGENT = "UPDATE chats SET agent_id = NULL WHERE id = $1";
    CHAT_AGENT = "SELECT agent_id FROM chats WHERE id = $1";
    RESTORE_CHAT_AGENT =
        "UPDATE chats SET agent_id = $2 WHERE id = $1 AND EXISTS (SELECT 1 FROM agents a WHERE a.id = $2)";

    /// Sentiments after `$1` that name another chat than their message, with it and the message's, where that is there.
    FIND_SENTIMENTS = "SELECT s.id, s.chat_id, m.chat_id FROM sentiments s JOIN messages m ON m.id = s.message_id \
         WHERE s.id > $1 AND m.chat_id <> s.chat_id AND EXISTS (SELECT 1 FROM chats c WHERE c.id = m.chat_id) \
         ORDER BY s.id LIMIT 500";
    SET_SENTIMENT_CHAT = "UPDATE sentiments SET chat_id = $2 WHERE id = $1";
    SENTIMENT_CHAT = "SELECT chat_id FROM sentiments WHERE id = $1";
    RESTORE_SENTIMENT_CHAT =
        "UPDATE sentiments SET chat_id = $2 WHERE id = $1 AND EXISTS (SELECT 1 FROM chats c WHERE c.id = $2)";

    /// Files after `$1` whose document is not there, with it.
    FIND_FILES = "SELECT f.id, f.document_id FROM files f WHERE f.id > $1 AND f.document_id IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.id = f.document_id) ORDER BY f.id LIMIT 500";
    EMPTY_FILE_DOCUMENT = "UPDATE files SET document_id = NULL WHERE id = $1";
    FILE_DOCUMENT = "SELECT document_id FROM files WHERE id = $1";
    RESTORE_FILE_DOCUMENT =
        "UPDATE files SET document_id = $2 WHERE id = $1 AND EXISTS (SELECT 1 FROM documents d WHERE d.id = $2)";

    /// Events after `$1` whose chat or agent is not there and was never deleted: what they name, and what of it stays.
    FIND_EVENTS = "SELECT id, chat_id, agent_id, CASE WHEN chat_is_lost = 1 THEN NULL ELSE chat_id END, \
         CASE WHEN agent_is_lost = 1 THEN NULL ELSE agent_id END FROM (SELECT e.id, e.chat_id, e.agent_id, \
         CASE WHEN e.chat_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM chats c WHERE c.id = e.chat_id) AND NOT EXISTS \
         (SELECT 1 FROM deletions d WHERE d.relation = 'chats' AND d.row_id = e.chat_id) THEN 1 ELSE 0 END AS chat_is_lost, \
         CASE WHEN e.agent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM agents a WHERE a.id = e.agent_id) AND NOT EXISTS \
         (SELECT 1 FROM deletions d WHERE d.relation = 'agents' AND d.row_id = e.agent_id) THEN 1 ELSE 0 END AS agent_is_lost \
         FROM analytics_events e WHERE e.id > $1) AS event WHERE chat_is_lost + agent_is_lost > 0 ORDER BY id LIMIT 500";
    SET_EVENT = "UPDATE analytics_events SET chat_id = $2, agent_id = $3 WHERE id = $1";
    EVENT = "SELECT chat_id, agent_id FROM analytics_events WHERE id = $1";

    FIND_ITEMS = "SELECT id, title, body, language, tags, source, content_hash FROM knowledge_items WHERE id > $1 \
         ORDER BY id LIMIT 500";
    SET_CONTENT_HASH = "UPDATE knowledge_items SET content_hash = $2 WHERE id = $1";
    ITEM_HASH = "SELECT content_hash FROM knowledge_items WHERE id = $1";

    SILENCES = "SELECT value FROM settings WHERE name = $1";
}
