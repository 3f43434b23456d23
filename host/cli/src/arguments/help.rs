//! Help, in the language of the reader; the same for commands and verbs.

use std::fmt::Write as _;

use clap::Command;
use encargo_model::{ArgumentSpec, Description, Language, Scope, WithoutTenant};
use serde_json::Value;

use super::command::with_arguments;
use super::general_flags;
use crate::output::{Word, spelled};

/// A command's help.
pub(crate) fn command_help(description: &Description, language: Language) -> Command {
    let description = &spelled_out(description);
    let mut about = description.summary.get(language).to_owned();
    if let Some(details) = &description.details {
        let _ = write!(about, "\n\n{}", details.get(language));
    }
    let mut command = with_arguments(description, language);
    for (name, flag) in &description.host_flags {
        let fallbacks = fallbacks(flag.env.as_deref(), flag.settings.as_deref(), &description.name, language);
        if command.get_arguments().any(|arg| arg.get_id() == name.as_str()) {
            command = command.mut_arg(name, |arg| {
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                arg.help(format!("{help}{fallbacks}"))
            });
        }
    }
    let without_tenant = match (description.scope, description.without_tenant) {
        (Scope::Tenant, WithoutTenant::All) => Word::HelpAllTenants,
        (Scope::Tenant, WithoutTenant::Default) => Word::HelpDefaultTenant,
        (Scope::System | Scope::Either, _) => Word::HelpNoTenant,
    };
    command = command.mut_arg("tenant", |arg| {
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        arg.help(format!("{help} {}", without_tenant.get(language)))
    });
    if description.scope == Scope::System {
        // One run for all: there is nothing to share out.
        for flag in ["parallel", "fail-fast"] {
            command = command.mut_arg(flag, |arg| arg.hide(true));
        }
    }
    let usage = Word::UsageCommand.with(language, &[&description.name]);
    framed(command, language, &usage).about(about).after_help(after(description, language))
}

/// The same description with every text of it fit for a terminal, before the colours of help are laid over it.
pub(crate) fn spelled_out(description: &Description) -> Description {
    fn walk(value: &mut Value) {
        match value {
            Value::String(text) => *text = spelled(text).into_owned(),
            Value::Array(values) => values.iter_mut().for_each(walk),
            Value::Object(fields) => fields.values_mut().for_each(walk),
            _ => {}
        }
    }
    let spelled = serde_json::to_value(description).and_then(|mut value| {
        walk(&mut value);
        serde_json::from_value(value)
    });
    spelled.expect("a description is JSON, and stays one when texts in it are spelled out")
}

/// A verb's help, from its arguments and words.
pub(crate) fn verb_help(command: Command, language: Language) -> Command {
    let usage = if command.has_subcommands() { Word::UsageMore } else { Word::UsageCommand };
    let values = command.get_positionals().filter_map(|value| value.get_value_names()?.first().cloned());
    let line = values.fold(command.get_name().to_owned(), |line, value| format!("{line} {value}"));
    let heading = Word::Options.get(language);
    let own: Vec<_> = command.get_arguments().map(|arg| arg.get_id().clone()).collect();
    let headed = own.into_iter().fold(command, |command, id| command.mut_arg(id, |arg| arg.help_heading(heading)));
    let general = general_flags(language).into_iter().map(|flag| flag.help_heading(Word::GeneralOptions.get(language)));
    framed(headed.args(general), language, &usage.with(language, &[&line]))
}

/// The help as text.
pub(crate) fn render(mut command: Command, coloured: bool) -> String {
    let help = command.render_help();
    let text = if coloured { help.ansi().to_string() } else { help.to_string() };
    text.trim_end().to_owned()
}

fn framed(command: Command, language: Language, usage: &str) -> Command {
    let template = format!("{{about}}\n\n{}: {{usage}}\n\n{{all-args}}{{after-help}}", Word::Usage.get(language));
    command
        .help_template(template)
        .override_usage(usage.to_owned())
        .subcommand_help_heading(Word::Subcommands.get(language))
        .next_line_help(false)
        .max_term_width(120)
}

