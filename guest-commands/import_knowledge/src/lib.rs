//! Imports knowledge items from CSV, JSON, JSON lines and XML. `import` is the whole of it without a host.

pub mod bytes;
pub mod chunks;
pub mod columns;
mod completing;
pub mod encoding;
pub mod errors_file;
pub mod format;
mod host;
pub mod import;
pub mod imported;
pub mod item;
#[cfg(test)]
mod plain_readers;
pub mod problem;
pub mod record;
mod repeats;
mod report;
pub mod seen;
pub mod sink;
mod sql;
pub mod tags;
#[cfg(test)]
mod test_data;
pub mod validate;

use encargo_sdk::prelude::*;

use crate::format::Format;
use crate::host::{Files, Input, Target, Telling};
use crate::import::Options;

/// Import knowledge from CSV, JSON, JSON lines or XML.
///
/// Reads a file, each file of a folder or, without either, each file of the tenant's folder `imports`. The first row of
/// a CSV file names its columns, in English or Spanish: title (question, título, pregunta) and body (answer, content,
/// texto, respuesta) must be there; external_id (id, código), language (lang, idioma), tags (category, categoría) and
/// source (fuente) may be. Comma, semicolon, tab and bar, UTF-8, UTF-16 with its mark and Windows-1252 are told by
/// themselves, other encodings by `--encoding`; other columns are left out with a warning. JSON is an array of objects at
/// any depth, objects under keys, or one object; XML has the shape of an export. Files may be compressed with gzip or
/// zstd. Tags are a JSON array of texts, or texts between semicolons or commas; several columns of them are united.
///
/// An item whose external id is known is updated when it changed; one without an id is known by its title, body and
/// language. What a file has no column for stays as it is. Records that say the same are one, with the tags of all; an id
/// that comes again with another content is wrong in each place. Strict validation changes nothing when any record is
/// wrong; lenient validation imports the others, of repeated ids the last, and ends with exit code 3. Problems stand in
/// the errors file, with line and column; past 10,000 of a kind they are counted.
/// A title has at most 1 KiB, a body 512 KiB. Whatever was committed stays when the run ends early, and `--resume` goes
/// on from there.
#[derive(Args)]
#[command(
    es = "Importa conocimientos desde CSV, JSON, JSON por líneas o XML.",
    details_es = "Lee un archivo, todos los de una carpeta o, sin ninguno de los dos, los de la carpeta `imports` del inquilino. La primera fila de un CSV nombra sus columnas, en español o en inglés: título (title, pregunta, question) y texto (body, answer, content, respuesta) son obligatorias; external_id (id, código), idioma (language, lang), etiquetas (tags, categoría) y fuente (source) son opcionales. Coma, punto y coma, tabulador y barra, UTF-8, UTF-16 con su marca y Windows-1252 se reconocen solos, otras codificaciones con `--encoding`; las demás columnas se omiten con un aviso. El JSON es una lista de objetos a cualquier profundidad, objetos bajo claves o un objeto; el XML tiene la forma de una exportación. Los archivos pueden estar comprimidos con gzip o zstd. Las etiquetas son una lista JSON de textos, o textos entre puntos y coma o comas; varias columnas de ellas se unen.\n\nUn elemento cuyo identificador ya existe se actualiza si cambió; uno sin identificador se reconoce por su título, su texto y su idioma. Aquello para lo que un archivo no tiene columna queda como está. Los registros que dicen lo mismo son uno, con las etiquetas de todos; un identificador que se repite con otro contenido está mal en cada sitio. La validación estricta no cambia nada si algún registro está mal; la tolerante importa los demás, de identificadores repetidos el último, y termina con el código 3. Los problemas quedan en el archivo de errores con su línea y su columna; a partir de 10.000 de una clase solo se cuentan. Un título tiene como mucho 1 KiB y un texto 512 KiB. Lo confirmado queda aunque la ejecución termine antes, y `--resume` sigue desde ahí.",
    scope = "tenant",
    without_tenant = "default",
    effect = "changes",
    idempotent = true,
    permissions("read:knowledge_items", "insert:knowledge_items", "update:knowledge_items", "list-files:imports"),
    conflicts("file", "directory"),
    exit(
        1,
        en = "A record or a file is wrong and the validation is strict: nothing was changed.",
        es = "Un registro o un archivo está mal y la validación es estricta: no se cambió nada."
    ),
    exit(
        3,
        en = "Some records or files are wrong; the others were imported.",
        es = "Algunos registros o archivos están mal; los demás se importaron."
    ),
    example("import_knowledge --file=faq.csv", en = "Import a file.", es = "Importa un archivo."),
    example(
        "import_knowledge --directory=faqs --tenant=demo --validation-level=lenient",
        en = "Import what is right in all files of a folder.",
        es = "Importa lo que esté bien en todos los archivos de una carpeta."
    ),
    example(
        "import_knowledge --file=faq.csv --dry-run",
        en = "See what would change.",
        es = "Muestra lo que cambiaría."
    )
)]
struct ImportKnowledge {
    /// The file to import; `-` is standard input.
    #[arg(es = "El archivo que se importa; `-` es la entrada estándar.")]
    file: Option<InputFile>,

    /// The folder whose files are imported, in the order of their names.
    #[arg(es = "La carpeta cuyos archivos se importan, por orden de nombre.")]
    directory: Option<InputFolder>,

    /// The format of all files; by default it is told from each name or beginning.
    #[arg(es = "El formato de todos los archivos; por omisión lo dice el nombre o el principio de cada uno.")]
    format: Option<Format>,

    /// The encoding of all files; by default it is told from the bytes of each.
    #[arg(
        es = "La codificación de todos los archivos; por omisión la dicen los bytes de cada uno.",
        choices(
            "utf-8",
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
        )
    )]
    encoding: Option<String>,

    /// How many items one transaction has at most.
    #[arg(
        es = "Cuántos elementos tiene como mucho una transacción.",
        default = 50_000,
        min = 1,
        max = 1_000_000,
        env = "IMPORT_BATCH_SIZE",
        settings = "batch_size",
        tuning
    )]
    batch_size: u32,

    /// What a wrong record keeps from being imported.
    #[arg(
        es = "Qué impide importar un registro mal.",
        default = "strict",
        env = "IMPORT_VALIDATION_LEVEL",
        settings = "validation_level"
    )]
    validation_level: Validation,

    /// The file for what is wrong; by default it goes to the exports of the run.
    #[arg(es = "El archivo para lo que esté mal; por omisión va a las exportaciones de la ejecución.")]
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
        let input = match (self.file, self.directory) {
            (Some(file), _) => Input::Argument(file.argument),
            (None, Some(folder)) => Input::Argument(folder.argument),
            (None, None) => Input::Root("imports"),
        };
        let files = Files::list(input, self.format)?;
        if files.is_empty() {
            return Ok(report::nothing(run.tenant().unwrap_or_default(), &input, files.left_out()));
        }
        let resume = run.checkpoint(host::LOOP)?.map(|text| host::checkpoint(&text)).transpose()?;
        let encoding = encoding::asked_for(self.encoding.as_deref())?;
        let options =
            Options { strict: self.validation_level == Validation::Strict, format: self.format, encoding, resume };
        let database = run.database()?;
        let mut target = Target::new(&database, self.batch_size, run.started_at());
        let errors = self.errors.map_or("errors", |errors| errors.argument);
        let mut telling = Telling::new(run, files.bytes(), errors, options.strict);
        let imported = import::import(&files, &mut target, &mut telling, &options)?;
        report::report(&imported, &telling.finish()?, files.left_out())
    }
}

export_command!(ImportKnowledge);
