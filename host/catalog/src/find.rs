//! Lists, finds and loads commands.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use encargo_model::{Description, Text, Tier, Timestamp, near_names, text};
use encargo_pack::Described;

use crate::added::own_name;
use crate::digests::Digests;
use crate::scan::scan;
use crate::{Catalog, CatalogError, Command, Component, Packaged, Source};

impl Catalog {
    /// Every command that can be run, in the order of their names.
    pub fn list(&self) -> Vec<Command> {
        let mut commands = scan(&self.commands).commands;
        let scanned: BTreeSet<_> = commands.keys().cloned().collect();
        for packaged in self.packaged {
            if !commands.contains_key(packaged.name)
                && self.find_added(packaged.name).is_none()
                && let Ok(command) = described(packaged)
            {
                commands.insert(packaged.name.to_owned(), command);
            }
        }
        for added in &self.added {
            match self.in_force(added) {
                Ok(command) if !scanned.contains(&added.name) => {
                    commands.insert(added.name.clone(), command);
                }
                _ => {}
            }
        }
        commands.into_values().collect()
    }

    /// Files in the folder of commands that are none, and why; the folder itself when it cannot be read; and versions in
    /// force whose files are lost.
    pub fn broken(&self) -> Vec<(PathBuf, Text)> {
        let mut broken = scan(&self.commands).broken;
        broken.extend(self.lost());
        broken
    }

    /// The command of this name.
    ///
    /// A broken file of this name is an error even where there is a packaged command: whoever placed it there does not
    /// expect the packaged one to run.
    ///
    /// # Errors
    /// No such command, with near names; a file of this name that is no command; one that was added and of which nothing is
    /// in force yet, or that was also placed.
    pub fn find(&self, name: &str) -> Result<Command, CatalogError> {
        let mut placed = scan(&self.commands);
        let added = self.find_added(name);
        match (placed.commands.remove(name), added) {
            (Some(command), None) => return Ok(command),
            (Some(command), Some(_)) => {
                return Err(CatalogError::Twice { command: name.to_owned(), placed: command.source });
            }
            (None, _) => {}
        }
        let is_of_name = |path: &PathBuf| path.file_stem().is_some_and(|stem| stem == name);
        if let Some((path, problem)) = placed.broken.into_iter().find(|(path, _)| is_of_name(path)) {
            return Err(CatalogError::Broken { path, problem });
        }
        match (added, self.packaged(name)) {
            (Some(added), _) => self.in_force(added),
            (None, Some(packaged)) => described(packaged),
            (None, None) => Err(CatalogError::Unknown { name: name.to_owned(), similar: self.similar(name) }),
        }
    }

    /// The names that are near to one, the nearest first.
    pub fn similar(&self, name: &str) -> Vec<String> {
        let commands = self.list();
        let names = commands.iter().map(|command| command.description.name.as_str());
        near_names(name, names.chain(self.waiting().map(|added| added.name.as_str())))
    }

    /// A command's component. What is found out about a placed one's file is remembered in the folder of compiled
    /// components.
    ///
    /// # Errors
    /// When its file cannot be read any more, describes another command than was found, or is not the version that it was
    /// added as.
    pub fn load(&self, command: &Command, cache: Option<&Path>, now: Timestamp) -> Result<Component, CatalogError> {
        match &command.source {
            Source::Packaged => {
                let name = &command.description.name;
                let unknown = || CatalogError::Unknown { name: name.clone(), similar: Vec::new() };
                let packaged = self.packaged(name).ok_or_else(unknown)?;
                Ok(Component::packaged(packaged.component, &read(packaged)?))
            }
            Source::File(path) => Component::placed(path, &command.description, Digests::new(cache), now),
            Source::Version { path, digest } => {
                let name = own_name(&command.description.name).to_owned();
                let description = Description { name, ..command.description.clone() };
                let lost = |problem| {
                    let (command, path) = (command.description.name.clone(), path.clone());
                    CatalogError::LostVersion { command, path, problem }
                };
                match Component::placed(path, &description, Digests::new(cache), now) {
                    Ok(component) if component.digest == *digest => Ok(component),
                    Ok(_) => Err(lost(text!("its bytes are others", "sus bytes son otros"))),
                    Err(CatalogError::Broken { problem, .. }) => Err(lost(problem)),
                    Err(error) => Err(error),
                }
            }
        }
    }