/// An argument's help with what fills it and what it may be.
pub(super) fn argument_help(spec: &ArgumentSpec, language: Language) -> String {
    let mut text = spec.help.get(language).to_owned();
    let mut add = |word: Word, parts: &[&dyn std::fmt::Display]| {
        text.push(' ');
        text.push_str(&word.with(language, parts));
    };
    if spec.required {
        add(Word::HelpRequired, &[]);
    }
    if !spec.choices.is_empty() {
        let choice = |choice: &encargo_model::Choice| match &choice.help {
            Some(help) => format!("{} ({})", choice.value, help.get(language)),
            None => choice.value.clone(),
        };
        add(Word::HelpChoices, &[&spec.choices.iter().map(choice).collect::<Vec<_>>().join(", ")]);
    }
    match (&spec.min, &spec.max) {
        (Some(min), Some(max)) => add(Word::HelpRange, &[min, max]),
        (Some(min), None) => add(Word::HelpLeast, &[min]),
        (None, Some(max)) => add(Word::HelpMost, &[max]),
        (None, None) => {}
    }
    if let Some(default) = &spec.default {
        add(Word::HelpDefault, &[default]);
    }
    if let Some(env) = &spec.env {
        add(Word::HelpEnv, &[env]);
    }
    if let Some(settings) = &spec.settings {
        add(Word::HelpSettings, &[settings]);
    }
    text
}

fn fallbacks(env: Option<&str>, settings: Option<&str>, command: &str, language: Language) -> String {
    let env = env.map(|env| format!(" {}", Word::HelpEnv.with(language, &[&env])));
    let place = |key| format!(" {}", Word::HelpSettings.with(language, &[&format!("commands.{command}.{key}")]));
    env.unwrap_or_default() + &settings.map(place).unwrap_or_default()
}

/// Examples and exit codes.
fn after(description: &Description, language: Language) -> String {
    let mut text = String::new();
    if !description.examples.is_empty() {
        let _ = write!(text, "{}:", Word::Examples.get(language));
        for example in &description.examples {
            let _ = write!(text, "\n  encargo {}\n      {}", example.line, example.text.get(language));
        }
    }
    if !description.exit_codes.is_empty() {
        let gap = if text.is_empty() { "" } else { "\n\n" };
        let _ = write!(text, "{gap}{}:", Word::ExitCodes.get(language));
        for note in &description.exit_codes {
            let _ = write!(text, "\n  {:<4}{}", note.code, note.meaning.get(language));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::samples::description;

    #[test]
    fn a_description_cannot_reach_the_terminal_but_as_text() {
        let mut hostile = description();
        hostile.summary.en = "\u{1b}[2Jsum\nerror: forged".to_owned();
        hostile.arguments[0].help.en = "\u{9b}31mhelp\u{202e}".to_owned();
        for coloured in [false, true] {
            let help = render(command_help(&hostile, Language::En), coloured);
            assert!(help.contains("\\u{1b}[2Jsum") && help.contains("\\u{9b}31mhelp\\u{202e}"), "{help}");
        }
    }

    #[test]
    fn help_is_in_the_readers_language_and_tells_what_fills_an_argument() {
        let en = render(command_help(&description(), Language::En), false);
        for part in [
            "Try things.\n\nAt length.\n\nUsage: encargo sample [--option ...]\n\nOptions:\n",
            "--days <N>",
            "Keep so many days. [at least 1] [default: 90] [env: SAMPLE_DAYS]",
            "[required] [one of: chats, logs (of the system)]",
            "Options of every command:\n",
            "So many tenants at a time [env: SAMPLE_JOBS]",
            "Examples:\n  encargo sample --days=30\n      a month",
            "Exit codes of its own:\n  3   some rows failed",
        ] {
            let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(flat(&en).contains(&flat(part)), "{part:?} in {en}");
        }
        let es = render(command_help(&description(), Language::Es), false);
        for part in ["Probar cosas.\n\nCon calma.\n\nUso: ", "Opciones de todo comando:", "[por omisión: 90]", "un mes"]
        {
            assert!(es.contains(part), "{part:?} in {es}");
        }
        assert!(!es.contains("Usage") && !es.contains("Options"));
    }
}
