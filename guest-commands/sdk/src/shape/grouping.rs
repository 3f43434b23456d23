//! Which rows belong to one item, across batches; and how many items there were.

use crate::batch::{Batch, Cells};

use super::Shape;

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Whether it belongs to the item of the row before.
    pub continues: bool,
    /// Whether it holds an inner item.
    pub inner: bool,
}

/// Follows the rows of one export.
#[derive(Debug)]
pub struct Grouping {
    inner_at: Option<usize>,
    last: Option<i64>,
    /// How many items there were.
    pub items: u64,
    /// How many items inside of these.
    pub inner_items: u64,
}

impl Grouping {
    /// Before the first row.
    pub fn new(shape: &Shape) -> Self {
        Self { inner_at: shape.inner.as_ref().map(|inner| inner.at), last: None, items: 0, inner_items: 0 }
    }

    /// Where the next row stands. Rows are asked about once, in order.
    pub fn place(&mut self, batch: &Batch, row: usize) -> Place {
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

    /// Counts the rows of a batch without looking at their places.
    pub fn pass(&mut self, batch: &Batch) {
        if self.inner_at.is_none() {
            self.items += u64::from(batch.rows);
            return;
        }
        for row in 0..batch.rows as usize {
            self.place(batch, row);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::samples::{GROUPED, grouped};

    #[test]
    fn items_are_counted_once_however_many_rows_and_batches_they_take() {
        let mut grouping = Grouping::new(&GROUPED);
        grouping.pass(&grouped(&[(1, Some("a")), (1, Some("b"))]));
        grouping.pass(&grouped(&[(1, Some("c")), (2, None), (3, Some("d"))]));
        assert_eq!((grouping.items, grouping.inner_items), (3, 4));
    }
}
