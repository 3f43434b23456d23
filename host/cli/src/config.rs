//! The configuration in force: flag, then environment, then `encargo.toml`, then default, each with its origin.

mod commands;
mod environment;
mod file;
pub(crate) mod merge;
pub(crate) mod python;
pub(crate) mod secrets;
mod services;
mod setting;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use encargo_model::{Language, Limits, text};

use crate::error::Problem;

pub(crate) use commands::{CommandSetting, CommandSettings, as_json};
pub(crate) use environment::Environment;
pub(crate) use file::{File, NAME as FILE_NAME};
pub(crate) use services::ServiceSettings;
pub(crate) use setting::Setting;
pub(crate) use toml::Value as TomlValue;

/// The variables of the brief, which commands may read when `[env] allow` says nothing.
const READABLE_VARIABLES: [&str; 6] = [
    "BACKUP_DIRECTORY",
    "BACKUP_RETENTION_DAYS",
    "CLEANUP_BATCH_SIZE",
    "CLEANUP_CONCURRENT_JOBS",
    "IMPORT_BATCH_SIZE",
    "IMPORT_VALIDATION_LEVEL",
];

/// The variables that locale settings use, the strongest first.
const LOCALE_VARIABLES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// The folder that is used when nothing names another.
pub(crate) const DATA_DIR: &str = "encargo-data";

/// What the flags say about the configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ConfigurationFlags {
    pub(crate) config: Option<PathBuf>,
    pub(crate) data_dir: Option<PathBuf>,
    pub(crate) language: Option<Language>,
}

/// The configuration in force.
#[derive(Debug, Clone)]
pub(crate) struct Configuration {
    /// The file that was read.
    pub(crate) file: Option<PathBuf>,
    /// `development`, `production` or the operator's own word; recorded at the first migrate.
    pub(crate) environment: Setting<String>,
    pub(crate) language: Setting<Language>,
    /// Absolute; it need not exist.
    pub(crate) data_dir: Setting<PathBuf>,
    pub(crate) limits: Limits,
    /// The limits that the file sets.
    pub(crate) limits_given: BTreeSet<String>,
    /// The limits of tenants' own commands.
    pub(crate) tenant_limits: Limits,
    /// Those of them that the file sets.
    pub(crate) tenant_limits_given: BTreeSet<String>,
    /// How many days runs are kept.
    pub(crate) keep_days: Setting<u32>,
    /// How many runs of a command are kept.
    pub(crate) keep_runs: Setting<u32>,
    /// Variables that may fill a command's arguments.
    pub(crate) readable: Setting<Vec<String>>,
    pub(crate) commands: CommandSettings,
    pub(crate) services: ServiceSettings,
}

impl Configuration {
    /// Settles the configuration. `folder` is where the process was started.
    pub(crate) fn load(flags: &ConfigurationFlags, environment: &Environment, folder: &Path) -> Result<Self, Problem> {
        let data_dir = data_dirs(flags, environment, folder);
        let given = data_dir.flag.as_deref().or(data_dir.variable.as_deref());
        let config = flags.config.as_deref().or_else(|| environment.get("ENCARGO_CONFIG").map(Path::new));
        let config = config.map(|config| folder.join(config));
        let file = File::find(config.as_deref(), given, folder)?;
        Self::settle(flags, environment, folder, file)
    }

    /// What the flags alone say, for help where the file is broken.
    pub(crate) fn without_file(flags: &ConfigurationFlags, folder: &Path) -> Result<Self, Problem> {
        Self::settle(flags, &Environment::default(), folder, None)
    }

