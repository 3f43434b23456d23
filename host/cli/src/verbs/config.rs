//! `encargo config`: every setting in force and where it comes from, and settings of Django's that are taken over.

mod import;

use clap::{Arg, ArgAction, ArgMatches, Command};
use encargo_model::{Exit, Language, Origin};
use serde::Serialize;
use serde_json::Value;

use super::{Kind, Verb, refuse_flags_of_word, word};
use crate::config::Configuration;
use crate::error::Problem;
use crate::output::{Style, Summary, Word, origin, visible};
use crate::session::Session;

pub(super) const VERB: Verb = Verb {
    name: "config",
    summary: Word::VerbConfig,
    takes: &["dry-run", "overwrite"],
    kind: Kind::Own { arguments, run },
};

fn arguments(command: Command, language: Language) -> Command {
    let with_origin =
        Arg::new("origin").long("origin").action(ArgAction::SetTrue).help(Word::ConfigOrigin.get(language));
    let file = Arg::new("file").required(true).value_name("FILE").help(Word::ConfigImportFile.get(language));
    command.subcommand_required(true).subcommands([
        word("show", Word::ConfigShow, language).arg(with_origin),
        word("import", Word::ConfigImport, language).arg(file),
    ])
}

/// A setting.
#[derive(Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename = "setting")]
struct SettingRecord {
    key: String,
    value: Value,
    origin: String,
}

fn run(session: &Session, matches: &ArgMatches) -> Result<Summary, Problem> {
    match matches.subcommand() {
        Some(("import", own)) => import::import(session, &own.get_one::<String>("file").cloned().unwrap_or_default()),
        _ => {
            refuse_flags_of_word("config show", &[], &session.run_flags)?;
            show(session, matches)
        }
    }
}

fn show(session: &Session, matches: &ArgMatches) -> Result<Summary, Problem> {
    let (output, language) = (&session.output, session.language());
    let with_origin = matches.subcommand().is_some_and(|(_, own)| own.get_flag("origin"));
    let settings = settings(&session.configuration);
    if let Some(file) = &session.configuration.file {
        output.note(&Word::ConfigRead.with(language, &[&file.display()]));
    }
    for (key, value, from) in &settings {
        let from = if with_origin { format!("  # {}", output.origin(from)) } else { String::new() };
        output.styled(&[(Style::Plain, &visible(&format!("{key} = {value}"))), (Style::Hint, &from)]);
    }
    let count = settings.len();
    for (key, value, from) in settings {
        output.record(&SettingRecord { key, value, origin: origin(&from) });
    }
    Ok(Summary::of_verb("config show", Exit::Done, Word::Settings.with(language, &[&count])))
}

/// Every setting with its key as in the file.
fn settings(configuration: &Configuration) -> Vec<(String, Value, Origin)> {
    let mut settings = Vec::new();
    let mut add = |key: &str, value: Value, origin: &Origin| settings.push((key.to_owned(), value, origin.clone()));
    let Configuration { environment, language, data_dir, keep_days, keep_runs, readable, .. } = configuration;
    add("environment", Value::from(environment.value.as_str()), &environment.origin);
    add("language", Value::from(language.value.as_str()), &language.origin);
    add("data_dir", Value::from(data_dir.value.display().to_string()), &data_dir.origin);
    add("runs.keep_days", Value::from(keep_days.value), &keep_days.origin);
    add("runs.keep_runs", Value::from(keep_runs.value), &keep_runs.origin);
    add("env.allow", Value::from(readable.value.clone()), &readable.origin);
    let Configuration { limits, limits_given, tenant_limits, tenant_limits_given, .. } = configuration;
    for (section, limits, given) in
        [("limits", limits, limits_given), ("tenant_limits", tenant_limits, tenant_limits_given)]
    {
        let Ok(Value::Object(limits)) = serde_json::to_value(limits) else { continue };
        for (name, value) in limits {
            let key = format!("{section}.{name}");
            let is_given = given.contains(&name);
            add(&key, value, &if is_given { Origin::Settings(key.clone()) } else { Origin::Default });
        }
    }
    for (command, key, setting) in configuration.commands.iter() {
        add(&format!("commands.{command}.{key}"), setting.value.clone(), &Origin::Settings(setting.place.clone()));
    }
    settings.extend(configuration.services.shown.iter().cloned());
    settings
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::config::{ConfigurationFlags, Environment};

    #[test]
    fn every_setting_is_shown_with_the_place_that_decided() {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let text = "environment = 'staging'\n[limits]\nhandles = 9\n[commands.cleanup]\nbatch_size = 5";
        std::fs::write(folder.path().join("encargo.toml"), text).expect("the folder can be written");
        let environment = Environment::of([("ENCARGO_DATA_DIR", "/data")]);
        let configuration = Configuration::load(&ConfigurationFlags::default(), &environment, Path::new(folder.path()))
            .expect("the file is well-formed");
        let settings = settings(&configuration);
        let found = |key: &str| {
            let setting = settings.iter().find(|(name, ..)| name == key);
            setting.map(|(_, value, from)| (value.to_string(), origin(from)))
        };
        let pair = |value: &str, origin: &str| Some((value.to_owned(), origin.to_owned()));
        assert_eq!(found("environment"), pair("\"staging\"", "settings:environment"));
        assert_eq!(found("data_dir"), pair("\"/data\"", "environment:ENCARGO_DATA_DIR"));
        assert_eq!(found("limits.handles"), pair("9", "settings:limits.handles"));
        assert_eq!(found("limits.cpu_seconds"), pair("3600.0", "default"));
        assert_eq!(found("commands.cleanup_old_data.batch_size"), pair("5", "settings:commands.cleanup.batch_size"));
    }
}
