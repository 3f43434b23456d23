//! Exports what a tenant has from one snapshot, in constant memory.

mod cell;
mod csv;
mod destination;
mod format;
mod grouping;
mod json;
mod relation;
mod secrets;
mod special;
mod sql;
mod xml;

use std::io::Write;

use destination::Plan;
use encargo_sdk::files::Sink;
use encargo_sdk::prelude::*;
use format::Format;
use grouping::Grouping;
use relation::Relation;

/// Text is handed to the host in pieces of about this size.
const PIECE: usize = 512 << 10;

/// Export chats, agents, knowledge and whatever else a tenant has.
///
/// All types are read from one snapshot of the tenant's data, each into a file of its own (`chats.csv`, `agents.csv`,
/// `knowledge.csv`, ...). Messages stand in their chats; `--type=messages` writes them flat, with the ids of their chats.
/// `--since` and `--until` choose what was last changed in that time, the first included and the second not: the next
/// `--since` is the last `--until`. A file whose name ends in `.gz` or `.zst` is compressed.
///
/// Settings whose names speak of keys, tokens, passwords or secrets are left out unless `--include-secrets` is given, and so
/// are those whose value is JSON with such a member.
///
/// CSV is RFC 4180 (commas, CRLF, a header even without rows), with one row a message beside the columns of its chat;
/// JSON, JSONL and XML hold the messages inside their chat. Times are RFC 3339 in UTC. Knowledge holds what
/// `import_knowledge` takes and nothing else: exported, imported into an empty tenant and exported again it is the same,
/// byte for byte. Cells that begin with `=` are left as they are; do not open files of strangers in a spreadsheet.
#[derive(Args)]
#[command(
    scope = "tenant",
    without_tenant = "all",
    effect = "read-only",
    idempotent = true,
    permissions("read:chats,messages,agents,tools,agent_tools,knowledge_items,documents,feedback,settings"),
    exit(2, "Several types were to go into one file."),
    example("export_data --type=knowledge --output=knowledge.csv", "Export the knowledge into a file."),
    example(
        "export_data --tenant=demo --format=json --output=export",
        "Export everything of one tenant into a folder."
    ),
    example(
        "export_data --type=chats --since=7d --output=chats.jsonl.zst",
        "Export the chats that changed in the last week, compressed."
    )
)]
struct ExportData {
    /// Export only these types.
    #[arg(name = "type", default = "chats,agents,knowledge,documents,feedback,settings")]
    type_: Choices<Relation>,

    /// The format; by default that of the file's suffix, else CSV.
    format: Option<Format>,

    /// Only what was last changed at this time or later.
    since: Option<Instant>,

    /// Only what was last changed before this time.
    until: Option<Instant>,

    /// Export settings that hold keys, tokens and passwords too.
    include_secrets: bool,

    /// A file, a folder, or `-` for standard output; by default the run's folder among the exports.
    output: Option<Output>,
}

impl Command for ExportData {
    fn run(self, run: &Run) -> Result<Report> {
        let range = self.range()?;
        let relations: Vec<_> = self.type_.iter().collect();
        let argument = self.output.map_or("output", |output| output.argument);
        let plan = Plan::of(files::destination(argument)?, self.format, &relations)?;

        let asked = Asked { range, format: plan.format, include_secrets: self.include_secrets };
        let snapshot = run.database()?.begin_read_only()?;
        let mut written = Vec::new();
        for (&relation, name) in relations.iter().zip(&plan.names) {
            let sink = files::create(argument, name)?;
            let (sink, told) = export(run, &snapshot, relation, &asked, sink)?;
            debug!("wrote {name}", rows = told.grouping.items);
            written.push((sink, told));
        }
        snapshot.rollback()?;
        let mut counted = Vec::new();
        for (sink, told) in written {
            sink.publish()?;
            counted.push(told);
        }
        Ok(report(run, &relations, &counted, &plan.names))
    }
}

