//! Exports what a tenant has from one snapshot, in constant memory.

mod agreeing;
mod counting;
mod csv;
mod cursor;
mod destination;
mod exporting;
mod format;
mod manifest;
mod masking;
mod parts;
mod publishing;
mod queries;
mod relation;
mod secrets;
mod series;
mod size;
mod sql;
mod told;
mod verify;
mod xml;

use std::cell::Cell;

use cursor::Cursor;
use destination::Place;
use encargo_sdk::prelude::*;
use exporting::{Asked, export};
use format::Format;
use masking::Masks;
use relation::{Relation, What};
use told::Told;

/// Export chats, agents, knowledge and whatever else a tenant has.
///
/// All types are read from one snapshot of the tenant's data, each into a file of its own (`chats.csv`, `agents.csv`,
/// `knowledge.csv`, ...). Messages stand in their chats; `--type=messages` writes them flat, with the ids of their
/// chats. `--since` and `--until` choose what was last changed in that time, the first included and the second not: the
/// next `--since` is the last `--until`. A file whose name ends in `.gz` or `.zst` is compressed.
///
/// Settings whose names speak of keys, tokens, passwords or secrets are left out unless `--include-secrets` is given,
/// and so are those whose value is JSON with such a member.
///
/// CSV is RFC 4180 (commas, CRLF, a header even without rows), with one row a message beside the columns of its chat;
/// JSON, JSONL and XML hold the messages inside their chat. Times are RFC 3339 in UTC. Knowledge holds what
/// `import_knowledge` takes and nothing else: exported, imported into an empty tenant and exported again it is the
/// same, byte for byte. Cells that begin with `=` are left as they are; do not open files of strangers in a
/// spreadsheet. With `--excel` such cells of CSV (they begin with `=`, `+`, `-`, `@`, a tab or a carriage return,
/// perhaps behind apostrophes) get one apostrophe more before them, which a spreadsheet shows as a text.
///
/// `--manifest` writes beside each file another one, whose name goes on with `.manifest.json`: how many records, how
/// many stored bytes and which SHA-256 it has, its columns, the range of time and the newest change in it.
/// `--verify-folder` compares all files of a folder with their manifests, and `--verify` with `--against` one file with
/// one manifest.
///
/// `--incremental` exports what changed since the last such run with the same `--cursor`, of each type, and everything
/// the first time. The cursor is moved once all files are on the disk: a run that fails or is killed exports the same
/// again, so that a consumer takes each record by its key, in the order of the files, and may see one twice. Names of
/// files in a folder hold the time of the run (`chats.20270131T020000.000000Z-1.csv`), and sort in the order in which
/// they are to be applied. What changed without another `updated_at`, as old chats do that are anonymized, is exported
/// too. What was stamped, but committed after the last run is found as long as it took no longer than `--overlap`. What
/// was deleted stands beside, in a file `chats.TIME.deleted.csv` (`NAME.deleted.csv` beside one file) with the columns
/// `relation`, `id`, `external_id` and `deleted_at`: by its id, but agents by their slug, settings by their name and
/// knowledge by its external id, all of which stand in `external_id`; knowledge without one has there what the platform
/// made from its title, body and language. Apply it before the records. `chats.deleted` names messages, too. A dry run
/// moves no cursor. `--reset-cursor` begins again, which is needed with rows of `create_test_data`, whose ids and times
/// are of long ago, and with other `--include-secrets`.
///
/// `--anonymize` masks personal data, the same value alike in all files of this export and otherwise in each other
/// export: ids become other ids, external ids of chats and documents `key-..`, what people wrote (titles, messages,
/// comments, documents) and values of settings their length, and in agents and knowledge e-mail addresses and telephone
/// numbers are replaced. Names within those are not found. Times, ratings and counts stay. The manifest names the
/// columns.
///
/// `--max-rows` and `--max-bytes` split each file of a folder into `chats-0001.csv`, `chats-0002.csv`, ..., each of
/// them valid on its own; a record is never cut, and one that is larger than a part may be has one for itself.
#[derive(Args)]
#[command(
    scope = "tenant",
    without_tenant = "all",
    effect = "changes",
    changes_with("incremental"),
    idempotent = true,
    permissions(
        "read:chats,messages,agents,tools,agent_tools,knowledge_items,documents,feedback,settings,deletions,silent_changes",
        "read,insert,update,delete:journals,journal_entries"
    ),
    requires("cursor", "incremental"),
    requires("overlap", "incremental"),
    requires("reset-cursor", "incremental"),
    requires("verify", "against"),
    requires("against", "verify"),
    conflicts("verify", "verify-folder"),
    conflicts("verify", "output"),
    conflicts("verify-folder", "output"),
    exit(2, "Several types were to go into one file, or options make no sense together."),
    exit(4, "There was nothing to export, and `--fail-if-empty` was given."),
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
    example(
        "export_data --tenant=demo --incremental --output=changes",
        "Export what changed since the last time, with what was deleted."
    ),
    example(
        "export_data --anonymize --max-rows=100000 --output=export",
        "Export without personal data, in files of at most 100,000 records."
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

    /// Only what changed since the last incremental export, and what was deleted.
    incremental: bool,

    /// Which consumer's export it is, by any name; by default `default`.
    cursor: Option<String>,

    /// For how long a transaction may take from its stamp to its commit; by default 10 minutes.
    overlap: Option<Duration>,

    /// Begin again with everything.
    reset_cursor: bool,

    /// Mask personal data.
    anonymize: bool,

    /// The most records of a file: rows of CSV, items of the other formats.
    #[arg(min = 1)]
    max_rows: Option<u64>,

    /// The most bytes of a file before compression, such as `100mb`.
    max_bytes: Option<String>,

    /// End with 4 where there is nothing to export.
    fail_if_empty: bool,

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
        self.agree()?;
        if let Some(folder) = self.verify_folder {
            return verify::folder(run, folder);
        }
        if let (Some(file), Some(against)) = (self.verify, self.against) {
            return verify::one(run, file, against);
        }
        let place = self.place(run)?;
        let (range, most) = (self.range()?, self.most()?);
        let snapshot = run.database()?.begin_read_only()?;
        let cursor = match self.incremental {
            true => {
                let name = self.cursor.clone().unwrap_or_else(|| "default".to_owned());
                Some(Cursor::open(run, &snapshot, name, self.overlap.unwrap_or(OVERLAP), self.reset_cursor)?)
            }
            false => None,
        };
        let masks = self.anonymize.then(Masks::new);
        let (include_secrets, excel) = (self.include_secrets, self.excel);
        let mut asked = Asked { range, include_secrets, excel, masks, most, cursor };

        let (mut files, mut seen) = (Vec::new(), Vec::new());
        for relation in self.type_.iter() {
            files.push(export(run, &snapshot, (relation, What::Records), &asked, &place)?);
            if let Some(cursor) = &asked.cursor {
                files.push(export(run, &snapshot, (relation, What::Deletions), &asked, &place)?);
                seen.push(cursor.seen(&snapshot, relation)?);
            }
        }
        snapshot.rollback()?;
        let files = publishing::publish(run, &asked, place.format, files)?;
        let cut = seen.iter().filter(|seen| seen.is_cut).map(|seen| seen.relation.word()).collect();
        let report = told::report(run, &asked, &Told { files, fail_if_empty: self.fail_if_empty, cut });
        if let Some(cursor) = asked.cursor.take() {
            cursor.advance(run, &seen)?;
        }
        Ok(report)
    }
}

impl ExportData {
    /// Where the files go.
    fn place(&self, run: &Run) -> Result<Place> {
        let argument = self.output.map_or("output", |output| output.argument);
        let destination = files::destination(argument)?;
        let format = Place::format(&destination, self.format, self.type_.iter().count())?;
        self.agree_with(format, &destination)?;
        let stamp = self.incremental.then(|| destination::stamp(run.started_at(), run.attempt()));
        let is_split = self.max_rows.is_some() || self.max_bytes.is_some();
        Ok(Place { argument, destination, format, stamp, is_split, manifests: self.manifest, begun: Cell::new(0) })
    }
}

/// For how long a transaction may take, where nothing else is said.
const OVERLAP: Duration = Duration::from_micros(600_000_000);

export_command!(ExportData);
