//! What can be exported: its columns, their order, and how the formats name it. Both are stable.

use encargo_sdk::columns;
use encargo_sdk::prelude::*;
use encargo_sdk::shape::{CHATS, FEEDBACK, Shape};

/// One of the things that can be exported, in the order in which they are; its word is the name of the file, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Relation {
    /// Chats with their messages.
    Chats,
    /// Agents with the slugs of their tools.
    Agents,
    /// Knowledge, as `import_knowledge` takes it.
    Knowledge,
    /// Documents.
    Documents,
    /// Messages in a flat file, with the ids of their chats; only where they are asked for.
    Messages,
    /// Ratings and comments of chats.
    Feedback,
    /// Settings, without secrets.
    Settings,
}

/// What one file holds of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// Its records.
    Records,
    /// Tombstones of its records.
    Deletions,
}

const AGENTS: Shape = Shape {
    items: "agents",
    item: "agent",
    columns: columns![
        "slug" Text, "name" Text, "description" Text, "model" Text, "instructions" Text, "language" Text,
        "is_active" Flag, "tools" Names, "created_at" Time, "updated_at" Time,
    ],
    inner: None,
};

/// Only what an import takes, so that an export says nothing of where it came from.
const KNOWLEDGE: Shape = Shape {
    items: "knowledge_items",
    item: "knowledge_item",
    columns: columns!["external_id" OwnId, "title" Text, "body" Text, "language" Text, "tags" Tags, "source" Text],
    inner: None,
};

const DOCUMENTS: Shape = Shape {
    items: "documents",
    item: "document",
    columns: columns![
        "id" Integer, "external_id" Text, "title" Text, "media_type" Text, "body" Text, "created_at" Time,
        "updated_at" Time,
    ],
    inner: None,
};

const MESSAGES: Shape = Shape {
    items: "messages",
    item: "message",
    columns: columns![
        "id" Integer, "chat_id" Integer, "role" Text, "body" Text, "tokens" Integer, "response_ms" Integer,
        "created_at" Time,
    ],
    inner: None,
};

const SETTINGS: Shape = Shape {
    items: "settings",
    item: "setting",
    columns: columns!["name" Text, "value" Text, "updated_at" Time],
    inner: None,
};

/// An agent's slug and a setting's name stand in `external_id`, and a setting has no id.
const DELETED: Shape = Shape {
    items: "deletions",
    item: "deletion",
    columns: columns!["relation" Text, "id" Integer, "external_id" Text, "deleted_at" Time],
    inner: None,
};

impl What {
    /// The shape of such a file.
    pub(crate) const fn shape(self, relation: Relation) -> &'static Shape {
        match self {
            Self::Records => relation.shape(),
            Self::Deletions => &DELETED,
        }
    }
}

impl Relation {
    /// Its items, for the progress line.
    pub(crate) fn items(self) -> String {
        match self {
            Self::Chats => text!("chats", "chats"),
            Self::Agents => text!("agents", "agentes"),
            Self::Knowledge => text!("knowledge items", "conocimientos"),
            Self::Documents => text!("documents", "documentos"),
            Self::Messages => text!("messages", "mensajes"),
            Self::Feedback => text!("ratings", "valoraciones"),
            Self::Settings => text!("settings", "ajustes"),
        }
    }

    pub(crate) const fn shape(self) -> &'static Shape {
        match self {
            Self::Chats => &CHATS,
            Self::Agents => &AGENTS,
            Self::Knowledge => &KNOWLEDGE,
            Self::Documents => &DOCUMENTS,
            Self::Messages => &MESSAGES,
            Self::Feedback => &FEEDBACK,
            Self::Settings => &SETTINGS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_columns_lose_their_prefix_in_a_nested_format() {
        let names = CHATS.nested_names();
        assert_eq!(names[..2], ["id", "external_id"]);
        assert_eq!(names[13..], ["id", "role", "body", "tokens", "response_ms", "created_at"]);
        assert_eq!(KNOWLEDGE.nested_names()[0], "external_id");
    }
}
