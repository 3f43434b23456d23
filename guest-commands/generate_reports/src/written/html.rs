//! A report as one page of HTML: no scripts, nothing that is fetched, readable where drawings and colours are not shown.

use std::fmt::Write as _;

use encargo_sdk::language::{self, Language};
use encargo_sdk::prelude::*;

use crate::document::{Course, Document, Figure, Grid, Section};
use crate::shown;
use crate::written::{LONGEST, chart, cut, escaped, style};

pub(crate) fn write(document: &Document) -> String {
    let title = escaped(&document.title());
    let tongue = if language::current() == Language::Es { "es" } else { "en" };
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{tongue}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>\n{}</style>\n</head>\n\
         <body>\n<main>\n<h1>{title}</h1>\n",
        style::sheet()
    );
    for line in document.times() {
        let _ = writeln!(out, "<p class=\"small\">{}</p>", escaped(&line));
    }
    notes(&document.notes, &mut out);
    for of in &document.sections {
        section(of, &document.chosen.tag, &mut out);
    }
    out + "</main>\n</body>\n</html>\n"
}

fn notes(notes: &[String], out: &mut String) {
    for note in notes {
        let _ = writeln!(out, "<p class=\"note\">{}</p>", escaped(note));
    }
}

fn section(section: &Section, tag: &str, out: &mut String) {
    let _ = writeln!(out, "<section>\n<h2>{}</h2>", escaped(&section.name));
    figures(&section.figures, out);
    let drawn: Vec<_> = section.courses.iter().filter_map(|course| Some((course, chart::draw(course)?))).collect();
    if !drawn.is_empty() {
        *out += "<div class=\"charts\">\n";
        drawn.iter().for_each(|(of, drawing)| course(of, drawing, tag, out));
        *out += "</div>\n";
    }
    section.grids.iter().filter(|grid| !grid.rows.is_empty()).for_each(|of| grid(of, out));
    notes(&section.notes, out);
    let _ = writeln!(out, "<dl aria-label=\"{}\">", text!("How it is counted", "Cómo se cuenta"));
    for (name, definition) in section.definitions() {
        let _ = writeln!(out, "<dt>{}</dt><dd>{}</dd>", escaped(name), escaped(definition));
    }
    *out += "</dl>\n</section>\n";
}

/// A panel for each figure, with its parts in it.
fn figures(figures: &[Figure], out: &mut String) {
    *out += "<div class=\"figures\">\n";
    let mut rest = figures;
    while let Some((figure, behind)) = rest.split_first() {
        let parts = behind.iter().take_while(|part| part.is_part).count();
        let _ = write!(
            out,
            "<div class=\"figure\"><span>{}</span><b>{}</b>",
            escaped(&figure.name),
            shown::value(figure.value)
        );
        if figure.before.is_some() {
            let (change, before) = (shown::change(figure.value, figure.before), shown::value(figure.before));
            let before = text!("before: {before}", "antes: {before}");
            let change = if change.is_empty() { change } else { format!("<span>{change}</span>") };
            let _ = write!(out, "{change}<span>{before}</span>");
        }
        for part in &behind[..parts] {
            let _ = write!(out, "<span>{} {}</span>", shown::value(part.value), escaped(&part.name));
        }
        let certainty = shown::certainty(figure);
        if !certainty.is_empty() {
            let _ = write!(out, "<span>{certainty}</span>");
        }
        *out += "</div>\n";
        rest = &behind[parts..];
    }
    *out += "</div>\n";
}

fn course(course: &Course, drawing: &str, tag: &str, out: &mut String) {
    let before = text!("the period before", "el período anterior");
    let _ = writeln!(
        out,
        "<figure>\n<h3>{}</h3>\n<p class=\"key\"><span class=\"now\">■</span> {} &nbsp; <span class=\"before\">━</span> {before}</p>\n{drawing}",
        escaped(&course.name),
        escaped(tag)
    );
    // The same in numbers, for those who cannot see it and where drawings are not shown.
    let _ = writeln!(out, "<details><summary>{}</summary>", text!("in numbers", "en números"));
    let heads = [text!("value", "valor"), text!("before", "antes")];
    let rows = course.points.iter().map(|point| {
        let cells = vec![shown::value(point.value), shown::value(point.before)];
        (escaped(&point.name), cells, false)
    });
    table(&course.name, &course.axis, &heads, rows, out);
    *out += "</details>\n</figure>\n";
}

fn grid(grid: &Grid, out: &mut String) {
    let _ = writeln!(out, "<h3 class=\"table\">{}</h3>", escaped(&grid.name));
    let heads: Vec<_> = grid.columns.iter().map(|column| column.name.clone()).collect();
    let rows = grid.rows.iter().map(|row| {
        let cells = row.cells.iter().map(|cell| shown::value(*cell)).collect();
        (escaped(&cut(&row.name, LONGEST)), cells, row.is_total)
    });
    table(&grid.name, &grid.rows_are, &heads, rows, out);
}

fn table(
    name: &str,
    first: &str,
    heads: &[String],
    rows: impl Iterator<Item = (String, Vec<String>, bool)>,
    out: &mut String,
) {
    let _ = write!(
        out,
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\"><table><thead><tr><th scope=\"col\">{}</th>",
        escaped(name),
        escaped(first)
    );
    for head in heads {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escaped(head));
    }
    *out += "</tr></thead><tbody>\n";
    for (name, cells, is_total) in rows {
        let _ = write!(out, "<tr{}><td>{name}</td>", if is_total { " class=\"total\"" } else { "" });
        for cell in cells {
            let _ = write!(out, "<td>{cell}</td>");
        }
        *out += "</tr>\n";
    }
    *out += "</tbody></table></div>\n";
}
