//! What the command says at its end.

use std::collections::BTreeMap;

use encargo_sdk::prelude::*;
use encargo_sdk::report::Table;
use serde_json::{Value, json};

use crate::agents::Slugs;
use crate::analysing::Done;
use crate::explaining::Reason;
use crate::metrics::{Feelings, Metrics};

const MICROS_A_DAY: i64 = 86_400_000_000;

/// The report.
pub(crate) fn report(done: &Done, metrics: &Metrics, reasons: &[Reason], slugs: &Slugs) -> Report {
    let all = &metrics.all;
    let (judged, before) = (done.created + done.updated, done.unchanged);
    let summary = text!(
        "Judged {judged} messages, {before} were judged already",
        "Se juzgaron {judged} mensajes; {before} ya lo estaban"
    );
    let mut report = Report::new(summary)
        .count("messages", Action::Read, done.created + done.updated + done.unchanged + done.kept)
        .count("sentiments", Action::Created, done.created)
        .count("sentiments", Action::Updated, done.updated)
        .count("sentiments", Action::Unchanged, done.unchanged)
        .count("sentiments", Action::Kept, done.kept);
    if all.all() > 0 {
        report = report.table(agents(metrics, slugs)).table(periods(metrics));
    }
    if !metrics.worst.is_empty() {
        report = report.table(worst(metrics, slugs));
    }
    if !reasons.is_empty() {
        report = report.table(why(reasons));
    }
    if done.kept > 0 {
        let kept = done.kept;
        report = report.note(text!(
            "{kept} messages were judged by others, and that stays",
            "{kept} mensajes fueron juzgados por otros, y así se quedan"
        ));
    }
    if all.unknown > 0 {
        let (unknown, of) = (all.unknown, all.all());
        report = report.note(text!(
            "{unknown} of {of} messages are unknown: too unsure, in another language, or without words; they are in no mean",
            "{unknown} de {of} mensajes son desconocidos: dudosos, en otro idioma o sin palabras; no entran en ninguna media"
        ));
    }
    report.details(&details(metrics, reasons, slugs))
}

/// Hundredths with two places, as `-0.25`.
fn score(ten_thousandths: Option<i64>) -> String {
    // A hundredth more or less than nothing has no sign.
    let shown = |mean: i64| format!("{:.2}", (mean as f64 / 100.0).round() / 100.0 + 0.0);
    ten_thousandths.map_or_else(|| "-".to_owned(), shown)
}

/// What share of those that are known is negative.
fn negative(feelings: &Feelings) -> String {
    match feelings.known() {
        0 => "-".to_owned(),
        known => format!("{}%", (feelings.negative * 100 + known / 2) / known),
    }
}

fn slug(agent: Option<i64>, slugs: &Slugs) -> &str {
    agent.and_then(|id| slugs.get(&id)).map_or("-", String::as_str)
}

fn agents(metrics: &Metrics, slugs: &Slugs) -> Table {
    let mut table = table!(
        "By agent" / "Por agente":
        "agent" / "agente", "chats" / "chats", "negative" / "negativos", "neutral" / "neutros", "positive" / "positivos",
        "unknown" / "desconocidos", "mean" / "media", "% neg." / "% neg.",
    );
    let mut row = |name: &str, chats: u64, of: &Feelings| {
        let unknown = of.unknown + of.unjudged;
        table.row(&[
            &name,
            &chats,
            &of.negative,
            &of.neutral,
            &of.positive,
            &unknown,
            &score(of.mean()),
            &negative(of),
        ]);
    };
    for (agent, of) in &metrics.agents {
        row(slug(*agent, slugs), of.chats, &of.feelings);
    }
    if metrics.agents.len() > 1 {
        row(&text!("all", "todos"), metrics.chats, &metrics.all);
    }
    table
}

/// Days, weeks or months, so that there are not many.
fn spans(metrics: &Metrics) -> BTreeMap<String, Feelings> {
    let days = metrics.days.len();
    let date = |day: i64| Instant::from_micros(day * MICROS_A_DAY).rfc3339();
    let mut spans = BTreeMap::<String, Feelings>::new();
    for (&day, feelings) in &metrics.days {
        let span = match days {
            0..=31 => date(day)[..10].to_owned(),
            // 1970-01-01 was a Thursday; a week begins on Monday.
            32..=200 => date(day - (day + 3).rem_euclid(7))[..10].to_owned(),
            _ => date(day)[..7].to_owned(),
        };
        spans.entry(span).or_default().take_in(feelings);
    }
    spans
}

