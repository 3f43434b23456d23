//! What clap refuses, in one sentence and a hint.

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::error::Problem;

/// Turns an error of clap into ours.
pub(crate) fn refusal(error: &Error) -> Problem {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) if !texts.is_empty() => Some(texts.join("`, `")),
        _ => None,
    };
    let argument = text(ContextKind::InvalidArg).unwrap_or_default();
    let value = text(ContextKind::InvalidValue).unwrap_or_default();
    let sentence = match error.kind() {
        ErrorKind::UnknownArgument if !argument.starts_with('-') => {
            format!("`{argument}` is not expected here: every value stands behind an option")
        }
        ErrorKind::UnknownArgument => format!("there is no option `{argument}` here"),
        ErrorKind::InvalidValue if value.is_empty() => format!("`{argument}` needs a value"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => format!("`{argument}`: `{value}` will not do"),
        ErrorKind::NoEquals => format!("`{argument}` takes its value behind `=`"),
        ErrorKind::TooManyValues => format!("`{argument}` takes no value `{value}`"),
        ErrorKind::ArgumentConflict => match text(ContextKind::PriorArg) {
            Some(prior) if prior != argument => format!("`{argument}` and `{prior}` cannot stand together"),
            _ => format!("`{argument}` is given more than once"),
        },
        ErrorKind::MissingRequiredArgument => format!("`{argument}` is missing"),
        ErrorKind::InvalidSubcommand => match text(ContextKind::InvalidSubcommand) {
            Some(word) => format!("there is no `{word}` here"),
            None => first_line(error),
        },
        ErrorKind::MissingSubcommand => "one word more is needed".to_owned(),
        _ => first_line(error),
    };
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedValue, ContextKind::SuggestedSubcommand];
    let possible = [ContextKind::ValidValue, ContextKind::ValidSubcommand];
    let hint = near
        .into_iter()
        .find_map(text)
        .map(|near| format!("did you mean `{near}`?"))
        .or_else(|| possible.into_iter().find_map(text).map(|possible| format!("there is `{possible}`")))
        .or_else(|| std::error::Error::source(error).map(ToString::to_string));
    Problem::usage(sentence).maybe_hint(hint)
}

fn first_line(error: &Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
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
        assert_eq!(problem.message, "there is no option `--dayz` here");
        assert_eq!(problem.hint.as_deref(), Some("did you mean `--days`?"));
        assert_eq!(refused("--days"), Problem::usage("`--days <DAYS>` needs a value"));
        assert_eq!(refused("--days=1 --days=2").message, "`--days <DAYS>` is given more than once");
        assert!(refused("stray").message.starts_with("`stray` is not expected here"));
    }
}
