//! Lists, finds and loads commands.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use encargo_model::{Digest, Tier};
use sha2::{Digest as _, Sha256};

use crate::{Catalog, CatalogError, Command, Component, Source};

/// Two names at least this near are taken for a slip of the keys.
const NEAR: f64 = 0.8;

impl Catalog {
    /// Every command that can be run, in the order of their names.
    pub fn list(&self) -> Vec<Command> {
        let mut commands = BTreeMap::new();
        for packaged in self.packaged {
            if let Ok(description) = encargo_pack::describe(packaged.component) {
                let command = Command { description, tier: Tier::Packaged, source: Source::Packaged };
                commands.insert(packaged.name.to_owned(), command);
            }
        }
        for command in self.files().into_iter().filter_map(|path| placed(&path).ok()) {
            commands.insert(command.description.name.clone(), command);
        }
        commands.into_values().collect()
    }

    /// Files in the folder of commands that are none, and why.
    pub fn broken(&self) -> Vec<(PathBuf, String)> {
        self.files().into_iter().filter_map(|path| placed(&path).err().map(|problem| (path, problem))).collect()
    }

    /// The command of this name.
    ///
    /// # Errors
    /// No such command, with near names; a file of this name that is no command.
    pub fn find(&self, name: &str) -> Result<Command, CatalogError> {
        for path in self.files() {
            match placed(&path) {
                Ok(command) if command.description.name == name => return Ok(command),
                Err(problem) if path.file_stem().is_some_and(|stem| stem == name) => {
                    return Err(CatalogError::Broken { path, problem });
                }
                _ => {}
            }
        }
        if let Some(packaged) = self.packaged.iter().find(|packaged| packaged.name == name) {
            let description = encargo_pack::describe(packaged.component)
                .map_err(|source| CatalogError::BrokenPackage { name: name.to_owned(), source })?;
            return Ok(Command { description, tier: Tier::Packaged, source: Source::Packaged });
        }
        Err(CatalogError::Unknown { name: name.to_owned(), similar: self.similar(name) })
    }

    /// The names that are near to one, the nearest first.
    pub fn similar(&self, name: &str) -> Vec<String> {
        let mut near: Vec<_> = self
            .list()
            .into_iter()
            .map(|command| (strsim::jaro_winkler(&command.description.name, name), command.description.name))
            .filter(|(nearness, _)| *nearness >= NEAR)
            .collect();
        near.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        near.into_iter().map(|(_, name)| name).take(3).collect()
    }

    /// A command's component.
    ///
    /// # Errors
    /// When its file cannot be read any more.
    pub fn load(&self, command: &Command) -> Result<Component, CatalogError> {
        let name = &command.description.name;
        let bytes = match &command.source {
            Source::Packaged => {
                let packaged = self.packaged.iter().find(|packaged| packaged.name == name);
                Cow::Borrowed(packaged.map_or(&[][..], |packaged| packaged.component))
            }
            Source::File(path) => {
                let read = fs::read(path);
                Cow::Owned(
                    read.map_err(|error| CatalogError::Broken { path: path.clone(), problem: error.to_string() })?,
                )
            }
        };
        let digest = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Component { digest: Digest(digest), bytes })
    }

    /// The `.wasm` files of the folder, in the order of their names.
    fn files(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(&self.commands) else { return Vec::new() };
        let mut files: Vec<_> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "wasm"))
            .collect();
        files.sort();
        files
    }
}

fn placed(path: &Path) -> Result<Command, String> {
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    let description = encargo_pack::describe(&bytes).map_err(|error| error.to_string())?;
    Ok(Command { description, tier: Tier::Operator, source: Source::File(path.to_owned()) })
}
