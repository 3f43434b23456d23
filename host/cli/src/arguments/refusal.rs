//! What clap refuses, in one sentence and a hint.

use std::fmt;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use encargo_model::{Text, text};

use crate::error::{Problem, did_you_mean};

/// Turns an error of clap into ours.
pub(crate) fn refusal(error: &Error) -> Problem {
    let of = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) if !texts.is_empty() => Some(texts.join("`, `")),
        _ => None,
    };
    let argument = of(ContextKind::InvalidArg).unwrap_or_default();
    let value = of(ContextKind::InvalidValue).unwrap_or_default();
    let sentence = match error.kind() {
        ErrorKind::UnknownArgument if !argument.starts_with('-') => text!(
            "`{argument}` is not expected here: every other value stands behind an option",
            "`{argument}` no se espera aquí: todo otro valor va detrás de una opción"
        ),
        ErrorKind::UnknownArgument => {
            text!("there is no option `{argument}` here", "aquí no existe la opción `{argument}`")
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            text!("`{argument}` needs a value", "`{argument}` necesita un valor")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            text!("`{argument}`: `{value}` will not do", "`{argument}`: `{value}` no sirve")
        }
        ErrorKind::NoEquals => {
            text!("`{argument}` takes its value behind `=`", "`{argument}` lleva su valor detrás de `=`")
        }
        ErrorKind::TooManyValues => {
            text!("`{argument}` takes no value `{value}`", "`{argument}` no acepta el valor `{value}`")
        }
        ErrorKind::ArgumentConflict => match of(ContextKind::PriorArg) {
            Some(prior) if prior != argument => text!(
                "`{argument}` and `{prior}` cannot stand together",
                "`{argument}` y `{prior}` no pueden ir juntas"
            ),
            _ => text!("`{argument}` is given more than once", "`{argument}` se da más de una vez"),
        },
        ErrorKind::MissingRequiredArgument => text!("`{argument}` is missing", "falta `{argument}`"),
        ErrorKind::InvalidSubcommand => match of(ContextKind::InvalidSubcommand) {
            Some(word) => text!("there is no `{word}` here", "aquí no existe `{word}`"),
            None => first_line(error),
        },
        ErrorKind::MissingSubcommand => text!("one word more is needed", "falta una palabra"),
        _ => first_line(error),
    };
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedValue, ContextKind::SuggestedSubcommand];
    let possible = [ContextKind::ValidValue, ContextKind::ValidSubcommand];
    let hint = near
        .into_iter()
        .find_map(of)
        .map(|near| did_you_mean(&[near]))
        .or_else(|| possible.into_iter().find_map(of).map(|there| text!("there is `{there}`", "hay `{there}`")))
        .or_else(|| std::error::Error::source(error)?.downcast_ref::<Wanted>().map(|wanted| wanted.0.clone()));
    Problem::usage(sentence).maybe_hint(hint)
}

/// What a flag of the host takes, said when it is given something else.
#[derive(Debug, Clone)]
pub(super) struct Wanted(pub(super) Text);

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.en)
    }
}

impl std::error::Error for Wanted {}

/// The parser's own words, for what is met nowhere here.
fn first_line(error: &Error) -> Text {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    let line = line.strip_prefix("error: ").unwrap_or(line);
    text!("{line}", "la línea no se entiende ({line})")
}

#[cfg(test)]
mod tests {
    use clap::Arg;

    use super::*;
    use crate::arguments::host_flags::bare;

    #[test]
    fn a_slip_of_the_keys_gets_the_nearest_name() {
        let mut command = bare("x").no_binary_name(true).arg(Arg::new("days").long("days").value_name("DAYS"));
        let mut refused = |line: &str| {
            let error = command.try_get_matches_from_mut(line.split_whitespace()).expect_err(line);
            refusal(&error)
        };
        let problem = refused("--dayz=3");
        assert_eq!(problem.message.en, "there is no option `--dayz` here");
        assert_eq!(problem.hint, Some(Box::new(did_you_mean(&["--days".to_owned()]))));
        let missing = text!("`--days <DAYS>` needs a value", "`--days <DAYS>` necesita un valor");
        assert_eq!(refused("--days"), Problem::usage(missing));
        assert_eq!(refused("--days=1 --days=2").message.en, "`--days <DAYS>` is given more than once");
        assert!(refused("stray").message.en.starts_with("`stray` is not expected here"));
    }
}
