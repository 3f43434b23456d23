//! All that a line can be, as clap's command, with the values that this installation has.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Arg, Command};
use clap_complete::engine::{
    ArgValueCandidates, ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter,
};
use encargo_model::{ArgumentKind, ArgumentSpec, Description, Language};

use crate::arguments::{Given, bare, general_flags, partition, run_flags, spelled_out, with_arguments};
use crate::config::{Configuration, Environment};
use crate::{verbs, wiring};

/// The command that completes a line of these words; `quotes` when the shell quotes names of files.
pub(super) fn command(words: &[OsString], quotes: bool, environment: &Environment) -> Command {
    let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
    let texts = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let flags = Given::parse(&partition(texts).host).map(|given| given.general.configuration).unwrap_or_default();
    let configured = Configuration::load(&flags, environment, &folder);
    let Ok(configuration) = configured.or_else(|_| Configuration::without_file(&flags, &folder)) else {
        return bare("encargo");
    };
    let catalog = wiring::commands(&configuration);
    let found = catalog.list().into_iter().map(|command| command.description);
    let found: Vec<_> = found.filter(|description| is_plain(&description.name)).collect();
    let waiting = catalog.waiting().map(|added| added.name.clone()).filter(|name| is_plain(name)).collect();
    let line = Values { configuration: Arc::new(configuration), waiting, quotes }.line(&found);
    // An option is offered to whoever began one, and where nothing else can stand.
    let begins_option = words.last().is_some_and(|word| word.to_string_lossy().starts_with('-'));
    if begins_option { line } else { without_options(line) }
}

/// Where values come from.
struct Values {
    configuration: Arc<Configuration>,
    /// Commands that cannot be run yet and can be granted what they ask for.
    waiting: Vec<String>,
    quotes: bool,
}

impl Values {
    fn line(&self, found: &[Description]) -> Command {
        let language = self.configuration.language.value;
        let names: Vec<_> = found.iter().map(|description| description.name.clone()).collect();
        let commands: Vec<_> = found.iter().map(|description| self.of_description(description, language)).collect();
        let names = [names, self.waiting.clone()].concat();
        let filled: Vec<_> = verbs::as_commands(language).into_iter().map(|verb| self.of_verb(verb, &names)).collect();
        let own: Vec<_> = commands.iter().filter(|command| !verbs::is_reserved(command.get_name())).collect();
        let topics: Vec<_> = own.iter().copied().chain(&filled).map(topic).collect();
        let filled = filled.into_iter().map(|verb| match verb.get_name() {
            "run" => verb.subcommands(&commands),
            "help" => verb.subcommands(&topics),
            _ => verb,
        });
        let flags = run_flags(language).into_iter().chain(general_flags(language));
        bare("encargo").subcommands(own).subcommands(filled).args(flags.map(|flag| self.of_host(flag)))
    }

    fn of_description(&self, description: &Description, language: Language) -> Command {
        let spelled = spelled_out(description);
        let command = with_arguments(&spelled, language).about(spelled.summary.get(language).to_owned());
        command.mut_args(|arg| match description.argument(arg.get_id().as_str()) {
            Some(spec) => self.of_spec(arg, spec),
            None => self.of_host(arg),
        })
    }

    fn of_spec(&self, arg: Arg, spec: &ArgumentSpec) -> Arg {
        let choices: Vec<_> = spec.choices.iter().map(|choice| choice.value.clone()).collect();
        match spec.kind {
            ArgumentKind::Flag => of(arg, || ["true", "false"]),
            ArgumentKind::Texts => of(arg.value_delimiter(','), move || choices.clone()),
            ArgumentKind::Tenant => self.tenants(arg, false),
            kind if kind.is_path() => self.path(arg),
            _ => of(arg, move || choices.clone()),
        }
    }

    /// A flag of the host's; one with a few words has them already.
    fn of_host(&self, arg: Arg) -> Arg {
        match arg.get_id().as_str() {
            "tenant" => self.tenants(arg, true),
            "exclude-tenant" => self.tenants(arg, false),
            "lang" => of(arg, || ["en", "es"]),
            "verbosity" => of(arg, || ["0", "1", "2", "3"]),
            "resume" => of(arg, || ["latest"]),
            "data-dir" | "config" => self.path(arg),
            _ => arg,
        }
    }

    /// A verb's words and flags.
    fn of_verb(&self, verb: Command, commands: &[String]) -> Command {
        let fill = |arg: Arg| match arg.get_id().as_str() {
            "name" | "command" => {
                let commands = commands.to_vec();
                of(arg, move || commands.clone())
            }
            "tenant" if arg.is_positional() => self.tenants(arg, false),
            "run" => of(arg, || ["latest"]),
            "password-file" | "file" => self.path(arg),
            _ => self.of_host(arg),
        };
        verb.mut_args(fill).mut_subcommands(|word| word.mut_args(fill))
    }

