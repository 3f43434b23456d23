//! A report as JSON, with unrounded values: shares from 0 to 1, times in milliseconds or microseconds as `unit` says.

use encargo_sdk::prelude::*;
use serde_json::{Value as Json, json};

use crate::document::{Course, Document, Figure, Grid, Section, Value};

pub(crate) fn write(document: &Document) -> String {
    let chosen = &document.chosen;
    let at = |micros| Instant::from_micros(micros).rfc3339();
    let report = json!({
        "report": 1,
        "tenant": document.tenant,
        "name": document.name,
        "period": {
            "kind": chosen.period.word(),
            "tag": chosen.tag,
            "time_zone": document.zone,
            "since": at(chosen.now.since),
            "until": at(chosen.now.until),
            "before_since": at(chosen.before.since),
            "is_complete": !chosen.is_under_way,
        },
        "is_empty": document.is_empty,
        "notes": document.notes,
        "sections": document.sections.iter().map(section).collect::<Vec<_>>(),
    });
    let mut text = serde_json::to_string_pretty(&report).unwrap_or_default();
    text.push('\n');
    text
}

fn section(section: &Section) -> Json {
    json!({
        "id": section.id,
        "name": section.name,
        "figures": section.figures.iter().map(figure).collect::<Vec<_>>(),
        "courses": section.courses.iter().map(course).collect::<Vec<_>>(),
        "tables": section.grids.iter().map(grid).collect::<Vec<_>>(),
        "notes": section.notes,
    })
}

fn figure(figure: &Figure) -> Json {
    let mut object = json!({
        "id": figure.id,
        "name": figure.name,
        "value": number(figure.value),
        "unit": unit(figure.value.or(figure.before)),
        "before": number(figure.before),
        "definition": figure.definition,
    });
    if let Some(n) = figure.n {
        object["n"] = n.into();
    }
    if let Some((low, high)) = figure.interval {
        object["interval_95"] = json!([low, high]);
    }
    object
}

fn course(course: &Course) -> Json {
    let points = course.points.iter();
    let unit = unit(points.clone().find_map(|point| point.value.or(point.before)));
    let points: Vec<_> = points
        .map(|point| json!({ "key": point.key, "value": number(point.value), "before": number(point.before) }))
        .collect();
    json!({
        "id": course.id,
        "name": course.name,
        "axis": course.axis,
        "unit": unit,
        "definition": course.definition,
        "points": points,
    })
}

fn grid(grid: &Grid) -> Json {
    let unit_of = |at: usize| unit(grid.rows.iter().find_map(|row| row.cells[at]));
    let columns: Vec<_> = grid
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| json!({ "id": column.id, "name": column.name, "unit": unit_of(at), "definition": column.definition }))
        .collect();
    let rows: Vec<_> = grid
        .rows
        .iter()
        .map(|row| {
            let cells: Vec<_> = row.cells.iter().map(|cell| number(*cell)).collect();
            json!({ "key": row.key, "name": row.name, "values": cells, "is_total": row.is_total })
        })
        .collect();
    json!({ "id": grid.id, "name": grid.name, "rows_are": grid.rows_are, "columns": columns, "rows": rows })
}

fn unit(value: Option<Value>) -> Option<&'static str> {
    value.map(Value::unit)
}

fn number(value: Option<Value>) -> Json {
    match value {
        None => Json::Null,
        Some(Value::Count(number) | Value::Milliseconds(number) | Value::Microseconds(number)) => number.into(),
        Some(Value::PerDay(number) | Value::Share(number) | Value::Stars(number)) => number.into(),
    }
}
