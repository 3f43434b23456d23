//! The tenants' files: make, look at and open one tenant's rows.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use encargo_model::{ErrorCode, RunId, Tenant, text};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;

use super::identity::Identity;
use super::overlay::{Overlay, error_of_copy};
use super::{connection, migrations};
use crate::data_dir::{make_folder, sync_folder_of};
use crate::made;
use crate::replicas::{self, Way};
use crate::sqlite::Durability;
use crate::{Access, BackendError, DataDir, Database, PlatformError, Replicas};

/// Opens one tenant's rows.
pub struct TenantFiles {
    data: DataDir,
    installation: String,
    /// Where the copies of a dry run lie.
    overlay: Option<Arc<Overlay>>,
    replicas: Arc<Replicas>,
}

impl TenantFiles {
    pub(super) const fn new(
        data: DataDir,
        installation: String,
        overlay: Option<Arc<Overlay>>,
        replicas: Arc<Replicas>,
    ) -> Self {
        Self { data, installation, overlay, replicas }
    }

    pub(super) const fn data(&self) -> &DataDir {
        &self.data
    }

    /// Whether it works on the copies of a dry run.
    pub(crate) const fn is_dry(&self) -> bool {
        self.overlay.is_some()
    }

    /// The same on copies.
    pub(super) fn dry_run(&self, overlay: Arc<Overlay>) -> Self {
        Self::new(self.data.clone(), self.installation.clone(), Some(overlay), Arc::clone(&self.replicas))
    }

    /// Opens a tenant's rows for one run.
    ///
    /// # Errors
    /// `unavailable` when they need a migration, `internal` when they are lost, damaged or another tenant's.
    pub fn open(&self, tenant: &Tenant, access: Access) -> Result<Database, BackendError> {
        let identity = self.identity(tenant);
        let real = self.data.tenant_db(tenant.id);
        let explained = |why: PlatformError| why.for_command(&tenant.slug);
        let (path, durability) = match &self.overlay {
            // A tenant that the dry run made has its file there alone.
            Some(overlay) if overlay.place_of(&real).exists() => (overlay.place_of(&real), Durability::Discarded),
            Some(overlay) => {
                self.look(&identity, &real).map_err(explained)?;
                (overlay.copy_of(&real)?, Durability::Discarded)
            }
            None => {
                self.look(&identity, &real).map_err(explained)?;
                made::settle(&self.data, tenant.id);
                let is_kept = replicas::way_of(&real) == Way::Write;
                let readable = self.replicas.readable(&real).map_err(error_of_copy)?;
                (readable.file, if is_kept { Durability::Kept } else { Durability::Denied })
            }
        };
        Database::open(&path, &identity, access, durability)
    }

    /// Whether a tenant's file is there, its own, undamaged at its head, and of this program's schema: cheaper than
    /// opening it.
    ///
    /// # Errors
    /// What is wrong with it, with the exit code of a lost, damaged or outdated file.
    pub fn check(&self, tenant: &Tenant) -> Result<(), PlatformError> {
        self.look(&self.identity(tenant), &self.data.tenant_db(tenant.id))
    }

    /// Opens a tenant's file and reads the ends of each of its tables, without changing it.
    pub(crate) fn read_once(&self, tenant: &Tenant) -> Result<(), PlatformError> {
        let (identity, path) = (self.identity(tenant), self.data.tenant_db(tenant.id));
        put_in_place(&path);
        identity.look(&path)?;
        let opened = connection::open(&self.replicas.readable(&path)?.file)?;
        identity.check_version(&path, &opened)?;
        connection::read_ends(&path, &opened)
    }

    /// A tenant's file, opened for a look that changes nothing: in a dry run its copy where there is one.
    pub(super) fn to_look_at(&self, tenant: &Tenant) -> Result<(PathBuf, rusqlite::Connection), BackendError> {
        let (identity, real) = (self.identity(tenant), self.data.tenant_db(tenant.id));
        let copy = self.overlay.as_ref().map(|overlay| overlay.place_of(&real)).filter(|copy| copy.exists());
        let open = || -> Result<(PathBuf, rusqlite::Connection), PlatformError> {
            let path = match copy {
                Some(copy) => copy,
                None => {
                    self.look(&identity, &real)?;
                    self.replicas.readable(&real)?.file
                }
            };
            let file = connection::open(&path)?;
            file.pragma_update(None, "query_only", 1).map_err(|error| PlatformError::sqlite(&path, error))?;
            Ok((path, file))
        };
        open().map_err(|why| why.for_command(&tenant.slug))
    }

    /// A folder for a copy that lasts as long as the run at most, and whether the run holds it already.
    pub(super) fn to_try_in(&self, run: RunId) -> (PathBuf, bool) {
        match &self.overlay {
            Some(overlay) => (overlay.folder().to_owned(), true),
            None => (self.replicas.scratch().unwrap_or_else(|_| self.data.scratch()).join(run.to_string()), false),
        }
    }

