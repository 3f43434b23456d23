//! The flags that the host adds to every command, as the contract lists them.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command};
use encargo_model::{Language, text};

use super::refusal::Wanted;

use crate::output::Word;

/// The flags about tenants, resuming, locks and limits: those of commands.
pub(crate) fn run_flags(language: Language) -> Vec<Arg> {
    let flag = |name: &'static str, word: Word| switch(name, word, language);
    let value = |name: &'static str, label: &'static str, word: Word| valued(name, label, word, language);
    vec![
        value("tenant", "A,B", Word::FlagTenant).value_delimiter(',').action(ArgAction::Append),
        value("exclude-tenant", "A,B", Word::FlagExcludeTenant).value_delimiter(',').action(ArgAction::Append),
        value("parallel", "N", Word::FlagParallel).value_parser(tenants_at_a_time),
        flag("fail-fast", Word::FlagFailFast),
        flag("dry-run", Word::FlagDryRun),
        optional("resume", "RUN", Word::FlagResume, language)
            .default_missing_value("")
            .conflicts_with_all(["restart", "dry-run"]),
        flag("restart", Word::FlagRestart),
        flag("yes", Word::FlagYes),
        flag("overwrite", Word::FlagOverwrite),
        optional("isolated", "CODE", Word::FlagIsolated, language).default_missing_value("0").value_parser(exit_code),
        value("wait-lock", "30s", Word::FlagWaitLock),
        value("timeout", "10m", Word::FlagTimeout),
    ]
}

/// The flags about what is shown and where everything lies: those of commands and verbs alike.
pub(crate) fn general_flags(language: Language) -> Vec<Arg> {
    let flag = |name: &'static str, word: Word| switch(name, word, language);
    let value = |name: &'static str, label: &'static str, word: Word| valued(name, label, word, language);
    vec![
        value("verbosity", "0..3", Word::FlagVerbosity).short('v').value_parser(level),
        flag("verbose", Word::FlagVerbose).conflicts_with_all(["verbosity", "quiet"]),
        flag("quiet", Word::FlagQuiet).short('q').conflicts_with("verbosity"),
        flag("json", Word::FlagJson),
        flag("no-color", Word::FlagNoColor).conflicts_with("force-color"),
        flag("force-color", Word::FlagForceColor),
        flag("traceback", Word::FlagTraceback),
        value("progress", "HOW", Word::FlagProgress)
            .value_parser(PossibleValuesParser::new(["bar", "plain", "json", "none"]))
            .hide_possible_values(true),
        value("lang", "en|es", Word::FlagLang),
        value("data-dir", "DIR", Word::FlagDataDir),
        value("config", "FILE", Word::FlagConfig),
        value("explain-exit", "N", Word::FlagExplainExit).value_parser(exit_code),
        flag("help", Word::FlagHelp).short('h'),
    ]
}

/// Flags of Django's own that lines in crontabs have: taken, and noted where they mean nothing here.
fn flags_of_django() -> Vec<Arg> {
    let flag = |name| Arg::new(name).long(name).hide(true);
    let switch = |name| flag(name).action(ArgAction::SetTrue);
    vec![flag("settings"), flag("pythonpath"), switch("skip-checks"), switch("no-input").alias("noinput")]
}

/// All of them, as a command that takes nothing else.
pub(super) fn host_command() -> Command {
    let language = Language::default();
    bare("encargo").args(run_flags(language)).args(general_flags(language)).args(flags_of_django())
}

fn exit_code(written: &str) -> Result<u8, Wanted> {
    let wanted = || text!("an exit code is a number from 0 to 255", "un código de salida es un número de 0 a 255");
    written.parse().map_err(|_| Wanted(wanted()))
}

fn level(written: &str) -> Result<u8, Wanted> {
    let wanted = || {
        text!(
            "a level is 0, 1, 2 or 3, such as `-v 2`; `--verbose` is 2",
            "un nivel es 0, 1, 2 o 3, como `-v 2`; `--verbose` es 2"
        )
    };
    written.parse().ok().filter(|level| *level <= 3).ok_or_else(|| Wanted(wanted()))
}

fn tenants_at_a_time(written: &str) -> Result<u32, Wanted> {
    let wanted = || text!("it is a number of at least 1", "es un número, como mínimo 1");
    written.parse().ok().filter(|number| *number > 0).ok_or_else(|| Wanted(wanted()))
}

/// A clap command without what clap adds of its own.
pub(crate) fn bare(name: impl Into<clap::builder::Str>) -> Command {
    Command::new(name).disable_help_flag(true).disable_version_flag(true).disable_help_subcommand(true)
}

fn switch(name: &'static str, word: Word, language: Language) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).help(word.get(language))
}

fn valued(name: &'static str, label: &'static str, word: Word, language: Language) -> Arg {
    Arg::new(name).long(name).value_name(label).help(word.get(language))
}

/// A flag whose value may be left out and otherwise stands behind `=`.
fn optional(name: &'static str, label: &'static str, word: Word, language: Language) -> Arg {
    valued(name, label, word, language).num_args(0..=1).require_equals(true)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_flags_are_those_that_no_command_may_take() {
        let command = host_command();
        let names: BTreeSet<_> = command.get_arguments().filter_map(Arg::get_long).collect();
        assert_eq!(names, encargo_pack::HOST_FLAGS.iter().copied().collect());
        command.debug_assert();
    }
}
