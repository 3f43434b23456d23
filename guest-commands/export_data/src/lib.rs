//! Exports a tenant's chats, agents and knowledge from one snapshot, in constant memory.

mod cell;
mod csv;
mod destination;
mod format;
mod grouping;
mod json;
mod relation;
mod special;
pub mod sql;
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

/// Export chats, agents and knowledge.
///
/// All types are read from one snapshot of the tenant's data. Without `--type` all three are exported, each into a
/// file of its own (`chats.csv`, `agents.csv`, `knowledge.csv`). `--since` and `--until` choose what was last changed in
/// that time, the first included and the second not: the next `--since` is the last `--until`. A file whose name ends
/// in `.gz` or `.zst` is compressed.
///
/// CSV is RFC 4180 (commas, CRLF, a header even without rows), with one row a message beside the columns of its chat;
/// JSON, JSONL and XML hold the messages inside their chat. Times are RFC 3339 in UTC. Knowledge holds what
/// `import_knowledge` takes and nothing else: exported, imported into an empty tenant and exported again it is the same,
/// byte for byte. Cells that begin with `=` are left as they are; do not open files of strangers in a spreadsheet.
#[derive(Args)]
#[command(
    es = "Exporta chats, agentes y conocimientos.",
    details_es = "Todos los tipos se leen de una misma instantánea de los datos del inquilino. Sin `--type` se exportan los tres, cada uno en su archivo (`chats.csv`, `agents.csv`, `knowledge.csv`). `--since` y `--until` eligen lo que cambió por última vez en ese tiempo, incluido el primero y excluido el segundo: el siguiente `--since` es el último `--until`. Un archivo cuyo nombre acaba en `.gz` o `.zst` se comprime.\n\nEl CSV es RFC 4180 (comas, CRLF, cabecera aunque no haya filas), con una fila por mensaje junto a las columnas de su chat; JSON, JSONL y XML llevan los mensajes dentro de su chat. Las horas son RFC 3339 en UTC. Los conocimientos llevan lo que toma `import_knowledge` y nada más: exportados, importados en un inquilino vacío y exportados otra vez son iguales, byte a byte. Las celdas que empiezan por `=` se dejan como están; no abras en una hoja de cálculo archivos de desconocidos.",
    scope = "tenant",
    without_tenant = "all",
    effect = "read-only",
    idempotent = true,
    permissions(
        "read:chats",
        "read:messages",
        "read:agents",
        "read:tools",
        "read:agent_tools",
        "read:knowledge_items"
    ),
    exit(1, en = "Several types were to go into one file.", es = "Varios tipos debían ir a un solo archivo."),
    example(
        "export_data --type=knowledge --output=knowledge.csv",
        en = "Export the knowledge into a file.",
        es = "Exporta los conocimientos a un archivo."
    ),
    example(
        "export_data --tenant=demo --format=json --output=export",
        en = "Export everything of one tenant into a folder.",
        es = "Exporta todo lo de un inquilino a una carpeta."
    ),
    example(
        "export_data --type=chats --since=7d --output=chats.jsonl.zst",
        en = "Export the chats that changed in the last week, compressed.",
        es = "Exporta, comprimidos, los chats que cambiaron en la última semana."
    )
)]
struct ExportData {
    /// Export only these types.
    #[arg(name = "type", es = "Exporta solo estos tipos.", choices("chats", "agents", "knowledge"))]
    type_: Vec<String>,

    /// The format; by default that of the file's suffix, else CSV.
    #[arg(
        es = "El formato; por omisión el del sufijo del archivo y, si no, CSV.",
        choices("csv", "json", "jsonl", "xml")
    )]
    format: Option<String>,

    /// Only what was last changed at this time or later.
    #[arg(es = "Solo lo que cambió por última vez en ese momento o después.")]
    since: Option<Instant>,

    /// Only what was last changed before this time.
    #[arg(es = "Solo lo que cambió por última vez antes de ese momento.")]
    until: Option<Instant>,

    /// A file, a folder, or `-` for standard output; by default the run's folder among the exports.
    #[arg(es = "Un archivo, una carpeta o `-` para la salida estándar; por omisión, la carpeta de la ejecución.")]
    output: Option<Output>,
}