    /// Whether nothing of an earlier tenant lies where one with this id would have its files.
    pub(super) fn is_free(&self, id: i64) -> bool {
        let path = self.place_of(id);
        let folders = ["media", "temporary"].map(|root| self.data.root().join(root).join(id.to_string()));
        let has_entries = |folder: &Path| fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
        let real = self.data.tenant_db(id);
        files_of(&path).iter().chain(&files_of(&real)).all(|file| file.symlink_metadata().is_err())
            && !folders.iter().any(|folder| has_entries(folder))
    }

    /// Makes a new tenant's file beside its place, whole, and its folders.
    pub(super) fn prepare(&self, tenant: &Tenant) -> Result<(), BackendError> {
        let made = |error: PlatformError| {
            let problem = match &error {
                PlatformError::DiskFull { lack, .. } => text!(
                    "`{}` cannot be made: {lack}",
                    "no se puede crear `{}`: {lack}",
                    lack = lack;
                    tenant.slug
                ),
                _ => text!(
                    "the files of `{}` cannot be made",
                    "no se pueden crear los archivos de `{}`";
                    tenant.slug
                ),
            };
            BackendError::new(ErrorCode::Unavailable, problem).because(error)
        };
        let waiting = waiting_of(&self.place_of(tenant.id));
        // One that was being made when its process ended was never registered.
        remove(&waiting);
        migrations::make_tenant_file(&waiting, &self.identity(tenant))
            .inspect_err(|_| remove(&waiting))
            .map_err(made)?;
        if self.overlay.is_none() {
            for name in ["imports", "media", "temporary"] {
                if let Some(folder) = self.data.named_root(name, tenant) {
                    make_folder(&folder).map_err(|error| made(PlatformError::io(&folder, error)))?;
                }
            }
        }
        Ok(())
    }

    /// Where a tenant's file lies until the tenant is registered.
    pub(super) fn waiting_for(&self, tenant: &Tenant) -> PathBuf {
        waiting_of(&self.place_of(tenant.id))
    }

    /// Puts a registered tenant's new file in its place.
    pub(super) fn publish(&self, tenant: &Tenant) {
        put_in_place(&self.place_of(tenant.id));
    }

    /// Takes back what was prepared for a tenant that then was not registered.
    pub(super) fn take_back(&self, tenant: &Tenant) {
        remove(&waiting_of(&self.place_of(tenant.id)));
    }

    /// What lies under the data directory of a tenant's.
    pub(super) fn left_of(&self, tenant: &Tenant) -> Vec<PathBuf> {
        let folders =
            ["imports", "media", "temporary"].into_iter().filter_map(|name| self.data.named_root(name, tenant));
        let has_entries = |folder: &PathBuf| fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
        let files = files_of(&self.data.tenant_db(tenant.id)).into_iter().filter(|file| file.exists());
        files.chain(folders.filter(has_entries)).collect()
    }

    fn look(&self, identity: &Identity, path: &Path) -> Result<(), PlatformError> {
        put_in_place(path);
        identity.check_file(path, &self.replicas)
    }

    fn identity(&self, tenant: &Tenant) -> Identity {
        Identity::of(&self.installation, tenant)
    }

    fn place_of(&self, id: i64) -> PathBuf {
        let real = self.data.tenant_db(id);
        self.overlay.as_ref().map_or_else(|| real.clone(), |overlay| overlay.place_of(&real))
    }
}

/// Where a file is made that then takes this place.
pub(super) fn waiting_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    name.into()
}

/// Puts a file that waits beside its place there, if there is one and nothing is there: it waits only until its tenant
/// is registered, and whoever comes next finishes what a process that ended in between began.
pub(crate) fn put_in_place(path: &Path) {
    let waiting = waiting_of(path);
    if path.exists() || !waiting.exists() {
        return;
    }
    // Where it does not succeed, whoever opens the file says that it is missing.
    let _ = rename_new(&waiting, path).and_then(|()| sync_folder_of(path));
}

/// Renames a file, and never over another one.
pub(crate) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // File systems without it have links.
        Err(Errno::INVAL | Errno::NOSYS) => fs::hard_link(from, to).and_then(|()| fs::remove_file(from)),
        renamed => renamed.map_err(Into::into),
    }
}

/// The log of a database file.
pub(super) fn log_of(path: &Path) -> PathBuf {
    let [_, log, _] = files_of(path);
    log
}

/// A database with what SQLite keeps beside it.
pub(crate) fn files_of(path: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|end| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        name.into()
    })
}

/// Removes what SQLite keeps beside a database that nobody has open, once all of it is in the database.
pub(crate) fn remove_beside(path: &Path) {
    for file in &files_of(path)[1..] {
        // What stays is empty.
        let _ = fs::remove_file(file);
    }
}

/// Removes a file that was being made, with what SQLite kept beside it.
pub(crate) fn remove(waiting: &Path) {
    for file in files_of(waiting) {
        // What cannot be removed keeps the next one from being made, which then says so.
        let _ = fs::remove_file(file);
    }
}
