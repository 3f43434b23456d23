//! Files that a run makes among its tenants' media, until the rows that name them are committed.
//!
//! A file has its name before the row that names it is committed, so a run that ends in between would leave a file that no
//! row knows. Each run therefore keeps a list of them for each tenant, in the data directory's `tmp`: a file is on it before
//! it has its name, and off it with the tenant's next commit or with the run's own end. A list whose run is gone is gone
//! through by whoever opens the tenant next: what is on it and in no row is removed.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Seek as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, TransactionBehavior};

use crate::data_dir::make_folder;
use crate::held::{self, HeldFile};
use crate::platform::connection;
use crate::replicas::{self, Way};
use crate::{DataDir, PlatformError};

/// What a list's name begins with, before the tenant's id.
const PREFIX: &str = "media-";

/// The lists of one run. Its copies are one; the default one lists nothing, as in a dry run, whose files go with it.
#[derive(Debug, Clone, Default)]
pub struct MadeMedia(Option<Arc<Lists>>);

#[derive(Debug)]
struct Lists {
    folder: PathBuf,
    of_tenants: Mutex<HashMap<i64, List>>,
}

#[derive(Debug)]
struct List {
    file: HeldFile,
    is_empty: bool,
}

impl MadeMedia {
    /// Lists in the scratch folder of a data directory; they are made when there is something to list.
    pub fn below(data: &DataDir) -> Self {
        Self(Some(Arc::new(Lists { folder: data.scratch(), of_tenants: Mutex::default() })))
    }

    /// Makes a tenant's list, for a run that begins to write a file.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn begin(&self, tenant: i64) -> io::Result<()> {
        self.with(tenant, |_| Ok(()))
    }

    /// Puts a file on its tenant's list, before it has this name.
    ///
    /// # Errors
    /// What the system says: then it must not get the name.
    pub(crate) fn add(&self, tenant: i64, file: &File, name: &str) -> io::Result<()> {
        self.with(tenant, |list| {
            let mut to = list.file.as_file();
            writeln!(to, "{} {name}", file.metadata()?.ino())?;
            list.is_empty = false;
            to.sync_data()
        })
    }

    /// The run committed: what it made for the tenant before that is as it was meant.
    pub(crate) fn committed(&self, tenant: i64) {
        let Some(mut lists) = self.lists() else { return };
        if let Some(list) = lists.get_mut(&tenant).filter(|list| !list.is_empty) {
            // A name that stays on it is one that a row has.
            let mut file = list.file.as_file();
            list.is_empty = file.set_len(0).and_then(|()| file.rewind()).is_ok();
        }
    }

    /// The run came to its own end: what it made is as it was meant, also where no row names it.
    pub fn keep(&self) {
        for (_, list) in self.lists().iter_mut().flat_map(|lists| lists.drain()) {
            list.file.remove();
        }
    }

    fn with(&self, tenant: i64, work: impl FnOnce(&mut List) -> io::Result<()>) -> io::Result<()> {
        let (Some(Lists { folder, .. }), Some(mut lists)) = (self.0.as_deref(), self.lists()) else { return Ok(()) };
        if let Some(list) = lists.get_mut(&tenant) {
            return work(list);
        }
        make_folder(folder)?;
        let file = HeldFile::make(folder, &format!("{PREFIX}{tenant}-"))?;
        work(lists.entry(tenant).or_insert(List { file, is_empty: true }))
    }

    fn lists(&self) -> Option<MutexGuard<'_, HashMap<i64, List>>> {
        self.0.as_ref().map(|lists| lists.of_tenants.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Whether a name is that of a list, whose time does not run out.
pub fn is_list(name: &str) -> bool {
    name.starts_with(PREFIX)
}

/// Goes through a tenant's lists whose runs are gone. What cannot be looked at or removed now stays for the next time.
pub(crate) fn settle(data: &DataDir, tenant: i64) {
    let (database, prefix) = (data.tenant_db(tenant), format!("{PREFIX}{tenant}-"));
    let left = held::left_behind(&data.scratch(), |name| name.starts_with(&prefix));
    if left.is_empty() || replicas::way_of(&database) != Way::Write {
        return;
    }
    let media = data.media(tenant);
    held::sweep_files(&media);
    for list in left {
        // Another process may have gone through it meanwhile.
        let names = fs::read_to_string(&list).unwrap_or_default();
        if remove_unnamed(&database, &media, &names).is_ok() {
            let _ = fs::remove_file(list);
        }
    }
}

/// Removes the files of a list that are still what was listed and that no row names. Nobody can commit such a row
/// meanwhile.
fn remove_unnamed(database: &Path, media: &Path, list: &str) -> Result<(), PlatformError> {
    if list.is_empty() {
        return Ok(());
    }
    let mut opened = connection::open(database)?;
    let of_database = |error: rusqlite::Error| PlatformError::sqlite(database, error);
    let writing = opened.transaction_with_behavior(TransactionBehavior::Immediate).map_err(of_database)?;
    // A line that was cut off is of a file that never got its name.
    for line in list.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')) {
        let Some((inode, name)) = line.split_once(' ') else { continue };
        let path = media.join(name);
        let is_it = fs::symlink_metadata(&path).is_ok_and(|found| found.ino().to_string() == inode);
        if is_it && !has_row(&writing, name).map_err(of_database)? {
            fs::remove_file(&path).map_err(|error| PlatformError::io(&path, error))?;
        }
    }
    writing.rollback().map_err(of_database)
}