impl Command for ExportData {
    fn run(self, run: &Run) -> Result<Report> {
        let range = self.range()?;
        let chosen =
            |relation: &Relation| self.type_.is_empty() || self.type_.iter().any(|word| word == relation.word());
        let relations: Vec<_> = Relation::ALL.into_iter().filter(chosen).collect();
        let argument = self.output.map_or("output", |output| output.argument);
        let format = self.format.as_deref().and_then(Format::from_word);
        let plan = Plan::of(files::destination(argument)?, format, &relations)?;

        let snapshot = run.database()?.begin_read_only()?;
        let mut written = Vec::new();
        for (&relation, name) in relations.iter().zip(&plan.names) {
            let sink = files::create(argument, name)?;
            let (sink, grouping) = export(run, &snapshot, relation, range, plan.format, sink)?;
            debug!("wrote {name}", rows = grouping.items);
            written.push((sink, grouping));
        }
        snapshot.rollback()?;
        let mut counted = Vec::new();
        for (sink, grouping) in written {
            sink.publish()?;
            counted.push(grouping);
        }
        Ok(report(run, &relations, &counted, &plan.names))
    }
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
    range: Option<(i64, i64)>,
    format: Format,
    mut sink: Sink,
) -> Result<(Sink, Grouping)> {
    let shape = relation.shape();
    let times = range.map_or(Vec::new(), |(since, until)| vec![since, until]);
    let times: Vec<_> = times.iter().map(|time| time as &dyn ToValue).collect();
    let total = relation.count(range.is_some()).map(|count| snapshot.row::<u64>(count, &times)).transpose()?.flatten();
    let exporting = Phase::new(text!("exporting", "exportando"), relation.items()).of(total);
    run.progress(&exporting, 0);
    let batches = snapshot.batches(relation.statement(range.is_some()), &times, &shape.kinds())?;
    let (mut text, mut grouping) = (format.writer(shape), Grouping::new(shape));
    let mut piece = Vec::with_capacity(2 * PIECE);
    text.begin(&mut piece);
    for batch in batches {
        let batch = batch?;
        run.check()?;
        text.rows(&batch, &mut grouping, &mut piece);
        run.progress(&exporting, grouping.items);
        if piece.len() >= PIECE {
            sink.write_all(&piece)?;
            piece.clear();
        }
    }
    text.end(&mut piece);
    sink.write_all(&piece)?;
    Ok((sink, grouping))
}

fn report(run: &Run, relations: &[Relation], counted: &[Grouping], names: &[String]) -> Report {
    let list: Vec<_> = relations
        .iter()
        .zip(counted)
        .map(|(relation, grouping)| format!("{} {}", relation.word(), grouping.items))
        .collect();
    let list = list.join(", ");
    let summary = text!("Exported: {list}", "Exportado: {list}");
    let tenant = run.tenant().unwrap_or_default();
    let (mut report, mut rows) = (Report::new(summary), Vec::new());
    for ((relation, grouping), name) in relations.iter().zip(counted).zip(names) {
        let shape = relation.shape();
        report = report.count(shape.items, Action::Read, grouping.items);
        if let Some(inner) = &shape.inner {
            report = report.count(inner.items, Action::Read, grouping.inner_items);
        }
        rows.push(vec![tenant.to_owned(), relation.word().to_owned(), grouping.items.to_string(), name.clone()]);
    }
    let columns = [
        text!("tenant", "inquilino"),
        text!("type", "tipo"),
        text!("exported", "exportados"),
        text!("file", "archivo"),
    ];
    report.table(text!("Exported", "Exportado"), columns.to_vec(), rows)
}

export_command!(ExportData);

#[cfg(test)]
mod tests {
    use super::*;

    fn between(since: Option<i64>, until: Option<i64>) -> ExportData {
        let at = |micros: Option<i64>| micros.map(Instant::from_micros);
        ExportData { type_: Vec::new(), format: None, since: at(since), until: at(until), output: None }
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
