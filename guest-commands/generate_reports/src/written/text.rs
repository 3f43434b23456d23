//! A report as plain text, 80 columns wide.

use encargo_sdk::prelude::*;

use crate::document::{Course, Document, Grid, Section, Value};
use crate::shown;
use crate::written::{LONGEST, cut, one_line};

/// How wide a line is.
const WIDTH: usize = 80;
/// How wide the first column of figures, and a bar, may be.
const NAME: usize = 30;
const BAR: usize = 30;

pub(crate) fn write(document: &Document) -> String {
    let title = one_line(&document.title());
    let mut out = format!("{title}\n{}\n", "=".repeat(title.chars().count().min(WIDTH)));
    for line in document.times().iter().chain(&document.notes) {
        wrapped(line, "", &mut out);
    }
    for section in &document.sections {
        out += &format!("\n\n{}\n{}\n", section.name, "-".repeat(section.name.chars().count()));
        figures(section, &mut out);
        section.courses.iter().for_each(|of| course(of, &mut out));
        section.grids.iter().for_each(|of| grid(of, &mut out));
        for note in &section.notes {
            out.push('\n');
            wrapped(note, "", &mut out);
        }
        definitions(section, &mut out);
    }
    out
}

fn figures(section: &Section, out: &mut String) {
    let heads = [String::new(), text!("value", "valor"), text!("before", "antes"), text!("change", "cambio")];
    out.push('\n');
    line(&heads, out);
    for figure in &section.figures {
        let change = shown::change(figure.value, figure.before);
        let margin = if figure.is_part { "  " } else { "" };
        let name = format!("{margin}{}", cut(&figure.name, NAME - margin.len()));
        line(&[name, shown::value(figure.value), shown::value(figure.before), change], out);
        let certainty = shown::certainty(figure);
        if !certainty.is_empty() {
            *out += &format!("  {certainty}\n");
        }
    }
}

fn line(cells: &[String; 4], out: &mut String) {
    let [name, value, before, change] = cells;
    let shown = format!("{name:<NAME$} {value:>15} {before:>15} {change:>16}");
    *out += shown.trim_end();
    out.push('\n');
}

/// A bar for each part, all on one scale that begins at nothing.
fn course(course: &Course, out: &mut String) {
    *out += &format!("\n{}\n", course.name);
    let most = course.points.iter().filter_map(|point| point.value).map(Value::number).fold(0.0, f64::max);
    let key = course.points.iter().map(|point| point.name.chars().count()).max().unwrap_or_default();
    let key = key.max(course.axis.chars().count());
    let (value, before) = (text!("value", "valor"), text!("before", "antes"));
    *out += &format!("{:<key$}  {value:>11}  {before:>11}\n", course.axis);
    for point in &course.points {
        let length = point.value.map_or(0.0, |value| if most > 0.0 { value.number() / most } else { 0.0 });
        let (value, before) = (shown::value(point.value), shown::value(point.before));
        let shown = format!("{:<key$}  {value:>11}  {before:>11}  {}", point.name, bar(length));
        *out += shown.trim_end();
        out.push('\n');
    }
}

/// A bar of so much of the whole length, in eighths of a character.
fn bar(share: f64) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (share * (BAR * 8) as f64).round() as usize;
    "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
}

/// A table; one that is wider than a line has a line for each figure of a row.
fn grid(grid: &Grid, out: &mut String) {
    *out += &format!("\n{}\n", grid.name);
    let shown: Vec<Vec<_>> =
        grid.rows.iter().map(|row| row.cells.iter().map(|cell| shown::value(*cell)).collect()).collect();
    let widths: Vec<usize> = grid
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            let cells = shown.iter().map(|row| row[at].chars().count());
            cells.chain([column.name.chars().count()]).max().unwrap_or_default()
        })
        .collect();
    let names = grid.rows.iter().map(|row| cut(&row.name, LONGEST).chars().count()).max().unwrap_or_default();
    let room = WIDTH.saturating_sub(widths.iter().map(|width| width + 2).sum());
    if names.min(16) > room {
        return rows_in_lines(grid, &shown, out);
    }
    let first = names.max(grid.rows_are.chars().count()).min(room);
    let mut push = |name: &str, cells: &[String]| {
        let mut line = format!("{:<first$}", cut(name, first));
        for (cell, &width) in cells.iter().zip(&widths) {
            line += &format!("  {cell:>width$}");
        }
        *out += line.trim_end();
        out.push('\n');
    };
    push(&grid.rows_are, &grid.columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>());
    for (row, cells) in grid.rows.iter().zip(&shown) {
        push(&row.name, cells);
    }
}

fn rows_in_lines(grid: &Grid, shown: &[Vec<String>], out: &mut String) {
    for (row, cells) in grid.rows.iter().zip(shown) {
        let parts = grid.columns.iter().zip(cells).map(|(column, cell)| format!("{} {cell}", column.name));
        wrapped(&cut(&row.name, LONGEST), "", out);
        wrapped(&parts.collect::<Vec<_>>().join(", "), "    ", out);
    }
}

fn definitions(section: &Section, out: &mut String) {
    *out += &format!("\n{}\n", text!("How it is counted", "Cómo se cuenta"));
    for (name, definition) in section.definitions() {
        wrapped(&format!("{name}: {definition}"), "  ", out);
    }
}

/// A text in lines of at most [`WIDTH`] characters, each behind a margin.
fn wrapped(text: &str, margin: &str, out: &mut String) {
    let mut line = String::new();
    let words = one_line(text);
    for word in words.split(' ') {
        let length = line.chars().count() + word.chars().count() + margin.len() + 1;
        if !line.is_empty() && length > WIDTH {
            *out += &format!("{margin}{line}\n");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line += word;
    }
    *out += &format!("{margin}{line}\n");
}
