//! The statements.

use encargo_sdk::statements;

statements! {
    FIND_TOOL = "SELECT id FROM tools WHERE slug = $1";
    FIND_AGENT = "SELECT id FROM agents WHERE slug = $1";
    FIND_ITEM = "SELECT id FROM knowledge_items WHERE external_id = $1";
    FIND_DOCUMENT = "SELECT id FROM documents WHERE external_id = $1";
    FIND_FILE = "SELECT id FROM files WHERE name = $1";
    FIND_CHAT = "SELECT id FROM chats WHERE external_id = $1";
    FIND_SETTING = "SELECT 1 FROM settings WHERE name = $1";

    /// What people may edit of each thing. What commands add to it, such as moods and versions of formats, is not in it.
    LOOK_AT_TOOL = "SELECT slug, name, description, kind, configuration, is_active FROM tools WHERE id = $1";
    LOOK_AT_AGENT =
        "SELECT name, description, model, instructions, language, CASE WHEN is_active = 1 THEN slug ELSE '' END \
         FROM agents WHERE id = $1";
    LOOK_AT_LINKS = "SELECT tool_id FROM agent_tools WHERE agent_id = $1 ORDER BY tool_id";
    LOOK_AT_ITEM =
        "SELECT external_id, title, body, language, tags, source FROM knowledge_items WHERE id = $1";
    LOOK_AT_DOCUMENT =
        "SELECT coalesce(external_id, ''), title, media_type, body, '', '' FROM documents WHERE id = $1";
    LOOK_AT_FILES = "SELECT name, sha256 FROM files WHERE document_id = $1 ORDER BY id";
    LOOK_AT_CHAT = "SELECT coalesce(external_id, ''), title, status, language, is_pinned, legal_hold, \
         coalesce(resolved_at, 0) FROM chats WHERE id = $1";
    LOOK_AT_MESSAGES = "SELECT role, body FROM messages WHERE chat_id = $1 ORDER BY id";
    LOOK_AT_FEEDBACK = "SELECT comment, rating FROM feedback WHERE chat_id = $1 ORDER BY id";
    LOOK_AT_SETTING = "SELECT name, value FROM settings WHERE name = $1";
    LOOK_AT_LOG = "SELECT level, message FROM logs WHERE id = $1";
    LOOK_AT_EVENT = "SELECT name, properties FROM analytics_events WHERE id = $1";

    /// Whether something that is not removed still needs it.
    CHATS_OF_AGENT = "SELECT count(*) FROM chats WHERE agent_id = $1";
    AGENTS_OF_TOOL = "SELECT count(*) FROM agent_tools WHERE tool_id = $1";

    DELETE_TOOL = "DELETE FROM tools WHERE id = $1";
    DELETE_LINKS = "DELETE FROM agent_tools WHERE agent_id = $1";
    DELETE_AGENT = "DELETE FROM agents WHERE id = $1";
    DELETE_ITEM = "DELETE FROM knowledge_items WHERE id = $1";
    DELETE_FILES = "DELETE FROM files WHERE document_id = $1";
    DELETE_DOCUMENT = "DELETE FROM documents WHERE id = $1";
    DELETE_SENTIMENTS = "DELETE FROM sentiments WHERE chat_id = $1";
    DELETE_FEEDBACK = "DELETE FROM feedback WHERE chat_id = $1";
    DELETE_MESSAGES = "DELETE FROM messages WHERE chat_id = $1";
    DELETE_CHAT = "DELETE FROM chats WHERE id = $1";
    DELETE_SETTING = "DELETE FROM settings WHERE name = $1";
    DELETE_LOG = "DELETE FROM logs WHERE id = $1";
    DELETE_EVENT = "DELETE FROM analytics_events WHERE id = $1";
}
