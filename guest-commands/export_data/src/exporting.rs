//! The export of one type, and what is told of it.

use std::io::Write;

use encargo_sdk::files::Sink;
use encargo_sdk::prelude::*;

use crate::format::Format;
use crate::manifest::Mark;
use crate::relation::Relation;
use crate::secrets;
use encargo_sdk::shape::Grouping;

/// Text is handed to the host in pieces of about this size.
const PIECE: usize = 512 << 10;

/// What all types are exported by.
pub(crate) struct Asked {
    /// From when to when, in microseconds.
    pub(crate) range: Option<(i64, i64)>,
    pub(crate) format: Format,
    pub(crate) include_secrets: bool,
    pub(crate) excel: bool,
    /// Whether each file gets a manifest.
    pub(crate) manifest: bool,
}

/// How much of one type there was.
pub(crate) struct Told {
    pub(crate) grouping: Grouping,
    /// Rows of the query that were written.
    pub(crate) rows: u64,
    /// Those that were left out because they hold secrets.
    pub(crate) secrets: u64,
    /// The newest change, where it is asked for.
    pub(crate) newest: Option<Mark>,
}

impl Told {
    /// The records that a reader of the file counts.
    pub(crate) fn records(&self, format: Format) -> u64 {
        if format == Format::Csv { self.rows } else { self.grouping.items }
    }
}

/// Writes one relation and answers how much there was.
pub(crate) fn export(
    run: &Run,
    snapshot: &Transaction,
    relation: Relation,
    asked: &Asked,
    mut sink: Sink,
) -> Result<(Sink, Told)> {
    let (range, shape) = (asked.range, relation.shape());
    let times = range.map_or(Vec::new(), |(since, until)| vec![since, until]);
    let times: Vec<_> = times.iter().map(|time| time as &dyn ToValue).collect();
    let total = relation.count(range.is_some()).map(|count| snapshot.row::<u64>(count, &times)).transpose()?.flatten();
    let exporting = Phase::new(text!("exporting", "exportando"), relation.items()).of(total);
    run.progress(&exporting, 0);
    let newest = if asked.manifest { Mark::of(snapshot, relation, range)? } else { None };
    let batches = snapshot.batches(relation.statement(range.is_some()), &times, &shape.kinds())?;
    let (mut text, grouping) = (asked.format.writer(shape, asked.excel), Grouping::new(shape));
    let mut told = Told { grouping, rows: 0, secrets: 0, newest };
    let mut piece = Vec::with_capacity(2 * PIECE);
    text.begin(&mut piece);
    for batch in batches {
        let mut batch = batch?;
        run.check()?;
        if relation == Relation::Settings && !asked.include_secrets {
            let (kept, left) = secrets::left_out(&batch);
            batch = kept;
            told.secrets += left;
        }
        text.rows(&batch, &mut told.grouping, &mut piece);
        told.rows += u64::from(batch.rows);
        run.progress(&exporting, told.grouping.items);
        if piece.len() >= PIECE {
            sink.write_all(&piece)?;
            piece.clear();
        }
    }
    text.end(&mut piece);
    sink.write_all(&piece)?;
    Ok((sink, told))
}

/// The report of all types, with the names of their files.
pub(crate) fn report(run: &Run, exported: &[(Relation, Told)], names: &[String]) -> Report {
    let mut table = table!("Exported" / "Exportado": "tenant" / "inquilino", "type" / "tipo", "exported" / "exportados", "file" / "archivo");
    let (mut tally, mut list) = (Tally::default(), Vec::new());
    for ((relation, Told { grouping, secrets, .. }), name) in exported.iter().zip(names) {
        let (shape, word) = (relation.shape(), relation.word());
        tally.add(shape.items, Action::Read, grouping.items);
        if let Some(inner) = &shape.inner {
            tally.add(inner.items, Action::Read, grouping.inner_items);
        }
        if *secrets > 0 {
            tally.add(shape.items, Action::Skipped, *secrets);
            tally.note(text!(
                "{secrets} settings hold secrets and were left out; `--include-secrets` exports them",
                "{secrets} ajustes tienen secretos y no se exportaron; `--include-secrets` los exporta"
            ));
        }
        table.row(&[&run.tenant().unwrap_or_default(), &word, &grouping.items, name]);
        list.push(format!("{word} {}", grouping.items));
    }
    let list = list.join(", ");
    tally.report(text!("Exported: {list}", "Exportado: {list}")).table(table)
}
