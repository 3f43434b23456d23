//! What rows look like in a file: columns, their order and how they are named. Whoever writes rows for people or for another
//! program takes the shape from here, so that one relation looks the same wherever it comes from.

mod cell;
mod grouping;
mod json;
pub mod samples;
pub mod special;

pub use cell::{Cell, Form};
pub use grouping::{Grouping, Place};
pub use json::Json;

use crate::value::Kind;

/// One column of an export.
#[derive(Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What its cells stand for.
    pub form: Form,
}

/// What an export is made of; without `inner` each row is an item of its own.
#[derive(Debug)]
pub struct Shape {
    /// What the whole is called in XML, and what is counted.
    pub items: &'static str,
    /// What one of them is called in XML.
    pub item: &'static str,
    /// The columns of the statement, in its order.
    pub columns: &'static [Column],
    /// What rows with the same first column have inside the item that they make together.
    pub inner: Option<Inner>,
}

/// Rows with the same first column are one item, and each is one inner item of it.
#[derive(Debug)]
pub struct Inner {
    /// The first column of the inner item; where it is null there is none.
    pub at: usize,
    /// What they are called together.
    pub items: &'static str,
    /// What one of them is called in XML.
    pub item: &'static str,
    /// What the inner columns begin with in a flat format, and not in a nested one.
    pub prefix: &'static str,
}

/// The columns of a [`Shape`]: `columns!["id" Integer, "title" Text]`.
#[macro_export]
macro_rules! columns {
    ($($name:literal $form:ident),* $(,)?) => {
        &[$($crate::shape::Column { name: $name, form: $crate::shape::Form::$form }),*]
    };
}

/// Selects chats with their messages as [`CHATS`] has them; what follows are conditions on `c` and `ORDER BY c.id, m.id`.
#[macro_export]
macro_rules! select_chats {
    () => {
        "SELECT c.id, c.external_id, a.slug, c.title, c.status, c.language, c.is_pinned, c.legal_hold, \
         c.first_response_at, c.handed_over_at, c.resolved_at, c.created_at, c.updated_at, \
         m.id, m.role, m.body, m.tokens, m.response_ms, m.created_at \
         FROM chats c LEFT JOIN agents a ON a.tenant_id = c.tenant_id AND a.id = c.agent_id \
         LEFT JOIN messages m ON m.tenant_id = c.tenant_id AND m.chat_id = c.id"
    };
}

/// Chats with their messages.
pub const CHATS: Shape = Shape {
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

/// Ratings and comments of chats.
pub const FEEDBACK: Shape = Shape {
    items: "feedback",
    item: "rating",
    columns: columns!["id" Integer, "chat_id" Integer, "rating" Integer, "comment" Text, "created_at" Time],
    inner: None,
};

impl Shape {
    /// The kind of each column of the statement.
    pub fn kinds(&self) -> Vec<Kind> {
        self.columns.iter().map(|column| column.form.kind()).collect()
    }

    /// The columns of an item and of an inner item, with the names that a nested format gives them.
    pub fn nested_names(&self) -> Vec<&'static str> {
        let (at, prefix) = self.inner.as_ref().map_or((self.columns.len(), ""), |inner| (inner.at, inner.prefix));
        let name = |(place, column): (usize, &Column)| match column.name.strip_prefix(prefix) {
            Some(short) if place >= at => short,
            _ => column.name,
        };
        self.columns.iter().enumerate().map(name).collect()
    }
}
