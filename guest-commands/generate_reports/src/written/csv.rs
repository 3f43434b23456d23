//! A report as CSV (RFC 4180), a row for each figure: one shape for everything, to be filtered by its first columns.

use encargo_sdk::formula;

use crate::document::{Document, Value};

const COLUMNS: [&str; 13] = [
    "tenant",
    "period",
    "section",
    "kind",
    "id",
    "key",
    "unit",
    "value",
    "before",
    "n",
    "low_95",
    "high_95",
    "definition",
];

pub(crate) fn write(document: &Document) -> String {
    let mut out = COLUMNS.join(",") + "\r\n";
    let (tenant, tag) = (document.tenant.as_str(), document.chosen.tag.as_str());
    let mut row = |cells: [&str; 11]| {
        let all = [tenant, tag].into_iter().chain(cells);
        out += &all.map(cell).collect::<Vec<_>>().join(",");
        out += "\r\n";
    };
    for section in &document.sections {
        for figure in &section.figures {
            let n = figure.n.map(|n| n.to_string()).unwrap_or_default();
            let [low, high] = figure
                .interval
                .map_or([String::new(), String::new()], |(low, high)| [low.to_string(), high.to_string()]);
            let unit = unit(figure.value.or(figure.before));
            let (value, before) = (number(figure.value), number(figure.before));
            row([section.id, "figure", figure.id, "", unit, &value, &before, &n, &low, &high, &figure.definition]);
        }
        for course in &section.courses {
            for point in &course.points {
                let (value, before) = (number(point.value), number(point.before));
                let unit = unit(point.value.or(point.before));
                row([
                    section.id,
                    "course",
                    course.id,
                    &point.key,
                    unit,
                    &value,
                    &before,
                    "",
                    "",
                    "",
                    &course.definition,
                ]);
            }
        }
        for grid in &section.grids {
            for of in &grid.rows {
                for (column, value) in grid.columns.iter().zip(&of.cells) {
                    let id = format!("{}.{}", grid.id, column.id);
                    row([
                        section.id,
                        "table",
                        &id,
                        &of.key,
                        unit(*value),
                        &number(*value),
                        "",
                        "",
                        "",
                        "",
                        &column.definition,
                    ]);
                }
            }
        }
    }
    out
}

fn unit(value: Option<Value>) -> &'static str {
    value.map(Value::unit).unwrap_or_default()
}

fn number(value: Option<Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::Count(number) | Value::Milliseconds(number) | Value::Microseconds(number)) => number.to_string(),
        Some(Value::PerDay(number) | Value::Share(number) | Value::Stars(number)) => number.to_string(),
    }
}

/// A cell that no spreadsheet takes for a formula; keys of rows are names that people chose.
fn cell(text: &str) -> String {
    let text = if formula::is_escaped(text.as_bytes()) { format!("'{text}") } else { text.to_owned() };
    match text.contains(['"', ',', '\r', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}
