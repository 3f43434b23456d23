//! Takes a backup: copies of the databases as they are at one moment each, media as it lies, and the configuration.

use std::fs::{self, File};
use std::io;
use std::sync::Arc;

use encargo_model::{RunId, Tenant, Timestamp};

use super::Place;
use super::location::Location;
use super::manifest::{FORMAT, Manifest, Part};
use super::repository::{self, NewKey, Opened};
use super::source::Item;
use super::staging::Staging;
use super::storing::sweep;
use crate::{BackendError, Interrupt, Platform, PlatformError, schema};

/// A backup in the making. Dropping it leaves nothing behind but what the next one uses again.
pub struct Taking {
    /// None in a dry run, which stores nothing and keeps no copy.
    pub(super) opened: Option<Opened>,
    pub(super) place: Location,
    pub(super) new_key: Option<NewKey>,
    pub(super) interrupt: Arc<Interrupt>,
    /// Where the copies lie until they are stored.
    pub(super) staging: Staging,
    pub(super) manifest: Manifest,
    pub(super) items: Vec<Item>,
}

/// What was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// What it is called: the first eight digits of the snapshot; empty in a dry run.
    pub id: String,
    /// The whole id of the snapshot, which is the SHA-256 of its file.
    pub snapshot: String,
    /// Where the repository is.
    pub place: Location,
    /// What it holds.
    pub manifest: Manifest,
    /// How many bytes were added to the repository.
    pub added: u64,
    /// How many bytes of the files were in the repository already.
    pub reused: u64,
    /// A key that was made for it.
    pub new_key: Option<NewKey>,
}

/// What a backup is taken for.
#[derive(Debug, Clone, Copy)]
pub struct What<'a> {
    /// The run that takes it.
    pub run: RunId,
    /// When it began.
    pub now: Timestamp,
    /// A word to find it by.
    pub kind: &'a str,
    /// Whether what is stored is compressed.
    pub compress: bool,
}

/// What of a tenant's media is in a backup.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Media {
    /// Its files.
    pub parts: Vec<Part>,
    /// The names of what cannot be read, or is a link or a folder.
    pub left_out: Vec<String>,
}

impl Platform {
    /// Begins a backup at this place. The repository is made where there are no backups yet, and so is its key; in a
    /// dry run nothing is made.
    ///
    /// # Errors
    /// `wrong-key` where there are backups and their key is gone or another one; what the system says.
    pub fn begin_backup(
        &self,
        place: &Place,
        what: &What<'_>,
        interrupt: &Arc<Interrupt>,
    ) -> Result<Taking, BackendError> {
        let (opened, new_key) = if self.files().is_dry() {
            repository::look(&place.repository, &place.key_file)?;
            (None, None)
        } else {
            let (opened, new_key) = repository::open_or_make(&place.repository, &place.key_file, what.compress)?;
            sweep(&opened, self.registry().installation(), what.now)?;
            (Some(opened), new_key)
        };
        let staging = Staging::make(&self.scratch(), what.run)?;
        let manifest = Manifest {
            format: FORMAT,
            encargo: env!("CARGO_PKG_VERSION").to_owned(),
            engine: "sqlite".to_owned(),
            platform_schema: schema::version(schema::PLATFORM),
            tenant_schema: schema::version(schema::TENANT),
            installation: self.registry().installation().to_owned(),
            environment: self.environment().to_owned(),
            taken_at: what.now.0,
            run: what.run.to_string(),
            kind: what.kind.to_owned(),
            parts: Vec::new(),
        };
        let place = place.repository.clone();
        Ok(Taking { opened, place, new_key, interrupt: Arc::clone(interrupt), staging, manifest, items: Vec::new() })
    }

    /// Adds who the tenants are and who works with them.
    ///
    /// # Errors
    /// When the file cannot be copied.
    pub fn back_up_platform(&self, taking: &mut Taking) -> Result<Part, BackendError> {
        let copy = taking.staging.path.join("platform.db");
        let copied = self.copy_platform(&copy)?;
        taking.database("databases/platform.db".to_owned(), "platform", None, copy, copied)
    }

    /// Adds a tenant's rows as they are now.
    ///
    /// # Errors
    /// When its file is lost, damaged or cannot be copied.
    pub fn back_up_rows(&self, taking: &mut Taking, tenant: &Tenant) -> Result<Part, BackendError> {
        let copy = taking.staging.path.join(format!("{}.db", tenant.id));
        let copied = self.files().copy_rows(tenant, &copy)?;
        let path = format!("databases/tenants/{}.db", tenant.id);
        taking.database(path, "tenant", Some(tenant.slug.clone()), copy, copied)
    }

    /// Adds the commands that were placed or added, what was granted to them, and the history of runs.
    ///
    /// # Errors
    /// When the engine store is lost, or something cannot be copied.
    pub fn back_up_commands(&self, taking: &mut Taking) -> Result<Vec<Part>, BackendError> {
        let copy = taking.staging.path.join("engine.db");
        self.copy_engine_store(&copy)?;
        let mut parts = vec![taking.add("engine/engine.db".to_owned(), "engine", None, copy, false)?];
        let all = self.data().commands();
        for (folder, place) in [(all.clone(), "commands"), (all.join("versions"), "commands/versions")] {
            for name in components(&folder).map_err(|error| super::no_room(&folder, error))? {
                let file = folder.join(&name);
                parts.push(taking.add(format!("{place}/{name}"), "command", None, file, true)?);
            }
        }
        Ok(parts)
    }

    /// Adds a tenant's media that can be read.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn back_up_media(&self, taking: &mut Taking, tenant: &Tenant) -> Result<Media, BackendError> {
        let folder = self.data().named_root("media", tenant).unwrap_or_default();
        let unreadable = |error| PlatformError::io(&folder, error).for_command(&tenant.slug);
        let mut media = Media::default();
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(media),
            entries => entries.map_err(unreadable)?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(unreadable)?;
            let is_file = entry.file_type().map_err(unreadable)?.is_file();
            match entry.file_name().into_string() {
                Ok(name) if crate::held::is_in_the_making(&name) => {}
                Ok(name) if is_file => names.push(name),
                Ok(name) => media.left_out.push(name),
                Err(name) => media.left_out.push(name.to_string_lossy().into_owned()),
            }
        }
        names.sort_unstable();
        for name in names {
            let (path, file) = (format!("media/{}/{name}", tenant.id), folder.join(&name));
            match File::open(&file) {
                Ok(_) => media.parts.push(taking.add(path, "media", Some(tenant.slug.clone()), file, true)?),
                Err(_) => media.left_out.push(name),
            }
        }
        media.left_out.sort_unstable();
        Ok(media)
    }
}

/// The names of the components in a folder, in their order.
fn components(folder: &std::path::Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(names),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let name =
            entry.file_name().into_string().ok().filter(|name| name.ends_with(".wasm") && !name.starts_with('.'));
        names.extend(name.filter(|_| entry.file_type().is_ok_and(|kind| kind.is_file())));
    }
    names.sort_unstable();
    Ok(names)
}