    fn tenants(&self, arg: Arg, all: bool) -> Arg {
        let configuration = Arc::clone(&self.configuration);
        of(arg, move || wiring::slugs(&configuration).into_iter().chain(all.then(|| "all".to_owned())))
    }

    fn path(&self, arg: Arg) -> Arg {
        if !self.quotes {
            return arg;
        }
        arg.add(ArgValueCompleter::new(|begun: &OsStr| {
            let mut found = PathCompleter::any().complete(begun);
            found.retain(|candidate| !candidate.get_value().to_string_lossy().contains(char::is_control));
            found
        }))
    }
}

/// An argument that may have these values.
fn of<T: Into<String>, I: IntoIterator<Item = T>>(arg: Arg, values: impl Fn() -> I + Send + Sync + 'static) -> Arg {
    arg.add(ArgValueCandidates::new(move || {
        let values = values().into_iter().map(Into::into);
        values.filter(|value| is_plain(value)).map(CompletionCandidate::new).collect()
    }))
}

/// Whether a text means itself in every shell, which inserts it as it is.
fn is_plain(text: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || "-_./@+".contains(c);
    !text.is_empty() && !text.starts_with('-') && text.chars().all(fits)
}

/// A name that there is help about.
fn topic(command: &Command) -> Command {
    bare(command.get_name().to_owned()).about(command.get_about().cloned().unwrap_or_default())
}

fn without_options(line: Command) -> Command {
    let hidden = |arg: Arg| if arg.is_positional() { arg } else { arg.hide(true) };
    line.mut_args(hidden).mut_subcommands(without_options)
}

#[cfg(test)]
mod tests {
    use clap_complete::engine::complete;

    use super::*;
    use crate::arguments::samples::description;
    use crate::config::ConfigurationFlags;

    /// What a line of the sample command, and of one that it has made hostile, can go on with.
    fn offered(line: &str) -> Vec<String> {
        let mut hostile = description();
        hostile.name = "hostile".to_owned();
        for value in ["$(touch x)", "a b", "`x`", "-x", "fine"] {
            let choice = serde_json::json!({"value": value});
            hostile.arguments[2].choices.push(serde_json::from_value(choice).expect("it is a choice"));
        }
        let nowhere = std::path::Path::new("/nonexistent");
        let configuration = Configuration::without_file(&ConfigurationFlags::default(), nowhere).expect("defaults");
        let values = Values { configuration: Arc::new(configuration), waiting: Vec::new(), quotes: false };
        let words: Vec<_> = line.split(' ').map(OsString::from).collect();
        let begins_option = line.rsplit(' ').next().is_some_and(|word| word.starts_with('-'));
        let full = values.line(&[description(), hostile]);
        let mut command = if begins_option { full } else { without_options(full) };
        let last = words.len() - 1;
        let found = complete(&mut command, words, last, None).expect("every line has an answer");
        found.iter().map(|candidate| candidate.get_value().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_line_goes_on_with_what_may_stand_there() {
        for (line, expected) in [
            ("encargo sam", &["sample"][..]),
            ("encargo run ho", &["hostile"]),
            ("encargo sample --ty", &["--type"]),
            ("encargo sample --type=lo", &["--type=logs"]),
            ("encargo sample --type chats,", &["chats,chats", "chats,logs"]),
            ("encargo --json sample --skip=", &["--skip=true", "--skip=false"]),
            ("encargo sample --tenant a", &["all"]),
            ("encargo sample --days ", &[]),
            ("encargo runs ", &["list", "show", "logs"]),
            ("encargo runs list --status s", &["succeeded", "skipped"]),
            ("encargo runs show ", &["latest"]),
            ("encargo commands grant s", &["sample"]),
            ("encargo help comp", &["completions"]),
            ("encargo completions ", &["bash", "zsh", "fish", "elvish", "powershell"]),
            ("encargo tenants forget x", &[]),
        ] {
            assert_eq!(offered(line), expected, "{line}");
        }
        let all = offered("encargo ");
        assert!(all.contains(&"sample".to_owned()) && all.iter().all(|word| !word.starts_with('-')), "{all:?}");
    }

    #[test]
    fn what_a_shell_would_take_for_more_than_a_word_is_not_offered() {
        assert_eq!(offered("encargo hostile --type "), ["chats", "logs", "fine"]);
    }
}
