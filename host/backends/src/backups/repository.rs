//! The repository: opened with its key, or made.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytesize::ByteSize;
use encargo_model::{ErrorCode, text};
use rustic_core::repofile::Chunker;
use rustic_core::{
    ConfigOptions, Credentials, KeyOptions, OpenStatus, Repository, RepositoryBackends, RepositoryOptions, RusticError,
    WriteBackend,
};

use super::faults::{Fault, Faults};
use super::folder::Folder;
use super::key;
use super::location::Location;
use super::objects::Objects;
use crate::BackendError;

/// The pages of a tenant's file. Chunks of one page store the least of what changed here and there, and a tenant's file
/// is all that is large: BENCHMARKS.md, "Backups".
const CHUNK: u64 = 16 << 10;

/// A key that was made now, and where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// Its file.
    pub path: PathBuf,
    /// The key itself, to be shown once.
    pub key: String,
}

/// An open repository.
pub(crate) struct Opened {
    pub(crate) repository: Repository<OpenStatus>,
    pub(super) faults: Faults,
    /// Where it is.
    pub(super) path: Location,
}

impl Opened {
    /// What is wrong, in our words: what the system said below the library comes first.
    pub(super) fn wrong(&self, error: &RusticError) -> BackendError {
        wrong(&self.path, &self.faults, error)
    }

    /// Passes when nothing failed below the library.
    ///
    /// # Errors
    /// What failed first.
    pub(super) fn sound(&self) -> Result<(), BackendError> {
        self.faults.take().map_or(Ok(()), |error| Err(unusable(&self.path, error)))
    }
}

/// What keeps the files of a repository.
pub(super) fn files(path: &Location, faults: &Faults) -> Result<Arc<dyn WriteBackend>, BackendError> {
    match path {
        Location::Folder(folder) => Ok(Arc::new(Folder::new(folder.clone(), faults.clone()))),
        Location::Bucket(bucket) => match Objects::new(bucket.clone(), faults.clone()) {
            Ok(objects) => Ok(objects),
            Err(fault) => Err(unusable(path, fault)),
        },
    }
}

fn backend(path: &Location, faults: &Faults) -> Result<Repository<()>, BackendError> {
    let backends = RepositoryBackends::new(files(path, faults)?, None);
    // A cache would lie in a home that a service may not have, and holds what nobody needs twice.
    Repository::new(&RepositoryOptions::default().no_cache(true), &backends)
        .map_err(|error| wrong(path, faults, &error))
}

/// Opens the repository at this path with the key in this file.
///
/// # Errors
/// `not-found` where there is none; `wrong-key` without its key or with another one; what the system says.
pub(crate) fn open(path: &Location, key_file: &Path) -> Result<Opened, BackendError> {
    let faults = Faults::default();
    let repository = backend(path, &faults)?;
    if !is_there(path, &faults, &repository)? {
        let message = text!("there are no backups at `{}`", "no hay respaldos en `{}`"; path);
        return Err(BackendError::new(ErrorCode::NotFound, message));
    }
    unlock(repository, faults, path, key_file)
}

/// Opens a repository that is there with the key in this file.
fn unlock(
    repository: Repository<()>,
    faults: Faults,
    path: &Location,
    key_file: &Path,
) -> Result<Opened, BackendError> {
    let Some(key) = key::read(key_file)? else { return Err(no_key(path, key_file)) };
    let opened = repository.open(&Credentials::password(key));
    let repository = opened.map_err(|error| wrong(path, &faults, &error))?;
    Ok(Opened { repository, faults, path: path.clone() })
}

/// Opens it by the key that its key is derived to, which takes no derivation.
#[cfg(test)]
pub(crate) fn open_by(path: &Location, key: &rustic_core::repofile::MasterKey) -> Result<Opened, BackendError> {
    let faults = Faults::default();
    let opened = backend(path, &faults)?.open(&Credentials::Masterkey(key.clone()));
    let repository = opened.map_err(|error| wrong(path, &faults, &error))?;
    Ok(Opened { repository, faults, path: path.clone() })
}

