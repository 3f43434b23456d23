//! `encargo.toml`: where it is looked for, what it may say, and what is wrong with it, by line.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use encargo_model::{Language, Limits, Text, text};
use serde::Deserialize;
use toml::{Spanned, Table};

use crate::error::Problem;

/// The name of the file.
pub(crate) const NAME: &str = "encargo.toml";
/// Where the machine's own file is.
const MACHINE_WIDE: &str = "/etc/encargo/encargo.toml";

/// A file that was read.
#[derive(Debug, Clone)]
pub(crate) struct File {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// What it says.
    pub(crate) sections: Sections,
    /// The keys that `[limits]` sets.
    pub(crate) limits_given: BTreeSet<String>,
    /// The keys that `[tenant_limits]` sets.
    pub(crate) tenant_limits_given: BTreeSet<String>,
    /// The tables of commands, with the line of every name.
    pub(crate) commands: Tables,
    /// What `[services]` says, with the line of every name.
    pub(crate) services: ServiceTables,
}

/// What stands in `[services]`: for each name its line and its value.
pub(crate) type ServiceTables = BTreeMap<String, (usize, toml::Value)>;

/// The tables of commands: for each its line, and its keys with their values and lines.
pub(crate) type Tables = BTreeMap<String, (usize, BTreeMap<String, (usize, toml::Value)>)>;

/// Tables as they stand in the text.
type SpannedTables = BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, toml::Value>>;

/// Everything that the file may say; another key is an error.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Sections {
    pub(crate) environment: Option<String>,
    pub(crate) language: Option<Language>,
    pub(crate) data_dir: Option<PathBuf>,
    pub(crate) limits: Limits,
    pub(crate) tenant_limits: TenantLimits,
    pub(crate) runs: RunsSection,
    pub(crate) env: EnvSection,
    /// A table for each command; the keys are the command's own.
    commands: SpannedTables,
    /// A table for each service.
    services: BTreeMap<Spanned<String>, toml::Value>,
}

/// `[tenant_limits]`: what a run of a tenant's own command may use; what it does not say stays as it is for tenants.
#[derive(Debug, Clone)]
pub(crate) struct TenantLimits(pub(crate) Limits);

impl Default for TenantLimits {
    fn default() -> Self {
        Self(Limits::of_tenants())
    }
}

impl<'de> Deserialize<'de> for TenantLimits {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let given = Table::deserialize(deserializer)?;
        let mut all = Table::try_from(Limits::of_tenants()).map_err(Error::custom)?;
        all.extend(given);
        all.try_into().map(Self).map_err(|error: toml::de::Error| Error::custom(error.message()))
    }
}

/// `[runs]`: how long finished runs are kept.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RunsSection {
    pub(crate) keep_days: Option<u32>,
    pub(crate) keep_runs: Option<u32>,
}

/// `[env]`: which variables may fill the arguments of commands.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct EnvSection {
    pub(crate) allow: Option<Vec<Spanned<String>>>,
}

impl File {
    /// Reads the file that is in force: the one that was given, else that of the data directory that was given, else
    /// the nearest one in this folder or above it, else the machine's.
    pub(crate) fn find(given: Option<&Path>, data_dir: Option<&Path>, folder: &Path) -> Result<Option<Self>, Problem> {
        if let Some(path) = given {
            return Self::read(path).map(Some);
        }
        let in_data_dir = data_dir.map(|data_dir| data_dir.join(NAME));
        let above = folder.ancestors().map(|folder| folder.join(NAME));
        let mut candidates = in_data_dir.into_iter().chain(above).chain([PathBuf::from(MACHINE_WIDE)]);
        candidates.find(|path| path.is_file()).map(|path| Self::read(&path)).transpose()
    }

    fn read(path: &Path) -> Result<Self, Problem> {
        let shown = path.display().to_string();
        // A configuration that is named and missing is a usage error, not a missing input.
        let text = std::fs::read_to_string(path)
            .map_err(|error| Problem { exit: encargo_model::Exit::Usage, ..Problem::reading(&shown, &error) })?;
        Self::parse(path, &text)
    }