/// What all types are exported by.
struct Asked {
    range: Option<(i64, i64)>,
    format: Format,
    include_secrets: bool,
}

/// How much of one type there was.
struct Told {
    grouping: Grouping,
    /// Those that were left out because they hold secrets.
    secrets: u64,
}

impl ExportData {
    /// From when to when, in microseconds; none for everything.
    fn range(&self) -> Result<Option<(i64, i64)>> {
        if self.since.is_none() && self.until.is_none() {
            return Ok(None);
        }
        let since = self.since.unwrap_or(Instant::from_micros(i64::MIN));
        let until = self.until.unwrap_or(Instant::from_micros(i64::MAX));
        ensure!(
            since < until,
            Usage,
            "`--since` ({since}) is not before `--until` ({until}), so nothing lies between them",
            "`--since` ({since}) no es anterior a `--until` ({until}), así que no hay nada entre ambos"
        );
        Ok(Some((since.micros(), until.micros())))
    }
}

/// Writes one relation and answers how much there was.
fn export(
    run: &Run,
    snapshot: &Transaction,
    relation: Relation,
    asked: &Asked,
    mut sink: Sink,
) -> Result<(Sink, Told)> {
    let range = asked.range;
    let shape = relation.shape();
    let times = range.map_or(Vec::new(), |(since, until)| vec![since, until]);
    let times: Vec<_> = times.iter().map(|time| time as &dyn ToValue).collect();
    let total = relation.count(range.is_some()).map(|count| snapshot.row::<u64>(count, &times)).transpose()?.flatten();
    let exporting = Phase::new(text!("exporting", "exportando"), relation.items()).of(total);
    run.progress(&exporting, 0);
    let batches = snapshot.batches(relation.statement(range.is_some()), &times, &shape.kinds())?;
    let (mut text, mut grouping) = (asked.format.writer(shape), Grouping::new(shape));
    let mut secrets = 0;
    let mut piece = Vec::with_capacity(2 * PIECE);
    text.begin(&mut piece);
    for batch in batches {
        let mut batch = batch?;
        run.check()?;
        if relation == Relation::Settings && !asked.include_secrets {
            let (kept, left) = secrets::left_out(&batch);
            (batch, secrets) = (kept, secrets + left);
        }
        text.rows(&batch, &mut grouping, &mut piece);
        run.progress(&exporting, grouping.items);
        if piece.len() >= PIECE {
            sink.write_all(&piece)?;
            piece.clear();
        }
    }
    text.end(&mut piece);
    sink.write_all(&piece)?;
    Ok((sink, Told { grouping, secrets }))
}

fn report(run: &Run, relations: &[Relation], counted: &[Told], names: &[String]) -> Report {
    let mut table = table!("Exported" / "Exportado": "tenant" / "inquilino", "type" / "tipo", "exported" / "exportados", "file" / "archivo");
    let (mut tally, mut list) = (Tally::default(), Vec::new());
    for ((relation, Told { grouping, secrets }), name) in relations.iter().zip(counted).zip(names) {
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

export_command!(ExportData);

#[cfg(test)]
mod tests {
    use super::*;

    fn between(since: Option<i64>, until: Option<i64>) -> ExportData {
        let at = |micros: Option<i64>| micros.map(Instant::from_micros);
        ExportData {
            type_: Choices::all(),
            format: None,
            since: at(since),
            until: at(until),
            include_secrets: false,
            output: None,
        }
    }

    #[test]
    fn a_range_may_be_open_but_not_empty() {
        assert_eq!(between(None, None).range().unwrap(), None);
        assert_eq!(between(Some(5), None).range().unwrap(), Some((5, i64::MAX)));
        assert_eq!(between(None, Some(5)).range().unwrap(), Some((i64::MIN, 5)));
        assert_eq!(between(Some(5), Some(6)).range().unwrap(), Some((5, 6)));
        assert_eq!(between(Some(5), Some(5)).range().unwrap_err().code(), ErrorCode::Usage);
    }
}
