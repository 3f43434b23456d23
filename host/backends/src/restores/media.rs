//! A tenant's files: fetched whole, and then each renamed to its place.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::journal::Step;
use super::shadow::damaged;
use super::{Fetched, Restoring};
use crate::backups::Part;
use crate::data_dir::{make_folder, sync_folder_of};
use crate::{BackendError, PlatformError};

impl Restoring {
    /// Fetches all media that the backup has of a tenant with this id.
    pub(super) fn fetch_media(&self, slug: &str, id: i64) -> Result<(Vec<String>, Fetched), BackendError> {
        let parts = &self.stored.manifest().parts;
        let own = |part: &&Part| part.kind == "media" && part.tenant.as_deref() == Some(slug);
        self.fetch_into(&format!("media/{id}/"), parts.iter().filter(own))
    }

    /// Fetches files that lie in this folder; their names.
    pub(super) fn fetch_into<'a>(
        &self,
        folder: &str,
        parts: impl Iterator<Item = &'a Part> + Clone,
    ) -> Result<(Vec<String>, Fetched), BackendError> {
        let (mut names, mut fetched) = (Vec::new(), Fetched::default());
        self.staging.check_room(parts.clone().map(|part| part.bytes).sum())?;
        for part in parts {
            // What is in a backup is the key's owner's, and still no path leaves its folder.
            let name = part.path.strip_prefix(folder).filter(|name| is_plain(name));
            let name = name.ok_or_else(|| damaged(&self.stored.id(), &part.path))?;
            self.fetch_file(part, &part.path)?;
            names.push(name.to_owned());
            fetched.files += 1;
            fetched.bytes += part.bytes;
        }
        Ok((names, fetched))
    }

    /// Fetches a file of the backup under this name, and where it is.
    pub(super) fn fetch_file(&self, part: &Part, name: &str) -> Result<PathBuf, BackendError> {
        let (path, mut file) = self.staging.make_file(name)?;
        self.stored.write(part, &mut file, &self.interrupt)?;
        Ok(path)
    }

    /// The same as a step.
    pub(super) fn media_step(&mut self, slug: &str, id: i64) -> Result<Fetched, BackendError> {
        let (names, fetched) = self.fetch_media(slug, id)?;
        self.steps.push(Step::Media { fetched: format!("media/{id}"), place: format!("media/{id}"), names });
        Ok(fetched)
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.contains('/') && name != "." && name != ".."
}

/// Gives a folder these files and no others: what was fetched replaces what has its name, what is there and in no backup
/// goes. Folders, links and what cannot be read stay: no backup had them.
pub(super) fn put(fetched: &Path, place: &Path, names: &[String]) -> Result<(), PlatformError> {
    let of = |path: &Path| {
        let path = path.to_owned();
        move |error: io::Error| PlatformError::io(&path, error)
    };
    make_folder(place).map_err(of(place))?;
    for name in names {
        let from = fetched.join(name);
        match rustix::fs::rename(&from, place.join(name)) {
            Ok(()) => {}
            // It is in its place: a restore that was broken off came so far.
            Err(rustix::io::Errno::NOENT) if place.join(name).is_file() => {}
            Err(error) => return Err(of(&place.join(name))(error.into())),
        }
    }
    // Nobody writes there now but who is gone.
    crate::held::sweep_files(place);
    let kept: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    for entry in fs::read_dir(place).map_err(of(place))? {
        let entry = entry.map_err(of(place))?;
        let (name, path) = (entry.file_name(), entry.path());
        let goes = name.to_str().is_some_and(|name| !kept.contains(name) && !crate::held::is_in_the_making(name));
        if goes && entry.file_type().map_err(of(&path))?.is_file() && File::open(&path).is_ok() {
            fs::remove_file(&path).map_err(of(&path))?;
        }
    }
    sync_folder_of(&place.join("any")).map_err(of(place))
}
