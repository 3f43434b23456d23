//! Cells that a spreadsheet takes for a formula.
//!
//! `--excel` puts an apostrophe before them, and before those that begin with apostrophes and then are such cells, so that
//! it can be undone: a cell that begins with an apostrophe and, behind all of those that it begins with, goes on with one of
//! the characters has one more than it had.

/// What a formula begins with, or what a spreadsheet passes over before one.
const BEGINNINGS: &[u8] = b"=+-@\t\r";

/// Whether a cell gets an apostrophe.
pub(crate) fn is_escaped(cell: &[u8]) -> bool {
    cell.iter().find(|byte| **byte != b'\'').is_some_and(|byte| BEGINNINGS.contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What an import does.
    fn undone(cell: &str) -> &str {
        match cell.strip_prefix('\'') {
            Some(rest) if is_escaped(cell.as_bytes()) => rest,
            _ => cell,
        }
    }

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
            assert_eq!(undone(&written), cell);
        }
    }
}
