//! One record of a file as its format hands it over: cells by field, in a buffer that is used again and again.

use std::str::Utf8Error;

use encargo_sdk::text;

use crate::columns::Columns;
use crate::encoding::Decoder;
use crate::problem::{Broken, Code, Problem};
use crate::shaping::Body;

/// The most bytes that one record may have in its file.
pub const MOST_BYTES: usize = 4 << 20;

/// How many fields an item has.
pub const FIELDS: usize = 6;

/// What an item is made of, in the order of an export's columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The id that another system gave it.
    ExternalId,
    /// Its title or question.
    Title,
    /// Its text or answer.
    Body,
    /// A tag such as `es` or `en-GB`.
    Language,
    /// A list of words.
    Tags,
    /// Where it comes from.
    Source,
}

impl Field {
    /// All of them, in order.
    pub const ALL: [Self; FIELDS] =
        [Self::ExternalId, Self::Title, Self::Body, Self::Language, Self::Tags, Self::Source];

    /// The name of its column in the table and in exports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ExternalId => "external_id",
            Self::Title => "title",
            Self::Body => "body",
            Self::Language => "language",
            Self::Tags => "tags",
            Self::Source => "source",
        }
    }
}

/// One record. What it holds is overwritten by the next one.
#[derive(Debug, Default)]
pub struct Record {
    /// From 1 in its file.
    pub number: u64,
    /// The physical line on which it begins.
    pub line: u64,
    /// What its format found wrong with it.
    pub problems: Vec<Problem>,
    /// Cells laid end to end, with room behind them.
    pub bytes: Vec<u8>,
    cells: [Option<(usize, usize)>; FIELDS],
    /// Which of the file's remembered names came in this record.
    names: [u64; 4],
}

impl Record {
    /// Begins the next record; `bytes` stays as it is.
    pub fn begin(&mut self, number: u64, line: u64) {
        self.number = number;
        self.line = line;
        self.problems.clear();
        self.cells = [None; FIELDS];
        self.names = [0; 4];
    }

    /// Notes that a name came; whether it came before in this record.
    pub fn repeats(&mut self, place: usize) -> bool {
        let (word, bit) = (&mut self.names[place / 64 % 4], 1 << (place % 64));
        let before = *word & bit != 0;
        *word |= bit;
        before
    }

    /// Says where in `bytes` a field's cell is.
    pub fn set(&mut self, field: Field, from: usize, to: usize) {
        self.cells[field as usize] = Some((from, to));
    }

    /// Whether the field has a cell, be it empty.
    pub fn has(&self, field: Field) -> bool {
        self.cells[field as usize].is_some()
    }

    /// Whether the field has a cell with something in it.
    pub fn is_filled(&self, field: Field) -> bool {
        self.cells[field as usize].is_some_and(|(from, to)| from < to)
    }

    /// The field's cell; empty when there is none.
    ///
    /// # Errors
    /// The bytes are not UTF-8.
    pub fn cell(&self, field: Field) -> Result<&str, Utf8Error> {
        self.cells[field as usize].map_or(Ok(""), |(from, to)| std::str::from_utf8(&self.bytes[from..to]))
    }

    /// The cells of all fields; none where the bytes are not UTF-8.
    pub fn texts(&self) -> [Option<&str>; FIELDS] {
        // One look at the whole record is faster, and enough unless something is wrong with it.
        match std::str::from_utf8(&self.bytes) {
            Ok(text) => self.cells.map(|cell| cell.map_or(Some(""), |(from, to)| text.get(from..to))),
            Err(_) => Field::ALL.map(|field| self.cell(field).ok()),
        }
    }

    /// The field's cell with what is not UTF-8 replaced, for showing.
    pub fn lossy(&self, field: Field) -> String {
        let (from, to) = self.cells[field as usize].unwrap_or_default();
        String::from_utf8_lossy(&self.bytes[from..to]).into_owned()
    }

    /// Makes the text of these parts, each with its name, where the caller asked for that.
    pub fn compose(&mut self, columns: &Columns, parts: &[(&str, &str)]) {
        if columns.shaping().body == Body::Known {
            return;
        }
        match columns.shaping().body_of(parts) {
            Ok(body) => {
                let start = self.bytes.len();
                self.bytes.extend_from_slice(body.as_bytes());
                self.set(Field::Body, start, self.bytes.len());
            }
            Err(name) => {
                let message = text!(
                    "it has nothing for `{{{name}}}` of the template",
                    "no tiene nada para `{{{name}}}` de la plantilla"
                );
                self.problem(Code::Missing, name, String::new(), message);
            }
        }
    }

    /// Adds something wrong with this record.
    pub fn problem(&mut self, code: Code, column: &str, value: String, message: String) {
        let (line, record) = (self.line, self.number);
        self.problems.push(Problem { line, record, column: column.to_owned(), code, value, message });
    }
}

/// The records of one file, one after the other, in constant memory.
pub trait Records {
    /// Reads the next record over the last one; false at the end.
    ///
    /// # Errors
    /// The file cannot be read on from a place.
    fn next(&mut self, record: &mut Record) -> Result<bool, Broken>;

    /// What is known of the file's columns so far.
    fn columns(&self) -> &Columns;

    /// The text that they are read from, which tells its encoding.
    fn text(&self) -> &Decoder;

    /// What a person should know of how the records were found.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }

    /// What stands between the cells of a CSV file.
    fn delimiter(&self) -> Option<char> {
        None
    }
}
