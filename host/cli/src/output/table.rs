//! Tables for people.

use comfy_table::presets;
use comfy_table::{ContentArrangement, Table};

use super::Output;
use super::shown::{in_one_line, visible};
use super::stream::Stream;

/// A table without lines: headings, then rows, wrapped to the terminal where there is one.
pub(super) fn of(columns: &[&str], rows: &[Vec<String>], stream: &Stream) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    if let Some(width) = stream.width() {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    table.set_header(columns.iter().map(|column| in_one_line(column)));
    for row in rows {
        table.add_row(row.iter().map(|cell| in_one_line(cell)));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

impl Output {
    /// Lines of a name and a text, the texts one under the other.
    pub(crate) fn pairs(&self, pairs: &[(String, String)]) {
        let names: Vec<_> = pairs.iter().map(|(name, _)| in_one_line(name)).collect();
        let width = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
        for (name, (_, text)) in names.iter().zip(pairs) {
            self.result(&format!("  {name:width$}  {}", visible(text)));
        }
    }
}
