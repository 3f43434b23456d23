//! What was done, as it is told at the end.

use encargo_sdk::prelude::*;

use crate::batch::Batch;

/// The report of a batch that was made.
pub(crate) fn made(tally: Tally, batch: &Batch) -> Report {
    let mut table = table!(
        "The batch" / "El lote": "kind" / "clase", "asked for" / "pedidos", "created now" / "creados ahora",
    );
    let counts = batch.counts;
    for (kind, asked, relation) in [
        (text!("agents", "agentes"), counts.agents, "agents"),
        (text!("knowledge", "conocimientos"), counts.knowledge, "knowledge_items"),
        (text!("documents with files", "documentos con archivos"), counts.documents, "documents"),
        (text!("chats", "chats"), counts.chats, "chats"),
        (text!("messages", "mensajes"), counts.messages, "messages"),
        (text!("log lines", "líneas del registro"), counts.logs, "logs"),
        (text!("events", "eventos"), counts.events, "analytics_events"),
    ] {
        table.row(&[&kind, &asked, &tally.of(relation, Action::Created)]);
    }
    let (name, rows, until) = (batch.name(), tally.all(Action::Created), Instant::from_micros(batch.until));
    let summary = match rows {
        0 => text!("The batch {name} is there already", "El lote {name} ya está"),
        _ => text!("Made the batch {name}: {rows} rows", "Lote {name} creado: {rows} filas"),
    };
    let (seed, scenario) = (batch.seed, batch.scenario.word());
    tally
        .report(summary)
        .table(table)
        .note(text!(
            "the same anywhere:  --seed={seed} --scenario={scenario} --until={until} and the same counts",
            "lo mismo en cualquier parte:  --seed={seed} --scenario={scenario} --until={until} y las mismas cantidades"
        ))
        .note(text!(
            "remove it:  encargo create_test_data --remove --seed={seed} --scenario={scenario}",
            "quitarlo:  encargo create_test_data --remove --seed={seed} --scenario={scenario}"
        ))
}

/// The report of batches that were removed.
pub(crate) fn removed(tally: Tally, batches: u64) -> Report {
    let (rows, kept) = (tally.all(Action::Deleted), tally.all(Action::Kept));
    let summary = match batches {
        0 => text!("There was no such batch", "No había ningún lote así"),
        _ => text!(
            "Removed {batches} batches: {rows} rows and files",
            "Quitados {batches} lotes: {rows} filas y archivos"
        ),
    };
    let report = tally.report(summary);
    if kept == 0 {
        return report;
    }
    report.note(text!(
        "{kept} are in use by chats or messages of others and were kept; they are the tenant's own from now on",
        "{kept} los usan chats o mensajes de otros y se conservaron; en adelante son propios del inquilino"
    ))
}