/// Passes where there are no backups yet, and where the key opens those that there are. Nothing is made.
///
/// # Errors
/// As [`open`] does, but for `not-found`.
pub(super) fn look(path: &Location, key_file: &Path) -> Result<(), BackendError> {
    match open(path, key_file) {
        Err(error) if error.code != ErrorCode::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The same, and makes the repository, and a key where there is none, where there are no backups yet.
///
/// # Errors
/// As [`open`] does; `wrong-key` where there are backups and no key.
pub(super) fn open_or_make(
    path: &Location,
    key_file: &Path,
    compress: bool,
) -> Result<(Opened, Option<NewKey>), BackendError> {
    let faults = Faults::default();
    // Two that come first at once would make two, of which one is lost.
    let _making = key::hold(key_file)?;
    let repository = backend(path, &faults)?;
    if is_there(path, &faults, &repository)? {
        let mut opened = unlock(repository, faults, path, key_file)?;
        // What is stored from now on is compressed as is asked for now.
        let options = ConfigOptions::default().set_compression(level(compress));
        let applied = opened.repository.apply_config(&options);
        applied.map_err(|error| opened.wrong(&error))?;
        return Ok((opened, None));
    }
    let (key, made) = match key::read(key_file)? {
        Some(key) => (key, None),
        None => {
            let key = key::make(key_file)?;
            (key.clone(), Some(NewKey { path: key_file.to_owned(), key }))
        }
    };
    let options = ConfigOptions::default()
        .set_version(2_u32)
        .set_chunker(Chunker::FixedSize)
        .set_chunk_size(ByteSize(CHUNK))
        .set_compression(level(compress))
        // Everything is read back from where it was stored, so it need not be looked at before.
        .set_extra_verify(false);
    let made_now = repository.init(&Credentials::password(key), &KeyOptions::default().with_created(true), &options);
    let repository = made_now.map_err(|error| wrong(path, &faults, &error))?;
    Ok((Opened { repository, faults, path: path.clone() }, made))
}

/// As zstd counts: 0 is none. Each chunk is compressed by itself, and of so little level 3 gains 2 % over level 2, which
/// takes half the time: it clears a quarter of the tables for each.
const fn level(compress: bool) -> i32 {
    if compress { 2 } else { 0 }
}

fn is_there(path: &Location, faults: &Faults, repository: &Repository<()>) -> Result<bool, BackendError> {
    let id = repository.config_id().map_err(|error| wrong(path, faults, &error))?;
    Ok(id.is_some())
}

fn no_key(path: &Location, key_file: &Path) -> BackendError {
    let message = text!(
        "there are backups at `{}` and no key at `{}`; put the key there that you kept elsewhere, or name its file with `key_file` under `[backups]`",
        "hay respaldos en `{}` y ninguna clave en `{}`; ponga ahí la clave que guardó en otro sitio, o indique su archivo con `key_file` en `[backups]`";
        path,
        key_file.display()
    );
    BackendError::new(ErrorCode::WrongKey, message)
}

pub(super) fn unusable(path: &Location, fault: Fault) -> BackendError {
    let message = text!(
        "the backups at `{}` cannot be used: {why}",
        "no se pueden usar los respaldos en `{}`: {why}",
        why = fault.why;
        path
    );
    BackendError::new(ErrorCode::Unavailable, message).because(fault.cause)
}

pub(super) fn wrong(path: &Location, faults: &Faults, error: &RusticError) -> BackendError {
    if let Some(fault) = faults.take() {
        return unusable(path, fault);
    }
    if error.is_incorrect_password() {
        let message = text!(
            "the key does not open the backups at `{}`",
            "la clave no abre los respaldos en `{}`";
            path
        );
        return BackendError::new(ErrorCode::WrongKey, message);
    }
    let message = text!(
        "the backups at `{}` are damaged; `encargo backups verify` says what is left of them",
        "los respaldos en `{}` están dañados; `encargo backups verify` dice qué queda de ellos";
        path
    );
    BackendError::new(ErrorCode::VerificationFailed, message).because(error.display_log())
}
