//! How fast answers were, and what took long in the database.

use encargo_sdk::prelude::*;
use encargo_sdk::upkeep::{PastRun, Statement};

use crate::document::{Column, Figure, Grid, Row, Section, Value};
use crate::period::Chosen;
use crate::quantiles::{EXACTLY, Quantiles};
use crate::reading::Gathered;
use crate::share::Share;
use crate::sums::{Side, Sums};

type Of = fn(&Sums) -> &Quantiles;

/// The section.
pub(crate) fn section(chosen: &Chosen, gathered: &Gathered, slowest: Option<&Slowest>) -> Section {
    let (now, before) = (&gathered.now, &gathered.before);
    let mut section = Section::new("performance", text!("Performance", "Rendimiento"));
    let times = times();
    section.figures = times
        .iter()
        .flat_map(|time| {
            [(50, time.ids[0]), (95, time.ids[1])].map(|(percent, id)| {
                let (name, definition) = (&time.name, &time.definition);
                let at = |side: &Side| (time.of)(&side.all).percentile(percent).map(Value::Milliseconds);
                let name = text!("{name}, p{percent}", "{name}, p{percent}");
                Figure::new(id, name, at(now), at(before), percentile(percent, definition)).of((time.of)(&now.all).n())
            })
        })
        .collect();
    let unanswered = |side: &Side| Share::new(side.all.chats.unanswered, side.all.chats.begun);
    section.figures.push(Figure::share(
        "unanswered",
        text!("Chats without a response", "Chats sin respuesta"),
        (unanswered(now), unanswered(before)),
        text!(
            "chats begun in the period that have no first response, of all that were begun in it",
            "chats iniciados en el período que no tienen primera respuesta, de todos los iniciados en él"
        ),
    ));
    section.grids = vec![grid(&times, now, before)];
    if times.iter().any(|time| (time.of)(&now.all).n().max((time.of)(&before.all).n()) > EXACTLY as u64) {
        section.notes.push(text!(
            "percentiles of more than 4,096 times are within 0.1%",
            "los percentiles de más de 4096 tiempos tienen un error del 0,1 % como mucho"
        ));
    }
    if let Some(Slowest { runs, statements }) = slowest {
        section.grids.extend((!runs.is_empty()).then(|| slow_runs(chosen, runs)));
        section.grids.extend((!statements.is_empty()).then(|| slow(statements)));
        if runs.is_empty() {
            section.notes.push(text!(
                "no run of another command in this tenant is remembered that began in the period",
                "no se recuerda ninguna ejecución de otro comando en este inquilino que empezara en el período"
            ));
        }
        if statements.is_empty() {
            section.notes.push(text!(
                "no statement of a command is remembered",
                "no se recuerda ninguna sentencia de un comando"
            ));
        }
    }
    section
}

