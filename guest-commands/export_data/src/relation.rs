//! What can be exported: its columns, their order, and how the formats name it. Both are stable.

use encargo_sdk::prelude::*;

use crate::cell::Form;

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

/// One column of an export.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) form: Form,
}

/// What an export is made of; without `inner` each row is an item of its own.
#[derive(Debug)]
pub(crate) struct Shape {
    /// What the whole is called in XML, and what is counted.
    pub(crate) items: &'static str,
    pub(crate) item: &'static str,
    pub(crate) columns: &'static [Column],
    pub(crate) inner: Option<Inner>,
}

/// Rows with the same first column are one item, and each is one inner item of it.
#[derive(Debug)]
pub(crate) struct Inner {
    /// The first column of the inner item; where it is null there is none.
    pub(crate) at: usize,
    pub(crate) items: &'static str,
    pub(crate) item: &'static str,
    /// What the inner columns begin with in a flat format, and not in a nested one.
    pub(crate) prefix: &'static str,
}

macro_rules! columns {
    ($($name:literal $form:ident),* $(,)?) => { &[$(Column { name: $name, form: Form::$form }),*] };
}

const CHATS: Shape = Shape {
    items: "chats",
    item: "chat",
    columns: columns![
        "id" Integer, "external_id" Text, "agent" Text, "title" Text, "status" Text, "language" Text,
        "is_pinned" Flag, "legal_hold" Flag, "first_response_at" Time, "handed_over_at" Time, "resolved_at" Time,
        "created_at" Time, "updated_at" Time,
        "message_id" Integer, "message_role" Text, "message_body" Text, "message_tokens" Integer,
        "message_response_ms" Integer, "message_created_at" Time,
    ],
    inner: Some(Inner { at: 13, items: "messages", item: "message", prefix: "message_" }),
};

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

const FEEDBACK: Shape = Shape {
    items: "feedback",
    item: "rating",
    columns: columns!["id" Integer, "chat_id" Integer, "rating" Integer, "comment" Text, "created_at" Time],
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

impl Shape {
    /// The kind of each column of the statement.
    pub(crate) fn kinds(&self) -> Vec<Kind> {
        self.columns.iter().map(|column| column.form.kind()).collect()
    }

    /// The columns of an item and of an inner item, with the names that a nested format gives them.
    pub(crate) fn nested_names(&self) -> Vec<&'static str> {
        let (at, prefix) = self.inner.as_ref().map_or((self.columns.len(), ""), |inner| (inner.at, inner.prefix));
        let name = |(place, column): (usize, &Column)| match column.name.strip_prefix(prefix) {
            Some(short) if place >= at => short,
            _ => column.name,
        };
        self.columns.iter().enumerate().map(name).collect()
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
