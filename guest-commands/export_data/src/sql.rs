//! The statements of each type: everything, what changed in a range of time, and what changed since an earlier export
//! with what the next one has to remember of it.
//!
//! Rows come in the order in which they were added: it needs no sorting, however many there are, and an import of the
//! export into an empty tenant adds them in the same order again.
//!
//! What changed since: rows stamped since (`$1`), rows whose id was given since (`$2`), however they are stamped, and
//! those of which a silent change is noted since (`$3`), but for what the journal (`$4`) remembers as it is now: its
//! key and, behind each other, its stamp, its last silent change and what else its record shows. Agents and settings
//! are few, so that all of them are looked at (with the journal as `$1`) and all are remembered.

pub(crate) mod marks;
pub(crate) mod tombstones;

use encargo_sdk::statements;

macro_rules! remembered {
    ($relation:literal, $journal:literal, $key:literal, $more:literal, $id:literal, $updated_at:literal) => {
        concat!(
            "NOT EXISTS (SELECT 1 FROM journal_entries e WHERE e.journal_id = ",
            $journal,
            " AND e.relation = '",
            $relation,
            "' AND e.row_key = CAST(",
            $key,
            " AS TEXT) AND e.hash = ",
            state!($relation, $id, $updated_at, $more),
            ")"
        )
    };
}

macro_rules! state {
    ($relation:literal, $id:literal, $updated_at:literal, $more:literal) => {
        concat!(
            "CAST(",
            $updated_at,
            " AS TEXT) || COALESCE((SELECT ':' || CAST(s.changed_at AS TEXT) FROM silent_changes s ",
            "WHERE s.relation = '",
            $relation,
            "' AND s.row_id = ",
            $id,
            "), '')",
            $more
        )
    };
}

macro_rules! changed_since {
    ($relation:literal, $id:literal, $updated_at:literal, $or:literal) => {
        concat!(
            "(",
            $updated_at,
            " >= $1 OR ",
            $id,
            " >= $2 OR ",
            $id,
            " IN (SELECT s.row_id FROM silent_changes s WHERE ",
            "s.relation = '",
            $relation,
            "' AND s.changed_at >= $3)",
            $or,
            ")"
        )
    };
}

/// The statements of a type; `more` is what its record shows beside its row, and `or` whose change is its own, too.
macro_rules! of {
    (
        $all:ident, $changed:ident, $since:ident, $window:ident: $select:expr, from $from:literal, $relation:literal,
        id $id:literal, updated_at $updated_at:literal, more $more:literal, or $or:literal, order $order:literal
    ) => {
        statements! {
            $all = concat!($select, " ORDER BY ", $order);
            $changed = concat!($select, " WHERE ", $updated_at, " >= $1 AND ", $updated_at, " < $2 ORDER BY ", $order);
            $since = concat!(
                $select, " WHERE ", changed_since!($relation, $id, $updated_at, $or), " AND ",
                remembered!($relation, "$4", $id, $more, $id, $updated_at), " ORDER BY ", $order
            );
            $window = concat!(
                "SELECT CAST(", $id, " AS TEXT), ", state!($relation, $id, $updated_at, $more), " FROM ", $from, " WHERE ",
                changed_since!($relation, $id, $updated_at, $or), " ORDER BY ", $id
            );
        }
    };
}

of!(
    CHATS, CHATS_CHANGED, CHATS_SINCE, CHATS_WINDOW:
    encargo_sdk::select_chats!(),
    from "chats c", "chats", id "c.id", updated_at "c.updated_at",
    more " || COALESCE((SELECT '/' || CAST(max(n.id) AS TEXT) FROM messages n WHERE n.chat_id = c.id), '')",
    or " OR c.id IN (SELECT n.chat_id FROM messages n WHERE n.id >= $2)",
    order "c.id, m.id"
);

