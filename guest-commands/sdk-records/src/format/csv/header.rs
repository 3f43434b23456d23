//! The header of a CSV file: which delimiter it has, and which column is which field.

use encargo_sdk::text;

use super::row::{MOST_CELLS, Row};
use super::rows::Rows;
use crate::columns::{Columns, Named, field_of, listed, plain};
use crate::problem::{Broken, Code};
use crate::record::{FIELDS, Field, MOST_BYTES};
use crate::shaping::{Body, with_proposal};

/// What may stand between cells. The first wins where nothing speaks for another.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How many rows are looked at to tell whether all are wider than the header.
const MOST_ROWS: usize = 1_000;

/// What the header says.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// The name of each column.
    pub(super) names: Vec<String>,
    /// Which cell of a row each field has.
    pub(super) places: [Option<usize>; FIELDS],
    /// Further cells that are tags.
    pub(super) more_tags: Vec<usize>,
    /// Columns that the text is made of.
    pub(super) parts: Vec<usize>,
    /// Columns without a name.
    pub(super) unnamed: Vec<usize>,
}

impl Header {
    /// Reads the header, which is the row at hand.
    ///
    /// # Errors
    /// It has no name of a title or a body, or one name twice, or more columns than are read.
    pub(super) fn read(rows: &Rows, bytes: &[u8], columns: &mut Columns) -> Result<Self, Broken> {
        let broken = |code, message| Err(Broken::new(code, rows.begun_on, None, message));
        let row = &rows.row;
        if row.too_wide {
            let message = text!(
                "the header has more than the {MOST_CELLS} columns that are read",
                "la cabecera tiene más de las {MOST_CELLS} columnas que se leen"
            );
            return broken(Code::TooLarge, message);
        }
        if rows.too_large {
            let mebibytes = MOST_BYTES >> 20;
            let message = text!("the header has more than {mebibytes} MiB", "la cabecera tiene más de {mebibytes} MiB");
            return broken(Code::TooLarge, message);
        }
        if row.wrong.is_some() {
            let message = text!(
                "the quotes of the header do not match: a quote inside of quotes is written twice",
                "las comillas de la cabecera no concuerdan: una comilla entre comillas se escribe dos veces"
            );
            return broken(Code::Quotes, message);
        }
        let mut header = Self { names: names_of(row, bytes), ..Self::default() };
        for (place, name) in header.names.iter().enumerate() {
            let Named { field, part, .. } = columns.find(name);
            let is_part = part && !name.trim().is_empty();
            if is_part {
                header.parts.push(place);
            }
            let Some(field) = field else {
                let is_again = |other: &usize| *other != place && plain(&header.names[*other]) == plain(name);
                if is_part && header.parts.iter().any(is_again) {
                    return broken(Code::Repeated, twice(name));
                }
                if name.trim().is_empty() {
                    header.unnamed.push(place);
                }
                continue;
            };
            match header.places[field as usize] {
                None => header.places[field as usize] = Some(place),
                Some(_) if field == Field::Tags => header.more_tags.push(place),
                Some(first) if plain(&header.names[first]) == plain(name) => {
                    return broken(Code::Repeated, twice(name));
                }
                // Of two ids the first is it, and the other is as any column.
                Some(_) if columns.takes_others() => header.parts.push(place),
                Some(_) => columns.ignore(name, field),
            }
        }
        header.check(rows.begun_on, columns)?;
        Ok(header)
    }

    fn check(&self, line: u64, columns: &Columns) -> Result<(), Broken> {
        let names = listed(&self.names);
        let message = if let Some(missing) = columns.missing() {
            text!(
                "the header has no {missing}, which was asked for: {names}",
                "la cabecera no tiene {missing}, que se pidió: {names}"
            )
        } else if self.places[Field::Title as usize].is_none() {
            text!(
                "the header has no column for the title (title, question, título, pregunta): {names}",
                "la cabecera no tiene columna de título (title, question, título, pregunta): {names}"
            )
        } else if self.places[Field::Body as usize].is_none() && columns.shaping().body == Body::Known {
            text!(
                "the header has no column for the text (body, answer, content, texto, respuesta): {names}",
                "la cabecera no tiene columna de texto (body, answer, content, texto, respuesta): {names}"
            )
        } else {
            return Ok(());
        };
        let message = if columns.missing().is_some() { message } else { with_proposal(message, &self.names) };
        Err(Broken::new(Code::Shape, line, None, message))
    }
}

fn twice(name: &String) -> String {
    let name = listed(std::slice::from_ref(name));
    text!("the header has {name} twice: rename or remove one", "la cabecera tiene {name} dos veces: cambie o quite una")
}

fn names_of(row: &Row, bytes: &[u8]) -> Vec<String> {
    row.cells.iter().map(|&(start, end)| String::from_utf8_lossy(&bytes[start..end]).into_owned()).collect()
}

/// The delimiter that a first line such as `sep=;` names, as Excel writes and reads it, and that line's length.
pub(super) fn separator_of(beginning: &[u8]) -> Option<(u8, usize)> {
    let end = memchr::memchr2(b'\n', b'\r', beginning)?;
    match &beginning[..end] {
        [b'"', b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter, b'"']
        | [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter]
            if delimiter.is_ascii() && *delimiter != b'"' =>
        {
            Some((*delimiter, end))
        }
        _ => None,
    }
}

/// The delimiter with which the first row names most fields, or else has most cells.
pub(super) fn delimiter_of(beginning: &[u8]) -> u8 {
    let beginning = beginning.trim_ascii_start();
    let named = |delimiter: u8| {
        let (mut row, mut output) = (Row::default(), Vec::new());
        let Ok(length) = row.find(beginning, delimiter, true) else { return (0, 0) };
        row.copy(&beginning[..length], &mut output);
        let names = names_of(&row, &output);
        let mut fields: Vec<_> = names.iter().filter_map(|name| field_of(name)).map(|field| field as usize).collect();
        fields.sort_unstable();
        fields.dedup();
        (fields.len(), names.len())
    };
    // Of equal ones `max_by_key` takes the last, so the order is turned round.
    DELIMITERS.into_iter().rev().max_by_key(|&delimiter| named(delimiter)).unwrap_or(b',')
}

/// How many cells each of the first rows behind the header has, when it is the same number in at least two.
///
/// `whole` says that the beginning is the whole text; else its last row may be cut and says nothing.
pub(super) fn cells_of_every_row(beginning: &[u8], delimiter: u8, whole: bool) -> Option<usize> {
    let (mut row, mut rest, mut cells, mut rows) = (Row::default(), beginning, None, 0);
    for index in 0..MOST_ROWS {
        while let [b'\n' | b'\r', more @ ..] = rest {
            rest = more;
        }
        if rest.is_empty() {
            break;
        }
        let Ok(length) = row.find(rest, delimiter, whole) else { break };
        rest = &rest[length..];
        if index == 0 || row.is_blank() {
            continue;
        }
        if row.wrong.is_some() || row.too_wide || *cells.get_or_insert(row.cells.len()) != row.cells.len() {
            return None;
        }
        rows += 1;
    }
    cells.filter(|_| rows >= 2)
}
