//! `encargo backups`: which backups there are, what one holds, whether it can be read, and where their key is.

mod drill;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Arg, ArgMatches, Command};
use encargo_model::{Exit, Language, PathValue, Text, Timestamp, text};
use serde::Serialize;

use super::{Kind, Verb, refuse_flags_of_word, word};
use crate::error::Problem;
use crate::output::measure::{bytes, milliseconds};
use crate::output::{Summary, Word};
use crate::session::Session;
use crate::wiring::{Decision, Drill, Installation, Interrupt, Keep, Location, Manifest, Place, backups, data_dir};

pub(super) const VERB: Verb =
    Verb { name: "backups", summary: Word::VerbBackups, takes: &["dry-run"], kind: Kind::Own { arguments, run } };

fn arguments(command: Command, language: Language) -> Command {
    let path = |name: &'static str, about: Word| {
        Arg::new(name)
            .long(name)
            .value_name("PATH")
            .value_parser(clap::value_parser!(PathBuf))
            .help(about.get(language))
    };
    let places = || [path("repository", Word::BackupsRepository), path("key-file", Word::BackupsKeyFile)];
    let keep = |(name, about): (&'static str, Word)| {
        let n = Arg::new(name).long(name).value_name("N").value_parser(clap::value_parser!(u32).range(1..));
        n.help(about.get(language))
    };
    let id = || Arg::new("id").value_name("ID").help(Word::BackupsId.get(language));
    command.subcommand_required(true).subcommands([
        word("list", Word::BackupsList, language).args(places()),
        word("show", Word::BackupsShow, language).arg(id()).args(places()),
        word("verify", Word::BackupsVerify, language).arg(id()).args(places()),
        word("drill", Word::BackupsDrill, language).arg(id().help(Word::BackupsDrillId.get(language))).args(places()),
        word("prune", Word::BackupsPrune, language).args(KEEPS.map(keep)).args(places()),
        word("key", Word::BackupsKey, language).args(places()),
    ])
}

/// What says which backups stay, in the words of `backup_data`.
const KEEPS: [(&str, Word); 5] = [
    ("keep-last", Word::KeepLast),
    ("keep-daily", Word::KeepDaily),
    ("keep-weekly", Word::KeepWeekly),
    ("keep-monthly", Word::KeepMonthly),
    ("retention-days", Word::RetentionDays),
];

fn run(session: &Session, matches: &ArgMatches) -> Result<Summary, Problem> {
    let Some((what, own)) = matches.subcommand() else { return list(session, &place(session, matches)?) };
    let takes: &[&str] = if what == "prune" { &["dry-run"] } else { &[] };
    refuse_flags_of_word(&format!("backups {what}"), takes, &session.run_flags)?;
    let place = place(session, own)?;
    let id = || own.get_one::<String>("id").cloned().unwrap_or_else(|| "latest".to_owned());
    match what {
        "show" => show(session, &place, &id()),
        "verify" => verify(session, &place, &id()),
        "drill" => drill::drill(session, &place, own.get_one("id")),
        "prune" => prune(session, &place, own),
        "key" => key(session, &place),
        _ => list(session, &place),
    }
}

/// Where the backups are: as `backup_data` finds them.
fn place(session: &Session, own: &ArgMatches) -> Result<Place, Problem> {
    let data = data_dir(&session.configuration);
    let written = |path: &PathBuf| match path.to_str() {
        Some(written) if PathValue::is_in_store(written) => path.clone(),
        _ => session.folder.join(path),
    };
    let given = |name: &str| own.get_one::<PathBuf>(name).map(written);
    let variable = || session.environment.get("BACKUP_DIRECTORY").map(|path| written(&path.into()));
    let repository = match given("repository").or_else(variable) {
        Some(place) => Location::parse(&place.to_string_lossy())?,
        None => data.backups(),
    };
    Ok(Place { repository, key_file: given("key-file").unwrap_or_else(|| data.backup_key()) })
}

/// A backup as the list has it.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "backup")]
struct BackupRecord<'a> {
    id: &'a str,
    taken_at: String,
    kind: &'a str,
    run: &'a str,
    installation: &'a str,
    bytes: u64,
    added: u64,
    /// When it was last restored elsewhere without problems.
    drilled_at: Option<String>,
    /// How long that took.
    drill_milliseconds: Option<u64>,
}

/// The last good drill of each backup; none where there is no installation to ask.
fn drills(session: &Session) -> Vec<Drill> {
    let drills = Installation::open(&session.configuration).and_then(|installation| installation.drills());
    drills.unwrap_or_default().into_iter().filter(|drill| drill.outcome == "restored").collect()
}

fn list(session: &Session, place: &Place) -> Result<Summary, Problem> {
    let (output, language) = (&session.output, session.language());
    let found = backups::list(place)?;
    let drills = drills(session);
    let mut rows = Vec::new();
    for backup in &found {
        let drill = drills.iter().find(|drill| drill.backup == backup.id);
        let taken_at = Timestamp(backup.taken_at).to_string();
        rows.push(vec![
            backup.id.clone(),
            taken_at.clone(),
            backup.kind.clone(),
            bytes(backup.bytes),
            bytes(backup.added),
            backup.run.clone(),
            drill.map(|drill| format!("{} ({})", drill.at, milliseconds(drill.milliseconds))).unwrap_or_default(),
        ]);
        output.record(&BackupRecord {
            id: &backup.id,
            taken_at,
            kind: &backup.kind,
            run: &backup.run,
            installation: &backup.installation,
            bytes: backup.bytes,
            added: backup.added,
            drilled_at: drill.map(|drill| drill.at.to_string()),
            drill_milliseconds: drill.map(|drill| drill.milliseconds),
        });
    }
    let columns = [Word::Backup, Word::When, Word::KindOf, Word::Bytes, Word::AddedBytes, Word::Run, Word::Drilled];
    if !rows.is_empty() {
        output.table(&columns.map(|column| column.get(language)), &rows);
    }
    let summary = Word::BackupsFound.with(language, &[&found.len(), &place.repository]);
    if rows.is_empty() {
        output.result(&summary);
    }
    Ok(Summary::of_verb("backups list", Exit::Done, summary))
}

