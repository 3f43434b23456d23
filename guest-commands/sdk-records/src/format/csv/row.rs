//! One row of CSV by RFC 4180, with what breaks its rules of quotes.
//!
//! The csv crate's automaton looks at each byte, which costs a guest three times what it costs natively; a search for
//! the next special character does not, and an import goes through each file twice. The crate also takes text behind a
//! closing quote for a part of the cell, where other readers see the end of it: such a row is nobody's to interpret.

use memchr::{memchr, memchr_iter, memchr2, memchr3};

/// The most cells that a row may have.
pub const MOST_CELLS: usize = 4_096;

/// The row does not end in the bytes given: more are needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Short;

/// What may be wrong with the quotes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Text stands behind a closing quote.
    TextAfterQuote,
    /// A cell that does not begin with a quote has one that belongs to no other.
    LoneQuote,
    /// A quote is never closed.
    Unclosed,
}

/// The first thing that is wrong with the quotes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wrong {
    /// What it is.
    pub fault: Fault,
    /// The number of its cell, from 0.
    pub cell: usize,
    /// How many line feeds of the row are before it.
    pub feeds: u64,
    /// The line break after this byte ends the row when nothing better does.
    from: usize,
}

/// Where the cells of a row are.
#[derive(Debug, Default)]
pub struct Row {
    /// Each cell's first byte and the one after its last; none when something is wrong with the quotes.
    pub cells: Vec<(usize, usize)>,
    /// Quoted cells with doubled quotes: the cell's number and the place of the closing quote.
    rewritten: Vec<(usize, usize)>,
    /// How many line feeds are inside of quotes.
    pub feeds: u64,
    /// What is wrong with the quotes.
    pub wrong: Option<Wrong>,
    /// Whether there are more cells than are kept.
    pub too_wide: bool,
}

impl Row {
    /// Forgets the last row.
    pub fn clear(&mut self) {
        self.cells.clear();
        self.rewritten.clear();
        self.feeds = 0;
        self.wrong = None;
        self.too_wide = false;
    }

    /// Finds the cells of the row at the start of the bytes, and answers its length without its line break. `last` says
    /// that no bytes follow.
    ///
    /// A row whose quotes are wrong ends where it would without that or, when more is wrong, with the line: so the rows
    /// after it are found again.
    ///
    /// # Errors
    /// The row does not end here.
    pub fn find(&mut self, bytes: &[u8], delimiter: u8, last: bool) -> Result<usize, Short> {
        self.clear();
        let mut start = 0;
        loop {
            let end = match bytes.get(start) {
                Some(b'"') => match self.quoted(bytes, start, delimiter, last)? {
                    Some(end) => end,
                    None => return self.cut(bytes, last),
                },
                _ => {
                    let end = end_of(bytes, start, delimiter, last)?;
                    if has_lone_quote(&bytes[start..end]) && self.wrong.is_none() {
                        let (cell, feeds) = (self.cells.len(), self.feeds);
                        self.wrong = Some(Wrong { fault: Fault::LoneQuote, cell, feeds, from: end });
                    }
                    self.push(start, end);
                    end
                }
            };
            if bytes.get(end) != Some(&delimiter) {
                return Ok(end);
            }
            start = end + 1;
        }
    }

    fn push(&mut self, start: usize, end: usize) {
        if self.cells.len() < MOST_CELLS { self.cells.push((start, end)) } else { self.too_wide = true }
    }

    /// Finds the end of a cell that begins with a quote; none when the row can only be cut.
    fn quoted(&mut self, bytes: &[u8], open: usize, delimiter: u8, last: bool) -> Result<Option<usize>, Short> {
        let start = open + 1;
        let mut doubled = false;
        let mut from = start;
        let cell = self.cells.len();
        let wrong = |fault, feeds, from| Wrong { fault, cell, feeds, from };
        let quote = loop {
            let Some(quote) = memchr(b'"', &bytes[from..]).map(|at| from + at) else {
                if !last {
                    return Err(Short);
                }
                self.wrong.get_or_insert(wrong(Fault::Unclosed, self.feeds, open));
                return Ok(None);
            };
            match bytes.get(quote + 1) {
                Some(b'"') => {
                    doubled = true;
                    from = quote + 2;
                }
                None if !last => return Err(Short),
                _ => break quote,
            }
        };
        let inside = &bytes[start..quote];
        let feeds = self.feeds + memchr_iter(b'\n', inside).count() as u64;
        let end = end_of(bytes, quote + 1, delimiter, last)?;
        if end > quote + 1 {
            if self.wrong.is_some() {
                return Ok(None);
            }
            // A quote at the start of a cell on a later line opens that cell: the one before it was never closed.
            let opens = inside.last().is_some_and(|&byte| byte == delimiter || matches!(byte, b'\n' | b'\r'));
            if opens && memchr2(b'\n', b'\r', inside).is_some() {
                self.wrong = Some(wrong(Fault::Unclosed, self.feeds, open));
                return Ok(None);
            }
            self.wrong = Some(wrong(Fault::TextAfterQuote, feeds, quote));
        }
        self.feeds = feeds;
        if doubled && cell < MOST_CELLS {
            self.rewritten.push((cell, quote));
        }
        self.push(start, quote);
        Ok(Some(end))
    }

    /// Ends the row with the line on which something is wrong.
    fn cut(&mut self, bytes: &[u8], last: bool) -> Result<usize, Short> {
        let Some(wrong) = self.wrong else { return Ok(bytes.len()) };
        self.feeds = wrong.feeds;
        match memchr2(b'\n', b'\r', &bytes[wrong.from..]) {
            Some(at) => Ok(wrong.from + at),
            None if last => Ok(bytes.len()),
            None => Err(Short),
        }
    }

    /// Copies the row over the output, where the cells then are what they mean.
    pub fn copy(&mut self, row: &[u8], output: &mut Vec<u8>) {
        output.clear();
        output.extend_from_slice(row);
        if self.wrong.is_some() {
            self.cells.clear();
            return;
        }
        for &(cell, quote) in &self.rewritten {
            let (start, _) = self.cells[cell];
            let (mut from, mut to) = (start, start);
            while let Some(inner) = memchr(b'"', &output[from..quote]) {
                output.copy_within(from..=from + inner, to);
                to += inner + 1;
                from += inner + 2;
            }
            output.copy_within(from..quote, to);
            self.cells[cell].1 = to + quote - from;
        }
    }

    /// Whether no cell has anything in it.
    pub fn is_blank(&self) -> bool {
        self.wrong.is_none() && !self.too_wide && self.cells.iter().all(|(start, end)| start == end)
    }
}

/// Whether a cell that does not begin with a quote has one that another should belong to: as its last character, or
/// behind nothing but spaces. `5" pipe` has none: every reader reads it alike.
fn has_lone_quote(cell: &[u8]) -> bool {
    match cell {
        [.., b'"'] if memchr_iter(b'"', cell).count() % 2 == 1 => true,
        [b' ' | b'\t', ..] => cell.trim_ascii_start().first() == Some(&b'"'),
        _ => false,
    }
}

/// The place of the delimiter or line break at which a cell ends.
fn end_of(bytes: &[u8], start: usize, delimiter: u8, last: bool) -> Result<usize, Short> {
    match break_in(&bytes[start..], delimiter) {
        Some(at) => Ok(start + at),
        None if last => Ok(bytes.len()),
        None => Err(Short),
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
