//! The platform database: `platform.db`, one file for each tenant, and what opens them.

mod advice;
pub(crate) mod connection;
pub(crate) mod copies;
pub(crate) mod head;
mod identity;
mod ids;
pub(crate) mod integrity;
pub(crate) mod migrations;
mod overlay;
mod rebuild;
pub(crate) mod registry;
mod storage;
pub(crate) mod tenant_files;
mod tenants;
mod upkeep;
mod users;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use encargo_model::{Clock, ErrorCode, Language, Tenant, text};

pub use advice::{Advice, Asked};
pub(crate) use copies::Copied;
pub(crate) use identity::Identity;
pub use migrations::Pending;
pub use rebuild::Rebuilt;
pub use registry::Registry;
pub use storage::Measures;
pub use tenant_files::TenantFiles;
pub(crate) use tenant_files::rename_new;
pub use users::User;

use crate::{BackendError, DataDir, PlatformError, Replicas};
use crate::{replicas, restores};
use overlay::Overlay;

/// The platform's databases under one data directory: who the tenants are, and their files.
pub struct Platform {
    data: DataDir,
    environment: String,
    registry: Registry,
    files: TenantFiles,
    /// Where files are read that cannot be read in their place.
    replicas: Arc<Replicas>,
}

impl Platform {
    /// What [`Platform::migrate`] would do.
    ///
    /// # Errors
    /// When a file is lost, damaged, newer than this program or cannot be read.
    pub fn plan(data: &DataDir) -> Result<Vec<Pending>, PlatformError> {
        restores::finish(data)?;
        migrations::plan(data)
    }

    /// Makes the data directory's folders and `platform.db` where they are missing and brings every file to this
    /// program's schema, one after the other; it can be run again after a break. The environment is recorded the first
    /// time. What is lost is not made anew.
    ///
    /// # Errors
    /// [`PlatformError::Quarantined`] when some tenants' files could not be migrated and all others were.
    pub fn migrate(data: &DataDir, environment: &str) -> Result<Vec<Pending>, PlatformError> {
        restores::finish(data)?;
        migrations::migrate(data, environment)
    }

    /// Makes a lost `platform.db` again, with the tenants that the files in the data directory name.
    ///
    /// # Errors
    /// When it is not lost, or the files are of two installations or twice of one tenant; nothing is made then.
    pub fn rebuild(data: &DataDir, environment: &str, clock: &dyn Clock) -> Result<Rebuilt, PlatformError> {
        restores::finish(data)?;
        rebuild::rebuild(data, environment, clock)
    }

    /// Opens `platform.db`. Tenants' files are opened when they are used.
    ///
    /// # Errors
    /// When there is no data directory, it needs a migration, it is another environment's, lost, damaged or not
    /// writable.
    pub fn open(data: DataDir, environment: &str, clock: Arc<dyn Clock>) -> Result<Self, PlatformError> {
        let path = data.platform_db();
        if path.exists() {
            connection::check_writable(data.root())?;
            replicas::check_writable(&path)?;
        }
        Self::open_to_read(&Arc::new(Replicas::new(data.clone())), data, environment, clock)
    }