    fn settle(
        flags: &ConfigurationFlags,
        environment: &Environment,
        folder: &Path,
        file: Option<File>,
    ) -> Result<Self, Problem> {
        let data_dir = data_dirs(flags, environment, folder);
        let path = file.as_ref().map(|file| file.path.clone());
        let limits_given = file.as_ref().map(|file| file.limits_given.clone()).unwrap_or_default();
        let tenant_limits_given = file.as_ref().map(|file| file.tenant_limits_given.clone()).unwrap_or_default();
        let commands = file.as_ref().map(|file| CommandSettings::new(&file.path, &file.commands)).transpose()?;
        let none = BTreeMap::new();
        let tables = file.as_ref().map_or(&none, |file| &file.services);
        let services = ServiceSettings::new(path.as_deref().unwrap_or(folder), tables, environment)?;
        let said = file.map(|file| file.sections).unwrap_or_default();
        // A relative data directory in a file is beside the file, wherever the command is started.
        let beside = path.as_deref().and_then(Path::parent).unwrap_or(folder);
        let language_variable = environment.get("ENCARGO_LANG").map(language).transpose()?;
        let allowed = said.env.allow.map(|names| names.into_iter().map(toml::Spanned::into_inner).collect());
        Ok(Self {
            environment: Setting::default("development".to_owned())
                .or_file("environment", said.environment)
                .or_variable("ENCARGO_ENVIRONMENT", environment.get("ENCARGO_ENVIRONMENT").map(str::to_owned)),
            language: of_locale(environment)
                .or_file("language", said.language)
                .or_variable("ENCARGO_LANG", language_variable)
                .or_flag(flags.language),
            data_dir: Setting::default(folder.join(DATA_DIR))
                .or_file("data_dir", said.data_dir.map(|data_dir| beside.join(data_dir)))
                .or_variable("ENCARGO_DATA_DIR", data_dir.variable)
                .or_flag(data_dir.flag),
            limits: said.limits,
            limits_given,
            tenant_limits: said.tenant_limits.0,
            tenant_limits_given,
            keep_days: Setting::default(90).or_file("runs.keep_days", said.runs.keep_days),
            keep_runs: Setting::default(10_000).or_file("runs.keep_runs", said.runs.keep_runs),
            readable: Setting::default(READABLE_VARIABLES.map(str::to_owned).to_vec()).or_file("env.allow", allowed),
            commands: commands.unwrap_or_default(),
            services,
            file: path,
        })
    }
}

/// The data directory as it was given for this call.
struct DataDirs {
    flag: Option<PathBuf>,
    variable: Option<PathBuf>,
}

fn data_dirs(flags: &ConfigurationFlags, environment: &Environment, folder: &Path) -> DataDirs {
    DataDirs {
        flag: flags.data_dir.as_deref().map(|path| folder.join(path)),
        variable: environment.get("ENCARGO_DATA_DIR").map(|path| folder.join(path)),
    }
}

/// The language that a tag names.
pub(crate) fn language(tag: &str) -> Result<Language, Problem> {
    Language::from_tag(tag).ok_or_else(|| {
        Problem::usage(text!(
            "`{tag}` is not a language that Encargo speaks",
            "`{tag}` no es un idioma que hable Encargo"
        ))
        .hint(text!("it speaks `en` and `es`", "habla `en` y `es`"))
    })
}

/// The language to speak where the file cannot be read, or the flags make no sense.
pub(crate) fn language_without_file(asked: Option<Language>, environment: &Environment) -> Language {
    let variable = environment.get("ENCARGO_LANG").and_then(Language::from_tag);
    of_locale(environment).or_variable("ENCARGO_LANG", variable).or_flag(asked).value
}

/// The language of the locale; it is the weakest word, since a machine has a locale whether or not anyone chose it.
fn of_locale(environment: &Environment) -> Setting<Language> {
    let set = LOCALE_VARIABLES.into_iter().find_map(|name| Some((name, environment.get(name)?)));
    let (name, tag) = set.unwrap_or_default();
    Setting::default(Language::En).or_variable(name, Language::from_tag(tag))
}

#[cfg(test)]
mod tests {
    use encargo_model::Origin;

    use super::*;

