//! Carries a restore out: the step from which on it is done by whoever comes next, and the steps themselves.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use encargo_model::{ErrorCode, text};
use rusqlite::backup::{Backup, StepResult};
use rustix::fs::{FlockOperation, flock};

use super::journal::{Journal, NAME, Step};
use super::staging::NAMED;
use super::{Done, Restoring, commands, media, people};
use crate::data_dir::sync_folder_of;
use crate::platform::head::{self, Look};
use crate::platform::{connection, rename_new, tenant_files};
use crate::{BackendError, DataDir, Platform, PlatformError};

/// How long another process's restore is waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);

impl Platform {
    /// Carries a restore out. From its beginning on it is done whatever happens: where this process ends, the next one
    /// that opens the platform goes on. In a dry run nothing is carried out.
    ///
    /// # Errors
    /// `cancelled` before it began. When the first step fails, nothing was done; when a later one does, it is
    /// `unavailable`, and the next process that opens the platform goes on.
    pub fn carry_out(&self, mut restoring: Restoring) -> Result<Done, BackendError> {
        if restoring.interrupt.is_raised() {
            return Err(crate::sqlite::cancelled());
        }
        if restoring.is_dry {
            return Ok(Done::default());
        }
        if let Some(duplicate) = restoring.duplicate.take() {
            duplicate.make(self, &restoring.staging.path, &restoring.interrupt)?;
            return Ok(Done::default());
        }
        restoring.staging.check_largest(&restoring.steps)?;
        let steps = std::mem::take(&mut restoring.steps);
        let journal = Journal::new(restoring.run.to_string(), restoring.stored.id(), steps);
        let data = self.data();
        let begun = || -> Result<(), PlatformError> { journal.write(&restoring.staging.path) };
        begun().map_err(not_begun)?;
        restoring.staging.sync()?;
        restoring.staging.hand_over(&data.restoring()).map_err(not_begun)?;
        let mut done = Done::default();
        match apply(data, &journal, &mut done) {
            Ok(()) => {}
            Err((0, error)) => {
                // Nothing was done, and nothing is to be: the folder goes back to what is swept.
                let back = data.scratch().join(format!("{NAMED}{}", journal.run));
                if rename_new(&data.restoring(), &back).is_ok() {
                    let _ = fs::remove_dir_all(back);
                    return Err(not_begun(error));
                }
                return Err(unfinished(error));
            }
            Err((_, error)) => return Err(unfinished(error)),
        }
        clear(data, &journal).map_err(unfinished)?;
        Ok(done)
    }
}

/// Goes on with a restore that was begun, if there is one.
///
/// # Errors
/// [`PlatformError::Unfinished`] when it cannot be done now.
pub(crate) fn finish(data: &DataDir) -> Result<(), PlatformError> {
    let place = data.restoring();
    if !place.exists() {
        return Ok(());
    }
    let go_on = || -> Result<(), PlatformError> {
        let Some(_held) = hold(&place)? else { return Ok(()) };
        let journal = Journal::read(&place)?;
        apply(data, &journal, &mut Done::default()).map_err(|(_, error)| error)?;
        clear(data, &journal)
    };
    go_on().map_err(|why| PlatformError::Unfinished { path: place.clone(), why: Box::new(why) })
}

/// Holds the folder against others that would go on with the same restore; none when it is over meanwhile.
#[expect(clippy::disallowed_methods, reason = "a lock of another process tells nobody when it is let go")]
fn hold(place: &Path) -> Result<Option<File>, PlatformError> {
    let begun = Instant::now();
    loop {
        let folder = match File::open(place) {
            Ok(folder) => folder,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(PlatformError::io(place, error)),
        };
        match flock(&folder, FlockOperation::NonBlockingLockExclusive) {
            Err(rustix::io::Errno::WOULDBLOCK) if begun.elapsed() < PATIENCE => thread::sleep(PAUSE),
            Err(rustix::io::Errno::WOULDBLOCK) => return Err(PlatformError::Busy { path: place.to_owned() }),
            // A file system without locks has one process at a time.
            _ if place.join(NAME).exists() => return Ok(Some(folder)),
            _ if !place.exists() => return Ok(None),
            _ => return Err(PlatformError::Corrupt { path: place.join(NAME) }),
        }
    }
}

