//! The rules for arguments that may be given by their places.

use encargo_model::{ArgumentKind, Description, Text, text};

/// Adds the problems of the places of a description's arguments.
pub(super) fn check(description: &Description, problems: &mut Vec<Text>) {
    let positional = description.positional();
    for (at, argument) in positional.iter().enumerate() {
        let (name, position) = (&argument.name, argument.position.unwrap_or_default());
        if position as usize != at + 1 {
            problems.push(text!("the argument `{name}` has the position {position}, where {} is expected", "el argumento `{name}` tiene la posición {position}, donde se espera {}"; at + 1));
        }
        if argument.kind == ArgumentKind::Flag {
            problems.push(text!(
                "the flag `{name}` has a position, and no value that could stand there",
                "la opción `{name}` tiene una posición, y ningún valor que pudiera estar ahí"
            ));
        }
        let Some(next) = positional.get(at + 1) else { continue };
        if argument.kind == ArgumentKind::Texts {
            problems.push(text!(
                "the argument `{name}` takes all words that are left, so no position comes after it",
                "el argumento `{name}` toma todas las palabras que quedan, así que ninguna posición va detrás"
            ));
        }
        if next.required && !argument.required {
            let next = &next.name;
            problems.push(text!(
                "the required argument `{next}` has a position after `{name}`, which may be left out",
                "el argumento obligatorio `{next}` tiene una posición tras `{name}`, que puede faltar"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn problems(arguments: &[(u32, &str, bool)]) -> Vec<String> {
        let argument = |(at, &(position, kind, required)): (usize, &(u32, &str, bool))| json!({"name": format!("a{at}"), "help": {"en": "x"}, "kind": kind, "required": required, "position": position});
        let description = json!({
            "schema": 1, "name": "hello", "version": "1", "summary": {"en": "Greet."}, "scope": "tenant",
            "effect": "read-only", "idempotent": true,
            "arguments": arguments.iter().enumerate().map(argument).collect::<Vec<_>>(),
        });
        let mut problems = Vec::new();
        check(&serde_json::from_value(description).unwrap(), &mut problems);
        problems.into_iter().map(|problem: Text| problem.en).collect()
    }

    #[test]
    fn places_that_a_line_can_be_read_by_are_accepted() {
        for arguments in [
            &[][..],
            &[(1, "text", true)],
            &[(1, "input-file", true), (2, "integer", false), (3, "texts", false)],
            &[(2, "texts", true), (1, "tenant", true)],
        ] {
            assert_eq!(problems(arguments), [""; 0], "{arguments:?}");
        }
    }

    #[test]
    fn others_are_refused_in_words() {
        for (arguments, problem) in [
            (&[(0, "text", true)][..], "`a0` has the position 0, where 1 is expected"),
            (&[(1, "text", true), (1, "text", true)], "`a1` has the position 1, where 2 is expected"),
            (&[(1, "text", true), (3, "text", true)], "`a1` has the position 3, where 2 is expected"),
            (&[(1, "flag", false)], "the flag `a0` has a position"),
            (&[(1, "texts", true), (2, "text", true)], "`a0` takes all words that are left"),
            (&[(1, "text", false), (2, "text", true)], "`a1` has a position after `a0`, which may be left out"),
        ] {
            let found = problems(arguments);
            assert!(found.len() == 1 && found[0].contains(problem), "{arguments:?}: {found:?}");
        }
    }
}