    fn settle(flags: &ConfigurationFlags, environment: &Environment, text: &str) -> Configuration {
        let file = File::parse(Path::new("/project/encargo.toml"), text).expect("the text is well-formed");
        Configuration::settle(flags, environment, Path::new("/here"), Some(file)).expect("the settings are acceptable")
    }

    #[test]
    fn a_flag_wins_over_the_environment_over_the_file_over_the_default() {
        let text = "environment = 'staging'\nlanguage = 'es'\ndata_dir = 'data'";
        let variables = [("ENCARGO_DATA_DIR", "/variable"), ("ENCARGO_LANG", "en"), ("LANG", "es_ES.UTF-8")];
        let flags = ConfigurationFlags {
            data_dir: Some("/flag".into()),
            language: Some(Language::Es),
            ..ConfigurationFlags::default()
        };
        let none = ConfigurationFlags::default();
        for (flags, variables, text, data_dir, language) in [
            (&flags, Environment::of(variables), text, ("/flag", Origin::Given), (Language::Es, Origin::Given)),
            (
                &none,
                Environment::of(variables),
                text,
                ("/variable", Origin::Environment("ENCARGO_DATA_DIR".to_owned())),
                (Language::En, Origin::Environment("ENCARGO_LANG".to_owned())),
            ),
            (
                &none,
                Environment::of([("LANG", "en_GB.UTF-8")]),
                text,
                ("/project/data", Origin::Settings("data_dir".to_owned())),
                (Language::Es, Origin::Settings("language".to_owned())),
            ),
            (
                &none,
                Environment::of([("LC_ALL", ""), ("LANG", "es")]),
                "",
                ("/here/encargo-data", Origin::Default),
                (Language::Es, Origin::Environment("LANG".to_owned())),
            ),
            (
                &none,
                Environment::of([("LC_ALL", "fr_FR"), ("LANG", "es")]),
                "",
                ("/here/encargo-data", Origin::Default),
                (Language::En, Origin::Default),
            ),
        ] {
            let settled = settle(flags, &variables, text);
            assert_eq!(settled.data_dir, Setting { value: data_dir.0.into(), origin: data_dir.1 });
            assert_eq!(settled.language, Setting { value: language.0, origin: language.1 });
        }
    }

    #[test]
    fn commands_read_the_variables_of_the_brief_and_no_others() {
        let environment = Environment::of([("CLEANUP_BATCH_SIZE", "7"), ("HOME", "/root"), ("IMPORT_BATCH_SIZE", "")]);
        let settled = settle(&ConfigurationFlags::default(), &environment, "");
        assert_eq!(
            environment.only(&settled.readable.value).into_iter().collect::<Vec<_>>(),
            [("CLEANUP_BATCH_SIZE".to_owned(), "7".to_owned())]
        );
        let settled = settle(&ConfigurationFlags::default(), &environment, "[env]\nallow = ['HOME']");
        assert_eq!(environment.only(&settled.readable.value).len(), 1);
        assert!(environment.only(&settled.readable.value).contains_key("HOME"));
    }

    #[test]
    fn a_limit_of_tenants_is_in_force_beside_those_that_the_file_does_not_name() {
        let settled =
            settle(&ConfigurationFlags::default(), &Environment::default(), "[tenant_limits]\ncpu_seconds = 2");
        let cpu_seconds = std::time::Duration::from_secs(2);
        assert_eq!(settled.tenant_limits, Limits { cpu_seconds, ..Limits::of_tenants() });
        assert!(settled.tenant_limits_given.contains("cpu_seconds") && settled.tenant_limits_given.len() == 1);
    }

    #[test]
    fn a_limit_of_the_file_is_in_force_and_known_as_given() {
        let settled = settle(&ConfigurationFlags::default(), &Environment::default(), "[limits]\nhandles = 3");
        assert_eq!(settled.limits, Limits { handles: 3, ..Limits::default() });
        assert!(settled.limits_given.contains("handles") && settled.limits_given.len() == 1);
    }
}
