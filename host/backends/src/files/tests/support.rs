//! A folder and a configuration that names it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use encargo_model::{ArgumentKind, PathValue};
use tempfile::TempDir;

use crate::MadeMedia;
use crate::files::{FilesConfig, FilesHost, Source};

/// A run that nobody asks to end, and that published before what it is told.
#[derive(Default)]
pub(super) struct Host {
    pub(super) published: RefCell<BTreeMap<String, Vec<String>>>,
    pub(super) is_asked_to_end: AtomicBool,
}

impl FilesHost for Host {
    fn is_asked_to_end(&self) -> bool {
        self.is_asked_to_end.load(Ordering::Relaxed)
    }

    fn published_before(&self, path: &str) -> Vec<String> {
        self.published.borrow().get(path).cloned().unwrap_or_default()
    }

    fn publishing(&self, path: &str, sha256: &str) {
        self.published.borrow_mut().entry(path.to_owned()).or_default().push(sha256.to_owned());
    }
}

pub(super) fn config(folder: &TempDir) -> FilesConfig {
    let inside = |name: &str| folder.path().join(name);
    FilesConfig {
        paths: Vec::new(),
        exports: inside("exports/run"),
        roots: BTreeMap::from([("temporary".to_owned(), inside("temporary"))]),
        overlay: None,
        standard_input: Arc::default(),
        scratch: inside("scratch"),
        input_bytes: 64 << 20,
        output_bytes: 64 << 20,
        output_files: 1_000,
        open_files: 16,
        overwrite: false,
        interrupt: Arc::default(),
        made: MadeMedia::default(),
        host: Rc::new(Host::default()),
        tenant_folder: None,
        permissions: ["list-files", "create-files", "remove-files", "move-files"]
            .iter()
            .map(|verb| format!("{verb}:temporary").parse().unwrap())
            .chain(["move-files:arguments".parse().unwrap()])
            .collect(),
    }
}

pub(super) fn path(folder: &TempDir, name: &str, kind: ArgumentKind) -> PathValue {
    let path = if name == "-" { "-".to_owned() } else { folder.path().join(name).display().to_string() };
    PathValue { path, kind }
}

/// The same with one path argument, `in` or `out`.
pub(super) fn with(folder: &TempDir, argument: &str, name: &str, kind: ArgumentKind) -> FilesConfig {
    FilesConfig { paths: vec![(argument.to_owned(), path(folder, name, kind))], ..config(folder) }
}

pub(super) fn put(folder: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}

pub(super) fn all(mut source: Source) -> Result<Vec<u8>, crate::BackendError> {
    let mut bytes = Vec::new();
    loop {
        let next = source.read(1 << 20)?;
        if next.is_empty() {
            return Ok(bytes);
        }
        bytes.extend(next);
    }
}

/// The names in a folder, sorted; none when it is not there.
pub(super) fn names(path: PathBuf) -> Vec<String> {
    let entries = fs::read_dir(path).into_iter().flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