/// Does all steps; which one failed, counted from 0, and why.
pub(super) fn apply(data: &DataDir, journal: &Journal, done: &mut Done) -> Result<(), (usize, PlatformError)> {
    let below = |name: &str| data.restoring().join(name);
    for (at, step) in journal.steps.iter().enumerate() {
        let applied = match step {
            Step::Database { fetched, place } => {
                put_database(&below(fetched), &data.root().join(place), &journal.run, done)
            }
            Step::Media { fetched, place, names } => media::put(&below(fetched), &data.root().join(place), names),
            Step::Add { fetched, place, names } => commands::add(&below(fetched), &data.root().join(place), names),
            Step::Register(tenant) => people::register(&data.platform_db(), tenant),
        };
        applied.map_err(|error| (at, error))?;
    }
    Ok(())
}

/// The end of a restore: its folder goes.
fn clear(data: &DataDir, journal: &Journal) -> Result<(), PlatformError> {
    let place = data.restoring();
    let over = data.scratch().join(format!("{NAMED}{}-over", journal.run));
    // Under another name nobody takes it for one that is to be gone on with, wherever the removal stops.
    match rename_new(&place, &over) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(PlatformError::io(&place, error)),
    }
    let _ = sync_folder_of(&place);
    let _ = fs::remove_dir_all(over);
    Ok(())
}

/// Puts rows in the place of others. A live file is written into, in one transaction, and never replaced: other processes
/// may have it open. Where there is none the fetched file takes its place, and one that is no database any more is put
/// aside first.
fn put_database(fetched: &Path, place: &Path, run: &str, done: &mut Done) -> Result<(), PlatformError> {
    if !fetched.exists() {
        // It took its place in an attempt before.
        return head::look(place).map(drop);
    }
    tenant_files::put_in_place(place);
    if matches!(head::look(place), Ok(Look::Database(_))) {
        match copy_into(fetched, place) {
            Err(PlatformError::Corrupt { .. }) => {}
            copied => return copied,
        }
    }
    put_aside(place, run, done)?;
    rename_new(fetched, place).and_then(|()| sync_folder_of(place)).map_err(|error| PlatformError::io(place, error))
}

fn copy_into(fetched: &Path, place: &Path) -> Result<(), PlatformError> {
    let from = connection::open(fetched)?;
    let of_place = |error| PlatformError::sqlite(place, error);
    let mut to = connection::open(place)?;
    let copy = Backup::new(&from, &mut to).map_err(of_place)?;
    match copy.step(-1).map_err(of_place)? {
        StepResult::Done => {}
        _ => return Err(PlatformError::Busy { path: place.to_owned() }),
    }
    drop(copy);
    // A reader in another process may hold the log back; the next writer brings it in.
    let _ = to.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    Ok(())
}

/// Moves what lies at the place of a database out of the way, with what SQLite keeps beside it.
fn put_aside(place: &Path, run: &str, done: &mut Done) -> Result<(), PlatformError> {
    for file in tenant_files::files_of(place) {
        let mut aside = file.as_os_str().to_owned();
        aside.push(format!(".damaged-{run}"));
        let aside = PathBuf::from(aside);
        let length = match fs::metadata(&file) {
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(PlatformError::io(&file, error)),
        };
        let moved = match length {
            0 => fs::remove_file(&file),
            _ => rename_new(&file, &aside),
        };
        moved.map_err(|error| PlatformError::io(&file, error))?;
        if length > 0 {
            done.aside.push(aside);
        }
    }
    Ok(())
}

fn not_begun(error: PlatformError) -> BackendError {
    let code = if matches!(error, PlatformError::Busy { .. }) { ErrorCode::Locked } else { ErrorCode::Unavailable };
    let message = text!("nothing was restored: {why}", "no se restauró nada: {why}", why = error.without_names());
    BackendError::new(code, message).because(error)
}

fn unfinished(error: PlatformError) -> BackendError {
    let message = text!(
        "a part was restored and the rest could not be now: {why}; the next command goes on with it before it does anything else",
        "se restauró una parte y el resto no se pudo ahora: {why}; el próximo comando lo continúa antes de hacer nada",
        why = error.without_names()
    );
    BackendError::new(ErrorCode::Unavailable, message).because(error)
}
