//! Imports knowledge items from CSV, JSON, JSON lines and XML. `import` is the whole of it without a host.

mod completing;
pub mod errors_file;
mod host;
pub mod import;
pub mod imported;
mod moving;
#[cfg(test)]
#[path = "../../sdk-records/src/plain_readers.rs"]
mod plain_readers;
pub mod presence;
mod receipt;
mod repeats;
mod report;
pub mod seen;
pub mod sink;
mod sql;
#[cfg(test)]
#[path = "../../sdk-records/src/test_data.rs"]
mod test_data;
mod undo;
pub mod validate;

use encargo_sdk::prelude::*;
use encargo_sdk_records::encoding;
use encargo_sdk_records::format::Format;
use encargo_sdk_records::shaping::Shaping;

use crate::host::{Files, Input, Target, Telling};
use crate::import::{Mode, Options};
use crate::moving::Moved;
use crate::presence::MostErrors;
use crate::receipt::Receipt;
use crate::sink::{Checkpoint, KnowledgeSink as _};

/// Import knowledge from CSV, JSON, JSON lines, XML, feeds, MediaWiki, StackExchange or SQuAD.
///
/// Reads a file, each file of a folder or, without either, each file of the tenant's folder `imports`. The first row of
/// a CSV file names its columns, in English or Spanish: title (question, título, pregunta) and body (answer, content,
/// texto, respuesta) must be there; external_id (id, código), language (lang, idioma), tags (category, categoría) and
/// source (fuente) may be. Comma, semicolon, tab and bar, UTF-8, UTF-16 with its mark and Windows-1252 are told by
/// themselves, other encodings by `--encoding`; other columns are left out with a warning. JSON is an array of objects at
/// any depth, objects under keys, or one object; XML has the shape of an export. Files may be compressed with gzip or
/// zstd. Tags are a JSON array of texts, or texts between semicolons or commas; several columns of them are united.
///
/// Files of other systems are told by what they hold, or named by `--format`: SQuAD (a question with its answers, and
/// their text behind them), RSS and Atom (an entry), MediaWiki (the latest revision of a page, as it is written),
/// StackExchange (of `Posts.xml` a question with its accepted answer). What of them is no item is counted in a note.
/// Records of any other shape, as a menu or a list of prices, become items by `--title-from` and `--body-from` or
/// `--template`: nested objects have names with dots, lists are joined, and of the names that are known only that of the
/// external id counts beside `--body-from '*'`. A file without a title or a text is refused with the options that take it.
///
/// An item whose external id is known is updated when it changed; one without an id is known by its title, body and
/// language. What a file has no column for stays as it is. Records that say the same are one, with the tags of all; an id
/// that comes again with another content is wrong in each place. Strict validation changes nothing when any record is
/// wrong; lenient validation imports the others, of repeated ids the last, and ends with exit code 3. Problems stand in
/// the errors file, with line and column; past 10,000 of a kind they are counted.
/// With `--receipt` the run keeps a receipt, named as itself: which items it made, and those that it changed or deleted as they
/// were. `--undo` with that name takes the import back; what somebody changed since stays and is counted. It takes longer
/// and the room of what is replaced. With `--move` a file that was taken wholly is moved into the folder `done` inside its
/// own and any other into `failed`, after what it holds is committed; a name that is taken there gets a number. A run that
/// takes nothing moves nothing.
///
/// A title has at most 1 KiB, a body 512 KiB. Whatever was committed stays when the run ends early, and `--resume` goes
/// on from there.
#[derive(Args)]
#[command(
    scope = "tenant",
    without_tenant = "default",
    effect = "changes",
    idempotent = true,
    permissions(
        "read,insert,update,delete:knowledge_items,journals,journal_entries",
        "list-files,move-files:imports",
        "move-files:arguments"
    ),
    conflicts("file", "directory"),
    conflicts("move", "file"),
    conflicts("move", "delete-missing"),
    conflicts("undo", "file"),
    conflicts("undo", "directory"),
    conflicts("undo", "receipt"),
    conflicts("undo", "move"),
    conflicts("undo", "delete-missing"),
    conflicts("body-from", "template"),
    exit(1, "A record or a file is wrong and the validation is strict: nothing was changed."),
    exit(3, "Some records or files are wrong, or a file could not be moved; the others were imported."),
    exit(10, "There is no such file, or no such receipt."),
    example("import_knowledge --file=faq.csv", "Import a file."),
    example(
        "import_knowledge --directory=faqs --tenant=demo --validation-level=lenient",
        "Import what is right in all files of a folder."
    ),
    example("import_knowledge --file=faq.csv --dry-run", "See what would change."),
    example(
        "import_knowledge --file=menu.json --title-from=nombre --body-from='*'",
        "Make an item of each dish of a menu."
    ),
    example("import_knowledge --file=faq.csv --delete-missing --yes", "Make the items those of the file."),
    example("import_knowledge --file=faq.csv --receipt", "Import a file so that it can be taken back."),
    example("import_knowledge --directory=inbox --move", "Import a folder and move its files away.")
)]
struct ImportKnowledge {
    /// The file to import; `-` is standard input.
    file: Option<InputFile>,

    /// The folder whose files are imported, in the order of their names.
    directory: Option<InputFolder>,

    /// The format of all files; by default it is told from each name or beginning.
    format: Option<Format>,

