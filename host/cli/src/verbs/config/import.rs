//! `encargo config import`: what Django's `MANAGEMENT_COMMANDS` says goes into `encargo.toml`; the file is read and never run.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use encargo_model::{Exit, Text, text};
use serde::Serialize;
use serde_json::Value;
use toml_edit::DocumentMut;

use crate::config::merge::{Change, Merged, merge};
use crate::config::python::{Wrong, assigned, imported_after};
use crate::config::{CommandSettings, FILE_NAME, File, TomlValue, as_json};
use crate::error::Problem;
use crate::output::{Style, Summary, Word, visible};
use crate::session::Session;
use crate::wiring;

/// The name that Django's settings have for it.
const NAME: &str = "MANAGEMENT_COMMANDS";
/// More than any file of settings has.
const MOST_BYTES: u64 = 4 << 20;

/// A setting that was read.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "setting")]
struct SettingRecord {
    key: String,
    value: Option<Value>,
    before: Option<Value>,
    /// `added`, `changed`, `unchanged` or `left-out`.
    change: &'static str,
    /// Where it stands: `settings.py:12:9`.
    origin: String,
}

pub(super) fn import(session: &Session, file: &str) -> Result<Summary, Problem> {
    let (output, language) = (&session.output, session.language());
    let source = read(&session.folder.join(file), file)?;
    let found = assigned(&source, NAME).map_err(|wrong| at(file, &wrong))?;
    let settings = found.ok_or_else(|| not_there(file))?;
    if let Some(place) = imported_after(&source, settings.place) {
        output.warning(&Word::ImportsLater.with(language, &[&file, &place.line]));
    }
    let target = session.configuration.file.clone().unwrap_or_else(|| session.folder.join(FILE_NAME));
    let before = match fs::read_to_string(&target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        read => read.map_err(|error| Problem::reading(&target.display().to_string(), &error))?,
    };
    let mut document: DocumentMut =
        before.parse().map_err(|error: toml_edit::TomlError| Problem::usage(Text::quoted(error.message())))?;
    let merged = merge(&mut document, &settings).map_err(|wrong| at(file, &wrong))?;
    check_keys(session, file, &merged)?;
    refuse_changes(session, &target, file, &merged)?;
    let after = document.to_string();
    // What is written is read again by whoever comes next, so it is read once before.
    let read_again = File::parse(&target, &after)?;
    CommandSettings::new(&read_again.path, &read_again.commands)?.check(&wiring::commands(&session.configuration))?;

    for its in &merged {
        let key = format!("commands.{}.{}", its.table, its.key);
        let value = its.value.as_ref().map(|value| format!(" = {}", value.to_string().trim())).unwrap_or_default();
        let what = word(its.change).with(language, &[&file, &its.place.line]);
        let told = format!("  # {what}");
        output.styled(&[(Style::Plain, &visible(&format!("{key}{value}"))), (Style::Hint, &told)]);
        output.record(&SettingRecord {
            key,
            value: its.value.as_ref().map(json),
            before: its.before.as_ref().map(json),
            change: code(its.change),
            origin: format!("{file}:{}:{}", its.place.line, its.place.column),
        });
    }
    let changes = merged.iter().filter(|its| matches!(its.change, Change::Added | Change::Changed)).count();
    let place = target.display();
    let sentence = match (changes, session.run_flags.dry_run) {
        (0, _) => Word::ImportedNothing.with(language, &[&place]),
        (_, true) => Word::WouldImport.with(language, &[&changes, &place]),
        (_, false) => {
            write(&target, &after)?;
            Word::Imported.with(language, &[&changes, &place])
        }
    };
    output.result(&sentence);
    Ok(Summary::of_verb("config import", Exit::Done, sentence).in_dry_run(session.run_flags.dry_run))
}

fn read(path: &Path, shown: &str) -> Result<String, Problem> {
    let metadata = fs::metadata(path).map_err(|error| Problem::reading(shown, &error))?;
    if metadata.is_dir() {
        return Err(Problem::reading(shown, &io::ErrorKind::IsADirectory.into()));
    }
    if !metadata.is_file() || metadata.len() > MOST_BYTES {
        return Err(Problem::usage(text!(
            "`{shown}` is no file of settings: it is a regular file of at most {MOST_BYTES} bytes",
            "`{shown}` no es un archivo de ajustes: es un archivo regular de {MOST_BYTES} bytes como máximo"
        )));
    }
    fs::read_to_string(path).map_err(|error| Problem::reading(shown, &error))
}

