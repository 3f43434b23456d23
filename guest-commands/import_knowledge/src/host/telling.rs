//! Tells of problems and progress: log lines, the errors file, the first problems for the report.

use encargo_sdk::error::Result;
use encargo_sdk::files::{self, Sink};
use encargo_sdk::prelude::{Choice, Phase, Run};
use encargo_sdk::table::Table;
use encargo_sdk::{error, table, text};

use crate::errors_file::ErrorsFile;
use crate::import::{self, Watcher};
use encargo_sdk_records::problem::Problem;

/// How many problems are log lines; the errors file has all.
const MOST_LINES: u64 = 100;
/// How many problems the report shows.
const MOST_SHOWN: usize = 50;
/// The errors file's name where none was given.
const ERRORS_FILE: &str = "import_errors.csv";

/// Tells of what happens along the way.
pub(crate) struct Telling<'a> {
    run: &'a Run,
    /// Whether each problem is a line of the log: a report, which has them too, may not come.
    lines: bool,
    /// How many bytes the files have; none when one is a stream.
    bytes: Option<u64>,
    /// The name of the argument that says where the errors file goes.
    argument: &'static str,
    errors: Option<ErrorsFile<Sink>>,
    told: Told,
}

/// What was told.
pub(crate) struct Told {
    /// How many problems there were.
    pub(crate) problems: u64,
    /// The first of them.
    pub(crate) first: Table,
    /// How many of them the errors file only counts.
    pub(crate) counted: u64,
}

impl<'a> Telling<'a> {
    pub(crate) fn new(run: &'a Run, bytes: Option<u64>, argument: &'static str, lines: bool) -> Self {
        let first = table!(
            "Problems" / "Problemas": "file" / "archivo", "line" / "línea", "record" / "registro", "column" / "columna",
            "code" / "código", "value" / "valor", "message" / "mensaje",
        );
        let told = Told { problems: 0, first, counted: 0 };
        Self { run, bytes, argument, lines, errors: None, told }
    }

    /// Publishes the errors file, if there is anything in it.
    pub(crate) fn finish(mut self) -> Result<Told> {
        if let Some(errors) = self.errors {
            let (sink, counted) = errors.finish()?;
            self.told.counted = counted;
            sink.publish()?;
        }
        if self.lines && self.told.problems > MOST_LINES {
            let more = self.told.problems - MOST_LINES;
            let line = text!("and {more} more problems", "y {more} problemas más");
            error!("{line}");
        }
        Ok(self.told)
    }

    /// A phase as the caller is told of it. Nobody knows the number of records before all were read once.
    fn phase(&self, phase: import::Phase, total: Option<u64>) -> Phase {
        let name = match phase {
            import::Phase::Checking => text!("checking", "comprobando"),
            import::Phase::Comparing => text!("comparing", "comparando"),
            import::Phase::Importing => text!("importing", "importando"),
            import::Phase::Deleting => text!("deleting", "borrando"),
        };
        Phase::new(name, text!("records", "registros")).of(total).of_input(self.bytes)
    }
}

impl Watcher for Telling<'_> {
    fn problem(&mut self, file: &str, problem: &Problem) -> Result<()> {
        let Problem { line, record, column, code, value, message } = problem;
        let code = code.word();
        self.told.problems += 1;
        if self.lines && self.told.problems <= MOST_LINES {
            let column = if column.is_empty() { String::new() } else { format!(" `{column}`:") };
            error!("{file}:{line}:{column} {message}", record = record, code = code);
        }
        if self.told.first.rows.len() < MOST_SHOWN {
            self.told.first.row(&[&file, line, record, column, &code, value, message]);
        }
        let errors = match self.errors.take() {
            Some(errors) => errors,
            None => ErrorsFile::new(files::create(self.argument, ERRORS_FILE)?)?,
        };
        self.errors.insert(errors).add(file, problem)
    }

    fn progress(&mut self, phase: import::Phase, done: u64, total: Option<u64>) -> Result<()> {
        self.run.check()?;
        self.run.progress(&self.phase(phase, total), done);
        Ok(())
    }

    fn confirm(&mut self, missing: u64, stored: u64) -> Result<()> {
        self.run.confirm(&text!(
            "Delete {missing} of {stored} items, which none of the files has?",
            "¿Borrar {missing} de {stored} elementos, que no están en ninguno de los archivos?"
        ))
    }
}
