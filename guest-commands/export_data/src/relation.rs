//! What can be exported: its columns, their order, and how the formats name it. Both are stable.

use encargo_sdk::columns;
use encargo_sdk::prelude::*;
use encargo_sdk::shape::{CHATS, FEEDBACK, Shape};

use crate::sql;

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

    /// The statement, with or without a range of time.
    pub(crate) const fn statement(self, ranged: bool) -> &'static str {
        match (self, ranged) {
            (Self::Chats, false) => sql::CHATS,
            (Self::Chats, true) => sql::CHATS_CHANGED,
            (Self::Agents, false) => sql::AGENTS,
            (Self::Agents, true) => sql::AGENTS_CHANGED,
            (Self::Knowledge, false) => sql::KNOWLEDGE,
            (Self::Knowledge, true) => sql::KNOWLEDGE_CHANGED,
            (Self::Documents, false) => sql::DOCUMENTS,
            (Self::Documents, true) => sql::DOCUMENTS_CHANGED,
            (Self::Messages, false) => sql::MESSAGES,
            (Self::Messages, true) => sql::MESSAGES_CHANGED,
            (Self::Feedback, false) => sql::FEEDBACK,
            (Self::Feedback, true) => sql::FEEDBACK_CHANGED,
            (Self::Settings, false) => sql::SETTINGS,
            (Self::Settings, true) => sql::SETTINGS_CHANGED,
        }
    }

    /// The statement for its newest change in a range of time, and the id of what was changed.
    pub(crate) const fn newest(self) -> &'static str {
        match self {
            Self::Chats => sql::NEWEST_CHAT,
            Self::Agents => sql::NEWEST_AGENT,
            Self::Knowledge => sql::NEWEST_KNOWLEDGE,
            Self::Documents => sql::NEWEST_DOCUMENT,
            Self::Messages => sql::NEWEST_MESSAGE,
            Self::Feedback => sql::NEWEST_FEEDBACK,
            Self::Settings => sql::NEWEST_SETTING,
        }
    }

    /// The statement that counts its items, with or without a range of time; none where an index does not know them.
    pub(crate) const fn count(self, ranged: bool) -> Option<&'static str> {
        match (self, ranged) {
            (Self::Chats, false) => Some(sql::COUNT_OF_CHATS),
            (Self::Chats, true) => Some(sql::COUNT_OF_CHATS_CHANGED),
            (Self::Knowledge, false) => Some(sql::COUNT_OF_KNOWLEDGE),
            (Self::Documents, false) => Some(sql::COUNT_OF_DOCUMENTS),
            (Self::Messages, false) => Some(sql::COUNT_OF_MESSAGES),
            (Self::Feedback, false) => Some(sql::COUNT_OF_FEEDBACK),
            (Self::Agents | Self::Settings, _)
            | (Self::Knowledge | Self::Documents | Self::Messages | Self::Feedback, true) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many columns a SELECT has: commas outside parentheses, before its FROM.
    fn selected(statement: &str) -> usize {
        let (mut depth, mut columns) = (0, 1);
        for (at, character) in statement.char_indices() {
            match character {
                '(' => depth += 1,
                ')' => depth -= 1,
                ',' if depth == 0 => columns += 1,
                'F' if depth == 0 && statement[at..].starts_with("FROM ") => break,
                _ => {}
            }
        }
        columns
    }

    #[test]
    fn every_statement_selects_as_many_columns_as_its_shape_has() {
        for &relation in Relation::ALL {
            for ranged in [false, true] {
                assert_eq!(selected(relation.statement(ranged)), relation.shape().columns.len(), "{}", relation.word());
            }
        }
    }

    #[test]
    fn inner_columns_lose_their_prefix_in_a_nested_format() {
        let names = CHATS.nested_names();
        assert_eq!(names[..2], ["id", "external_id"]);
        assert_eq!(names[13..], ["id", "role", "body", "tokens", "response_ms", "created_at"]);
        assert_eq!(KNOWLEDGE.nested_names()[0], "external_id");
    }
}
