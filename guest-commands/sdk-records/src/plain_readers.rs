//! A plain and independent reader that rows are held against: the csv crate behind a check of RFC 4180. And mutations.

use proptest::prelude::*;

/// Whether the quotes of each row keep RFC 4180, seen byte by byte. Beyond it, a cell that does not begin with a quote may
/// have quotes in it, unless one is its last character without a partner or stands behind nothing but blanks.
pub(crate) fn quotes_match(text: &str, delimiter: char) -> bool {
    let mut rest = text.chars().peekable();
    loop {
        // At the start of a cell.
        if rest.next_if_eq(&'"').is_some() {
            loop {
                match rest.next() {
                    None => return false,
                    Some('"') if rest.next_if_eq(&'"').is_none() => break,
                    Some(_) => {}
                }
            }
            match rest.next() {
                None => return true,
                Some(next) if next == delimiter || next == '\n' || next == '\r' => {}
                Some(_) => return false,
            }
            continue;
        }
        let mut cell = String::new();
        let mut ended = true;
        for next in rest.by_ref() {
            if next == delimiter || next == '\n' || next == '\r' {
                ended = false;
                break;
            }
            cell.push(next);
        }
        let blank = cell.starts_with([' ', '\t']) && cell.trim_start_matches([' ', '\t', '\x0C']).starts_with('"');
        if blank || (cell.ends_with('"') && cell.matches('"').count() % 2 == 1) {
            return false;
        }
        if ended {
            return true;
        }
    }
}

/// All rows of a CSV text; none where its quotes do not match.
pub(crate) fn csv_rows(text: &str) -> Option<Vec<Vec<String>>> {
    if !quotes_match(text, ',') {
        return None;
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let rows = reader.records().map(|row| row.expect("it takes any text").iter().map(str::to_owned).collect());
    Some(rows.collect())
}

/// What is done to a text: where, from its start to its end, and which byte comes there, in the place of one or not; 0
/// takes one away.
pub(crate) fn mutations() -> impl Strategy<Value = Vec<(f64, u8, bool)>> {
    let byte = prop::sample::select(&b"\"\"\",,\n\r;: {}[]\\aZ7\t\0\0\0"[..]);
    prop::collection::vec((0.0..1.0, byte, any::<bool>()), 0..4)
}

/// Does it.
pub(crate) fn mutated(text: &[u8], mutations: &[(f64, u8, bool)]) -> Vec<u8> {
    let mut text = text.to_vec();
    for &(place, byte, instead) in mutations {
        let at = (place * text.len() as f64) as usize;
        if at < text.len() && (byte == 0 || instead) {
            text.remove(at);
        }
        if byte != 0 {
            text.insert(at, byte);
        }
    }
    text
}
