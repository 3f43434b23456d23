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

/// The least room that a cut column keeps.
const LEAST_ROOM: usize = 12;

/// Rows with the last column cut so that each is one line of so many columns.
fn cut(rows: &[Vec<String>], columns: &[&str], width: usize) -> Vec<Vec<String>> {
    let Some(last) = columns.len().checked_sub(1) else { return rows.to_vec() };
    let widest = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| in_one_line(cell).chars().count());
        cells.chain([columns[at].chars().count()]).max().unwrap_or(0)
    };
    let others: usize = (0..last).map(|at| widest(at) + 2).sum();
    let room = width.saturating_sub(others).max(LEAST_ROOM);
    let shorten = |cell: &String| match cell.char_indices().nth(room) {
        Some(_) => cell.chars().take(room - 1).chain(['…']).collect(),
        None => cell.clone(),
    };
    let of_row = |row: &Vec<String>| row[..last].iter().cloned().chain(row.get(last).map(shorten)).collect();
    rows.iter().map(of_row).collect()
}

impl Output {
    /// A list whose every row is one line: on a terminal the last column is cut to what is left of its width.
    pub(crate) fn list(&self, columns: &[&str], rows: &[Vec<String>]) {
        match self.for_results().width() {
            Some(width) => self.table(columns, &cut(rows, columns, usize::from(width))),
            None => self.table(columns, rows),
        }
    }

    /// Lines of a name and a text, the texts one under the other.
    pub(crate) fn pairs(&self, pairs: &[(String, String)]) {
        let names: Vec<_> = pairs.iter().map(|(name, _)| in_one_line(name)).collect();
        let width = names.iter().map(|name| name.chars().count()).max().unwrap_or_default();
        for (name, (_, text)) in names.iter().zip(pairs) {
            self.result(&format!("  {name:width$}  {}", visible(text)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_column_is_cut_and_no_other() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let rows = [row(["06zd97ea", "demo", "a summary of some length"]), row(["06zd97eb", "", "año"])];
        let columns = ["run", "tenant", "summary"];
        let found = cut(&rows, &columns, 38);
        assert_eq!(found, [row(["06zd97ea", "demo", "a summary of some l…"]), row(["06zd97eb", "", "año"])]);
        assert_eq!(cut(&rows, &columns, 10)[0][2], "a summary o…");
        assert_eq!(cut(&rows, &columns, 80), rows);
    }
}