fn has_row(opened: &Connection, name: &str) -> rusqlite::Result<bool> {
    opened.prepare_cached("SELECT count(*) FROM files WHERE name = ?1")?.query_row([name], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use encargo_model::Language;
    use tempfile::{NamedTempFile, TempDir};

    use super::*;
    use crate::Platform;
    use crate::platform::tests::{access, log, migrated};

    struct Bench {
        folder: TempDir,
        platform: Platform,
        tenant: encargo_model::Tenant,
    }

    impl Bench {
        fn new() -> Self {
            let folder = TempDir::new().unwrap();
            let platform = migrated(&folder);
            let tenant = platform.create_tenant("acme", "Acme", Language::Es).unwrap();
            Self { folder, platform, tenant }
        }

        /// A run makes a file, and is about to add its row.
        fn make(&self, made: &MadeMedia, name: &str) {
            made.begin(self.tenant.id).unwrap();
            let file = NamedTempFile::new_in(self.platform.data().media(self.tenant.id)).unwrap();
            made.add(self.tenant.id, file.as_file(), name).unwrap();
            file.persist_noclobber(self.platform.data().media(self.tenant.id).join(name)).unwrap();
        }

        fn add_row(&self, name: &str) {
            let opened = Connection::open(self.platform.data().tenant_db(self.tenant.id)).unwrap();
            let row = "INSERT INTO files (name, bytes, sha256, created_at) VALUES (?1, 0, '', 0)";
            assert_eq!(opened.execute(row, [name]).unwrap(), 1);
        }

        /// What is left once the tenant was opened by someone else; no list is.
        fn left(&self) -> Vec<String> {
            drop(self.platform.files().open(&self.tenant, access()).unwrap());
            let names = |folder: PathBuf| {
                let entries = fs::read_dir(folder).into_iter().flatten();
                let mut names: Vec<_> =
                    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
                names.sort();
                names
            };
            assert!(!names(self.platform.data().scratch()).iter().any(|name| is_list(name)), "{:?}", self.folder);
            names(self.platform.data().media(self.tenant.id))
        }
    }

    #[test]
    fn what_a_run_made_and_no_row_names_goes_once_the_run_is_gone_and_not_before() {
        let bench = Bench::new();
        let media = bench.platform.data().media(bench.tenant.id);
        let made = MadeMedia::below(bench.platform.data());
        for name in ["alone", "named", "replaced"] {
            bench.make(&made, name);
        }
        fs::write(media.join("of others"), "").unwrap();
        bench.add_row("named");
        // Another file of the name, which keeps the inode of neither.
        let another = NamedTempFile::new_in(&media).unwrap();
        another.persist(media.join("replaced")).unwrap();
        let in_the_making = held::make_file(&media).unwrap().keep().unwrap().1;
        drop(bench.platform.files().open(&bench.tenant, access()).unwrap());
        assert!(media.join("alone").exists() && in_the_making.exists(), "its run is there");
        drop(made);
        assert_eq!(bench.left(), ["named", "of others", "replaced"]);
    }

    #[test]
    fn a_commit_and_the_runs_own_end_keep_what_it_made_before_them() {
        let bench = Bench::new();
        let made = MadeMedia::below(bench.platform.data());
        bench.make(&made, "before");
        let access = crate::Access { media: made.clone(), ..access() };
        let identity = bench.platform.files().open(&bench.tenant, access).unwrap();
        log(&identity, 1);
        bench.make(&made, "behind");
        drop((identity, made));
        assert_eq!(bench.left(), ["before"]);

        let made = MadeMedia::below(bench.platform.data());
        bench.make(&made, "kept");
        made.keep();
        assert_eq!(bench.left(), ["before", "kept"]);
        bench.make(&MadeMedia::default(), "of a dry run, which has no list");
        assert_eq!(bench.left().len(), 3);
    }

    #[test]
    fn a_line_that_was_cut_off_and_a_database_that_is_busy_remove_nothing() {
        let bench = Bench::new();
        let data = bench.platform.data().clone();
        let made = MadeMedia::below(&data);
        bench.make(&made, "alone");
        drop(made);
        let mut opened = Connection::open(data.tenant_db(bench.tenant.id)).unwrap();
        let writing = opened.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        settle(&data, bench.tenant.id);
        assert!(data.media(bench.tenant.id).join("alone").exists(), "its row may be committed yet");
        drop(writing);
        let inode = fs::metadata(data.media(bench.tenant.id).join("alone")).unwrap().ino();
        remove_unnamed(&data.tenant_db(bench.tenant.id), &data.media(bench.tenant.id), &format!("{inode} alone"))
            .unwrap();
        assert!(data.media(bench.tenant.id).join("alone").exists(), "the line has no end");
        assert_eq!(bench.left(), [""; 0]);
    }
}
