//! Which rows belong to one item, across batches; and how many items there were.

use std::ops::Range;

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

    /// Counts rows of a batch without looking at their places.
    pub fn pass(&mut self, batch: &Batch, rows: Range<usize>) {
        if self.inner_at.is_none() {
            self.items += rows.len() as u64;
            return;
        }
        for row in rows {
            self.place(batch, row);
        }
    }

    /// Where the rows end that belong to one item with this one, and whether that item begins here.
    pub fn item(&self, batch: &Batch, row: usize) -> (usize, bool) {
        let (Some(_), Cells::Integers(ids)) = (self.inner_at, &batch.columns[0].cells) else { return (row + 1, true) };
        let same = ids[row..].iter().take_while(|id| **id == ids[row]).count();
        (row + same, self.last != Some(ids[row]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::samples::{GROUPED, grouped};

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
