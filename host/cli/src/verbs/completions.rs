//! `encargo completions`: the script that a shell reads to complete the words of a line.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command};
use encargo_model::{Exit, Language};
use serde::Serialize;

use super::{Kind, Verb};
use crate::completions::Shell;
use crate::error::Problem;
use crate::output::{Summary, Word};
use crate::session::Session;

pub(super) const VERB: Verb =
    Verb { name: "completions", summary: Word::VerbCompletions, takes: &[], kind: Kind::Own { arguments, run } };

fn arguments(command: Command, language: Language) -> Command {
    let shells = PossibleValuesParser::new(Shell::ALL.map(Shell::name));
    let shell = Arg::new("shell").required(true).value_name("SHELL").value_parser(shells);
    command.arg(shell.hide_possible_values(true).help(Word::CompletionsShell.get(language)))
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "completions")]
struct CompletionsRecord<'a> {
    shell: &'static str,
    script: &'a str,
}

fn run(session: &Session, matches: &ArgMatches) -> Result<Summary, Problem> {
    let shell = matches.get_one::<String>("shell").and_then(|name| Shell::named(name)).unwrap_or(Shell::Bash);
    let script = shell.script();
    session.output.help(script.trim());
    session.output.record(&CompletionsRecord { shell: shell.name(), script: &script });
    Ok(Summary::of_verb("completions", Exit::Done, Word::CompletionsFor.with(session.language(), &[&shell.name()])))
}