fn periods(metrics: &Metrics) -> Table {
    let mut table = table!(
        "Over time (UTC)" / "En el tiempo (UTC)":
        "from" / "desde", "messages" / "mensajes", "negative" / "negativos", "neutral" / "neutros",
        "positive" / "positivos", "unknown" / "desconocidos", "mean" / "media", "% neg." / "% neg.",
    );
    for (span, of) in spans(metrics) {
        let (all, unknown) = (of.all(), of.unknown + of.unjudged);
        table.row(&[&span, &all, &of.negative, &of.neutral, &of.positive, &unknown, &score(of.mean()), &negative(&of)]);
    }
    table
}

fn worst(metrics: &Metrics, slugs: &Slugs) -> Table {
    let mut table = table!(
        "Worst chats" / "Peores chats":
        "chat" / "chat", "agent" / "agente", "messages" / "mensajes", "negative" / "negativos", "mean" / "media",
        "last message, UTC" / "último mensaje, UTC",
    );
    for chat in &metrics.worst {
        // To the minute: the details have all of it.
        let last = Instant::from_micros(chat.last).rfc3339()[..16].replace('T', " ");
        let agent = slug(chat.agent_id, slugs);
        table.row(&[&chat.chat_id, &agent, &chat.messages, &chat.negative, &score(Some(chat.mean)), &last]);
    }
    table
}

fn why(reasons: &[Reason]) -> Table {
    let mut table = table!(
        "Unhappiest messages" / "Mensajes más descontentos":
        "chat" / "chat", "message" / "mensaje", "score" / "puntuación", "words" / "palabras",
    );
    for Reason { message, words } in reasons {
        let words: Vec<String> = words.iter().map(|(word, share)| format!("{word} {share:+.1}")).collect();
        table.row(&[&message.chat_id, &message.id, &score(Some(message.score)), &words.join(", ")]);
    }
    table
}

fn counted(of: &Feelings) -> Value {
    json!({
        "negative": of.negative, "neutral": of.neutral, "positive": of.positive, "unknown": of.unknown,
        "unjudged": of.unjudged, "mean": of.mean().map(|mean| mean as f64 / 10_000.0),
    })
}

fn details(metrics: &Metrics, reasons: &[Reason], slugs: &Slugs) -> Value {
    let with = |mut object: Value, more: Value| {
        if let (Value::Object(object), Value::Object(more)) = (&mut object, more) {
            object.extend(more);
        }
        object
    };
    let agents = metrics.agents.iter().map(|(id, of)| {
        let slug = id.and_then(|id| slugs.get(&id));
        with(json!({ "agent": slug, "chats": of.chats }), counted(&of.feelings))
    });
    let periods = spans(metrics).into_iter().map(|(from, of)| with(json!({ "from": from }), counted(&of)));
    let worst = metrics.worst.iter().map(|chat| {
        json!({
            "chat": chat.chat_id, "agent": chat.agent_id.and_then(|id| slugs.get(&id)), "messages": chat.messages,
            "negative": chat.negative, "mean": chat.mean as f64 / 10_000.0,
            "last": Instant::from_micros(chat.last).rfc3339(),
        })
    });
    let reasons = reasons.iter().map(|reason| {
        let words = reason.words.iter().map(|(word, share)| json!({ "word": word, "share": share }));
        json!({
            "chat": reason.message.chat_id, "message": reason.message.id, "score": reason.message.score as f64 / 10_000.0,
            "words": words.collect::<Vec<_>>(),
        })
    });
    with(
        json!({
            "engine": crate::engine::VERSION.trim_end_matches('/'), "chats": metrics.chats, "agents": agents.collect::<Vec<_>>(),
            "periods": periods.collect::<Vec<_>>(), "worst_chats": worst.collect::<Vec<_>>(),
            "unhappiest_messages": reasons.collect::<Vec<_>>(),
        }),
        counted(&metrics.all),
    )
}
