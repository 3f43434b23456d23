//! Makes a report: chooses the period, gathers, compares the sums, and writes one file.

use std::io::Write as _;

use encargo_sdk::files;
use encargo_sdk::prelude::*;
use encargo_sdk::tenants;
use encargo_sdk::upkeep;

use crate::document::Document;
use crate::performance::Slowest;
use crate::period::{Chosen, Period, Span};
use crate::reading::{Gathered, Needed, gather};
use crate::written::Format;
use crate::{Type, agents, checks, moment, performance, satisfaction, shown, told, usage};

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) types: Choices<Type>,
    pub(crate) period: Option<Period>,
    pub(crate) since: Option<String>,
    pub(crate) until: Option<String>,
    pub(crate) tz: Option<String>,
    pub(crate) slowest: u32,
}

/// The most runs and statements that are looked through for those of other commands.
const MOST_LOOKED_AT: u32 = 1_000;
/// How many bytes go to the file at a time.
const CHUNK: usize = 256 << 10;

/// Makes the report of the run's tenant.
pub(crate) fn make(run: &Run, asked: &Asked, format: Option<Format>, argument: &'static str) -> Result<Report> {
    let tenant = run.tenant().unwrap_or_default();
    let zone = match &asked.tz {
        Some(name) => name.clone(),
        None => tenants::time_zone(tenant)?,
    };
    let there = moment::zone(&zone)?;
    let times = (asked.since.as_deref(), asked.until.as_deref());
    let chosen = Chosen::choose(asked.period, times, &there, run.started_at())?;
    let destination = files::destination(argument)?;
    let format = Format::choose(format, &destination);
    let name = file_name(asked, &chosen, format);
    // Where the file cannot stand, nothing is read.
    let mut sink = files::create(argument, &name)?;

    let needed = Needed {
        messages: Type::ALL.iter().any(|&type_| type_ != Type::Satisfaction && asked.types.has(type_)),
        sentiments: asked.types.has(Type::Satisfaction) || asked.types.has(Type::Agents),
    };
    let gathered = gather(run, &chosen, needed)?;
    let faults = checks::faults(&gathered, needed);
    if !faults.is_empty() {
        return Ok(told::refuse(faults));
    }
    let slowest = slow(tenant, asked, chosen.now)?;
    let document = document(run, asked, (chosen, zone), &gathered, slowest.as_ref())?;
    for chunk in format.write(&document).as_bytes().chunks(CHUNK) {
        sink.write_all(chunk)?;
    }
    sink.publish()?;
    Ok(told::report(run, &document, &gathered, &name))
}

/// `report-2026-10.txt`, or `report-usage-2026-10.txt` where not everything was asked for.
fn file_name(asked: &Asked, chosen: &Chosen, format: Format) -> String {
    let types = match asked.types.are_all() {
        true => String::new(),
        false => asked.types.iter().map(|type_| format!("{}-", type_.word())).collect(),
    };
    format!("report-{types}{}.{}", chosen.tag, format.suffix())
}

/// The runs and statements of other commands that took most; none where nobody asked. Those of this command would make
/// the next report another one.
fn slow(tenant: &str, asked: &Asked, span: Span) -> Result<Option<Slowest>> {
    if asked.slowest == 0 || !asked.types.has(Type::Performance) {
        return Ok(None);
    }
    let (most, this) = (asked.slowest as usize, env!("CARGO_PKG_NAME"));
    let (since, until) = (Instant::from_micros(span.since), Instant::from_micros(span.until));
    let mut runs = upkeep::slow_runs(tenant, since, until, MOST_LOOKED_AT)?;
    let mut statements = upkeep::slow_statements(tenant, MOST_LOOKED_AT)?;
    runs.retain(|run| run.command != this);
    statements.retain(|statement| statement.command != this);
    runs.truncate(most);
    statements.truncate(most);
    Ok(Some(Slowest { runs, statements }))
}

fn document(
    run: &Run,
    asked: &Asked,
    (chosen, zone): (Chosen, String),
    gathered: &Gathered,
    slowest: Option<&Slowest>,
) -> Result<Document> {
    let tenant = run.tenant().unwrap_or_default().to_owned();
    let sections = asked.types.iter().map(|type_| match type_ {
        Type::Usage => usage::section(&chosen, gathered),
        Type::Performance => performance::section(&chosen, gathered, slowest),
        Type::Agents => agents::section(gathered),
        Type::Satisfaction => satisfaction::section(gathered),
    });
    let sections = sections.collect();
    let is_empty = gathered.now.all.is_empty();
    let notes = notes(&chosen, gathered, is_empty);
    Ok(Document { name: tenants::name(&tenant)?, tenant, zone, chosen, is_empty, notes, sections })
}

fn notes(chosen: &Chosen, gathered: &Gathered, is_empty: bool) -> Vec<String> {
    let mut notes = Vec::new();
    let (odd, chats) = (gathered.now.odd, &gathered.now.all.chats);
    if is_empty {
        notes.push(text!(
            "nothing happened in this period: no chat was begun, no message written, no rating given",
            "no pasó nada en este período: no se inició ningún chat, no se escribió ningún mensaje ni se dio ninguna valoración"
        ));
    }
    if chosen.is_under_way {
        notes.push(text!(
            "the period is not over: the figures are those of a part of it",
            "el período no ha terminado: las cifras son de una parte"
        ));
    }
    let open = chats.begun - chats.ended;
    if open > 0 {
        let (open, begun) = (shown::whole(open), shown::whole(chats.begun));
        notes.push(text!(
            "{open} of {begun} chats begun in the period are still open, so that resolution, deflection and ratings may change",
            "{open} de {begun} chats iniciados en el período siguen abiertos, así que la resolución, la deflexión y las valoraciones pueden cambiar"
        ));
    }
    for (n, what) in [
        (
            odd.answered_before,
            text!(
                "chats were answered before they were begun; their first response is in no figure",
                "chats se respondieron antes de empezar; su primera respuesta no está en ninguna cifra"
            ),
        ),
        (
            odd.ended_before,
            text!(
                "chats were resolved before they were begun; their resolution is in no figure",
                "chats se resolvieron antes de empezar; su resolución no está en ninguna cifra"
            ),
        ),
        (
            odd.tokens,
            text!(
                "messages have a number of tokens that cannot be; it is in no figure",
                "mensajes tienen un número de tokens imposible; no está en ninguna cifra"
            ),
        ),
        (
            odd.responses,
            text!(
                "messages have a response time that cannot be; it is in no figure",
                "mensajes tienen un tiempo de respuesta imposible; no está en ninguna cifra"
            ),
        ),
    ] {
        if n > 0 {
            notes.push(format!("{} {what}", shown::whole(n)));
        }
    }
    notes
}
