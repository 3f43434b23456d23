//! A file in parts, none of which has more than was asked for: each is valid on its own, and no record is cut.

use std::io::Write as _;

use encargo_sdk::batch::Batch;
use encargo_sdk::prelude::*;
use encargo_sdk::shape::Grouping;

use crate::destination::{Begun, Place};
use crate::format::{Format, Text};
use crate::relation::{Relation, What};

/// Text is handed to the host in pieces of about this size.
const PIECE: usize = 512 << 10;

/// The most that a part has.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Most {
    /// Rows of CSV without the header, items of the other formats.
    pub(crate) records: Option<u64>,
    /// Bytes before a compression.
    pub(crate) bytes: Option<u64>,
}

impl Most {
    pub(crate) fn is_none(self) -> bool {
        self.records.is_none() && self.bytes.is_none()
    }
}

/// A part that is written and not published.
pub(crate) struct Part {
    pub(crate) begun: Begun,
    pub(crate) records: u64,
}

/// The parts of one file in the making.
pub(crate) struct Parts<'a> {
    place: &'a Place,
    of: (Relation, What),
    most: Most,
    text: Text,
    done: Vec<Part>,
    part: Part,
    /// What is not handed over yet; from `record` on it is the record at hand, which may be incomplete.
    piece: Vec<u8>,
    record: usize,
    has_record: bool,
    /// Bytes of the part that were handed over.
    handed: u64,
    /// Records that are larger than a part may be.
    pub(crate) oversized: u64,
}

impl<'a> Parts<'a> {
    pub(crate) fn begin(place: &'a Place, of: (Relation, What), most: Most, mut text: Text) -> Result<Self> {
        let part = Part { begun: place.begin(of.0, of.1, 1)?, records: 0 };
        let mut piece = Vec::with_capacity(2 * PIECE);
        text.begin(&mut piece);
        let record = piece.len();
        let (done, has_record, handed, oversized) = (Vec::new(), false, 0, 0);
        Ok(Self { place, of, most, text, done, part, piece, record, has_record, handed, oversized })
    }

    /// Writes the rows of a batch.
    pub(crate) fn rows(&mut self, batch: &Batch, grouping: &mut Grouping) -> Result<()> {
        let rows = batch.rows as usize;
        if self.most.is_none() {
            let before = grouping.items;
            self.text.rows(batch, 0..rows, grouping, &mut self.piece);
            self.part.records += if self.is_csv() { rows as u64 } else { grouping.items - before };
            self.record = self.piece.len();
            return self.hand_over();
        }
        let mut row = 0;
        while row < rows {
            let (end, begins) = if self.is_csv() { (row + 1, true) } else { grouping.item(batch, row) };
            if begins {
                self.complete()?;
                self.has_record = true;
            }
            self.text.rows(batch, row..end, grouping, &mut self.piece);
            if self.part.records > 0 && !self.has_room() {
                self.next_part()?;
            }
            self.hand_over()?;
            row = end;
        }
        Ok(())
    }

    /// The parts, when all rows were written.
    pub(crate) fn end(mut self) -> Result<(Vec<Part>, u64)> {
        if self.most.is_none() {
            self.text.close(&mut self.piece);
        } else {
            self.complete()?;
        }
        self.text.end(&mut self.piece);
        self.part.begun.sink.write_all(&self.piece)?;
        self.done.push(self.part);
        Ok((self.done, self.oversized))
    }

    fn is_csv(&self) -> bool {
        self.place.format == Format::Csv
    }

    /// Ends the record at hand, and moves it to the next part where this one has no room.
    fn complete(&mut self) -> Result<()> {
        if !self.has_record {
            return Ok(());
        }
        self.text.close(&mut self.piece);
        if self.part.records > 0 && !self.has_room() {
            self.next_part()?;
        }
        let mut end = Vec::new();
        self.text.end(&mut end);
        self.oversized += u64::from(self.most.bytes.is_some_and(|most| self.bytes() + end.len() as u64 > most));
        self.part.records += 1;
        (self.record, self.has_record) = (self.piece.len(), false);
        self.hand_over()
    }

    fn bytes(&self) -> u64 {
        self.handed + self.piece.len() as u64
    }

    /// Whether the part has room for the record at hand, as far as it is written.
    fn has_room(&self) -> bool {
        let mut end = Vec::new();
        self.text.end(&mut end);
        self.most.records.is_none_or(|most| self.part.records < most)
            && self.most.bytes.is_none_or(|most| self.bytes() + end.len() as u64 <= most)
    }

    /// Ends the part before the record at hand, which is the first of the next one.
    fn next_part(&mut self) -> Result<()> {
        let number = self.done.len() + 2;
        let mut record = self.piece.split_off(self.record);
        self.text.end(&mut self.piece);
        self.part.begun.sink.write_all(&self.piece)?;
        let begun = self.place.begin(self.of.0, self.of.1, number)?;
        self.done.push(std::mem::replace(&mut self.part, Part { begun, records: 0 }));
        self.piece.clear();
        self.text.begin(&mut self.piece);
        self.text.goes_on(&mut record);
        (self.handed, self.record) = (0, self.piece.len());
        self.piece.append(&mut record);
        Ok(())
    }

    /// Hands a full piece over, but for a record that may still move to the next part.
    fn hand_over(&mut self) -> Result<()> {
        let stays = if self.has_record && self.part.records > 0 { self.record } else { self.piece.len() };
        if stays >= PIECE {
            self.part.begun.sink.write_all(&self.piece[..stays])?;
            self.piece.drain(..stays);
            (self.handed, self.record) = (self.handed + stays as u64, self.record.saturating_sub(stays));
        }
        Ok(())
    }
}
