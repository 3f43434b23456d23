//! CSV whose first row is a header: which delimiter it has, which column is which field, rows that do not fit.

pub mod row;
pub mod rows;

use encargo_sdk::text;

use crate::columns::{Columns, listed};
use crate::encoding::{Decoder, Encoding};
use crate::problem::{Broken, Code, shown};
use crate::record::{FIELDS, Field, Record, Records};
use row::Row;
use rows::Rows;

/// What may stand between cells. The first wins where nothing speaks for another.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The records of a CSV file whose first row is a header.
pub struct Csv {
    rows: Rows,
    columns: Columns,
    header: Vec<String>,
    /// Which cell of a row each field has.
    places: [Option<usize>; FIELDS],
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
        let header = header_of(&rows.row, &record.bytes);
        let (columns, places) = fields_of(&header);
        let csv = Self { rows, columns, header, places, number: 0, delimiter };
        csv.check_header()?;
        Ok(csv)
    }

    fn check_header(&self) -> Result<(), Broken> {
        let names = listed(&self.header);
        let message = if self.places[Field::Title as usize].is_none() {
            text!(
                "the header has no column for the title (title, question, título, pregunta): {names}",
                "la cabecera no tiene columna de título (title, question, título, pregunta): {names}"
            )
        } else if self.places[Field::Body as usize].is_none() {
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
        let row = &self.rows.row;
        let (cells, columns) = (row.cells.len(), self.header.len());
        if row.unclosed {
            let column = self.header.get(cells - 1).map_or("", String::as_str);
            let (start, end) = row.cells[cells - 1];
            let value = shown(&String::from_utf8_lossy(&record.bytes[start..end]));
            let message = text!(
                "a quote is opened and never closed: all that follows is in this cell",
                "una comilla se abre y no se cierra: todo lo que sigue queda en esta celda"
            );
            record.problem(Code::UnclosedQuote, column, value, message);
        } else if cells < columns || row.cells[columns..].iter().any(|(start, end)| start < end) {
            let message = text!(
                "the row has {cells} cells, the header has {columns}",
                "la fila tiene {cells} celdas y la cabecera {columns}"
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
            if !self.rows.row.is_blank() || self.rows.row.unclosed {
                break;
            }
        }
        self.number += 1;
        record.begin(self.number, self.rows.begun_on);
        let row = &self.rows.row;
        for (field, place) in Field::ALL.into_iter().zip(self.places) {
            if let Some(&(start, end)) = place.and_then(|place| row.cells.get(place)) {
                record.set(field, start, end);
            }
        }
        if row.cells.len() != self.header.len() || row.unclosed {
            self.check_row(record);
        }
        Ok(true)
    }

    fn columns(&self) -> &Columns {
        &self.columns
    }

    fn encoding(&self) -> Encoding {
        self.rows.encoding()
    }

    fn delimiter(&self) -> Option<char> {
        Some(char::from(self.delimiter))
    }
}

fn header_of(row: &Row, bytes: &[u8]) -> Vec<String> {
    row.cells.iter().map(|&(start, end)| String::from_utf8_lossy(&bytes[start..end]).into_owned()).collect()
}

/// Which column each field has; the first that claims it.
fn fields_of(header: &[String]) -> (Columns, [Option<usize>; FIELDS]) {
    let mut columns = Columns::default();
    let mut places = [None; FIELDS];
    for (place, name) in header.iter().enumerate() {
        match columns.field(name) {
            Some(field) if places[field as usize].is_none() => places[field as usize] = Some(place),
            Some(field) => columns.ignore(name, field),
            None => {}
        }
    }
    (columns, places)
}

/// The delimiter with which the first row names most fields, or else has most cells.
fn delimiter_of(beginning: &[u8]) -> u8 {
    let beginning = beginning.trim_ascii_start();
    let named = |delimiter: u8| {
        let (mut row, mut output) = (Row::default(), Vec::new());
        let Ok(length) = row.find(beginning, delimiter, true) else { return (0, 0) };
        row.copy(&beginning[..length], &mut output);
        let header = header_of(&row, &output);
        (fields_of(&header).1.iter().flatten().count(), header.len())
    };
    // Of equal ones `max_by_key` takes the last, so the order is turned round.
    DELIMITERS.into_iter().rev().max_by_key(|&delimiter| named(delimiter)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chunks::Pieces;

    fn opened(text: &str) -> Result<Csv, Broken> {
        Csv::open(Decoder::new(Box::new(Pieces(text.into(), 9))))
    }

    #[test]
    fn the_delimiter_is_told_from_the_header() {
        for (text, delimiter) in [
            ("title,body\na;b;c;d;e,f", ','),
            ("título;respuesta;idioma\na,b,c;d", ';'),
            ("title\tbody\n", '\t'),
            ("\n\"title\"|\"a, body\"|body", '|'),
            ("title;body", ';'),
        ] {
            let csv = opened(text).map_err(|broken| broken.error.message);
            assert_eq!(csv.map(|csv| csv.delimiter()), Ok(Some(delimiter)), "{text}");
        }
    }

    #[test]
    fn a_file_without_a_useful_header_is_refused_with_what_it_has() {
        for (text, line, words) in [
            ("", 1, "it is empty"),
            (
                "\n\nquestion,reply\n",
                3,
                "no column for the text (body, answer, content, texto, respuesta): `question`, `reply`",
            ),
            ("a,b\n", 1, "no column for the title (title, question, título, pregunta): `a`, `b`"),
        ] {
            let broken = opened(text).err().expect("it is refused");
            assert_eq!((broken.line, broken.code), (line, Code::Shape), "{text}");
            assert!(broken.error.message.contains(words), "{}", broken.error.message);
        }
    }

    #[test]
    fn a_ragged_row_is_a_problem_and_spare_delimiters_are_not() {
        let mut csv =
            opened("title,body,lang\na,b,es\n\nc,d\n,,\ne,f,es,,\ng,h,es,x\ni,\"j\nk,l,es").expect("it opens");
        let (mut record, mut found) = (Record::default(), Vec::new());
        while csv.next(&mut record).expect("it can be read on") {
            let problem = record.problems.first().map(|problem| (problem.code, problem.message.clone()));
            found.push((record.number, record.line, record.lossy(Field::Title), problem));
        }
        let ragged = |cells: u32| Some((Code::Columns, format!("the row has {cells} cells, the header has 3")));
        let unclosed = "a quote is opened and never closed: all that follows is in this cell".to_owned();
        assert_eq!(
            found,
            [
                (1, 2, "a".to_owned(), None),
                (2, 4, "c".to_owned(), ragged(2)),
                (3, 6, "e".to_owned(), None),
                (4, 7, "g".to_owned(), ragged(4)),
                (5, 8, "i".to_owned(), Some((Code::UnclosedQuote, unclosed))),
            ]
        );
    }

    #[test]
    fn the_first_of_two_columns_for_one_field_is_read() {
        let mut csv = opened("title,question,answer\na,b,c").expect("it opens");
        let mut record = Record::default();
        assert!(csv.next(&mut record).expect("it can be read"));
        assert_eq!(record.cell(Field::Title), Ok("a"));
        assert_eq!(csv.columns().warnings(), ["column `question` is not read: `title` is the title already"]);
    }
}
