//! A report as Markdown: tables of figures, and the definitions behind each section.

use encargo_sdk::prelude::*;

use crate::document::{Course, Document, Grid, Section};
use crate::shown;
use crate::written::{LONGEST, cut, one_line};

pub(crate) fn write(document: &Document) -> String {
    let [now, before] = document.times();
    let mut out = format!("# {}\n\n{}, {}.\n", escape(&document.title()), escape(&now), escape(&before));
    for note in &document.notes {
        out += &format!("\n> {}\n", escape(note));
    }
    for section in &document.sections {
        out += &format!("\n## {}\n", section.name);
        figures(section, &mut out);
        section.courses.iter().for_each(|of| course(of, &mut out));
        section.grids.iter().for_each(|of| grid(of, &mut out));
        for note in &section.notes {
            out += &format!("\n> {}\n", escape(note));
        }
        definitions(section, &mut out);
    }
    out
}

fn figures(section: &Section, out: &mut String) {
    let heads = [
        text!("figure", "cifra"),
        text!("value", "valor"),
        text!("before", "antes"),
        text!("change", "cambio"),
        text!("certainty", "certeza"),
    ];
    head(&heads, out);
    for figure in &section.figures {
        let change = shown::change(figure.value, figure.before);
        let cells = [
            figure.name.clone(),
            shown::value(figure.value),
            shown::value(figure.before),
            change,
            shown::certainty(figure),
        ];
        row(&cells, out);
    }
}

fn course(course: &Course, out: &mut String) {
    *out += &format!("\n### {}\n", course.name);
    head(&[course.axis.clone(), text!("value", "valor"), text!("before", "antes")], out);
    for point in &course.points {
        row(&[point.name.clone(), shown::value(point.value), shown::value(point.before)], out);
    }
}

fn grid(grid: &Grid, out: &mut String) {
    *out += &format!("\n### {}\n", grid.name);
    let names = grid.columns.iter().map(|column| column.name.clone());
    head(&[grid.rows_are.clone()].into_iter().chain(names).collect::<Vec<_>>(), out);
    for of in &grid.rows {
        let name = escape(&cut(&of.name, LONGEST));
        let name = if of.is_total { format!("**{name}**") } else { name };
        let cells = of.cells.iter().map(|cell| shown::value(*cell));
        row(&[name].into_iter().chain(cells).collect::<Vec<_>>(), out);
    }
}

fn definitions(section: &Section, out: &mut String) {
    *out += &format!("\n### {}\n\n", text!("How it is counted", "Cómo se cuenta"));
    for (name, definition) in section.definitions() {
        *out += &format!("- **{name}**: {definition}\n");
    }
}

fn head(names: &[String], out: &mut String) {
    *out += "\n";
    row(names, out);
    *out += "|---|";
    *out += &"--:|".repeat(names.len() - 1);
    *out += "\n";
}

fn row(cells: &[String], out: &mut String) {
    *out += &format!("| {} |\n", cells.join(" | "));
}

/// What others wrote, so that nothing of it is markup.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in one_line(text).chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '!' | '~' | '&')
        {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
