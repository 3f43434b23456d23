//! The tenant's named roots.

use std::collections::{BTreeSet, HashMap};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::rc::Rc;

use encargo_model::{ErrorCode, FileChange, FileRecord, Permission, Text, text};

use super::inside::{Identity, identity};
use super::sink::List;
use super::{Entry, Files, Sink, Source, error, folder, inside, names};
use crate::{BackendError, held};

/// The most entries of one call.
const MOST: u32 = 10_000;

/// What is known about the roots while the run lasts.
#[derive(Default)]
pub(super) struct Roots {
    /// The names of a root's files, read when a listing begins, so that its pages belong together.
    listed: HashMap<String, Rc<Vec<String>>>,
    /// What a dry run has removed or moved.
    removed: BTreeSet<(String, String)>,
    /// Files as they were when they were last opened.
    seen: HashMap<(String, String), Identity>,
}

impl Files {
    /// The files of a named root in the order of their names, after the name given, at most `max`. Links and folders
    /// are passed over, and a root that has no folder yet is empty.
    ///
    /// # Errors
    /// `denied` without the permission to list, `not-found` for a root that is none.
    pub fn list_root(&self, root: &str, after: Option<&str>, max: u32) -> Result<Vec<Entry>, BackendError> {
        let path = self.root_to_read(root)?;
        let cached = self.roots.borrow().listed.get(root).filter(|_| after.is_some()).map(Rc::clone);
        let names = match cached {
            Some(names) => names,
            None => {
                let names = Rc::new(names_in(&path).map_err(|error| error::reading(root, &error))?);
                self.roots.borrow_mut().listed.insert(root.to_owned(), Rc::clone(&names));
                names
            }
        };
        let start = after.map_or(0, |after| names.partition_point(|name| name.as_str() <= after));
        let roots = self.roots.borrow();
        let mut entries = Vec::new();
        for name in &names[start..] {
            if entries.len() >= max.min(MOST) as usize {
                break;
            }
            if roots.removed.contains(&(root.to_owned(), name.clone())) {
                continue;
            }
            match fs::symlink_metadata(path.join(name)) {
                Ok(metadata) if metadata.is_file() => entries.push(Entry {
                    name: name.clone(),
                    size: Some(metadata.len()),
                    modified_at: folder::modified_at(&metadata),
                }),
                // It went since it was listed, or was never a file.
                _ => {}
            }
        }
        Ok(entries)
    }

    /// Opens a file of a named root.
    ///
    /// # Errors
    /// As [`Files::list_root`]; `invalid` for a name that is none.
    pub fn read_root(&self, root: &str, name: &str, decode: bool) -> Result<Source, BackendError> {
        let path = self.root_to_read(root)?;
        let (folder, _) = self.file_in(root, &path, name)?;
        let open = || {
            let file = inside::open(&folder, OsStr::new(name).as_ref())?;
            let seen = ((root.to_owned(), name.to_owned()), identity(&file.metadata()?));
            self.roots.borrow_mut().seen.extend([seen]);
            Ok(file)
        };
        self.source(open, name, decode)
    }

    /// Begins a file of a named root. In a dry run it is not there afterwards.
    ///
    /// # Errors
    /// `denied` without the permission to create, `invalid` for a name that is none, `already-exists` for one that is
    /// there or that this run has used: what is in a root is never replaced.
    pub fn create_root(&self, root: &str, name: &str, encode: bool) -> Result<Sink, BackendError> {
        let permission = Permission::CreateFiles(base(root).to_owned());
        let path = self.root(root, &permission, &text!("add files to", "añadir archivos a"))?;
        names::check_new(name)?;
        let place = path.join(name);
        let is_removed = self.roots.borrow().removed.contains(&(root.to_owned(), name.to_owned()));
        if !is_removed && fs::symlink_metadata(&place).is_ok() {
            let message =
                text!("there is a file `{name}` in `{root}` already", "ya hay un archivo `{name}` en `{root}`");
            return Err(BackendError::new(ErrorCode::AlreadyExists, message));
        }
        // A tenant's media lie in a folder named by its id.
        let tenant = path.file_name().filter(|_| base(root) == "media").and_then(|id| id.to_str()?.parse().ok());
        let list = tenant.map_or(List::None, |tenant| List::Media(tenant, self.config.made.clone()));
        self.create_at(root, &place, list, encode)
    }

