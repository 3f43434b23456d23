//! `encargo help`: everything there is, or all about one command or verb; and what an exit code means.

use encargo_model::{Exit, Language, text};
use serde::Serialize;

use super::commands::CommandRecord;
use super::{Kind, VERBS, Verb};
use crate::arguments::{command_help, render};
use crate::error::Problem;
use crate::output::{Style, Summary, Word};
use crate::session::Session;
use crate::wiring;

pub(super) const VERB: Verb = Verb { name: "help", summary: Word::VerbHelp, takes: &[], kind: Kind::Rest(help) };

fn help(session: &Session, rest: &[String]) -> Result<Summary, Problem> {
    let Some((name, more)) = rest.split_first() else { return overview(session) };
    match super::find(name) {
        Some(verb) if name != "help" => verb.help(session, more),
        Some(_) => overview(session),
        None => {
            let command = wiring::commands(&session.configuration).look(name)?;
            let help = command_help(&command.description, session.language());
            session.output.help(&render(help, session.output.is_coloured()));
            Ok(Summary::of_verb("help", Exit::Done, command.description.summary.get(session.language())))
        }
    }
}

/// Everything there is, in one screen.
pub(crate) fn overview(session: &Session) -> Result<Summary, Problem> {
    let (output, language) = (&session.output, session.language());
    let headed = |word: Word, more: &str| {
        output.styled(&[
            (Style::Plain, "\n"),
            (Style::Heading, &format!("{}:", word.get(language))),
            (Style::Plain, more),
        ]);
    };
    output.result(Word::Tagline.get(language));
    headed(Word::Usage, &format!(" {}", Word::UsageOverview.get(language)));
    headed(Word::Commands, "");
    let commands = wiring::commands(&session.configuration).list();
    if commands.is_empty() {
        output.result(&format!("  {}", Word::NoCommands.get(language)));
    }
    let lines: Vec<_> = commands
        .iter()
        .map(|command| (command.description.name.clone(), command.description.summary.get(language).to_owned()))
        .collect();
    output.pairs(&lines);
    for command in &commands {
        output.record(&CommandRecord::of(command, language));
    }
    headed(Word::Verbs, "");
    output.pairs(
        &VERBS.iter().map(|verb| (verb.name.to_owned(), verb.summary.get(language).to_owned())).collect::<Vec<_>>(),
    );
    output.result(&format!("\n{}", Word::MoreHelp.get(language)));
    Ok(Summary::of_verb("help", Exit::Done, Word::Tagline.get(language)))
}

/// What an exit code means.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "exit")]
struct ExitRecord {
    code: u8,
    meaning: String,
}

/// Tells what an exit code means, for a command also what it alone means by it.
pub(crate) fn explain_exit(session: &Session, code: u8, command: Option<&str>) -> Result<Summary, Problem> {
    let language = session.language();
    let Some(exit) = Exit::from_code(code) else {
        let codes: Vec<_> = Exit::ALL.iter().map(|exit| exit.code().to_string()).collect();
        return Err(Problem::usage(text!(
            "nothing here ends with exit code {code}",
            "nada aquí termina con el código de salida {code}"
        ))
        .hint(text!("there are {}", "hay {}"; codes.join(", "))));
    };
    let mut meaning = exit.meaning(language);
    if let Some(name) = command.filter(|name| super::find(name).is_none()) {
        let description = wiring::commands(&session.configuration).find(name)?.description;
        for note in description.exit_codes.iter().filter(|note| note.code == code) {
            meaning.push_str(&of_command(name, note.meaning.get(language), language));
        }
    }
    session.output.result(&format!("{code}: {meaning}"));
    session.output.record(&ExitRecord { code, meaning: meaning.clone() });
    Ok(Summary::of_verb("help", Exit::Done, meaning))
}

fn of_command(name: &str, meaning: &str, language: Language) -> String {
    format!("; {}", Word::OfCommand.with(language, &[&name, &meaning]))
}
