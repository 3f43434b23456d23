//! `$1` to `$n`, bound by number: SQLite alone would number them by their first appearance.

use encargo_model::{ErrorCode, Text, text};

use super::statement::Statement;
use super::words::named;
use crate::BackendError;

/// Which value each of the statement's parameters takes, from 0.
pub(super) fn numbers(statement: &Statement) -> Result<Vec<usize>, BackendError> {
    let mut numbers = Vec::with_capacity(statement.parameters());
    for parameter in 1..=statement.parameters() {
        let name = statement.parameter_name(parameter).unwrap_or_else(|| "?".to_owned());
        let written = named(&name);
        let digits = name.strip_prefix('$').filter(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()));
        let number = digits.filter(|digits| !digits.starts_with('0')).and_then(|digits| digits.parse::<usize>().ok());
        match number {
            Some(number) => numbers.push(number - 1),
            None => {
                return Err(invalid(text!(
                    "{written} is no placeholder, they are written `$1`, `$2` and so on",
                    "{written} no es un marcador, se escriben `$1`, `$2`, etcétera"
                )));
            }
        }
    }
    let most = numbers.iter().max().map_or(0, |most| most + 1);
    // Names are distinct, so as many as the highest number means that none is missing.
    if most > numbers.len() {
        let missing = (0..most).find(|number| !numbers.contains(number)).map_or(0, |missing| missing + 1);
        return Err(invalid(text!(
            "the SQL has the placeholder `${most}` and none for `${missing}`",
            "el SQL tiene el marcador `${most}` y ninguno para `${missing}`"
        )));
    }
    Ok(numbers)
}

/// Whether as many values were given as there are placeholders.
pub(super) fn check_values(placeholders: usize, values: usize) -> Result<(), BackendError> {
    if placeholders == values {
        return Ok(());
    }
    Err(invalid(text!(
        "the SQL has {placeholders} placeholders and {values} values were given",
        "el SQL tiene {placeholders} marcadores y se dieron {values} valores"
    )))
}

fn invalid(message: Text) -> BackendError {
    BackendError::new(ErrorCode::Invalid, message)
}