    /// The encoding of all files; by default it is told from the bytes of each.
    #[arg(choices(
        "utf-8",
        "utf-16",
        "utf-16le",
        "utf-16be",
        "windows-1250",
        "windows-1251",
        "windows-1252",
        "windows-1253",
        "windows-1254",
        "windows-1255",
        "windows-1256",
        "windows-1257",
        "windows-1258",
        "latin-1",
        "iso-8859-1",
        "iso-8859-2",
        "iso-8859-5",
        "iso-8859-7",
        "iso-8859-15",
        "koi8-r",
        "koi8-u",
        "ibm866",
        "macintosh",
        "x-mac-cyrillic",
        "shift_jis",
        "euc-jp",
        "iso-2022-jp",
        "euc-kr",
        "gbk",
        "gb18030",
        "big5"
    ))]
    encoding: Option<String>,

    /// Another name for a field: `--map pregunta=title`. It wins over the names that are known.
    map: Vec<String>,

    /// The field that is the title, of records that have none of its names.
    title_from: Option<String>,

    /// The fields that are the text: one as it is, several as `field: value` lines, `*` for all that are nothing else.
    body_from: Vec<String>,

    /// Words that are the text, with fields in them: `--template '{nombre}: {precio} pesos'`.
    template: Option<String>,

    /// How many items one transaction has at most.
    #[arg(default = 50_000, min = 1, max = 1_000_000, env = "IMPORT_BATCH_SIZE", settings = "batch_size", tuning)]
    batch_size: u32,

    /// What a wrong record keeps from being imported.
    #[arg(default = "strict", env = "IMPORT_VALIDATION_LEVEL", settings = "validation_level")]
    validation_level: Validation,

    /// What becomes of items that are known, and of those that are new.
    #[arg(default = "upsert")]
    mode: Mode,

    /// Delete the items that none of the files has; it asks, or takes `--yes`.
    delete_missing: bool,

    /// Take the apostrophes away again that `export_data --excel` put before what looks like a formula in CSV files.
    excel: bool,

    /// With lenient validation, change nothing when more records than this are wrong: a number, or a share as `5%`.
    max_errors: Option<String>,

    /// Keep what is changed as it was, so that `--undo` can take the import back.
    receipt: bool,

    /// Take back the import that left this receipt.
    undo: Option<String>,

    /// Move the files of the folder away once they are imported: into `done` inside it, or `failed` where something is wrong.
    #[arg(name = "move")]
    move_: bool,

    /// The file for what is wrong; by default it goes to the exports of the run.
    errors: Option<Output>,
}

/// How wrong records are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
enum Validation {
    /// All records.
    Strict,
    /// Only itself.
    Lenient,
}

impl Command for ImportKnowledge {
    fn run(self, run: &Run) -> Result<Report> {
        if let Some(receipt) = &self.undo {
            return undo::undo(run, receipt);
        }
        let input = match (self.file, self.directory) {
            (Some(file), _) => Input::Argument(file.argument),
            (None, Some(folder)) => Input::Argument(folder.argument),
            (None, None) => Input::Root("imports"),
        };
        let mut shaping =
            Shaping::of(&self.map, self.title_from.as_deref(), &self.body_from, self.template.as_deref())?;
        shaping.escaped = self.excel;
        let files = Files::list(input, self.format)?;
        if files.is_empty() {
            return Ok(report::nothing(run.tenant().unwrap_or_default(), &input, files.left_out()));
        }
        // Where files were moved away already, the others are imported anew, which changes nothing.
        let resume = run.checkpoint(host::LOOP)?.map(|text| host::checkpoint(&text)).transpose()?;
        let resume = resume.filter(|checkpoint| !checkpoint.moving);
        let strict = self.validation_level == Validation::Strict;
        let most_errors = self.max_errors.as_deref().map(MostErrors::read).transpose()?;
        if strict && most_errors.is_some() {
            let message = text!(
                "`--max-errors` is for `--validation-level=lenient`: strict takes no wrong record",
                "`--max-errors` es para `--validation-level=lenient`: la estricta no admite ningún registro mal"
            );
            return Err(Error::new(ErrorCode::Usage, message));
        }
        let encoding = encoding::asked_for(self.encoding.as_deref())?;
        let (format, mode, delete_missing) = (self.format, self.mode, self.delete_missing);
        let options = Options { strict, format, encoding, mode, delete_missing, most_errors, shaping, resume };
        let database = run.database()?;
        let receipt = self.receipt.then(|| Receipt::of(run, &database, self.batch_size)).transpose()?;
        let target = Target::new(&database, self.batch_size, run.started_at(), self.mode);
        let mut target = target.with_receipt(receipt);
        let errors = self.errors.map_or("errors", |errors| errors.argument);
        let mut telling = Telling::new(run, files.bytes(), errors, options.strict);
        let imported = import::import(&files, &mut target, &mut telling, &options)?;
        // The errors file first: what a moved file had wrong is found nowhere else.
        let told = telling.finish()?;
        let moved = if self.move_ && imported.is_any_taken() {
            target.commit(&Checkpoint { moving: true, ..Checkpoint::default() })?;
            moving::move_files(run, &files, &imported)?
        } else {
            Moved::default()
        };
        let name = target.receipt().and_then(Receipt::name).filter(|_| !run.dry_run());
        let report = report::report(&imported, &told, files.left_out(), &options, name)?;
        let receipt = target.receipt().filter(|_| !run.dry_run());
        Ok(moved.tell(report).notes(receipt.map(|receipt| report::note_of_receipt(run, receipt))))
    }
}

export_command!(ImportKnowledge);
