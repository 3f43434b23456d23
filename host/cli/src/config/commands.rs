//! `[commands.<name>]`: settings of commands, also under the names that Django's `MANAGEMENT_COMMANDS` has for them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use encargo_catalog::{Catalog, CatalogError};
use encargo_model::{ArgumentKind, Description, PathValue, Text, near_names, text};
use serde_json::Value;

use super::file::{Tables, at_line};
use crate::error::{Problem, did_you_mean, see};

/// A table that stands for a command's, as in Django's settings; `[commands.<command>]` wins over it.
const ALIASES: [(&str, &str); 3] =
    [("backup", "backup_data"), ("cleanup", "cleanup_old_data"), ("import", "import_knowledge")];

/// The settings of every command, and where each stands in the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct CommandSettings {
    /// By command, then by key with `_` between words.
    tables: BTreeMap<String, BTreeMap<String, CommandSetting>>,
    /// The line of each table, by its name in the file.
    lines: BTreeMap<String, usize>,
    file: PathBuf,
}

/// One setting of one command.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CommandSetting {
    /// As JSON has it.
    pub(crate) value: Value,
    /// Where it stands: `commands.cleanup.batch_size`.
    pub(crate) place: String,
    line: usize,
}

impl CommandSettings {
    /// Gathers what a file says, aliases first so that the command's own table wins.
    ///
    /// # Errors
    /// A key that stands twice in one table, with `-` and with `_`.
    pub(crate) fn new(file: &Path, tables: &Tables) -> Result<Self, Problem> {
        let mut settings = Self { file: file.to_owned(), ..Self::default() };
        let (aliases, own): (Vec<_>, Vec<_>) = tables.iter().partition(|(name, _)| command_of(name) != *name);
        for (name, (line, table)) in aliases.into_iter().chain(own) {
            settings.lines.insert(name.clone(), *line);
            let mut seen = BTreeSet::new();
            for (key, (line, value)) in table {
                let plain = key.replace('-', "_");
                if !seen.insert(plain.clone()) {
                    let sentence = text!(
                        "`{key}` stands twice in `[commands.{name}]`",
                        "`{key}` está dos veces en `[commands.{name}]`"
                    );
                    return Err(settings.wrong(*line, &sentence));
                }
                let setting =
                    CommandSetting { value: as_json(value), place: format!("commands.{name}.{key}"), line: *line };
                settings.tables.entry(command_of(name).to_owned()).or_default().insert(plain, setting);
            }
        }
        Ok(settings)
    }

