//! Which rows belong to one item, across batches; and how many items there were.

use std::ops::Range;

use encargo_sdk::batch::{Batch, Cells};

use crate::relation::Shape;

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Whether it belongs to the item of the row before.
    pub(crate) continues: bool,
    /// Whether it holds an inner item.
    pub(crate) inner: bool,
}

/// Follows the rows of one export.
#[derive(Debug)]
pub(crate) struct Grouping {
    inner_at: Option<usize>,
    last: Option<i64>,
    pub(crate) items: u64,
    pub(crate) inner_items: u64,
}

impl Grouping {
    pub(crate) fn new(shape: &Shape) -> Self {
        Self { inner_at: shape.inner.as_ref().map(|inner| inner.at), last: None, items: 0, inner_items: 0 }
    }

    /// Where the next row stands. Rows are asked about once, in order.
    pub(crate) fn place(&mut self, batch: &Batch, row: usize) -> Place {
        let Some(inner_at) = self.inner_at else {
            self.items += 1;
            return Place { continues: false, inner: false };
        };
        let id = match &batch.columns[0].cells {
            Cells::Integers(cells) => Some(cells[row]),
            _ => None,
        };
        let continues = id.is_some() && id == self.last;
        self.last = id;
        let inner = !batch.columns[inner_at].is_null(row);
        self.items += u64::from(!continues);
        self.inner_items += u64::from(inner);
        Place { continues, inner }
    }

    /// Counts rows of a batch without looking at their places.
    pub(crate) fn pass(&mut self, batch: &Batch, rows: Range<usize>) {
        if self.inner_at.is_none() {
            self.items += rows.len() as u64;
            return;
        }
        for row in rows {
            self.place(batch, row);
        }
    }

    /// Where the rows end that belong to one item with this one, and whether that item begins here.
    pub(crate) fn item(&self, batch: &Batch, row: usize) -> (usize, bool) {
        let (Some(_), Cells::Integers(ids)) = (self.inner_at, &batch.columns[0].cells) else { return (row + 1, true) };
        let same = ids[row..].iter().take_while(|id| **id == ids[row]).count();
        (row + same, self.last != Some(ids[row]))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use encargo_sdk::batch::ColumnBuilder;
    use encargo_sdk::value::Kind;

    use super::*;
    use crate::cell::Form;
    use crate::relation::{Column, Inner};

    /// Chats with the bodies of their messages and nothing else.
    pub(crate) const GROUPED: Shape = Shape {
        items: "chats",
        item: "chat",
        columns: &[Column { name: "id", form: Form::Integer }, Column { name: "message_body", form: Form::Text }],
        inner: Some(Inner { at: 1, items: "messages", item: "message", prefix: "message_" }),
    };

    /// A batch of that shape.
    pub(crate) fn grouped(rows: &[(i64, Option<&str>)]) -> Batch {
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

    #[test]
    fn items_are_counted_once_however_many_rows_and_batches_they_take() {
        let mut grouping = Grouping::new(&GROUPED);
        let first = grouped(&[(1, Some("a")), (1, Some("b"))]);
        assert_eq!(grouping.item(&first, 0), (2, true));
        grouping.pass(&first, 0..2);
        let second = grouped(&[(1, Some("c")), (2, None), (3, Some("d"))]);
        assert_eq!(grouping.item(&second, 0), (1, false));
        grouping.pass(&second, 0..3);
        assert_eq!((grouping.items, grouping.inner_items), (3, 4));
    }
}