    /// Reads the text of a file.
    pub(crate) fn parse(path: &Path, text: &str) -> Result<Self, Problem> {
        let line_of = |at: usize| text.get(..at).unwrap_or(text).matches('\n').count() + 1;
        let wrong = |at: usize, sentence: Text| {
            Problem::usage(at_line(path, line_of(at), &sentence)).hint(text!(
                "correct it, or name another file with --config",
                "corríjalo, o indique otro archivo con --config"
            ))
        };
        let of_parser = |error: toml::de::Error| {
            let said = error.message().trim_end();
            wrong(
                error.span().map_or(0, |span| span.start),
                text!("{said}", "no se puede leer como configuración ({said})"),
            )
        };
        let mut sections: Sections = toml::from_str(text).map_err(of_parser)?;
        for name in sections.env.allow.iter().flatten() {
            if name.get_ref().starts_with("ENCARGO_") {
                let sentence = text!(
                    "`{}` is the host's own and no command may read it",
                    "`{}` es del anfitrión y ningún comando puede leerla";
                    name.get_ref()
                );
                return Err(wrong(name.span().start, sentence));
            }
        }
        let table: Table = toml::from_str(text).map_err(of_parser)?;
        let keys = |section: &str| {
            let section = table.get(section).and_then(toml::Value::as_table);
            section.into_iter().flatten().map(|(key, _)| key.clone()).collect()
        };
        let (limits_given, tenant_limits_given) = (keys("limits"), keys("tenant_limits"));
        let placed = |name: Spanned<String>| (line_of(name.span().start), name.into_inner());
        let mut commands = Tables::new();
        for (table, keys) in std::mem::take(&mut sections.commands) {
            let (line, table) = placed(table);
            let keys = keys.into_iter().map(|(key, value)| {
                let (line, key) = placed(key);
                (key, (line, value))
            });
            commands.insert(table, (line, keys.collect()));
        }
        let services = std::mem::take(&mut sections.services).into_iter().map(|(name, value)| {
            let (line, name) = placed(name);
            (name, (line, value))
        });
        let services = services.collect();
        Ok(Self { path: path.to_owned(), sections, limits_given, tenant_limits_given, commands, services })
    }
}

/// A sentence behind the place that it is about.
pub(super) fn at_line(path: &Path, line: usize, sentence: &Text) -> Text {
    let path = path.display();
    text!("`{path}` line {line}: {sentence}", "`{path}` línea {line}: {sentence}", sentence = sentence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, sentence) in [
            ("environment = 'production'\ncolour = true", "line 2: unknown field `colour`"),
            ("\n[limits]\nmemory = 3", "line 3: unknown field `memory`"),
            ("[tenant_limits]\nmemory = 3", "unknown field `memory`"),
            ("[tenant_limits]\nhandles = 'x'", "invalid type"),
            ("[runs]\nkeep_days = -1", "line 2: invalid value"),
            ("language = 'fr'", "line 1: unknown variant `fr`"),
            ("[env]\nallow = [\n'A',\n'ENCARGO_LANG']", "line 4: `ENCARGO_LANG` is the host's own"),
            ("[commands]\ncleanup = 3", "line 2: invalid type"),
            ("[commands", "line 1: "),
        ] {
            let problem = File::parse(Path::new("encargo.toml"), text).expect_err(text);
            assert!(problem.message.en.contains(sentence), "{}", problem.message.en);
            assert_eq!(problem.exit, encargo_model::Exit::Usage);
        }
    }

    #[test]
    fn the_nearest_file_above_is_found() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let deep = folder.path().join("a/b");
        std::fs::create_dir_all(&deep)?;
        std::fs::write(folder.path().join(NAME), "environment = 'outer'")?;
        let found = |given: Option<&Path>, data_dir: Option<&Path>| {
            let file = File::find(given, data_dir, &deep).expect("the files are well-formed");
            file.and_then(|file| file.sections.environment)
        };
        assert_eq!(found(None, None).as_deref(), Some("outer"));
        std::fs::write(folder.path().join("a").join(NAME), "environment = 'inner'")?;
        assert_eq!(found(None, None).as_deref(), Some("inner"));
        let data_dir = folder.path().join("data");
        assert_eq!(found(None, Some(&data_dir)).as_deref(), Some("inner"));
        std::fs::create_dir(&data_dir)?;
        std::fs::write(data_dir.join(NAME), "environment = 'data'")?;
        assert_eq!(found(None, Some(&data_dir)).as_deref(), Some("data"));
        let given = folder.path().join(NAME);
        assert_eq!(found(Some(&given), Some(&data_dir)).as_deref(), Some("outer"));
        Ok(())
    }
}
