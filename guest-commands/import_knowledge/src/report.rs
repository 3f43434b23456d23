//! What the command says at its end.

use encargo_sdk::error::{Error, ErrorCode, Result};
use encargo_sdk::prelude::{Action, Choice, Outcome, Report, Run, Tally};
use encargo_sdk::table::Table;
use encargo_sdk::{table, text, warn};
use serde_json::json;

use crate::host::{Input, Told};
use crate::import::Options;
use crate::imported::{FileResult, Imported};
use crate::receipt::{RELATION, Receipt};
use crate::sink::Written;
use encargo_sdk_records::columns::listed;
use encargo_sdk_records::format::Format;

/// The report when there is no file to import.
pub(crate) fn nothing(tenant: &str, input: &Input, left_out: &[String]) -> Report {
    let summary = match input {
        Input::Root(root) => text!(
            "nothing to import: `{root}/{tenant}` in the data directory has no files; put some there, or give `--file` or `--directory`",
            "nada que importar: `{root}/{tenant}` en el directorio de datos no tiene archivos; ponga alguno ahí, o indique `--file` o `--directory`"
        ),
        Input::Argument(_) => {
            text!(
                "nothing to import: the folder has no files of a known format",
                "nada que importar: la carpeta no tiene archivos de un formato conocido"
            )
        }
    };
    Report::new(summary).notes(note_of(left_out))
}

/// The report of an import.
///
/// # Errors
/// `invalid` when a strict import was refused, or nothing at all could be read; the error's own code when a file
/// could not be read.
pub(crate) fn report(
    imported: &Imported,
    told: &Told,
    left_out: &[String],
    options: &Options,
    receipt: Option<&str>,
) -> Result<Report> {
    let sum = |of: fn(&FileResult) -> u64| imported.files.iter().map(of).sum::<u64>();
    let (read, invalid, duplicate) = (sum(|file| file.read), sum(|file| file.invalid), sum(|file| file.duplicate));
    let broken = imported.files.iter().filter(|file| file.broken.is_some()).count();
    if imported.refused || (broken > 0 && read == 0) {
        return Err(refusal(imported, read, invalid, told, options));
    }
    let summary = match imported.files.as_slice() {
        [FileResult { name, .. }] => {
            text!("imported `{name}`", "importado `{name}`")
        }
        files => {
            let files = files.len();
            text!("imported {files} files", "importados {files} archivos")
        }
    };
    let mut tally = Tally::default();
    for (action, n) in [
        (Action::Read, read),
        (Action::Created, sum(|file| file.written.created)),
        (Action::Updated, sum(|file| file.written.updated)),
        (Action::Unchanged, sum(|file| file.written.unchanged)),
        (Action::Deleted, imported.deleted.unwrap_or(0)),
        (Action::Skipped, sum(|file| file.written.skipped)),
        (Action::Duplicate, duplicate),
        (Action::Invalid, invalid),
    ] {
        tally.add(RELATION, action, n);
    }
    let mut report = tally.report(summary);
    if invalid > 0 || broken > 0 {
        report = report.outcome(Outcome::Partial);
    }
    if imported.files.len() > 1 {
        report = report.table(files_table(&imported.files));
    }
    if !told.first.rows.is_empty() {
        report = report.table(told.first.clone());
    }
    let shown = told.first.rows.len() as u64;
    if told.problems > shown {
        let problems = told.problems;
        report = report.note(if told.counted == 0 {
            text!(
                "{shown} of {problems} problems are shown; the errors file has them all",
                "se muestran {shown} de {problems} problemas; el archivo de errores los tiene todos"
            )
        } else {
            text!(
                "{shown} of {problems} problems are shown; the errors file lists the first of each kind and counts the rest",
                "se muestran {shown} de {problems} problemas; el archivo de errores enumera los primeros de cada clase y cuenta el resto"
            )
        });
    }
    if options.delete_missing && imported.deleted.is_none() {
        report = report.note(text!(
            "nothing was deleted: what is missing may be in the records that are wrong",
            "no se borró nada: lo que falta puede estar en los registros que están mal"
        ));
    }
    imported.files.iter().for_each(warn_of);
    report = report.notes(note_of(left_out)).notes(imported.files.iter().flat_map(notes));
    let files: Vec<_> = imported.files.iter().map(file_details).collect();
    Ok(report.details(&json!({ "files": files, "receipt": receipt })))
}

/// The line that takes an import back, or why there is none.
pub(crate) fn note_of_receipt(run: &Run, receipt: &Receipt<'_>) -> String {
    let tenant = run.tenant().unwrap_or_default();
    match receipt.name() {
        Some(name) => text!(
            "receipt {name}; to take it back:  encargo import_knowledge --tenant={tenant} --undo={name}",
            "recibo {name}; para deshacerlo:  encargo import_knowledge --tenant={tenant} --undo={name}"
        ),
        None => text!("nothing was changed, so there is no receipt", "no se cambió nada, así que no hay recibo"),
    }
}