fn at(file: &str, Wrong { place, sentence }: &Wrong) -> Problem {
    let (line, column) = (place.line, place.column);
    Problem::usage(text!(
        "`{file}` line {line}, column {column}: {sentence}",
        "`{file}` línea {line}, columna {column}: {sentence}",
        sentence = sentence
    ))
}

fn not_there(file: &str) -> Problem {
    let sentence = text!("`{file}` assigns nothing to `{NAME}`", "`{file}` no asigna nada a `{NAME}`");
    Problem::new(Exit::NotFound, sentence).hint(text!(
        "what a file imports from others is not read; give the file where the dict stands",
        "no se lee lo que un archivo importa de otros; dé el archivo donde está el diccionario"
    ))
}

/// Refuses tables of no command and keys that their commands do not have, where they stand in the Python file.
fn check_keys(session: &Session, file: &str, merged: &[Merged]) -> Result<(), Problem> {
    let catalog = wiring::commands(&session.configuration);
    for its in merged {
        if let Some((sentence, hint)) = CommandSettings::wrong_key(&catalog, &its.table, &its.key.replace('-', "_")) {
            return Err(at(file, &Wrong { place: its.place, sentence }).hint(hint));
        }
    }
    Ok(())
}

/// Another value is only replaced where that is asked for.
fn refuse_changes(session: &Session, target: &Path, file: &str, merged: &[Merged]) -> Result<(), Problem> {
    let its = merged.iter().find(|its| its.change == Change::Changed);
    let Some(Merged { table, key, value: Some(value), before: Some(before), .. }) = its else { return Ok(()) };
    if session.run_flags.overwrite || session.run_flags.dry_run {
        return Ok(());
    }
    let (before, value, place) = (before.to_string(), value.to_string(), target.display());
    let (before, value) = (before.trim(), value.trim());
    Err(Problem::new(
        Exit::Refused,
        text!(
            "`commands.{table}.{key}` is `{before}` in `{place}` and `{value}` in `{file}`",
            "`commands.{table}.{key}` es `{before}` en `{place}` y `{value}` en `{file}`"
        ),
    )
    .hint(text!(
        "--overwrite takes what the imported file says; --dry-run shows all that would change",
        "--overwrite toma lo que dice el archivo importado; --dry-run muestra todo lo que cambiaría"
    )))
}

/// Puts the whole file into its place, behind a link where it is one, with the rights that it had.
fn write(target: &Path, text: &str) -> Result<(), Problem> {
    let place = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
    let folder = place.parent().map_or_else(|| PathBuf::from("/"), Path::to_owned);
    let written = || {
        let rights = fs::metadata(&place).ok().map(|metadata| metadata.permissions());
        let mut unfinished = tempfile::Builder::new().prefix(".encargo.toml-").tempfile_in(&folder)?;
        if let Some(rights) = rights {
            unfinished.as_file().set_permissions(rights)?;
        }
        unfinished.write_all(text.as_bytes())?;
        unfinished.as_file().sync_all()?;
        unfinished.persist(&place)?;
        fs::File::open(&folder)?.sync_all()
    };
    written().map_err(|error: io::Error| {
        let exit = match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Exit::Usage,
            _ => Exit::Failed,
        };
        let place = target.display();
        Problem::new(
            exit,
            text!(
                "`{place}` cannot be written: {error}; it is as it was",
                "no se puede escribir `{place}`: {error}; está como estaba"
            ),
        )
    })
}

fn json(value: &toml_edit::Value) -> Value {
    let written = format!("v = {}", value.to_string().trim());
    let read = written.parse::<toml::Table>().ok();
    read.and_then(|table| table.get("v").map(|value: &TomlValue| as_json(value))).unwrap_or_default()
}

const fn word(change: Change) -> Word {
    match change {
        Change::Added => Word::SettingAdded,
        Change::Changed => Word::SettingChanged,
        Change::Unchanged => Word::SettingUnchanged,
        Change::LeftOut => Word::SettingLeftOut,
    }
}

const fn code(change: Change) -> &'static str {
    match change {
        Change::Added => "added",
        Change::Changed => "changed",
        Change::Unchanged => "unchanged",
        Change::LeftOut => "left-out",
    }
}
