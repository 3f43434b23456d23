//! The statements of tombstones: what was deleted since a time (`$1`), is not there again, and is not remembered by the
//! journal (`$2`); and what the next export has to remember.
//!
//! What is there again is told by what its file knows it by: a slug, an external id of knowledge, a name, else its id.
//! Where messages stand in their chats, the tombstones of both do.

use encargo_sdk::statements;

macro_rules! gone {
    ($relation:literal, $again:literal) => {
        concat!("(d.relation = '", $relation, "' AND NOT EXISTS (SELECT 1 FROM ", $relation, " r WHERE ", $again, "))")
    };
}

macro_rules! of {
    ($gone:ident, $window:ident: $type:literal, id $id:literal, is $($which:expr),+) => {
        statements! {
            $gone = concat!(
                "SELECT d.relation, ", $id, ", d.external_id, d.deleted_at FROM deletions d WHERE d.deleted_at >= $1 AND (",
                $($which,)+ ") AND NOT EXISTS (SELECT 1 FROM journal_entries e WHERE e.journal_id = $2 AND e.relation = '",
                $type, "' AND e.row_key = d.relation || ':' || CAST(d.row_id AS TEXT) ",
                "AND e.hash = CAST(d.deleted_at AS TEXT)) ORDER BY d.relation, d.row_id"
            );
            $window = concat!(
                "SELECT d.relation || ':' || CAST(d.row_id AS TEXT), CAST(d.deleted_at AS TEXT) FROM deletions d ",
                "WHERE d.deleted_at >= $1 AND (", $($which,)+ ") ORDER BY d.relation, d.row_id"
            );
        }
    };
}

of!(
    CHATS, CHATS_WINDOW: "chats.deleted", id "d.row_id",
    is gone!("chats", "r.id = d.row_id"), " OR ", gone!("messages", "r.id = d.row_id")
);
of!(AGENTS, AGENTS_WINDOW: "agents.deleted", id "d.row_id", is gone!("agents", "r.slug = d.external_id"));
of!(KNOWLEDGE, KNOWLEDGE_WINDOW: "knowledge.deleted", id "d.row_id", is gone!("knowledge_items", "r.external_id = d.external_id"));
of!(DOCUMENTS, DOCUMENTS_WINDOW: "documents.deleted", id "d.row_id", is gone!("documents", "r.id = d.row_id"));
of!(MESSAGES, MESSAGES_WINDOW: "messages.deleted", id "d.row_id", is gone!("messages", "r.id = d.row_id"));
of!(FEEDBACK, FEEDBACK_WINDOW: "feedback.deleted", id "d.row_id", is gone!("feedback", "r.id = d.row_id"));
of!(SETTINGS, SETTINGS_WINDOW: "settings.deleted", id "NULLIF(d.row_id, d.row_id)", is gone!("settings", "r.name = d.external_id"));
