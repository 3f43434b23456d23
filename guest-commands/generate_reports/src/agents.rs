//! What each agent did; the rows sum to the tenant's totals.

use std::cmp::Reverse;

use encargo_sdk::prelude::*;

use crate::document::{Column, Figure, Grid, Row, Section, Value};
use crate::reading::Gathered;
use crate::share::Share;
use crate::sums::Sums;

/// The section.
pub(crate) fn section(gathered: &Gathered) -> Section {
    let (now, before) = (&gathered.now, &gathered.before);
    let mut section = Section::new("agents", text!("Agents", "Agentes"));
    let tokens = |sums: &Sums| {
        (sums.chats.begun > 0).then(|| Value::PerDay(sums.messages.tokens as f64 / sums.chats.begun as f64))
    };
    section.figures = vec![Figure::new(
        "tokens-per-chat",
        text!("Tokens a chat", "Tokens por chat"),
        tokens(&now.all),
        tokens(&before.all),
        text!(
            "tokens of the messages of the period for each chat that was begun in it",
            "tokens de los mensajes del período por cada chat iniciado en él"
        ),
    )];
    let nothing = Sums::default();
    let sums = |id: Option<i64>| [now, before].map(|side| side.agents.get(&id).unwrap_or(&nothing));
    let is_idle = |id: Option<i64>| sums(id).iter().all(|sums| sums.is_empty() && sums.feelings.n() == 0);
    let mut rows: Vec<_> = gathered.agents.iter().filter(|agent| !is_idle(Some(agent.id))).collect();
    // Who had most to do comes first; what is equal stays in the order of the short names.
    rows.sort_by_key(|agent| Reverse(sums(Some(agent.id))[0].chats.begun));
    let mut rows: Vec<_> =
        rows.into_iter().map(|agent| (agent.slug.clone(), agent.name.clone(), sums(Some(agent.id)))).collect();
    if !is_idle(None) {
        rows.push((String::new(), text!("without an agent", "sin agente"), sums(None)));
    }
    rows.push(("*".to_owned(), text!("all", "todos"), [&now.all, &before.all]));
    section.grids = [
        ("agents-work", text!("What agents did", "Lo que hicieron los agentes"), work(), work_of as Cells),
        ("agents-results", text!("How it went", "Cómo fue"), results(), results_of),
    ]
    .map(|(id, name, columns, cells)| {
        let last = rows.len() - 1;
        let row = |(at, (key, name, [now, before])): (usize, &(String, String, [&Sums; 2]))| Row {
            key: key.clone(),
            name: name.clone(),
            cells: cells(now, before),
            is_total: at == last,
        };
        Grid { id, name, rows_are: text!("agent", "agente"), columns, rows: rows.iter().enumerate().map(row).collect() }
    })
    .to_vec();
    let idle = gathered.agents.iter().filter(|agent| is_idle(Some(agent.id))).count();
    if idle > 0 {
        section.notes.push(text!(
            "{idle} agents had nothing to do in both periods and are not listed",
            "{idle} agentes no tuvieron nada que hacer en ambos períodos y no aparecen"
        ));
    }
    section
}

fn work() -> Vec<Column> {
    vec![
        Column::new(
            "chats",
            text!("chats", "chats"),
            text!("chats of the agent that were begun in the period", "chats del agente iniciados en el período"),
        ),
        Column::new(
            "chats-before",
            text!("before", "antes"),
            text!("the same in the period before", "lo mismo en el período anterior"),
        ),
        Column::new(
            "messages",
            text!("messages", "mensajes"),
            text!(
                "messages written in the period in chats of the agent",
                "mensajes escritos en el período en chats del agente"
            ),
        ),
        Column::new(
            "messages-before",
            text!("before", "antes"),
            text!("the same in the period before", "lo mismo en el período anterior"),
        ),
        Column::new("tokens", text!("tokens", "tokens"), text!("tokens of those messages", "tokens de esos mensajes")),
        Column::new(
            "tokens-before",
            text!("before", "antes"),
            text!("the same in the period before", "lo mismo en el período anterior"),
        ),
    ]
}

fn results() -> Vec<Column> {
    vec![
        Column::new(
            "first-response-p50",
            text!("first response", "1.ª respuesta"),
            text!(
                "the median time from the creation of a chat begun in the period to its first response",
                "la mediana del tiempo desde la creación de un chat iniciado en el período hasta su primera respuesta"
            ),
        ),
        Column::new(
            "handed-over",
            text!("handed over", "traspasados"),
            text!(
                "chats begun in the period that were handed over to a person, of all begun in it",
                "chats iniciados en el período que se traspasaron a una persona, de todos los iniciados en él"
            ),
        ),
        Column::new(
            "ratings",
            text!("ratings", "valoraciones"),
            text!(
                "ratings given in the period to chats of the agent",
                "valoraciones dadas en el período a chats del agente"
            ),
        ),
        Column::new(
            "csat",
            text!("satisfied", "satisfechos"),
            text!("ratings of 4 and 5 of those", "valoraciones de 4 y 5 entre esas"),
        ),
        Column::new(
            "negative",
            text!("negative", "negativos"),
            text!(
                "messages of the period whose sentiment is negative, of those whose sentiment is known",
                "mensajes del período de sentimiento negativo, de los que se conoce"
            ),
        ),
    ]
}

/// The cells of a row: this period, and the one before.
type Cells = fn(&Sums, &Sums) -> Vec<Option<Value>>;

fn work_of(sums: &Sums, before: &Sums) -> Vec<Option<Value>> {
    let counts = [
        sums.chats.begun,
        before.chats.begun,
        sums.messages.n(),
        before.messages.n(),
        sums.messages.tokens,
        before.messages.tokens,
    ];
    counts.map(|n| Some(Value::Count(n))).to_vec()
}

fn results_of(sums: &Sums, _: &Sums) -> Vec<Option<Value>> {
    let share = |share: Share| share.value().map(Value::Share);
    vec![
        sums.chats.first_response.percentile(50).map(Value::Milliseconds),
        share(Share::new(sums.chats.handed_over, sums.chats.begun)),
        Some(Value::Count(sums.ratings_given())),
        share(sums.satisfied()),
        share(sums.feelings.negative_share()),
    ]
}
