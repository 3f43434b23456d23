//! A small shape with something inside, for the tests of all that writes one.

use super::{Column, Form, Inner, Shape};
use crate::batch::{Batch, ColumnBuilder};
use crate::value::Kind;

/// Chats with the bodies of their messages and nothing else.
pub const GROUPED: Shape = Shape {
    items: "chats",
    item: "chat",
    columns: &[Column { name: "id", form: Form::Integer }, Column { name: "message_body", form: Form::Text }],
    inner: Some(Inner { at: 1, items: "messages", item: "message", prefix: "message_" }),
};

/// A batch of that shape.
pub fn grouped(rows: &[(i64, Option<&str>)]) -> Batch {
    let mut ids = ColumnBuilder::new("id", Kind::Integer);
    let mut bodies = ColumnBuilder::new("message_body", Kind::Text);
    for (id, body) in rows {
        ids.integer(*id);
        match body {
            Some(body) => bodies.text(body),
            None => bodies.null(),
        }
    }
    Batch { rows: rows.len() as u32, columns: vec![ids.take(Kind::Integer), bodies.take(Kind::Text)] }
}
