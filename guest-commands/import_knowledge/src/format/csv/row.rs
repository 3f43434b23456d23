//! One row of CSV by RFC 4180, as leniently as the `csv` crate, which a test holds it against.
//!
//! The crate's automaton looks at each byte, which costs a guest three times what it costs natively; a search for the
//! next special character does not, and an import that is strict goes through each file twice.

use memchr::{memchr, memchr_iter, memchr3};

/// The most cells that a row may have.
pub const MOST_CELLS: usize = 4_096;

/// Why a row did not end in the bytes given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfinished {
    /// More bytes are needed.
    Short,
    /// It has too many cells.
    TooWide,
}

/// Where the cells of a row are.
#[derive(Debug, Default)]
pub struct Row {
    /// Each cell's first byte and the one after its last.
    pub cells: Vec<(usize, usize)>,
    /// Quoted cells with doubled quotes or with text behind the closing quote: the cell's number, the place of the
    /// closing quote, the cell's end.
    rewritten: Vec<(usize, usize, usize)>,
    /// How many line feeds are inside of quotes.
    pub feeds: u64,
    /// Whether the text ended inside of quotes.
    pub unclosed: bool,
}

impl Row {
    /// Finds the cells of the row at the start of the bytes, and answers its length without its line break. `last` says
    /// that no bytes follow.
    ///
    /// # Errors
    /// The row does not end here.
    pub fn find(&mut self, bytes: &[u8], delimiter: u8, last: bool) -> Result<usize, Unfinished> {
        self.cells.clear();
        self.rewritten.clear();
        self.feeds = 0;
        self.unclosed = false;
        let mut start = 0;
        loop {
            if self.cells.len() == MOST_CELLS {
                return Err(Unfinished::TooWide);
            }
            let end = match bytes.get(start) {
                Some(b'"') => self.quoted(bytes, start + 1, delimiter, last)?,
                _ => {
                    let end = end_of(bytes, start, delimiter, last)?;
                    self.cells.push((start, end));
                    end
                }
            };
            if bytes.get(end) != Some(&delimiter) {
                return Ok(end);
            }
            start = end + 1;
        }
    }

    /// Finds the end of a cell that began with a quote.
    fn quoted(&mut self, bytes: &[u8], start: usize, delimiter: u8, last: bool) -> Result<usize, Unfinished> {
        let mut doubled = false;
        let mut from = start;
        let quote = loop {
            let Some(quote) = memchr(b'"', &bytes[from..]).map(|at| from + at) else {
                if !last {
                    return Err(Unfinished::Short);
                }
                self.unclosed = true;
                break bytes.len();
            };
            match bytes.get(quote + 1) {
                Some(b'"') => {
                    doubled = true;
                    from = quote + 2;
                }
                None if !last => return Err(Unfinished::Short),
                _ => break quote,
            }
        };
        self.feeds += memchr_iter(b'\n', &bytes[start..quote]).count() as u64;
        let after = bytes.len().min(quote + 1);
        let end = end_of(bytes, after, delimiter, last)?;
        if doubled || end > after {
            self.rewritten.push((self.cells.len(), quote, end));
        }
        self.cells.push((start, quote));
        Ok(end)
    }

    /// Copies the row over the output, where the cells then are what they mean.
    pub fn copy(&mut self, row: &[u8], output: &mut Vec<u8>) {
        output.clear();
        output.extend_from_slice(row);
        for &(cell, quote, end) in &self.rewritten {
            let (start, _) = self.cells[cell];
            let (mut from, mut to) = (start, start);
            while let Some(inner) = memchr(b'"', &output[from..quote]) {
                output.copy_within(from..=from + inner, to);
                to += inner + 1;
                from += inner + 2;
            }
            output.copy_within(from..quote, to);
            to += quote - from;
            let behind = (quote + 1).min(end)..end;
            output.copy_within(behind.clone(), to);
            self.cells[cell].1 = to + behind.len();
        }
    }

    /// Whether no cell has anything in it.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|(start, end)| start == end)
    }
}

/// The place of the delimiter or line break at which a cell ends.
fn end_of(bytes: &[u8], start: usize, delimiter: u8, last: bool) -> Result<usize, Unfinished> {
    match break_in(&bytes[start..], delimiter) {
        Some(at) => Ok(start + at),
        None if last => Ok(bytes.len()),
        None => Err(Unfinished::Short),
    }
}

/// The first delimiter or line break. Most cells are short, so the search itself must not be a call: in a guest, one of
/// memchr's costs as much as twenty bytes.
#[cfg(target_feature = "simd128")]
fn break_in(bytes: &[u8], delimiter: u8) -> Option<usize> {
    use core::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_splat, u64x2, v128_or};
    let word = |half: &[u8; 8]| u64::from_le_bytes(*half);
    let (blocks, rest) = bytes.as_chunks::<16>();
    for (at, block) in blocks.iter().enumerate() {
        let ([low, high], _) = block.as_chunks::<8>() else { break };
        let block = u64x2(word(low), word(high));
        let is = |byte| u8x16_eq(block, u8x16_splat(byte));
        let found = u8x16_bitmask(v128_or(is(delimiter), v128_or(is(b'\n'), is(b'\r'))));
        if found != 0 {
            return Some(at * 16 + found.trailing_zeros() as usize);
        }
    }
    memchr3(delimiter, b'\n', b'\r', rest).map(|at| blocks.len() * 16 + at)
}

/// The first delimiter or line break.
#[cfg(not(target_feature = "simd128"))]
fn break_in(bytes: &[u8], delimiter: u8) -> Option<usize> {
    memchr3(delimiter, b'\n', b'\r', bytes)
}