of!(
    KNOWLEDGE, KNOWLEDGE_CHANGED, KNOWLEDGE_SINCE, KNOWLEDGE_WINDOW:
    "SELECT external_id, title, body, language, tags, source FROM knowledge_items",
    from "knowledge_items", "knowledge_items", id "knowledge_items.id", updated_at "updated_at", more "", or "",
    order "knowledge_items.id"
);

of!(
    DOCUMENTS, DOCUMENTS_CHANGED, DOCUMENTS_SINCE, DOCUMENTS_WINDOW:
    "SELECT id, external_id, title, media_type, body, created_at, updated_at FROM documents",
    from "documents", "documents", id "documents.id", updated_at "updated_at", more "", or "", order "documents.id"
);

// Messages and ratings are made once: another change of one is a silent one.
of!(
    MESSAGES, MESSAGES_CHANGED, MESSAGES_SINCE, MESSAGES_WINDOW:
    "SELECT id, chat_id, role, body, tokens, response_ms, created_at FROM messages",
    from "messages", "messages", id "messages.id", updated_at "created_at", more "", or "", order "messages.id"
);

of!(
    FEEDBACK, FEEDBACK_CHANGED, FEEDBACK_SINCE, FEEDBACK_WINDOW:
    "SELECT id, chat_id, rating, comment, created_at FROM feedback",
    from "feedback", "feedback", id "feedback.id", updated_at "created_at", more "", or "", order "feedback.id"
);

macro_rules! agents {
    () => {
        concat!(
            "SELECT a.slug, a.name, a.description, a.model, a.instructions, a.language, a.is_active, ",
            tools!(),
            ", a.created_at, a.updated_at FROM agents a"
        )
    };
}

macro_rules! tools {
    () => {
        "(SELECT string_agg(t.slug, ',' ORDER BY t.slug) FROM agent_tools u JOIN tools t \
         ON t.tenant_id = u.tenant_id AND t.id = u.tool_id WHERE u.tenant_id = a.tenant_id AND u.agent_id = a.id)"
    };
}

macro_rules! state_of_agent {
    () => {
        concat!(state!("agents", "a.id", "a.updated_at", ""), " || COALESCE('/' || ", tools!(), ", '')")
    };
}

/// A setting has no id, so that no silent change of it is noted; a value of another length is one.
macro_rules! state_of_setting {
    () => {
        "CAST(updated_at AS TEXT) || '/' || CAST(length(value) AS TEXT)"
    };
}

statements! {
    AGENTS = concat!(agents!(), " ORDER BY a.slug");
    AGENTS_CHANGED = concat!(agents!(), " WHERE a.updated_at >= $1 AND a.updated_at < $2 ORDER BY a.slug");
    AGENTS_SINCE = concat!(
        agents!(), " WHERE NOT EXISTS (SELECT 1 FROM journal_entries e WHERE e.journal_id = $1 AND e.relation = 'agents' ",
        "AND e.row_key = CAST(a.id AS TEXT) AND e.hash = ", state_of_agent!(), ") ORDER BY a.slug"
    );
    AGENTS_WINDOW = concat!("SELECT CAST(a.id AS TEXT), ", state_of_agent!(), " FROM agents a ORDER BY a.id");
    SETTINGS = "SELECT name, value, updated_at FROM settings ORDER BY name";
    SETTINGS_CHANGED =
        "SELECT name, value, updated_at FROM settings WHERE updated_at >= $1 AND updated_at < $2 ORDER BY name";
    SETTINGS_SINCE = concat!(
        "SELECT name, value, updated_at FROM settings WHERE NOT EXISTS (SELECT 1 FROM journal_entries e ",
        "WHERE e.journal_id = $1 AND e.relation = 'settings' AND e.row_key = name AND e.hash = ", state_of_setting!(),
        ") ORDER BY name"
    );
    SETTINGS_WINDOW = concat!("SELECT name, ", state_of_setting!(), " FROM settings ORDER BY name");
}
