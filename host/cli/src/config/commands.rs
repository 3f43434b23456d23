//! `[commands.<name>]`: settings of commands, also under the names that Django's `MANAGEMENT_COMMANDS` has for them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// A table that stands for a command's, as in Django's settings; `[commands.<command>]` wins over it.
const ALIASES: [(&str, &str); 3] =
    [("backup", "backup_data"), ("cleanup", "cleanup_old_data"), ("import", "import_knowledge")];

/// The settings of every command, and where each key stands in the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct CommandSettings {
    tables: BTreeMap<String, BTreeMap<String, CommandSetting>>,
}

/// One setting of one command.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CommandSetting {
    /// As JSON has it.
    pub(crate) value: Value,
    /// Where it stands: `commands.cleanup.batch_size`.
    pub(crate) place: String,
}

impl CommandSettings {
    /// Gathers what the file says, aliases first so that the command's own table wins.
    pub(crate) fn new(tables: &BTreeMap<String, toml::Table>) -> Self {
        let command_of = |table: &str| ALIASES.iter().find(|(alias, _)| *alias == table).map(|(_, command)| *command);
        let mut settings = Self::default();
        let (aliases, own): (Vec<_>, Vec<_>) = tables.iter().partition(|(name, _)| command_of(name).is_some());
        for (name, table) in aliases.into_iter().chain(own) {
            let command = command_of(name).unwrap_or(name).to_owned();
            let gathered = settings.tables.entry(command).or_default();
            for (key, value) in table {
                let place = format!("commands.{name}.{key}");
                gathered.insert(key.clone(), CommandSetting { value: as_json(value), place });
            }
        }
        settings
    }

    /// Every setting with its command and key.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str, &CommandSetting)> {
        self.tables.iter().flat_map(|(command, table)| {
            table.iter().map(move |(key, setting)| (command.as_str(), key.as_str(), setting))
        })
    }

    /// The values alone: command, then key, then value.
    pub(crate) fn as_json(&self) -> Value {
        let mut commands = Map::new();
        for (command, key, setting) in self.iter() {
            let table = commands.entry(command).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(table) = table {
                table.insert(key.to_owned(), setting.value.clone());
            }
        }
        Value::Object(commands)
    }
}

fn as_json(value: &toml::Value) -> Value {
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

    #[test]
    fn the_commands_own_table_wins_over_its_alias() {
        let text = "
            [zero_tool]\nsince = 2026-01-31
            [cleanup]\nbatch_size = 1000\nconcurrent_jobs = 4
            [cleanup_old_data]\nbatch_size = 50";
        let settings = CommandSettings::new(&toml::from_str(text).expect("the text is TOML"));
        let found: Vec<_> =
            settings.iter().map(|(command, key, setting)| (command, key, setting.place.as_str())).collect();
        assert_eq!(
            found,
            [
                ("cleanup_old_data", "batch_size", "commands.cleanup_old_data.batch_size"),
                ("cleanup_old_data", "concurrent_jobs", "commands.cleanup.concurrent_jobs"),
                ("zero_tool", "since", "commands.zero_tool.since"),
            ]
        );
        assert_eq!(
            settings.as_json(),
            serde_json::json!({
                "cleanup_old_data": {"batch_size": 50, "concurrent_jobs": 4},
                "zero_tool": {"since": "2026-01-31"}
            })
        );
    }
}
