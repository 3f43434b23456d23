//! `encargo backups drill`: restores a backup into a place of its own, looks at it, and records that it can be done.

use std::time::Instant;

use encargo_model::{Action, Clock as _, Exit, Outcome, Run, SystemClock, text};
use serde::Serialize;

use crate::config::Configuration;
use crate::error::Problem;
use crate::output::measure::milliseconds;
use crate::output::{Summary, Word};
use crate::session::Session;
use crate::verbs::run::start;
use crate::wiring::{self, Drill, Installation, Place, TemporaryFolder, backups, data_dir};

/// A drill as programs read it.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "drill")]
pub(super) struct DrillRecord<'a> {
    backup: &'a str,
    at: String,
    outcome: &'a str,
    milliseconds: u64,
    files: u64,
    rows: u64,
}

impl<'a> DrillRecord<'a> {
    pub(super) fn of(drill: &'a Drill) -> Self {
        let Drill { at, backup, outcome, milliseconds, files, rows } = drill;
        Self { backup, at: at.to_string(), outcome, milliseconds: *milliseconds, files: *files, rows: *rows }
    }
}

/// Without an id it is the newest backup that has rows, and was not taken for the sake of a restore.
pub(super) fn drill(session: &Session, place: &Place, id: Option<&String>) -> Result<Summary, Problem> {
    let installation = Installation::open(&session.configuration)?;
    let all = backups::list(place)?;
    let newest = all.iter().find(|backup| matches!(backup.kind.as_str(), "full" | "database"));
    let (backup, _) = backups::show(place, id.or(newest.map(|newest| &newest.id)).map_or("latest", String::as_str))?;
    let scratch = data_dir(&session.configuration).scratch();
    let folder = TemporaryFolder::make_in(&scratch).map_err(|error| no_room(&error))?;
    let mut configuration = session.configuration.clone();
    configuration.data_dir.value = folder.path().join("data");
    let at = SystemClock.now();
    let (restored, took) = restore(session, &configuration, place, &backup)?;
    let (files, rows) = (counted(&restored, "files", &Action::Read), counted(&restored, "rows", &Action::Created));
    let problems = match is_done(&restored) {
        true => Some(start(session, &configuration, "validate_system", &["--contents".to_owned()])?.run),
        false => None,
    };
    let outcome = match &problems {
        None => "failed",
        Some(look) if look.exit == Some(Exit::Done) => "restored",
        Some(_) => "problems",
    };
    let drill = Drill { at, backup, outcome: outcome.to_owned(), milliseconds: took, files, rows };
    installation.record_drill(&drill)?;
    let look = problems.unwrap_or(restored);
    tell(session, &drill, &look)
}

/// Restores it; how it ended, and how many milliseconds it took.
fn restore(
    session: &Session,
    configuration: &Configuration,
    place: &Place,
    backup: &str,
) -> Result<(Run, u64), Problem> {
    let arguments = [
        format!("--repository={}", place.repository),
        format!("--key-file={}", place.key_file.display()),
        format!("--backup={backup}"),
    ];
    let began = Instant::now();
    wiring::migrate(configuration)?;
    let restored = start(session, configuration, "restore_data", &arguments)?.run;
    Ok((restored, u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX)))
}

fn counted(run: &Run, subject: &str, action: &Action) -> u64 {
    let counts = run.report.iter().flat_map(|report| &report.counts);
    counts.filter(|count| count.subject == subject && count.action == *action).map(|count| count.n).sum()
}

fn is_done(run: &Run) -> bool {
    run.exit == Some(Exit::Done) && run.report.as_ref().is_some_and(|report| report.outcome != Outcome::Partial)
}

/// Says what came of it; anything but a restored backup without problems is the exit code.
fn tell(session: &Session, drill: &Drill, look: &Run) -> Result<Summary, Problem> {
    let (output, language) = (&session.output, session.language());
    output.record(&DrillRecord::of(drill));
    let took = milliseconds(drill.milliseconds);
    if drill.outcome == "restored" {
        let summary = Word::BackupDrilled.with(language, &[&drill.backup, &drill.files, &drill.rows, &took]);
        output.result(&summary);
        return Ok(Summary::of_verb("backups drill", Exit::Done, summary));
    }
    let exit = look.exit.filter(|exit| *exit != Exit::Done).unwrap_or(Exit::Partial);
    let said = look.error.as_ref().map(|(_, message)| message.clone());
    let said = said.or_else(|| look.report.as_ref().map(|report| report.summary.clone())).unwrap_or_default();
    let message = match drill.outcome.as_str() {
        "problems" => text!(
            "the backup {} can be restored, and what was restored has problems: {said}",
            "el respaldo {} se puede restaurar, y lo restaurado tiene problemas: {said}";
            drill.backup
        ),
        _ => text!(
            "the backup {} cannot be restored whole: {said}",
            "el respaldo {} no se puede restaurar entero: {said}";
            drill.backup
        ),
    };
    Err(Problem::new(exit, message))
}

fn no_room(error: &std::io::Error) -> Problem {
    Problem::new(
        Exit::Failed,
        text!("no temporary folder could be made: {error}", "no se pudo crear una carpeta temporal: {error}"),
    )
}
