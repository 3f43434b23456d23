//! CSV as it is found: four delimiters, any line break, quoted line breaks, ragged rows. Parsed by `csv-core`.

use csv_core::{ReadRecordResult as Step, Reader, ReaderBuilder};
use encargo_sdk::text;

use crate::columns::{Columns, listed};
use crate::encoding::Decoder;
use crate::problem::{Broken, Code, shown};
use crate::record::{FIELDS, Field, MOST_BYTES, Record, Records};

/// What may stand between cells. The first wins where nothing speaks for another.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The most columns that a file may have.
const MOST_COLUMNS: usize = 4_096;

/// The records of a CSV file whose first row is a header.
pub struct Csv {
    rows: Rows,
    columns: Columns,
    header: Vec<String>,
    cells: [Option<usize>; FIELDS],
    number: u64,
    delimiter: u8,
}

impl Csv {
    /// Tells the delimiter and reads the header.
    ///
    /// # Errors
    /// There is no header, or none of its names is a title or a body.
    pub fn open(mut text: Decoder) -> Result<Self, Broken> {
        let beginning = text.peek().map_err(|error| Broken::unreadable(1, error))?;
        let delimiter = delimiter_of(beginning);
        let mut rows = Rows::new(text, delimiter);
        let mut record = Record::default();
        if !rows.next(&mut record.bytes)? {
            let message = text!("it is empty: there is no header", "está vacío: no hay cabecera");
            return Err(Broken::new(Code::Shape, 1, None, message));
        }
        let header: Vec<String> = (0..rows.width)
            .map(|index| String::from_utf8_lossy(&record.bytes[rows.span(index)]).into_owned())
            .collect();
        let (columns, cells) = fields_of(&header);
        let csv = Self { rows, columns, header, cells, number: 0, delimiter };
        csv.check_header()?;
        Ok(csv)
    }

    fn check_header(&self) -> Result<(), Broken> {
        let names = listed(&self.header);
        let message = if self.cells[Field::Title as usize].is_none() {
            text!(
                "the header has no column for the title (title, question, título, pregunta): {names}",
                "la cabecera no tiene columna de título (title, question, título, pregunta): {names}"
            )
        } else if self.cells[Field::Body as usize].is_none() {
            text!(
                "the header has no column for the text (body, answer, content, texto, respuesta): {names}",
                "la cabecera no tiene columna de texto (body, answer, content, texto, respuesta): {names}"
            )
        } else {
            return Ok(());
        };
        Err(Broken::new(Code::Shape, self.rows.begun_on, None, message))
    }

    fn check_row(&self, record: &mut Record) {
        let (width, columns) = (self.rows.width, self.header.len());
        if self.rows.unclosed {
            let column = self.header.get(width - 1).map_or("", String::as_str);
            let value = String::from_utf8_lossy(&record.bytes[self.rows.span(width - 1)]).into_owned();
            let message = text!(
                "a quote is opened and never closed: all that follows is in this cell",
                "una comilla se abre y no se cierra: todo lo que sigue queda en esta celda"
            );
            record.problem(Code::UnclosedQuote, column, shown(&value), message);
        } else if width < columns || self.rows.ends[width - 1] > self.rows.ends[columns - 1] {
            let message = text!(
                "the row has {width} cells, the header has {columns}",
                "la fila tiene {width} celdas y la cabecera {columns}"
            );
            record.problem(Code::Columns, "", String::new(), message);
        }
    }
}

impl Records for Csv {
    fn next(&mut self, record: &mut Record) -> Result<bool, Broken> {
        loop {
            if !self.rows.next(&mut record.bytes)? {
                return Ok(false);
            }
            // Spreadsheets leave rows of nothing but delimiters behind: they are no records.
            if self.rows.ends[self.rows.width - 1] > 0 || self.rows.unclosed {
                break;
            }
        }
        self.number += 1;
        record.begin(self.number, self.rows.begun_on);
        for (field, cell) in Field::ALL.into_iter().zip(self.cells) {
            if let Some(cell) = cell.filter(|&cell| cell < self.rows.width) {
                let span = self.rows.span(cell);
                record.set(field, span.start, span.end);
            }
        }
        if self.rows.width != self.header.len() || self.rows.unclosed {
            self.check_row(record);
        }
        Ok(true)
    }

    fn columns(&self) -> &Columns {
        &self.columns
    }

    fn delimiter(&self) -> Option<char> {
        Some(char::from(self.delimiter))
    }
}

/// Which column each field has; the first that claims it.
fn fields_of(header: &[String]) -> (Columns, [Option<usize>; FIELDS]) {
    let mut columns = Columns::default();
    let mut cells = [None; FIELDS];
    for (index, name) in header.iter().enumerate() {
        match columns.field(name) {
            Some(field) if cells[field as usize].is_none() => cells[field as usize] = Some(index),
            Some(field) => columns.ignore(name, field),
            None => {}
        }
    }
    (columns, cells)
}