    /// Removes a file of a named root and answers its size in bytes.
    ///
    /// # Errors
    /// `denied` without the permission to remove, `not-found`, `invalid` for a name that is none.
    pub fn remove_root(&self, root: &str, name: &str) -> Result<u64, BackendError> {
        let path = self.root(
            root,
            &Permission::RemoveFiles(base(root).to_owned()),
            &text!("remove files of", "borrar archivos de"),
        )?;
        let (folder, bytes) = self.file_in(root, &path, name)?;
        if self.config.overlay.is_some() {
            self.roots.borrow_mut().removed.insert((root.to_owned(), name.to_owned()));
        } else {
            inside::remove(&folder, OsStr::new(name)).map_err(|error| error::writing(name, &error))?;
        }
        self.outputs.records.borrow_mut().push(FileRecord {
            change: FileChange::Removed,
            path: path.join(name).to_string_lossy().into_owned(),
            bytes,
            sha256: None,
        });
        Ok(bytes)
    }

    /// Moves a file of a named root into a folder inside it, and answers where it is then.
    ///
    /// # Errors
    /// `denied` without the permission to move; as [`Files::move_entry`].
    pub fn move_root(&self, root: &str, name: &str, folder: &str) -> Result<String, BackendError> {
        let permission = Permission::MoveFiles(base(root).to_owned());
        let path = self.root(root, &permission, &text!("move files of", "mover archivos de"))?;
        let (inside, _) = self.file_in(root, &path, name)?;
        let key = (root.to_owned(), name.to_owned());
        let seen = self.roots.borrow().seen.get(&key).copied();
        let moved = self.move_file((&inside, OsStr::new(name), seen), &path, folder)?;
        if self.config.overlay.is_some() {
            self.roots.borrow_mut().removed.insert(key);
        }
        Ok(moved)
    }

    fn root_to_read(&self, root: &str) -> Result<PathBuf, BackendError> {
        self.root(
            root,
            &Permission::ListFiles(base(root).to_owned()),
            &text!("see the files of", "ver los archivos de"),
        )
    }

    fn root(&self, root: &str, permission: &Permission, what: &Text) -> Result<PathBuf, BackendError> {
        let Some(path) = self.config.roots.get(root) else {
            return Err(BackendError::new(
                ErrorCode::NotFound,
                text!("there is no root `{root}`", "no existe la raíz `{root}`"),
            ));
        };
        if !self.config.permissions.contains(permission) {
            let message = text!(
                "the command may not {what} `{root}`: it needs the permission `{permission}`",
                "el comando no puede {what} `{root}`: necesita el permiso `{permission}`",
                what = what
            );
            return Err(BackendError::denied(permission.clone(), message));
        }
        Ok(path.clone())
    }

    /// The folder of a root, held open, and the size in bytes of a regular file in it that the run has not removed.
    fn file_in(&self, root: &str, path: &std::path::Path, name: &str) -> Result<(OwnedFd, u64), BackendError> {
        names::check(name)?;
        let is_hidden = held::is_in_the_making(name);
        let missing = || {
            let message = text!("there is no file `{name}` in `{root}`", "no existe el archivo `{name}` en `{root}`");
            BackendError::new(ErrorCode::NotFound, message)
        };
        let folder = inside::folder(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => missing(),
            _ => error::reading(root, &error),
        })?;
        let stat = inside::regular(&folder, OsStr::new(name)).ok_or_else(missing)?;
        if is_hidden || self.roots.borrow().removed.contains(&(root.to_owned(), name.to_owned())) {
            return Err(missing());
        }
        Ok((folder, u64::try_from(stat.st_size).unwrap_or(0)))
    }
}

/// The root's name without the tenant that stands before it in system scope.
fn base(root: &str) -> &str {
    root.rsplit_once('/').map_or(root, |(_, base)| base)
}

/// Every name of a folder, sorted. A name that is not UTF-8 cannot be said to a command and is left out, and so is what is
/// in the making: it goes with whoever makes it.
fn names_in(path: &std::path::Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry?.file_name().into_string().ok().filter(|name| !held::is_in_the_making(name)));
    }
    names.sort_unstable();
    Ok(names)
}
