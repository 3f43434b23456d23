//! Tables for people.

use comfy_table::presets;
use comfy_table::{ContentArrangement, Table};

use super::stream::{Stream, printable};
use super::{Output, Style};

/// A table without lines: headings, then rows, wrapped to the terminal where there is one.
pub(super) fn of(columns: &[&str], rows: &[Vec<String>], stream: &Stream) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    if let Some(width) = stream.width() {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    table.set_header(columns.iter().map(|column| printable(column)));
    for row in rows {
        table.add_row(row.iter().map(|cell| printable(cell)));
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let lines: Vec<_> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    let heading = lines.first().map(|line| stream.paint(Style::Heading, line));
    heading.into_iter().chain(lines.into_iter().skip(1)).collect::<Vec<_>>().join("\n")
}

impl Output {
    /// Lines of a name and a text, the texts one under the other.
    pub(crate) fn pairs(&self, pairs: &[(String, String)]) {
        let width = pairs.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
        for (name, text) in pairs {
            self.result(&format!("  {name:width$}  {}", printable(text)));
        }
    }
}