    /// Every setting with its command and key.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str, &CommandSetting)> {
        self.tables.iter().flat_map(|(command, table)| {
            table.iter().map(move |(key, setting)| (command.as_str(), key.as_str(), setting))
        })
    }

    /// A path that is set for a command; a relative one is beside the file.
    pub(crate) fn path_of(&self, command: &str, key: &str) -> Option<PathBuf> {
        let path = self.tables.get(command)?.get(key)?.value.as_str()?;
        if PathValue::is_in_store(path) {
            return Some(PathBuf::from(path));
        }
        Some(self.file.parent().unwrap_or(Path::new("/")).join(path))
    }

    /// What is set for a command. A relative path is beside the file, wherever the command is started.
    pub(crate) fn of(&self, description: &Description) -> BTreeMap<String, CommandSetting> {
        let beside = self.file.parent().unwrap_or(Path::new("/"));
        let mut own = self.tables.get(&description.name).cloned().unwrap_or_default();
        for argument in description.arguments.iter().filter(|argument| argument.kind.is_path()) {
            for key in keys([Some(argument.name.as_str()), argument.settings.as_deref()]) {
                if let Some(CommandSetting { value: Value::String(path), .. }) = own.get_mut(&key)
                    && path != "-"
                    && !path.is_empty()
                    && !(argument.kind == ArgumentKind::Repository && PathValue::is_in_store(path))
                {
                    *path = beside.join(&*path).display().to_string();
                }
            }
        }
        own
    }

    /// Refuses a table of no command and a key that its command does not have.
    ///
    /// # Errors
    /// The first of them, with its line and near names.
    pub(crate) fn check(&self, catalog: &Catalog) -> Result<(), Problem> {
        for (table, line) in &self.lines {
            let command = command_of(table);
            let description = match described(catalog, table) {
                Ok(None) => continue,
                Ok(Some(description)) => description,
                Err((sentence, hint)) => return Err(self.wrong(*line, &sentence).hint(hint)),
            };
            let known = known_keys(&description);
            let own = self.tables.get(command).into_iter().flatten();
            if let Some((key, setting)) = own.into_iter().find(|(key, _)| !known.contains(*key)) {
                let (sentence, hint) = no_setting(command, key, &known);
                return Err(self.wrong(setting.line, &sentence).hint(hint));
            }
        }
        Ok(())
    }

    /// What is wrong with a key of a table, whichever file it stands in, and the way out; none where nothing is.
    pub(crate) fn wrong_key(catalog: &Catalog, table: &str, key: &str) -> Option<(Text, Text)> {
        let description = match described(catalog, table) {
            Ok(description) => description?,
            Err(wrong) => return Some(wrong),
        };
        let known = known_keys(&description);
        (!known.contains(key)).then(|| no_setting(command_of(table), key, &known))
    }

    fn wrong(&self, line: usize, sentence: &Text) -> Problem {
        Problem::usage(at_line(&self.file, line, sentence))
    }
}

/// The description of a table's command; none where nobody knows its keys, and a sentence with a way out where it is
/// nobody's.
fn described(catalog: &Catalog, table: &str) -> Result<Option<Description>, (Text, Text)> {
    let command = command_of(table);
    match catalog.find(command) {
        Ok(command) if command.owner.is_some() => Err((
            text!(
                "`{table}` is a tenant's own command, which reads no configuration",
                "`{table}` es el comando propio de un inquilino, que no lee la configuración"
            ),
            text!("take the table out", "quite la tabla"),
        )),
        Ok(command) => Ok(Some(command.description)),
        Err(CatalogError::Unknown { .. }) => {
            let commands = catalog.list();
            let names = commands.iter().map(|command| command.description.name.as_str());
            let names = near_names(table, names.chain(ALIASES.iter().map(|(alias, _)| *alias)));
            let hint = if names.is_empty() { see("encargo commands list") } else { did_you_mean(&names) };
            Err((text!("there is no command `{table}`", "no existe el comando `{table}`"), hint))
        }
        // What is broken answers for itself when it is run.
        Err(_) => Ok(None),
    }
}

/// That a command has no such setting, with near ones.
fn no_setting(command: &str, key: &str, known: &BTreeSet<String>) -> (Text, Text) {
    let sentence = text!("`{command}` has no setting `{key}`", "`{command}` no tiene el ajuste `{key}`");
    let names = near_names(key, known.iter().map(String::as_str));
    let see = see(&format!("encargo help {command}"));
    let hint = if names.is_empty() { see } else { Text::joined([did_you_mean(&names), see], " ") };
    (sentence, hint)
}

/// The command that a table is for.
fn command_of(table: &str) -> &str {
    ALIASES.iter().find(|(alias, _)| *alias == table).map_or(table, |(_, command)| command)
}

/// The keys that a command's table may have: its arguments' names, and those that its description gives besides.
fn known_keys(description: &Description) -> BTreeSet<String> {
    let arguments = description.arguments.iter();
    let of_arguments =
        arguments.flat_map(|argument| keys([Some(argument.name.as_str()), argument.settings.as_deref()]));
    let of_host = description.host_flags.iter();
    of_arguments.chain(of_host.flat_map(|(name, flag)| keys([Some(name.as_str()), flag.settings.as_deref()]))).collect()
}

fn keys(names: [Option<&str>; 2]) -> impl Iterator<Item = String> {
    names.into_iter().flatten().map(|name| name.replace('-', "_"))
}