    /// The packaged command of this name.
    pub(crate) fn packaged(&self, name: &str) -> Option<&'static Packaged> {
        self.packaged.iter().find(|packaged| packaged.name == name)
    }
}

fn described(packaged: &Packaged) -> Result<Command, CatalogError> {
    Ok(Command {
        description: read(packaged)?.description,
        tier: Tier::Packaged,
        owner: None,
        source: Source::Packaged,
    })
}

fn read(packaged: &Packaged) -> Result<Described, CatalogError> {
    encargo_pack::read(Cursor::new(packaged.component))
        .map_err(|source| CatalogError::BrokenPackage { name: packaged.name.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::samples::{component, with_commands};

    fn loaded(catalog: &Catalog, command: &Command) -> Result<Component, CatalogError> {
        catalog.load(command, None, Timestamp(0))
    }

    fn names(catalog: &Catalog) -> Vec<(String, Tier)> {
        catalog.list().into_iter().map(|command| (command.description.name, command.tier)).collect()
    }

    #[test]
    fn a_placed_component_adds_or_overrides_by_the_name_it_gives_itself() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = with_commands(folder.path(), &["alpha", "gamma"]);
        fs::write(folder.path().join("x.wasm"), component("gamma", &["read:chats"])).unwrap();
        fs::write(folder.path().join("y.wasm"), component("beta", &[])).unwrap();
        let listed = [("alpha", Tier::Packaged), ("beta", Tier::Operator), ("gamma", Tier::Operator)];
        assert_eq!(names(&catalog), listed.map(|(name, tier)| (name.to_owned(), tier)));

        let gamma = catalog.find("gamma").unwrap();
        assert_eq!(gamma.source, Source::File(folder.path().join("x.wasm")));
        assert_eq!(loaded(&catalog, &gamma).unwrap().bytes().unwrap(), component("gamma", &["read:chats"]));
        let alpha = loaded(&catalog, &catalog.find("alpha").unwrap()).unwrap();
        assert_eq!(alpha.bytes().unwrap(), component("alpha", &[]));
    }

    #[test]
    fn a_broken_file_is_named_when_it_is_asked_for_and_never_breaks_the_list() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = with_commands(folder.path(), &["alpha", "gamma"]);
        let path = folder.path().join("gamma.wasm");
        fs::write(&path, "text").unwrap();
        assert_eq!(names(&catalog).len(), 2);
        assert_eq!(catalog.broken().len(), 1);
        let error = catalog.find("gamma").unwrap_err();
        assert!(matches!(&error, CatalogError::Broken { path: its, .. } if *its == path), "{error}");
        assert_eq!(error.exit(), encargo_model::Exit::Usage);
        catalog.find("alpha").unwrap();

        fs::write(folder.path().join("other.wasm"), component("gamma", &[])).unwrap();
        assert_eq!(catalog.find("gamma").unwrap().tier, Tier::Operator);
    }

    #[test]
    fn a_component_that_was_replaced_after_it_was_found_is_not_loaded() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = with_commands(folder.path(), &[]);
        let path = folder.path().join("hello.wasm");
        fs::write(&path, component("hello", &[])).unwrap();
        let found = catalog.find("hello").unwrap();
        fs::write(&path, component("hello", &["delete:chats"])).unwrap();
        let error = loaded(&catalog, &found).unwrap_err();
        assert!(error.to_string().contains("replaced while the run was starting"), "{error}");
        fs::remove_file(&path).unwrap();
        assert!(matches!(loaded(&catalog, &found), Err(CatalogError::Broken { .. })));
    }

    #[test]
    fn an_unknown_name_comes_with_the_nearest_ones() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = with_commands(folder.path(), &["cleanup_old_data", "export_data", "health_check"]);
        for (name, near) in [
            ("cleanup_old_dta", &["cleanup_old_data"][..]),
            ("healthcheck", &["health_check"]),
            ("export", &["export_data"]),
            ("zzz", &[]),
        ] {
            let Err(CatalogError::Unknown { similar, .. }) = catalog.find(name) else { panic!("{name} was found") };
            assert_eq!(similar, near, "{name}");
        }
    }
}
