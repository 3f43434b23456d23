//! Where things lie under the data directory.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use encargo_model::{Lack, RunId, Tenant};
use rustix::fs::{Access, access, statvfs};

use crate::PlatformError;
use crate::backups::Location;
use crate::platform::head::{self, Look, log_of};

/// The data directory's layout. Making one touches nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataDir {
    root: PathBuf,
    /// Where backups are, where that was said.
    backups: Option<Location>,
    /// The file with their key, where that was said.
    backup_key: Option<PathBuf>,
}

impl DataDir {
    /// The layout under this folder.
    pub const fn new(root: PathBuf) -> Self {
        Self { root, backups: None, backup_key: None }
    }

    /// The same with backups and their key elsewhere.
    #[must_use]
    pub fn with_backups(self, backups: Option<Location>, backup_key: Option<PathBuf>) -> Self {
        Self { backups, backup_key, ..self }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Encargo's own tables.
    pub fn engine_db(&self) -> PathBuf {
        self.root.join("engine.db")
    }

    /// Tenants and users.
    pub fn platform_db(&self) -> PathBuf {
        self.root.join("platform.db")
    }

    /// One tenant's rows; named by the id, which never changes and is never reused.
    pub fn tenant_db(&self, id: i64) -> PathBuf {
        self.root.join("tenants").join(format!("{id}.db"))
    }

    /// Where a run's files go that have no output argument.
    pub fn exports(&self, run: RunId) -> PathBuf {
        self.root.join("exports").join(run.to_string())
    }

    /// Where a tenant's files wait to be imported.
    pub fn imports(&self, slug: &str) -> PathBuf {
        self.root.join("imports").join(slug)
    }

    /// Components that the operator placed.
    pub fn commands(&self) -> PathBuf {
        self.root.join("commands")
    }

    /// The host's own log.
    pub fn log(&self) -> PathBuf {
        self.root.join("log")
    }

    /// The backups.
    pub fn backups(&self) -> Location {
        self.backups.clone().unwrap_or_else(|| Location::Folder(self.root.join("backups")))
    }

    /// The file with the key of the backups.
    pub fn backup_key(&self) -> PathBuf {
        self.backup_key.clone().unwrap_or_else(|| self.root.join("keys").join("backups.key"))
    }

    /// What a restore that is being carried out is made of.
    pub fn restoring(&self) -> PathBuf {
        self.root.join("restoring")
    }

    /// Files that live as long as a run.
    pub fn scratch(&self) -> PathBuf {
        self.root.join("tmp")
    }

    /// Compiled components of a user that has no cache elsewhere.
    pub fn cache(&self) -> PathBuf {
        self.root.join("cache")
    }

    /// Its folders that are not there, or are there and cannot be written, in the order of their names.
    pub fn unusable_folders(&self) -> Vec<PathBuf> {
        let mut folders: Vec<_> =
            self.folders().into_iter().filter(|folder| !folder.is_dir() || !may_fill(folder)).collect();
        folders.sort_unstable();
        folders
    }

    /// The files of the tenant with this id.
    pub fn media(&self, id: i64) -> PathBuf {
        self.root.join("media").join(id.to_string())
    }

    /// The folder behind a named root (`imports`, `media`, `temporary`) of a tenant.
    pub fn named_root(&self, name: &str, tenant: &Tenant) -> Option<PathBuf> {
        match name {
            "imports" => Some(self.imports(&tenant.slug)),
            "media" => Some(self.media(tenant.id)),
            "temporary" => Some(self.root.join(name).join(tenant.id.to_string())),
            _ => None,
        }
    }

    /// Whether it was ever made. One that has tenants' files or an engine store, and no `platform.db`, was.
    ///
    /// # Errors
    /// [`PlatformError::PlatformLost`], or the folder cannot be looked at.
    pub fn is_made(&self) -> Result<bool, PlatformError> {
        let path = self.platform_db();
        if has_bytes(&path)? {
            return Ok(true);
        }
        let mut remains = has_bytes(&self.engine_db())? || has_bytes(&log_of(&path))?;
        match fs::read_dir(self.root.join("tenants")) {
            Ok(mut entries) => remains |= entries.next().is_some(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(PlatformError::io(&self.root, error)),
        }
        // Without bytes and with nothing around it, it was being made when its process ended.
        if remains { Err(PlatformError::PlatformLost { path }) } else { Ok(path.exists()) }
    }

    /// Passes an engine store that is there.
    ///
    /// # Errors
    /// [`PlatformError::EngineLost`]; [`PlatformError::Corrupt`] when it is no database or is cut off.
    pub fn check_engine_store(&self) -> Result<(), PlatformError> {
        let path = self.engine_db();
        match head::look(&path)? {
            Look::Database(_) => Ok(()),
            Look::Missing | Look::Empty => Err(PlatformError::EngineLost { path }),
        }
    }

    pub(crate) fn folders(&self) -> [PathBuf; 8] {
        ["tenants", "media", "temporary", "imports", "exports", "commands", "log", "tmp"]
            .map(|folder| self.root.join(folder))
    }
}

fn has_bytes(path: &Path) -> Result<bool, PlatformError> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(metadata.len() > 0),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(PlatformError::io(path, error)),
    }
}