pub(crate) fn as_json(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::from(text.as_str()),
        toml::Value::Integer(integer) => Value::from(*integer),
        toml::Value::Float(real) => Value::from(*real),
        toml::Value::Boolean(flag) => Value::from(*flag),
        toml::Value::Datetime(time) => Value::from(time.to_string()),
        toml::Value::Array(values) => values.iter().map(as_json).collect(),
        toml::Value::Table(table) => table.iter().map(|(key, value)| (key.clone(), as_json(value))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::samples::description;
    use crate::config::File;

    fn settings(text: &str) -> Result<CommandSettings, Problem> {
        let file = File::parse(Path::new("/project/encargo.toml"), text).expect("the text is well-formed");
        CommandSettings::new(&file.path, &file.commands)
    }

    #[test]
    fn the_commands_own_table_wins_over_its_alias() {
        let text = "
            [commands.zero_tool]\nsince = 2026-01-31
            [commands.cleanup]\nbatch_size = 1000\nconcurrent_jobs = 4
            [commands.cleanup_old_data]\nbatch-size = 50";
        let settings = settings(text).expect("no key stands twice");
        let found: Vec<_> = settings
            .iter()
            .map(|(command, key, setting)| (command, key, setting.place.as_str(), setting.value.to_string()))
            .collect();
        assert_eq!(
            found,
            [
                ("cleanup_old_data", "batch_size", "commands.cleanup_old_data.batch-size", "50".to_owned()),
                ("cleanup_old_data", "concurrent_jobs", "commands.cleanup.concurrent_jobs", "4".to_owned()),
                ("zero_tool", "since", "commands.zero_tool.since", "\"2026-01-31\"".to_owned()),
            ]
        );
    }

    #[test]
    fn a_key_that_stands_twice_is_refused_with_its_line() {
        let problem = settings("[commands.x]\nbatch_size = 1\nbatch-size = 2").expect_err("one of them would be lost");
        assert!(problem.message.en.contains("`batch_size` stands twice in `[commands.x]`"), "{}", problem.message.en);
    }

    #[test]
    fn a_relative_path_is_beside_the_file() {
        let text = "[commands.sample]\nfile = 'a.csv'\noutput = '-'\ndays = 3";
        let own = settings(text).expect("no key stands twice").of(&description());
        let value = |key: &str| own.get(key).map(|setting| setting.value.clone());
        assert_eq!(value("file"), Some(Value::from("/project/a.csv")));
        assert_eq!((value("output"), value("days")), (Some(Value::from("-")), Some(Value::from(3))));
    }

    #[test]
    fn a_key_or_table_of_nobody_is_refused_with_near_names() {
        let catalog = Catalog::new(crate::packaged::PACKAGED, PathBuf::from("/none"), None);
        if catalog.list().is_empty() {
            return; // Built without commands.
        }
        let refused = |text: &str| settings(text).expect("no key stands twice").check(&catalog).expect_err(text);
        for (text, sentence, hint) in [
            (
                "[commands.cleanup]\nbach_size = 3",
                "`/project/encargo.toml` line 2: `cleanup_old_data` has no setting `bach_size`",
                "did you mean `batch_size`? see `encargo help cleanup_old_data`",
            ),
            (
                "environment = 'x'\n[commands.clenup]\ndays = 3",
                "`/project/encargo.toml` line 2: there is no command `clenup`",
                "did you mean `cleanup`",
            ),
        ] {
            let problem = refused(text);
            assert_eq!(problem.message.en, sentence);
            assert!(problem.hint.as_ref().is_some_and(|found| found.en.starts_with(hint)), "{:?}", problem.hint);
        }
        let fine = "[commands.cleanup]\ndays = 3\nconcurrent_jobs = 2\n[commands.backup]\nretention_days = 30";
        assert_eq!(settings(fine).expect("no key stands twice").check(&catalog), Ok(()));
    }
}