/// A time that is measured.
struct Time {
    id: &'static str,
    /// Of its figures: the median and the 95th percentile.
    ids: [&'static str; 2],
    name: String,
    definition: String,
    of: Of,
}

fn times() -> [Time; 3] {
    [
        Time {
            id: "response",
            ids: ["response-p50", "response-p95"],
            name: text!("Response time", "Tiempo de respuesta"),
            definition: text!(
                "the milliseconds that messages of the period say their response took",
                "los milisegundos que los mensajes del período dicen que tardó su respuesta"
            ),
            of: |sums| &sums.messages.response,
        },
        Time {
            id: "first-response",
            ids: ["first-response-p50", "first-response-p95"],
            name: text!("First response", "Primera respuesta"),
            definition: text!(
                "the time from a chat's creation to its first response, of chats begun in the period",
                "el tiempo desde la creación de un chat hasta su primera respuesta, de los iniciados en el período"
            ),
            of: |sums| &sums.chats.first_response,
        },
        Time {
            id: "resolution",
            ids: ["resolution-p50", "resolution-p95"],
            name: text!("Resolution", "Resolución"),
            definition: text!(
                "the time from a chat's creation to its resolution, of chats begun in the period and resolved whenever",
                "el tiempo desde la creación de un chat hasta su resolución, de los iniciados en el período y resueltos cuando fuera"
            ),
            of: |sums| &sums.chats.resolution,
        },
    ]
}

/// What a percentile of something is.
fn percentile(percent: u64, of: &str) -> String {
    text!("the smallest of {of} than which {percent}% are not larger", "el menor de {of} que el {percent} % no supera")
}

fn grid(times: &[Time], now: &Side, before: &Side) -> Grid {
    let each = text!("the row's times", "los tiempos de la fila");
    let mut columns =
        vec![Column::new("n", "n".to_owned(), text!("how many times were measured", "cuántos tiempos se midieron"))];
    for (id, percent) in [("p50", 50), ("p90", 90), ("p95", 95), ("p99", 99)] {
        columns.push(Column::new(id, id.to_owned(), percentile(percent, &each)));
    }
    columns.push(Column::new(
        "longest",
        text!("longest", "el mayor"),
        text!("the longest of the row's times", "el mayor de los tiempos de la fila"),
    ));
    let rows = times.iter().flat_map(|time| {
        let (name, id) = (&time.name, time.id);
        let earlier = text!("{name}, before", "{name}, antes");
        let sides = [(id.to_owned(), time.name.clone(), now), (format!("{id}-before"), earlier, before)];
        sides.map(|(key, name, side)| Row { key, name, cells: cells((time.of)(&side.all)), is_total: false })
    });
    Grid {
        id: "times",
        name: text!("Times", "Tiempos"),
        rows_are: text!("time", "tiempo"),
        columns,
        rows: rows.collect(),
    }
}

fn cells(times: &Quantiles) -> Vec<Option<Value>> {
    let percentiles = [50, 90, 95, 99].map(|percent| times.percentile(percent).map(Value::Milliseconds));
    let (n, longest) = (Some(Value::Count(times.n())), times.longest().map(Value::Milliseconds));
    [n].into_iter().chain(percentiles).chain([longest]).collect()
}

/// What took longest.
#[derive(Debug)]
pub(crate) struct Slowest {
    /// Runs of the period.
    pub(crate) runs: Vec<PastRun>,
    /// Statements, in all runs that are remembered.
    pub(crate) statements: Vec<Statement>,
}

/// Runs that took longest.
fn slow_runs(chosen: &Chosen, runs: &[PastRun]) -> Grid {
    let row = |run: &PastRun| Row {
        key: run.id.clone(),
        name: format!("{}, {} ({})", run.command, chosen.local(run.started_at.micros()), run.status),
        cells: vec![Some(Value::Microseconds(run.took_us))],
        is_total: false,
    };
    Grid {
        id: "runs",
        name: text!("Runs that took longest", "Ejecuciones que más tardaron"),
        rows_are: text!("run", "ejecución"),
        columns: vec![Column::new(
            "took",
            text!("took", "tardó"),
            text!(
                "how long a run inside the tenant took that began in the period, from its first try to the end of its last",
                "cuánto tardó una ejecución dentro del inquilino que empezó en el período, desde su primer intento hasta el final del último"
            ),
        )],
        rows: runs.iter().map(row).collect(),
    }
}

/// Statements of commands that took most.
fn slow(statements: &[Statement]) -> Grid {
    let remembered = text!(
        "in all runs that are remembered, not in the period alone",
        "en todas las ejecuciones que se recuerdan, no solo en el período"
    );
    let column = |id, name, what: String| Column::new(id, name, text!("{what}, {remembered}", "{what}, {remembered}"));
    let row = |statement: &Statement| Row {
        key: statement.id.clone(),
        name: format!("{}: {}", statement.command, statement.text.split_whitespace().collect::<Vec<_>>().join(" ")),
        cells: vec![
            Some(Value::Count(statement.calls)),
            Some(Value::Microseconds(statement.total_us)),
            Some(Value::Microseconds(statement.mean_us)),
            Some(Value::Microseconds(statement.p95_us)),
            Some(Value::Microseconds(statement.longest_us)),
        ],
        is_total: false,
    };
    Grid {
        id: "statements",
        name: text!("Statements of commands that took most", "Sentencias de comandos que más tardaron"),
        rows_are: text!("statement", "sentencia"),
        columns: vec![
            column("calls", text!("calls", "llamadas"), text!("how often it was run", "cuántas veces se ejecutó")),
            column(
                "total",
                text!("in all", "en total"),
                text!("how long it worked in the database", "cuánto trabajó en la base de datos"),
            ),
            column("mean", text!("mean", "media"), text!("the mean of a call", "la media de una llamada")),
            column(
                "p95",
                "p95".to_owned(),
                text!("what 95% of the calls stayed below, nearly", "lo que el 95 % de las llamadas no superó, casi"),
            ),
            column("longest", text!("longest", "la mayor"), text!("the longest call", "la llamada más larga")),
        ],
        rows: statements.iter().map(row).collect(),
    }
}
