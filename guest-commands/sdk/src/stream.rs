//! Rows one after the other, a batch at a time behind the scenes.

use std::marker::PhantomData;

use crate::batch::{Batch, ROWS};
use crate::bindings::encargo::database::database::Cursor;
use crate::error::Result;
use crate::row::{FromRow, Row};

/// An iterator over the rows of a query.
#[derive(Debug)]
pub struct Stream<T> {
    batches: Batches,
    batch: Option<Batch>,
    index: usize,
    row: PhantomData<fn() -> T>,
}

/// An iterator over the batches of a query, for a hot path that goes column by column.
#[derive(Debug)]
pub struct Batches {
    cursor: Cursor,
    ended: bool,
}

impl Batches {
    pub(crate) fn new(cursor: Cursor) -> Self {
        Self { cursor, ended: false }
    }
}

impl Iterator for Batches {
    type Item = Result<Batch>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.cursor.next(ROWS).transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

impl<T: FromRow> Stream<T> {
    pub(crate) fn new(cursor: Cursor) -> Self {
        Self { batches: Batches::new(cursor), batch: None, index: 0, row: PhantomData }
    }
}

impl<T: FromRow> Iterator for Stream<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match &self.batch {
                Some(batch) if self.index < batch.rows as usize => {
                    let row = T::from_row(Row { batch, index: self.index });
                    self.index += 1;
                    return Some(row);
                }
                _ => match self.batches.next()? {
                    Ok(batch) => (self.batch, self.index) = (Some(batch), 0),
                    Err(error) => return Some(Err(error)),
                },
            }
        }
    }
}

/// All rows of a batch.
pub(crate) fn rows_of<T: FromRow>(batch: &Batch) -> Result<Vec<T>> {
    (0..batch.rows as usize).map(|index| T::from_row(Row { batch, index })).collect()
}
