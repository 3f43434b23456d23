//! Cells that a spreadsheet takes for a formula.
//!
//! An export for spreadsheets puts an apostrophe before them, and before those that begin with apostrophes and then are such cells, so that
//! it can be undone: a cell that begins with an apostrophe and, behind all of those that it begins with, goes on with one of
//! the characters has one more than it had.

/// What a formula begins with, or what a spreadsheet passes over before one.
const BEGINNINGS: &[u8] = b"=+-@\t\r";

/// Whether a cell gets an apostrophe.
#[inline]
pub fn is_escaped(cell: &[u8]) -> bool {
    cell.iter().find(|byte| **byte != b'\'').is_some_and(|byte| BEGINNINGS.contains(byte))
}

/// The cell without the apostrophe that it got.
pub fn unescaped(cell: &[u8]) -> &[u8] {
    match cell.strip_prefix(b"'") {
        Some(rest) if is_escaped(rest) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_takes_for_a_formula_is_escaped_and_comes_back() {
        for (cell, escaped) in [
            ("=1+1", true),
            ("+1", true),
            ("-1", true),
            ("@x", true),
            ("\t=1", true),
            ("\r=1", true),
            ("'=1", true),
            ("''@", true),
            ("'", false),
            ("", false),
            ("'tis", false),
            ("1=1", false),
            (" =1", false),
            ("ñ", false),
        ] {
            assert_eq!(is_escaped(cell.as_bytes()), escaped, "{cell}");
            let written = if escaped { format!("'{cell}") } else { cell.to_owned() };
            assert_eq!(unescaped(written.as_bytes()), cell.as_bytes());
        }
    }
}
