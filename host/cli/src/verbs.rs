//! The verbs: what `encargo` can do besides running commands.

mod backups;
mod commands;
mod completions;
mod config;
mod doctor;
mod help;
mod migrate;
mod new_command;
mod run;
mod runs;
mod tenants;
mod users;
mod version;

use clap::{ArgMatches, Command};
use encargo_model::{Language, text};

use crate::arguments::{RunFlags, general_flags, refusal, render, run_flags, verb_help};
use crate::error::{Problem, see};
use crate::output::{Summary, Word};
use crate::session::Session;

pub(crate) use help::{explain_exit, overview};
pub(crate) use run::run_command;
pub(crate) use version::version;

/// What can be done besides running a command.
pub(crate) struct Verb {
    pub(crate) name: &'static str,
    summary: Word,
    /// Which of the commands' own host flags it takes, too.
    pub(crate) takes: &'static [&'static str],
    kind: Kind,
}

enum Kind {
    /// It has arguments of its own.
    Own { arguments: fn(Command, Language) -> Command, run: fn(&Session, &ArgMatches) -> Result<Summary, Problem> },
    /// It takes the rest as it is.
    Rest(fn(&Session, &[String]) -> Result<Summary, Problem>),
}

/// Every verb of this version, in the order of help.
static VERBS: [Verb; 12] = [
    backups::VERB,
    commands::VERB,
    completions::VERB,
    config::VERB,
    doctor::VERB,
    help::VERB,
    migrate::VERB,
    run::VERB,
    runs::VERB,
    tenants::VERB,
    users::VERB,
    version::VERB,
];

/// Verbs of later versions: no command can take their names.
const LATER: [&str; 9] = ["audit", "enqueue", "mcp", "notify", "schedules", "secrets", "serve", "tokens", "worker"];

/// The verb of this name.
pub(crate) fn find(name: &str) -> Option<&'static Verb> {
    VERBS.iter().find(|verb| verb.name == name)
}

/// Every verb as clap's command with all its flags; one that takes the rest as it is has nothing else.
pub(crate) fn as_commands(language: Language) -> Vec<Command> {
    VERBS.iter().map(|verb| verb.as_command(language)).collect()
}

/// The names of all verbs.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    VERBS.iter().map(|verb| verb.name)
}

/// Whether a command of this name can only be had by `encargo run`.
pub(crate) fn is_reserved(name: &str) -> bool {
    find(name).is_some() || LATER.contains(&name)
}

impl Verb {
    /// Does it, or shows its help.
    pub(crate) fn enter(&self, session: &Session, rest: &[String]) -> Result<Summary, Problem> {
        match &self.kind {
            Kind::Rest(run) => run(session, rest),
            Kind::Own { .. } if session.general.help => self.help(session, rest),
            Kind::Own { arguments, run } => {
                let command = arguments(self.bare(), session.language());
                let matches = command
                    .no_binary_name(true)
                    .try_get_matches_from(rest)
                    .map_err(|error| refusal(&error).also(see(&format!("encargo {} --help", self.name))))?;
                run(session, &matches)
            }
        }
    }

    /// Whether it is followed by a word such as `list`.
    pub(crate) fn has_words(&self) -> bool {
        match &self.kind {
            Kind::Own { arguments, .. } => arguments(self.bare(), Language::default()).has_subcommands(),
            Kind::Rest(_) => false,
        }
    }

    /// Shows its help, or that of the word that follows it.
    fn help(&self, session: &Session, rest: &[String]) -> Result<Summary, Problem> {
        let language = session.language();
        let mut command = match &self.kind {
            Kind::Own { arguments, .. } => arguments(self.bare(), language),
            Kind::Rest(_) => {
                self.bare().arg(clap::Arg::new("name").value_name("NAME").help(Word::CommandName.get(language)))
            }
        };
        command = command.about(self.summary.get(language));
        if let Some(word) = rest.first().and_then(|word| command.find_subcommand(word)) {
            let name = format!("{} {}", self.name, word.get_name());
            command = word.clone().name(name);
        }
        session.output.help(&render(verb_help(command, language), session.output.is_coloured()));
        Ok(Summary::of_verb("help", encargo_model::Exit::Done, self.summary.get(language)))
    }

    fn as_command(&self, language: Language) -> Command {
        let command = match &self.kind {
            Kind::Own { arguments, .. } => arguments(self.bare(), language),
            Kind::Rest(_) => self.bare(),
        };
        let taken = run_flags(language).into_iter().filter(|flag| self.takes.contains(&flag.get_id().as_str()));
        let taken: Vec<_> = taken.chain(general_flags(language)).collect();
        command.mut_subcommands(|word| word.args(&taken)).args(&taken).about(self.summary.get(language))
    }

    fn bare(&self) -> Command {
        crate::arguments::bare(self.name)
    }
}

/// A flag that a word has no use for would silently do nothing.
fn refuse_flags_of_word(line: &str, takes: &[&str], flags: &RunFlags) -> Result<(), Problem> {
    match flags.written.iter().find(|flag| !takes.contains(&flag.as_str())) {
        None => Ok(()),
        Some(flag) => Err(Problem::usage(text!(
            "`encargo {line}` does not take `--{flag}`",
            "`encargo {line}` no acepta `--{flag}`"
        ))
        .hint(see(&format!("encargo help {line}")))),
    }
}

/// A word behind a verb, such as `list` of `runs list`.
fn word(name: &'static str, about: Word, language: Language) -> Command {
    crate::arguments::bare(name).about(about.get(language))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_is_sound_in_both_languages() {
        for verb in &VERBS {
            if let Kind::Own { arguments, .. } = &verb.kind {
                for language in [Language::En, Language::Es] {
                    arguments(verb.bare(), language).debug_assert();
                    verb_help(arguments(verb.bare(), language), language).debug_assert();
                }
            }
        }
    }

    #[test]
    fn the_reserved_names_are_those_of_the_design() {
        let mut names: Vec<_> = VERBS.iter().map(|verb| verb.name).chain(LATER).collect();
        names.sort_unstable();
        assert_eq!(
            names.join(" "),
            "audit backups commands completions config doctor enqueue help mcp migrate notify run runs schedules secrets \
             serve tenants tokens users version worker"
        );
        assert!(is_reserved("serve") && !is_reserved("health_check"));
    }
}