/// Makes a folder and those above it, readable by their owner alone.
pub(crate) fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Makes an empty file that its owner alone can read, unless it is there.
pub(crate) fn make_file(path: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(file) => file.sync_all().and_then(|()| sync_folder_of(path)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// What the disk lacks on which a file lies or would lie, for who needs so many bytes.
pub(crate) fn lack_of(path: &Path, needed_bytes: u64) -> Option<Lack> {
    let disk = statvfs(path).or_else(|_| statvfs(path.parent().unwrap_or(path))).ok()?;
    Lack::of(disk.f_bavail.saturating_mul(disk.f_frsize), needed_bytes, disk.f_files, disk.f_ffree)
}

/// The same for who failed there: next to nothing is left.
pub(crate) fn lack_at(path: &Path) -> Option<Lack> {
    lack_of(path, 1 << 20)
}

fn may_fill(folder: &Path) -> bool {
    access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

/// Whether this user may write to a file and to its folder, where SQLite puts the log.
pub(crate) fn check_may_write(path: &Path) -> Result<(), PlatformError> {
    let folder = path.parent().unwrap_or(path);
    [(folder, Access::WRITE_OK | Access::EXEC_OK), (path, Access::WRITE_OK)]
        .into_iter()
        .try_for_each(|(path, what)| access(path, what).map_err(|error| PlatformError::io(path, error.into())))
}

/// Makes a name that was added to or taken from a folder survive a loss of power.
pub(crate) fn sync_folder_of(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |folder| fs::File::open(folder)?.sync_all())
}

#[cfg(test)]
mod tests {
    use encargo_model::Language;

    use super::*;

    #[test]
    fn a_tenant_has_three_named_roots() {
        let data = DataDir::new(PathBuf::from("/data"));
        let tenant = Tenant {
            id: 7,
            slug: "acme".to_owned(),
            name: "Acme".to_owned(),
            language: Language::En,
            time_zone: "UTC".to_owned(),
        };
        for (name, folder) in [
            ("imports", Some("/data/imports/acme")),
            ("media", Some("/data/media/7")),
            ("temporary", Some("/data/temporary/7")),
            ("exports", None),
            ("..", None),
        ] {
            assert_eq!(data.named_root(name, &tenant), folder.map(PathBuf::from), "{name}");
        }
    }

    #[test]
    fn folders_that_are_gone_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::new(folder.path().to_owned());
        for folder in data.folders() {
            make_folder(&folder).unwrap();
        }
        assert_eq!(data.unusable_folders(), [] as [PathBuf; 0]);
        fs::remove_dir(data.scratch()).unwrap();
        fs::remove_dir(data.log()).unwrap();
        fs::write(data.log(), "").unwrap();
        assert_eq!(data.unusable_folders(), [data.log(), data.scratch()]);
    }
}
