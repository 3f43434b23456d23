//! From the words of the command line to the exit code: one way for commands and verbs.

use std::ffi::OsString;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use encargo_model::{Exit, text};

use crate::arguments::{Given, Parts, RunFlags, in_full, partition};
use crate::config::{Configuration, Environment};
use crate::error::{Problem, see};
use crate::log;
use crate::output::{Colours, Manner, Output, Summary, Verbosity, Word};
use crate::session::Session;
use crate::verbs;
use crate::wiring;

/// Does what the words say; the exit code.
pub(crate) fn enter(words: impl Iterator<Item = OsString>, environment: Environment) -> u8 {
    let (words, not_text) = as_text(words);
    let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
    let line = Line::read(words, &environment, &folder);
    let (line, wrong) = match line.in_full() {
        Ok(None) => (line, not_text),
        Ok(Some(words)) => (Line::read(words, &environment, &folder), not_text),
        Err(problem) => (line, not_text.or(Some(problem))),
    };
    let Line { parts: Parts { host, rest }, given, configured } = line;
    let general = given.as_ref().map(|given| given.general.clone()).unwrap_or_default();
    let output = Output::new(Manner {
        language: configured.as_ref().map_or_else(
            |_| general.configuration.language.unwrap_or_default(),
            |configured| configured.language.value,
        ),
        verbosity: general.verbosity.unwrap_or(Verbosity::NORMAL),
        // Whoever asked for JSON gets it even when the rest of the line makes no sense.
        json: general.json || host.iter().any(|word| word == "--json"),
        colours: Colours::choose(general.colours, &environment),
        progress: general.progress,
    });
    let subject = subject(&rest);
    let dry_run = given.as_ref().is_ok_and(|given| given.run.dry_run);
    let outcome = match (wrong, given) {
        (Some(problem), _) | (None, Err(problem)) => Err(problem),
        (None, Ok(given)) => {
            let begin = || begin(given, configured, environment, folder, &output, &rest);
            panic::catch_unwind(AssertUnwindSafe(begin)).unwrap_or_else(|_| Err(fault()))
        }
    };
    end(&output, &subject, dry_run, outcome)
}

/// A command line, and what its flags and the files behind them say.
struct Line {
    parts: Parts,
    given: Result<Given, Problem>,
    configured: Result<Configuration, Problem>,
}

impl Line {
    fn read(words: Vec<String>, environment: &Environment, folder: &Path) -> Self {
        let parts = partition(words);
        let given = Given::parse(&parts.host);
        let flags = given.as_ref().map(|given| given.general.configuration.clone()).unwrap_or_default();
        Self { parts, given, configured: Configuration::load(&flags, environment, folder) }
    }

    /// All words with the options behind a command's name in full: only the command that they are for knows its own.
    fn in_full(&self) -> Result<Option<Vec<String>>, Problem> {
        let Parts { host, rest } = &self.parts;
        let at = usize::from(rest.first().is_some_and(|name| name == "run"));
        let (Some(name), Ok(configuration)) = (rest.get(at), &self.configured) else { return Ok(None) };
        let has_options = rest[at..].iter().any(|word| word.starts_with("--"));
        if !has_options || at == 0 && verbs::find(name).is_some() {
            return Ok(None);
        }
        let Ok(command) = wiring::commands(configuration).find(name) else { return Ok(None) };
        let full = in_full(&command.description, &rest[at + 1..])?;
        Ok(full.map(|full| [host.as_slice(), &rest[..=at], &full].concat()))
    }
}

/// A panic of the host; what and where it was has been printed. Nothing is used afterwards but the streams.
fn fault() -> Problem {
    Problem {
        code: "internal".to_owned(),
        ..Problem::new(
            Exit::Failed,
            text!(
                "this is a fault of Encargo itself, not of the command",
                "es un fallo del propio Encargo, no del comando"
            ),
        )
    }
    .hint(text!(
        "report the lines above; a run that was under way is recorded as lost and can be resumed",
        "comunique las líneas de arriba; una ejecución en curso queda registrada como perdida y se puede reanudar"
    ))
}

/// Prints the last words; the exit code.
fn end(output: &Output, subject: &str, dry_run: bool, outcome: Result<Summary, Problem>) -> u8 {
    let mut exit = match outcome {
        Ok(summary) => {
            output.record(&summary);
            summary.exit_code
        }
        Err(problem) => {
            output.problem(&problem);
            output.record(&Summary::of_problem(subject, dry_run, &problem, output.language));
            problem.exit.code()
        }
    };
    if let Some(problem) = output.lost_results() {
        output.problem(&problem);
        if exit == Exit::Done.code() {
            exit = problem.exit.code();
        }
    }
    exit
}

fn begin(
    given: Given,
    configured: Result<Configuration, Problem>,
    environment: Environment,
    folder: PathBuf,
    output: &Arc<Output>,
    rest: &[String],
) -> Result<Summary, Problem> {
    let Given { general, run } = given;
    // Help and the version never depend on a file that may be broken.
    let is_static = general.help || matches!(rest.first().map(String::as_str), None | Some("help" | "version"));
    let configuration = match configured {
        Err(problem) if is_static => {
            output.warning(problem.message.get(output.language));
            Configuration::without_file(&general.configuration, &folder)?
        }
        configured => configured?,
    };
    if let Some(problem) = log::begin(&wiring::data_dir(&configuration).log(), &environment) {
        output.warning(problem.get(output.language));
    }
    if !is_static {
        configuration.commands.check(&wiring::commands(&configuration))?;
    }
    for flag in &general.of_django {
        output.labelled_note(&Word::OfDjango.with(output.language, &[flag]));
    }
    let session = Session { environment, configuration, general, run_flags: run, folder, output: Arc::clone(output) };
    dispatch(&session, rest)
}

