//! Tables for people, in both languages.

use std::fmt::Display;

pub use crate::bindings::exports::encargo::command::command::Table;

/// A table without rows, its title and columns in English and Spanish:
/// `table!("Files" / "Archivos": "name" / "nombre", "bytes" / "bytes")`.
#[macro_export]
macro_rules! table {
    ($title_en:literal / $title_es:literal: $($en:literal / $es:literal),+ $(,)?) => {
        $crate::table::Table {
            title: $crate::text!($title_en, $title_es),
            columns: vec![$($crate::text!($en, $es)),+],
            rows: Vec::new(),
        }
    };
}

impl Table {
    /// Adds a row, which has a cell for each column.
    ///
    /// # Panics
    /// When it has more or fewer: the host would refuse the report.
    pub fn row(&mut self, cells: &[&dyn Display]) {
        assert_eq!(cells.len(), self.columns.len(), "a row of the table `{}` has a cell for each column", self.title);
        self.rows.push(cells.iter().map(ToString::to_string).collect());
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_row_takes_whatever_can_be_shown() {
        let mut files = table!("Files" / "Archivos": "name" / "nombre", "bytes" / "bytes");
        files.row(&[&"a.csv", &12]);
        assert_eq!(
            (files.title.as_str(), files.columns.as_slice()),
            ("Files", &["name".to_owned(), "bytes".to_owned()][..])
        );
        assert_eq!(files.rows, [["a.csv", "12"]]);
    }

    #[test]
    #[should_panic(expected = "has a cell for each column")]
    fn a_row_with_a_cell_too_few_is_a_mistake() {
        table!("Files" / "Archivos": "name" / "nombre", "bytes" / "bytes").row(&[&"a.csv"]);
    }
}