/// The delimiter with which the first row names most fields, or else has most cells.
fn delimiter_of(beginning: &[u8]) -> u8 {
    let line = beginning.trim_ascii_start();
    let named = |delimiter: u8| {
        let mut parser = ReaderBuilder::new().delimiter(delimiter).build();
        let (mut output, mut ends) = (vec![0; line.len() + 1], vec![0; MOST_COLUMNS]);
        // The line break ends a header that is the whole file.
        let (_, _, written, mut width) = parser.read_record(line, &mut output, &mut ends);
        if line.is_empty() || !matches!(line.last(), Some(b'\n' | b'\r')) {
            let (_, _, _, more) = parser.read_record(b"\n", &mut output[written..], &mut ends[width..]);
            width += more;
        }
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let header: Vec<String> = starts
            .zip(&ends[..width])
            .map(|(start, &end)| String::from_utf8_lossy(&output[start..end]).into_owned())
            .collect();
        (fields_of(&header).1.iter().flatten().count(), width)
    };
    // The last of equal ones is the maximum, so the order is turned round.
    DELIMITERS.into_iter().rev().max_by_key(|&delimiter| named(delimiter)).unwrap_or(b',')
}

/// Rows as bytes and the ends of their cells.
struct Rows {
    text: Decoder,
    chunk: Vec<u8>,
    at: usize,
    parser: Reader,
    /// The line of the next byte.
    line: u64,
    after_return: bool,
    /// The line on which the last row begins.
    begun_on: u64,
    ends: Vec<usize>,
    width: usize,
    /// Whether the file ended inside quotes in the last row.
    unclosed: bool,
}

impl Rows {
    fn new(text: Decoder, delimiter: u8) -> Self {
        Self {
            text,
            chunk: Vec::new(),
            at: 0,
            parser: ReaderBuilder::new().delimiter(delimiter).build(),
            line: 1,
            after_return: false,
            begun_on: 1,
            ends: vec![0; 64],
            width: 0,
            unclosed: false,
        }
    }

    /// Where in the output a cell of the last row is.
    fn span(&self, cell: usize) -> std::ops::Range<usize> {
        let start = if cell == 0 { 0 } else { self.ends[cell - 1] };
        start..self.ends[cell]
    }

    /// Whether there is a next byte, after fetching it.
    fn fill(&mut self) -> Result<bool, Broken> {
        if self.at == self.chunk.len() {
            self.chunk = self.text.next_chunk().map_err(|error| Broken::unreadable(self.line, error))?;
            self.at = 0;
        }
        Ok(self.at < self.chunk.len())
    }

    fn skip_line_breaks(&mut self) -> Result<bool, Broken> {
        while self.fill()? {
            match self.chunk[self.at] {
                b'\n' if self.after_return => self.after_return = false,
                b'\n' => self.line += 1,
                b'\r' => {
                    self.line += 1;
                    self.after_return = true;
                }
                _ => {
                    self.after_return = false;
                    return Ok(true);
                }
            }
            self.at += 1;
        }
        Ok(false)
    }

    /// Reads the next row over the output; false at the end.
    fn next(&mut self, output: &mut Vec<u8>) -> Result<bool, Broken> {
        if !self.skip_line_breaks()? {
            return Ok(false);
        }
        self.begun_on = self.line;
        self.unclosed = false;
        let lines = self.parser.line();
        let (mut written, mut width) = (0, 0);
        loop {
            if !self.fill()? {
                self.end(output, written, width);
                return Ok(true);
            }
            let (step, read, wrote, cells) =
                self.parser.read_record(&self.chunk[self.at..], &mut output[written..], &mut self.ends[width..]);
            self.at += read;
            written += wrote;
            width += cells;
            match step {
                Step::Record => break,
                Step::OutputFull => self.grow(output)?,
                Step::OutputEndsFull if self.ends.len() < MOST_COLUMNS => self.ends.resize(self.ends.len() * 2, 0),
                Step::OutputEndsFull => return Err(self.too_large()),
                Step::InputEmpty | Step::End => {}
            }
        }
        self.width = width;
        // The parser counts line feeds alone, also the one that ended the row.
        self.line += self.parser.line() - lines;
        if self.chunk[self.at - 1] == b'\r' {
            self.line += 1;
            self.after_return = true;
        }
        Ok(true)
    }

    /// Ends the last row of a file without a line break behind it. One is given: inside quotes it becomes a part of
    /// the cell, and only there.
    fn end(&mut self, output: &mut Vec<u8>, written: usize, mut width: usize) {
        output.resize(output.len().max(written + 1), 0);
        self.ends.resize(self.ends.len().max(width + 1), 0);
        let (step, _, _, cells) = self.parser.read_record(b"\n", &mut output[written..], &mut self.ends[width..]);
        width += cells;
        if step != Step::Record {
            self.unclosed = true;
            self.ends.resize(self.ends.len().max(width + 1), 0);
            self.ends[width] = written;
            width += 1;
        }
        self.width = width;
    }

    fn grow(&self, output: &mut Vec<u8>) -> Result<(), Broken> {
        if output.len() >= MOST_BYTES {
            return Err(self.too_large());
        }
        output.resize((output.len() * 2).max(16 << 10), 0);
        Ok(())
    }

    fn too_large(&self) -> Broken {
        let mebibytes = MOST_BYTES >> 20;
        let message = text!(
            "the row that begins here has more than {mebibytes} MiB or {MOST_COLUMNS} cells; perhaps a quote is never closed",
            "la fila que empieza aquí tiene más de {mebibytes} MiB o {MOST_COLUMNS} celdas; quizá una comilla no se cierra"
        );
        Broken::new(Code::TooLarge, self.begun_on, None, message)
    }
}