    /// The same for who may only want to read: it need not be writable. [`Platform::check_writable`] asks for that.
    ///
    /// # Errors
    /// When there is no data directory, it needs a migration, it is another environment's, lost, damaged or not
    /// readable.
    pub fn open_to_read(
        replicas: &Arc<Replicas>,
        data: DataDir,
        environment: &str,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, PlatformError> {
        restores::finish(&data)?;
        let registry = Registry::open(&data, environment, clock, Arc::clone(replicas))?;
        let installation = registry.installation().to_owned();
        let files = TenantFiles::new(data.clone(), installation, None, Arc::clone(replicas));
        Ok(Self { data, environment: environment.to_owned(), registry, files, replicas: Arc::clone(replicas) })
    }

    /// The same platform for a dry run: every database file that it uses is first copied into `scratch`, once, and all
    /// writes go to the copies. The real files stay byte for byte as they are (`-wal` and `-shm` exempt).
    #[must_use]
    pub fn dry_run(&self, scratch: &Path) -> Self {
        let overlay = Arc::new(Overlay::new(scratch.to_owned(), Arc::clone(&self.replicas)));
        Self {
            data: self.data.clone(),
            environment: self.environment.clone(),
            registry: self.registry.dry_run(Arc::clone(&overlay)),
            files: self.files.dry_run(overlay),
            replicas: Arc::clone(&self.replicas),
        }
    }

    /// Whether `platform.db`, and a tenant's file, can be written: asked before a run that changes anything begins.
    ///
    /// # Errors
    /// `ReadOnly` or `DiskFull`, with the file.
    pub fn check_writable(&self, tenant: Option<&Tenant>) -> Result<(), PlatformError> {
        let files = [Some(self.data.platform_db()), tenant.map(|tenant| self.data.tenant_db(tenant.id))];
        files.iter().flatten().try_for_each(|path| replicas::check_writable(path))
    }

    /// Whether `platform.db` could be written now, within this long. It writes nothing.
    ///
    /// # Errors
    /// `Busy` when another process is writing for longer.
    pub fn check_free(&self, within: Duration) -> Result<(), PlatformError> {
        let path = self.data.platform_db();
        connection::check_free(&path, &connection::open(&path)?, within)
    }

    /// A folder for what lives as long as a run, elsewhere when nothing can be written under the data directory.
    pub fn scratch(&self) -> PathBuf {
        // Where neither can be written, whoever makes a file there says so.
        self.replicas.scratch().unwrap_or_else(|_| self.data.scratch())
    }

    /// Where its files lie.
    pub const fn data(&self) -> &DataDir {
        &self.data
    }

    /// The environment that it was opened for.
    pub fn environment(&self) -> &str {
        &self.environment
    }

    /// Who the tenants are and who works with them.
    pub const fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The tenants' files.
    pub const fn files(&self) -> &TenantFiles {
        &self.files
    }

    /// Makes a tenant with its file and folders.
    ///
    /// # Errors
    /// `invalid` for a slug that is none, `already-exists`.
    pub fn create_tenant(&self, slug: &str, name: &str, language: Language) -> Result<Tenant, BackendError> {
        self.create_tenant_of(slug, name, language, |_, _| Ok(()))
    }

    /// The same with what fills its file and its folders before it stands in the list.
    pub(crate) fn create_tenant_of(
        &self,
        slug: &str,
        name: &str,
        language: Language,
        fill: impl FnOnce(&Tenant, &Path) -> Result<(), BackendError>,
    ) -> Result<Tenant, BackendError> {
        Tenant::check_slug(slug).map_err(|problem| BackendError::new(ErrorCode::Invalid, problem))?;
        let files = &self.files;
        // A break before the commit leaves a file beside its place that the next one with this id is made over; after
        // it, whoever looks at the file first puts it there.
        let prepared = std::cell::OnceCell::new();
        let prepare = |tenant: &Tenant| {
            files.prepare(prepared.get_or_init(|| tenant.clone()))?;
            fill(tenant, &files.waiting_for(tenant))
        };
        let registered = self.registry.register((slug, name, language), |id| files.is_free(id), prepare);
        match &registered {
            Ok(tenant) => files.publish(tenant),
            Err(_) => prepared.get().into_iter().for_each(|tenant| files.take_back(tenant)),
        }
        registered
    }

    /// Takes a tenant out of the list and leaves its files where they are; where that is. Its id is never given again.
    ///
    /// # Errors
    /// `not-found` when there is no such tenant.
    pub fn forget_tenant(&self, slug: &str) -> Result<Vec<PathBuf>, BackendError> {
        let tenant = self.registry.tenant(slug)?;
        let unknown = || {
            BackendError::new(
                ErrorCode::NotFound,
                text!("there is no tenant `{slug}`", "no existe el inquilino `{slug}`"),
            )
        };
        let tenant = tenant.ok_or_else(unknown)?;
        self.registry.unregister(&tenant)?;
        Ok(self.files.left_of(&tenant))
    }
}

#[cfg(test)]
pub(crate) mod tests;
