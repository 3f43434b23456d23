//! The folder where the operator places commands: what lies there and is one, and what is none.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use encargo_model::{Text, Tier, text};

use crate::file::ComponentFile;
use crate::{Command, Source};

/// What a folder of commands holds.
#[derive(Debug, Default)]
pub(crate) struct Placed {
    /// By their names, which their descriptions decide.
    pub(crate) commands: BTreeMap<String, Command>,
    /// Files that are no command, and why.
    pub(crate) broken: Vec<(PathBuf, Text)>,
}

/// Looks at every `.wasm` file of a folder, in the order of their names; a missing folder is an empty one.
pub(crate) fn scan(folder: &Path) -> Placed {
    let mut placed = Placed::default();
    let files = match files(folder) {
        Ok(files) => files,
        Err(problem) => {
            placed.broken.push((folder.to_owned(), problem));
            return placed;
        }
    };
    for path in files {
        match command(&path) {
            Err(problem) => placed.broken.push((path, problem)),
            Ok(command) => {
                let name = command.description.name.clone();
                if let Some(first) = placed.commands.get(&name) {
                    let problem = text!(
                        "it calls itself `{name}`, as {first} does",
                        "se llama `{name}`, como {first}",
                        first = first.source
                    );
                    placed.broken.push((path, problem));
                } else {
                    placed.commands.insert(name, command);
                }
            }
        }
    }
    placed
}

/// What the operating system said.
pub(crate) fn said(error: &io::Error) -> Text {
    Text::quoted(error.to_string())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Text> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(|error| said(&error))?,
    };
    let paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>();
    let mut paths = paths.map_err(|error| said(&error))?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "wasm"));
    paths.sort();
    Ok(paths)
}

fn command(path: &Path) -> Result<Command, Text> {
    let description = ComponentFile::open(path)?.describe()?.description;
    Ok(Command { description, tier: Tier::Operator, owner: None, source: Source::File(path.to_owned()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::MOST_BYTES;
    use crate::samples::component;

    #[test]
    fn a_missing_folder_is_empty_and_a_file_for_a_folder_is_reported() {
        let folder = tempfile::tempdir().unwrap();
        let placed = scan(&folder.path().join("commands"));
        assert!(placed.commands.is_empty() && placed.broken.is_empty());
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert_eq!(scan(&file).broken.into_iter().map(|(path, _)| path).collect::<Vec<_>>(), [file]);
    }

    #[test]
    fn a_broken_file_is_reported_and_the_others_are_commands() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("good.wasm"), component("hello", &[])).unwrap();
        fs::write(at("twin.wasm"), component("hello", &[])).unwrap();
        fs::write(at("core.wasm"), b"\0asm\x01\0\0\0").unwrap();
        fs::write(at("text.wasm"), "text").unwrap();
        fs::write(at("notes.txt"), "text").unwrap();
        fs::create_dir(at("folder.wasm")).unwrap();
        std::os::unix::fs::symlink(at("gone"), at("link.wasm")).unwrap();
        fs::File::create(at("vast.wasm")).unwrap().set_len(MOST_BYTES + 1).unwrap();

        let placed = scan(folder.path());
        let sources: Vec<_> = placed.commands.into_values().map(|command| (command.tier, command.source)).collect();
        assert_eq!(sources, [(Tier::Operator, Source::File(at("good.wasm")))]);
        let broken: Vec<_> = placed.broken.iter().map(|(path, problem)| (path.clone(), problem.en.as_str())).collect();
        let expected = [
            ("core.wasm", "a core WebAssembly module"),
            ("folder.wasm", "not a regular file"),
            ("link.wasm", "No such file"),
            ("text.wasm", "not a component"),
            ("twin.wasm", "it calls itself `hello`, as `"),
            ("vast.wasm", "at most 67108864 are read"),
        ];
        assert_eq!(broken.len(), expected.len(), "{broken:?}");
        for ((path, problem), (name, part)) in broken.into_iter().zip(expected) {
            assert!(path == at(name) && problem.contains(part), "{name}: {problem}");
        }
    }
}