/// A file of a backup.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "file")]
struct FileRecord<'a> {
    path: &'a str,
    tenant: Option<&'a str>,
    bytes: u64,
    rows: u64,
    sha256: &'a str,
}

fn show(session: &Session, place: &Place, id: &str) -> Result<Summary, Problem> {
    let (id, manifest) = backups::show(place, id)?;
    tell(session, &manifest);
    let language = session.language();
    let (files, rows) = (manifest.parts.len(), manifest.rows());
    let taken_at = Timestamp(manifest.taken_at);
    let summary = Word::BackupHolds.with(language, &[&id, &taken_at, &files, &rows]);
    session.output.result(&summary);
    Ok(Summary::of_verb("backups show", Exit::Done, summary))
}

fn tell(session: &Session, manifest: &Manifest) {
    let (output, language) = (&session.output, session.language());
    let mut rows = Vec::new();
    for part in &manifest.parts {
        let n: u64 = part.rows.values().sum();
        let counted = if part.rows.is_empty() { String::new() } else { n.to_string() };
        let tenant = part.tenant.clone().unwrap_or_default();
        rows.push(vec![part.path.clone(), tenant, bytes(part.bytes), counted]);
        let tenant = part.tenant.as_deref();
        output.record(&FileRecord { path: &part.path, tenant, bytes: part.bytes, rows: n, sha256: &part.sha256 });
    }
    let columns = [Word::File, Word::Tenant, Word::Bytes, Word::RowsOf];
    output.table(&columns.map(|column| column.get(language)), &rows);
}

fn verify(session: &Session, place: &Place, id: &str) -> Result<Summary, Problem> {
    let (id, manifest) = backups::verify(place, id, &Arc::new(Interrupt::new()))?;
    let (files, size) = (manifest.parts.len(), bytes(manifest.bytes()));
    let summary = Word::BackupVerified.with(session.language(), &[&id, &files, &size]);
    session.output.result(&summary);
    Ok(Summary::of_verb("backups verify", Exit::Done, summary))
}

/// What became of a backup.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "pruned")]
struct PrunedRecord<'a> {
    id: &'a str,
    taken_at: String,
    kind: &'a str,
    kept: bool,
    reasons: &'a [String],
}

fn prune(session: &Session, place: &Place, own: &ArgMatches) -> Result<Summary, Problem> {
    let (output, language) = (&session.output, session.language());
    let [last, daily, weekly, monthly, within_days] = KEEPS.map(|(name, _)| own.get_one::<u32>(name).copied());
    let keep = Keep { last, daily, weekly, monthly, within_days };
    if !keep.is_said() {
        let nothing = text!(
            "nothing says which backups stay; give `--keep-last`, `--keep-daily`, `--keep-weekly`, `--keep-monthly` or `--retention-days`",
            "nada dice qué respaldos se quedan; indique `--keep-last`, `--keep-daily`, `--keep-weekly`, `--keep-monthly` o `--retention-days`"
        );
        return Err(Problem::usage(nothing));
    }
    let dry = session.run_flags.dry_run;
    let decided = backups::prune(place, &keep, dry, &Arc::new(Interrupt::new()))?;
    let mut rows = Vec::new();
    for Decision { backup, reasons } in &decided {
        let taken_at = Timestamp(backup.taken_at).to_string();
        let why =
            if reasons.is_empty() { Word::BackupGone.get(language).to_owned() } else { spoken(reasons, language) };
        rows.push(vec![backup.id.clone(), taken_at.clone(), backup.kind.clone(), why]);
        let (id, kind, kept) = (&backup.id, &backup.kind, !reasons.is_empty());
        output.record(&PrunedRecord { id, taken_at, kind, kept, reasons });
    }
    let columns = [Word::Backup, Word::When, Word::KindOf, Word::StaysBecause];
    output.table(&columns.map(|column| column.get(language)), &rows);
    let gone = decided.iter().filter(|one| !one.stays()).count();
    let word = if dry { Word::BackupsWouldGo } else { Word::BackupsPruned };
    let summary = word.with(language, &[&gone, &(decided.len() - gone)]);
    output.result(&summary);
    Ok(Summary::of_verb("backups prune", Exit::Done, summary))
}

/// Why a backup stays, in words.
fn spoken(reasons: &[String], language: Language) -> String {
    let word = |reason: &String| match reason.as_str() {
        "newest" => text!("newest", "el más reciente"),
        "last" => text!("one of the last", "de los últimos"),
        "daily" => text!("the day's", "del día"),
        "weekly" => text!("the week's", "de la semana"),
        "monthly" => text!("the month's", "del mes"),
        "within" => text!("within the days", "dentro de los días"),
        other => Text::quoted(other.to_owned()),
    };
    reasons.iter().map(|reason| word(reason).get(language).to_owned()).collect::<Vec<_>>().join(", ")
}

/// Says where the key is, and what to do with it; the key itself is in the file.
fn key(session: &Session, place: &Place) -> Result<Summary, Problem> {
    let language = session.language();
    let file: &Path = &place.key_file;
    backups::check_key(place)?;
    let summary = Word::BackupsKeyIs.with(language, &[&file.display()]);
    session.output.result(&summary);
    Ok(Summary::of_verb("backups key", Exit::Done, summary))
}
