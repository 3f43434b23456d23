//! Exports what a tenant has from one snapshot, in constant memory.

mod counting;
mod csv;
mod destination;
mod exporting;
mod format;
mod manifest;
mod relation;
mod secrets;
mod sql;
mod verify;
mod xml;

use destination::Plan;
use encargo_sdk::files::Destination;
use encargo_sdk::prelude::*;
use exporting::{Asked, export, report};
use format::Format;
use manifest::Manifest;
use relation::Relation;

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
/// byte for byte. Cells that begin with `=` are left as they are; do not open files of strangers in a spreadsheet. With
/// `--excel` such cells of CSV (they begin with `=`, `+`, `-`, `@`, a tab or a carriage return, perhaps behind apostrophes) get
/// one apostrophe more before them, which a spreadsheet shows as a text.
///
/// `--manifest` writes beside each file another one, whose name goes on with `.manifest.json`: how many records, how many
/// stored bytes and which SHA-256 it has, its columns, the range of time and the newest change in it. `--verify-folder`
/// compares all files of a folder with their manifests, and `--verify` with `--against` one file with one manifest.
#[derive(Args)]
#[command(
    scope = "tenant",
    without_tenant = "all",
    effect = "read-only",
    idempotent = true,
    permissions("read:chats,messages,agents,tools,agent_tools,knowledge_items,documents,feedback,settings"),
    requires("verify", "against"),
    requires("against", "verify"),
    conflicts("verify", "verify-folder"),
    conflicts("verify", "output"),
    conflicts("verify-folder", "output"),
    exit(2, "Several types were to go into one file, or options make no sense together."),
    exit(5, "A file is not as its manifest says."),
    example("export_data --type=knowledge --output=knowledge.csv", "Export the knowledge into a file."),
    example(
        "export_data --tenant=demo --format=json --output=export",
        "Export everything of one tenant into a folder."
    ),
    example(
        "export_data --type=chats --since=7d --output=chats.jsonl.zst",
        "Export the chats that changed in the last week, compressed."
    ),
    example("export_data --tenant=demo --verify-folder=export", "Compare what was exported with its manifests.")
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

    /// Put an apostrophe before cells of CSV that a spreadsheet would take for a formula.
    excel: bool,

    /// Write a manifest beside each file.
    manifest: bool,

    /// Export nothing, and compare this file with its manifest.
    verify: Option<InputFile>,

    /// The manifest of that file.
    against: Option<InputFile>,

    /// Export nothing, and compare each file of this folder with its manifest.
    verify_folder: Option<InputFolder>,

    /// A file, a folder, or `-` for standard output; by default the run's folder among the exports.
    output: Option<Output>,
}

impl Command for ExportData {
    fn run(self, run: &Run) -> Result<Report> {
        if let Some(folder) = self.verify_folder {
            return verify::folder(run, folder);
        }
        if let (Some(file), Some(against)) = (self.verify, self.against) {
            return verify::one(run, file, against);
        }
        let range = self.range()?;
        let relations: Vec<_> = self.type_.iter().collect();
        let argument = self.output.map_or("output", |output| output.argument);
        let destination = files::destination(argument)?;
        let plan = Plan::of(destination.clone(), self.format, &relations)?;
        self.agree(plan.format, &destination)?;
        let (include_secrets, excel, manifest) = (self.include_secrets, self.excel, self.manifest);
        let asked = Asked { range, format: plan.format, include_secrets, excel, manifest };

        let snapshot = run.database()?.begin_read_only()?;
        let mut written = Vec::new();
        for (&relation, name) in relations.iter().zip(&plan.names) {
            let sink = files::create(argument, name)?;
            let beside = manifest.then(|| Manifest::begin(argument, &destination, name)).transpose()?;
            let (sink, told) = export(run, &snapshot, relation, &asked, sink)?;
            debug!("wrote {name}", rows = told.grouping.items);
            written.push((sink, beside, relation, told));
        }
        snapshot.rollback()?;
        let mut exported = Vec::new();
        for ((sink, beside, relation, told), name) in written.into_iter().zip(&plan.names) {
            let stored = sink.published()?;
            if let Some(beside) = beside {
                // The file first: a manifest never speaks of what is not there yet.
                Manifest::of(run, relation, &asked, &told, (name, stored)).publish(beside)?;
            }
            exported.push((relation, told));
        }
        Ok(report(run, &exported, &plan.names))
    }
}

impl ExportData {
    /// Refuses options that have no meaning for where and how the export goes.
    fn agree(&self, format: Format, destination: &Destination) -> Result<()> {
        ensure!(
            !self.excel || format == Format::Csv,
            Usage,
            "`--excel` is for CSV; leave it out, or say `--format=csv`",
            "`--excel` es para CSV; quítelo, o indique `--format=csv`"
        );
        ensure!(
            !self.manifest || *destination != Destination::StandardOutput,
            Usage,
            "`--manifest` writes beside a file, and `--output` is standard output; name a file or a folder",
            "`--manifest` escribe junto a un archivo, y `--output` es la salida estándar; indique un archivo o una carpeta"
        );
        Ok(())
    }

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
            excel: false,
            manifest: false,
            verify: None,
            against: None,
            verify_folder: None,
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
