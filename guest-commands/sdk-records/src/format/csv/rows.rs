//! The rows of a CSV file as it is found: any line break, rows that chunks cut, rows that are too large.

#[cfg(test)]
mod tests;

use super::row::{Row, Short};
use crate::encoding::Decoder;
use crate::problem::Broken;
use crate::record::MOST_BYTES;

/// Rows one after the other, and the physical line of each.
pub struct Rows {
    text: Decoder,
    delimiter: u8,
    chunk: Vec<u8>,
    at: usize,
    ended: bool,
    /// The line of the next byte.
    line: u64,
    after_return: bool,
    /// The line on which the last row begins.
    pub begun_on: u64,
    /// The last row.
    pub row: Row,
    /// Whether the last row was larger than is read, and passed over.
    pub too_large: bool,
}

/// Where in a row that is passed over the next byte is.
#[derive(Clone, Copy)]
enum Passing {
    CellStart,
    Plain,
    Quoted,
    AfterQuote,
}

impl Rows {
    /// The rows of this text.
    pub fn new(text: Decoder, delimiter: u8) -> Self {
        Self {
            text,
            delimiter,
            chunk: Vec::new(),
            at: 0,
            ended: false,
            line: 1,
            after_return: false,
            begun_on: 1,
            row: Row::default(),
            too_large: false,
        }
    }

    /// The text under the rows.
    pub fn text(&self) -> &Decoder {
        &self.text
    }

    /// The line of the next byte.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Takes the line that the text begins with, when it is a spreadsheet's `sep=;`, which the rows are not a part of.
    pub fn skip_first_line(&mut self, length: usize) -> Result<(), Broken> {
        while self.chunk.len() < length && !self.ended {
            self.more()?;
        }
        self.at = length.min(self.chunk.len());
        Ok(())
    }

    /// Reads the next row over the output; false at the end. A row that is too large is passed over and has no cells.
    ///
    /// # Errors
    /// The text cannot be read.
    pub fn next(&mut self, output: &mut Vec<u8>) -> Result<bool, Broken> {
        if !self.skip_line_breaks()? {
            return Ok(false);
        }
        self.begun_on = self.line;
        self.too_large = false;
        let length = loop {
            match self.row.find(&self.chunk[self.at..], self.delimiter, self.ended) {
                Ok(length) => break length,
                Err(Short) if self.chunk.len() - self.at <= MOST_BYTES => self.more()?,
                Err(Short) => {
                    self.row.clear();
                    output.clear();
                    self.too_large = true;
                    return self.pass_over().map(|()| true);
                }
            }
        };
        self.row.copy(&self.chunk[self.at..self.at + length], output);
        self.line += self.row.feeds;
        self.at += length;
        Ok(true)
    }

    /// Goes to the line break that ends the row at hand, keeping nothing of it.
    fn pass_over(&mut self) -> Result<(), Broken> {
        let mut passing = Passing::CellStart;
        loop {
            while let Some(&byte) = self.chunk.get(self.at) {
                passing = match (passing, byte) {
                    (Passing::Quoted, b'"') => Passing::AfterQuote,
                    (Passing::Quoted, byte) => {
                        self.line += u64::from(byte == b'\n');
                        Passing::Quoted
                    }
                    (Passing::AfterQuote | Passing::CellStart, b'"') => Passing::Quoted,
                    (_, b'\n' | b'\r') => return Ok(()),
                    (_, byte) if byte == self.delimiter => Passing::CellStart,
                    _ => Passing::Plain,
                };
                self.at += 1;
            }
            if self.ended {
                return Ok(());
            }
            self.more()?;
        }
    }

    /// Goes past line breaks, which end a row or are blank lines; false at the end of the text.
    fn skip_line_breaks(&mut self) -> Result<bool, Broken> {
        loop {
            match self.chunk.get(self.at) {
                Some(b'\n') if self.after_return => self.after_return = false,
                Some(b'\n') => self.line += 1,
                Some(b'\r') => {
                    self.line += 1;
                    self.after_return = true;
                }
                Some(_) => {
                    self.after_return = false;
                    return Ok(true);
                }
                None if self.ended => return Ok(false),
                None => {
                    self.more()?;
                    continue;
                }
            }
            self.at += 1;
        }
    }

    /// Fetches the next chunk behind what is left of this one.
    fn more(&mut self) -> Result<(), Broken> {
        let next = self.text.next_chunk().map_err(|error| Broken::unreadable(self.line, error))?;
        self.ended = next.is_empty();
        if self.at == self.chunk.len() {
            self.chunk = next;
        } else {
            self.chunk.drain(..self.at);
            self.chunk.extend_from_slice(&next);
        }
        self.at = 0;
        Ok(())
    }
}