/// Why nothing was changed.
fn refusal(imported: &Imported, read: u64, invalid: u64, told: &Told, options: &Options) -> Error {
    let broken = imported.files.iter().find_map(|file| file.broken.as_ref().map(|broken| (&file.name, broken)));
    let listed = if told.counted == 0 {
        text!("the errors file lists each of them", "el archivo de errores los enumera todos")
    } else {
        text!(
            "the errors file lists the first of each kind and counts the rest",
            "el archivo de errores enumera los primeros de cada clase y cuenta el resto"
        )
    };
    match broken {
        Some((name, broken)) => {
            let (at, what) = (broken.place(), &broken.error.message);
            let more = if told.problems > 1 { format!("; {listed}") } else { String::new() };
            let message = text!(
                "`{name}`, {at}: {what}; nothing was changed{more}",
                "`{name}`, {at}: {what}; no se cambió nada{more}"
            );
            Error { message, ..broken.error.clone() }
        }
        None if !options.strict => Error::new(
            ErrorCode::Invalid,
            text!(
                "{invalid} of {read} records are invalid, more than `--max-errors` allows, so nothing was changed; {listed}",
                "{invalid} de {read} registros no son válidos, más de lo que permite `--max-errors`, así que no se cambió nada; {listed}"
            ),
        ),
        None => Error::new(
            ErrorCode::Invalid,
            text!(
                "{invalid} of {read} records are invalid, so nothing was changed; {listed}; `--validation-level=lenient` imports the others",
                "{invalid} de {read} registros no son válidos, así que no se cambió nada; {listed}; `--validation-level=lenient` importa los demás"
            ),
        ),
    }
}

/// Says what a person may not have meant.
fn warn_of(file: &FileResult) {
    let name = &file.name;
    for warning in &file.warnings {
        warn!("`{name}`: {warning}");
    }
}

/// What was found out about a file, where it is not what one would expect.
fn notes(file: &FileResult) -> Vec<String> {
    let name = &file.name;
    let mut notes = Vec::new();
    if file.encoding != "UTF-8" {
        let encoding = file.encoding;
        notes.push(text!("`{name}`: read as {encoding}", "`{name}`: leído como {encoding}"));
    }
    if let Some(delimiter) = file.delimiter.filter(|&delimiter| delimiter != ',') {
        let delimiter = if delimiter == '\t' { text!("tabs", "tabuladores") } else { format!("`{delimiter}`") };
        notes.push(text!(
            "`{name}`: the cells are separated by {delimiter}",
            "`{name}`: las celdas se separan con {delimiter}"
        ));
    }
    notes.extend(file.notes.iter().map(|note| format!("`{name}`: {note}")));
    if file.united > 0 {
        let united = file.united;
        notes.push(text!(
            "`{name}`: records equal to earlier ones but for tags or source, which became one with all tags and the first source: {united}",
            "`{name}`: registros iguales a otros anteriores salvo en etiquetas o fuente, que son uno con todas las etiquetas y la primera fuente: {united}"
        ));
    }
    if let Some(broken) = &file.broken {
        let place = broken.place();
        notes.push(text!(
            "`{name}`: not read on from {place}, and what follows there was not looked at",
            "`{name}`: no se siguió leyendo desde {place}, y lo que sigue no se ha mirado"
        ));
    }
    notes
}

fn note_of(left_out: &[String]) -> Option<String> {
    let names = listed(left_out);
    (!left_out.is_empty()).then(|| {
        text!(
            "not imported, as their names tell no format: {names}",
            "no se importan, pues su nombre no dice ningún formato: {names}"
        )
    })
}

fn files_table(files: &[FileResult]) -> Table {
    let mut table = table!(
        "Files" / "Archivos": "file" / "archivo", "format" / "formato", "read" / "leídos", "created" / "creados",
        "updated" / "actualizados", "unchanged" / "sin cambios", "skipped" / "omitidos", "duplicate" / "duplicados", "invalid" / "no válidos",
        "not read on" / "sin leer",
    );
    for file in files {
        let format = file.format.map_or("", Format::word);
        let broken = file.broken.as_ref().map(|broken| format!("{}: {}", broken.place(), broken.error.message));
        let Written { created, updated, unchanged, skipped } = &file.written;
        let broken = broken.unwrap_or_default();
        table.row(&[
            &file.name,
            &format,
            &file.read,
            created,
            updated,
            unchanged,
            skipped,
            &file.duplicate,
            &file.invalid,
            &broken,
        ]);
    }
    table
}

fn file_details(file: &FileResult) -> serde_json::Value {
    json!({
        "name": file.name,
        "format": file.format.map(Format::word),
        "encoding": file.encoding,
        "delimiter": file.delimiter,
        "read": file.read,
        "created": file.written.created,
        "updated": file.written.updated,
        "unchanged": file.written.unchanged,
        "skipped": file.written.skipped,
        "duplicate": file.duplicate,
        "united": file.united,
        "invalid": file.invalid,
        "warnings": file.warnings,
        "notes": file.notes,
        "broken": file.broken.as_ref().map(|broken| json!({
            "line": broken.line,
            "column": broken.column,
            "code": broken.code.word(),
            "message": broken.error.message,
        })),
    })
}
