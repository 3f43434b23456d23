//! A command's own arguments, from its description. Values are only taken here; `runs` checks them, for every entry
//! point alike.

use clap::{Arg, ArgAction, Command};
use encargo_model::{ArgumentKind, ArgumentSpec, Description, Language};

use super::help::argument_help;
use super::host_flags::{bare, general_flags, run_flags};
use super::refusal::refusal;
use crate::error::{Problem, see};
use crate::output::Word;

/// The clap command of a description: its own arguments and the host's, each under its heading.
pub(crate) fn with_arguments(description: &Description, language: Language) -> Command {
    let own = description.arguments.iter().map(|spec| argument(spec, language));
    let own = own.chain(description.positional().into_iter().map(positional));
    bare(description.name.clone())
        .args(own.map(|arg| arg.help_heading(Word::Options.get(language))))
        .args(run_flags(language).into_iter().map(|flag| flag.help_heading(Word::HostOptions.get(language))))
        .args(general_flags(language).into_iter().map(|flag| flag.help_heading(Word::GeneralOptions.get(language))))
}

/// Reads a command's own arguments: names and values as they were written; a flag has no values.
pub(crate) fn parse(description: &Description, rest: &[String]) -> Result<Vec<(String, Vec<String>)>, Problem> {
    let mut command = with_arguments(description, Language::default()).no_binary_name(true);
    let matches = command
        .try_get_matches_from_mut(rest)
        .map_err(|error| refusal(&error).also(see(&format!("encargo {} --help", description.name))))?;
    let mut arguments = Vec::new();
    for spec in &description.arguments {
        let by_place = || matches.try_get_many::<String>(&place_of(spec)).ok().flatten();
        let Some(values) = matches.get_many::<String>(&spec.name).or_else(by_place) else { continue };
        let mut values: Vec<_> = values.cloned().collect();
        if spec.kind == ArgumentKind::Flag && values == [TRUE] {
            values.clear();
        }
        arguments.push((spec.name.clone(), values));
    }
    Ok(arguments)
}

/// What a flag without a value means.
const TRUE: &str = "true";

fn argument(spec: &ArgumentSpec, language: Language) -> Arg {
    let arg = Arg::new(spec.name.clone()).long(spec.name.clone()).help(argument_help(spec, language));
    match spec.kind {
        // `--flag=false` undoes what the environment or the configuration says.
        ArgumentKind::Flag => {
            arg.num_args(0..=1).require_equals(true).default_missing_value(TRUE).value_name("true|false")
        }
        ArgumentKind::Integer | ArgumentKind::Real => arg.value_name("N").allow_negative_numbers(true),
        ArgumentKind::Text => arg.value_name("TEXT"),
        ArgumentKind::Texts => arg.value_name("A,B").action(ArgAction::Append),
        ArgumentKind::Instant => arg.value_name("TIME"),
        ArgumentKind::Duration => arg.value_name("30d"),
        ArgumentKind::Tenant => arg.value_name("TENANT"),
        ArgumentKind::InputFile | ArgumentKind::PasswordFile => arg.value_name("FILE"),
        ArgumentKind::InputFolder => arg.value_name("FOLDER"),
        ArgumentKind::Output | ArgumentKind::Repository => arg.value_name("PATH"),
    }
}

/// What clap calls an argument that is given by its place; the same by its name is another one there.
fn place_of(spec: &ArgumentSpec) -> String {
    format!("{}#", spec.name)
}

/// An argument by its place. The help tells of it where it tells of the option.
fn positional(spec: &ArgumentSpec) -> Arg {
    let arg = Arg::new(place_of(spec)).index(spec.position.unwrap_or_default() as usize).hide(true);
    let arg = arg.value_name(spec.name.to_uppercase()).allow_negative_numbers(true).conflicts_with(spec.name.clone());
    if spec.kind == ArgumentKind::Texts { arg.num_args(1..) } else { arg }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::samples::description;

    #[test]
    fn values_are_taken_as_they_are_written() {
        let parsed =
            |line: &str| parse(&description(), &line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        let one = |name: &str, values: &[&str]| (name.to_owned(), values.iter().map(|v| (*v).to_owned()).collect());
        for (line, arguments) in [
            ("", vec![]),
            ("--days=-3 --skip", vec![one("days", &["-3"]), one("skip", &[])]),
            ("--skip=false --days -3", vec![one("days", &["-3"]), one("skip", &["false"])]),
            ("--type a,b --type c --file -", vec![one("type", &["a,b", "c"]), one("file", &["-"])]),
        ] {
            assert_eq!(parsed(line), Ok(arguments), "{line}");
        }
        let problem = parsed("--tipe=chats").expect_err("there is no such option");
        assert_eq!(problem.message.en, "there is no option `--tipe` here");
        assert_eq!(
            problem.hint.map(|hint| hint.en).as_deref(),
            Some("did you mean `--type`? see `encargo sample --help`")
        );
        // Flags of the host are known here for the sake of the hint.
        let problem = parsed("--tenat=x").expect_err("there is no such option");
        assert!(problem.hint.is_some_and(|hint| hint.en.contains("`--tenant`")));
    }

    #[test]
    fn values_may_stand_without_their_names() {
        let by_place = crate::arguments::samples::with_positions(&["file", "days", "type"]);
        let parsed = |line: &str| parse(&by_place, &line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        let one = |name: &str, values: &[&str]| (name.to_owned(), values.iter().map(|v| (*v).to_owned()).collect());
        for (line, arguments) in [
            ("a.csv", vec![one("file", &["a.csv"])]),
            ("--skip - -3", vec![one("days", &["-3"]), one("skip", &[]), one("file", &["-"])]),
            (
                "a.csv 3 chats --output=x logs",
                vec![
                    one("days", &["3"]),
                    one("type", &["chats", "logs"]),
                    one("file", &["a.csv"]),
                    one("output", &["x"]),
                ],
            ),
            ("--days=3 a.csv", vec![one("days", &["3"]), one("file", &["a.csv"])]),
            ("-- --odd-name", vec![one("file", &["--odd-name"])]),
        ] {
            assert_eq!(parsed(line), Ok(arguments), "{line}");
        }
        let problem = parsed("--file=a.csv b.csv").expect_err("it is given twice");
        assert_eq!(problem.message.en, "`--file <FILE>` and `[FILE]` cannot stand together");
        with_arguments(&by_place, Language::Es).debug_assert();
    }

    #[test]
    fn the_clap_command_of_a_description_is_sound() {
        with_arguments(&description(), Language::Es).debug_assert();
    }
}