fn dispatch(session: &Session, rest: &[String]) -> Result<Summary, Problem> {
    if let Some(code) = session.general.explain_exit {
        return verbs::explain_exit(session, code, rest.first().map(String::as_str));
    }
    let Some((name, own)) = rest.split_first() else { return verbs::overview(session) };
    match name.as_str() {
        "--version" | "-V" => return verbs::version(session),
        name if name.starts_with('-') => {
            return Err(Problem::usage(text!(
                "there is no option `{name}` before a command's name",
                "no existe la opción `{name}` antes del nombre de un comando"
            ))
            .hint(see("encargo help")));
        }
        _ => {}
    }
    if let Some(verb) = verbs::find(name) {
        refuse_run_flags(name, verb.takes, &session.run_flags)?;
        return verb.enter(session, own);
    }
    if verbs::is_reserved(name) {
        return Err(Problem::usage(text!(
            "`{name}` is a verb that this version does not have",
            "`{name}` es un verbo que esta versión no tiene"
        ))
        .hint(text!(
            "a command of that name is run with `encargo run {name}`",
            "un comando con ese nombre se ejecuta con `encargo run {name}`"
        )));
    }
    verbs::run_command(session, name, own)
}

/// A verb takes few of the flags that commands take; the others would silently do nothing.
fn refuse_run_flags(verb: &str, takes: &[&str], flags: &RunFlags) -> Result<(), Problem> {
    match flags.written.iter().find(|flag| !takes.contains(&flag.as_str())) {
        Some(flag) => Err(Problem::usage(text!(
            "`--{flag}` is for commands; `encargo {verb}` does not take it",
            "`--{flag}` es para comandos; `encargo {verb}` no la acepta"
        ))
        .hint(see(&format!("encargo {verb} --help")))),
        None => Ok(()),
    }
}

/// The name that stands in a summary: the command or the verb with its word.
fn subject(rest: &[String]) -> String {
    let words: Vec<_> = rest.iter().take_while(|word| !word.starts_with('-')).map(String::as_str).collect();
    match words[..] {
        [] => "help".to_owned(),
        ["run", command, ..] => command.to_owned(),
        [verb, word, ..] if verbs::find(verb).is_some_and(verbs::Verb::has_words) => format!("{verb} {word}"),
        [name, ..] => name.to_owned(),
    }
}

/// The words as text; the first that is none is a problem.
fn as_text(words: impl Iterator<Item = OsString>) -> (Vec<String>, Option<Problem>) {
    let mut problem = None;
    let words = words.enumerate().map(|(at, word)| {
        word.into_string().unwrap_or_else(|word| {
            let shown = word.to_string_lossy().into_owned();
            problem.get_or_insert_with(|| {
                Problem::usage(text!(
                    "word {} of the command line is not UTF-8: `{shown}`",
                    "la palabra {} de la línea no es UTF-8: `{shown}`";
                    at + 1
                ))
                .hint(text!(
                    "file names that are not UTF-8 cannot be given; rename the file or give its folder",
                    "no se aceptan nombres de archivo que no sean UTF-8; renombre el archivo o dé su carpeta"
                ))
            });
            shown
        })
    });
    let words = words.collect();
    (words, problem)
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt;

    use super::*;

    #[test]
    fn the_subject_of_a_summary_is_the_command_or_the_verb_with_its_word() {
        for (line, expected) in [
            ("", "help"),
            ("cleanup_old_data --days=3", "cleanup_old_data"),
            ("run backups --x", "backups"),
            ("runs list", "runs list"),
            ("runs", "runs"),
            ("version", "version"),
        ] {
            let words: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
            assert_eq!(subject(&words), expected, "{line}");
        }
    }

    #[test]
    fn a_word_that_is_not_utf8_is_named_by_its_place() {
        let words = [OsString::from("x"), OsString::from_vec(vec![b'-', b'-', 0xff])];
        let (words, problem) = as_text(words.into_iter());
        assert_eq!(words, ["x", "--\u{fffd}"]);
        let problem = problem.expect("the second word is no text");
        assert_eq!(
            (problem.exit, problem.message.en.as_str()),
            (Exit::Usage, "word 2 of the command line is not UTF-8: `--\u{fffd}`")
        );
    }

    #[test]
    fn a_verb_refuses_the_flags_of_commands_that_it_has_no_use_for() {
        let flags = Given::parse(&["--dry-run".to_owned()]).expect("it is a flag").run;
        let refused = refuse_run_flags("doctor", &["tenant"], &flags).expect_err("a doctor changes nothing anyway");
        assert_eq!(refused.message.en, "`--dry-run` is for commands; `encargo doctor` does not take it");
        assert_eq!(refuse_run_flags("x", &["dry-run"], &flags), Ok(()));
    }
}
