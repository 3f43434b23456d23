//! The rules for one argument of a description.

use std::collections::BTreeSet;

use encargo_model::{ArgumentKind, ArgumentSpec, ArgumentValue, Text, Timestamp, text};

use super::{HOST_FLAGS, is_name};

/// Adds the problems of one argument.
pub(super) fn check(argument: &ArgumentSpec, problems: &mut Vec<Text>) {
    let name = &argument.name;
    if !is_name(name, '-') || name.contains("--") {
        problems.push(text!(
            "the argument `{name}` is not up to 63 of a-z, 0-9 and `-`, beginning with a letter",
            "el argumento `{name}` no tiene hasta 63 de a-z, 0-9 y `-`, empezando por una letra"
        ));
    }
    if HOST_FLAGS.contains(&name.as_str()) {
        problems.push(text!(
            "the argument `{name}` has the name of a flag that the host keeps for itself",
            "el argumento `{name}` tiene el nombre de una opción que el anfitrión se reserva"
        ));
    }
    check_bounds(argument, problems);
    check_choices(argument, problems);
    check_default(argument, problems);
    if argument.required && argument.kind == ArgumentKind::Flag {
        problems.push(text!("the flag `{name}` cannot be required", "la opción `{name}` no puede ser obligatoria"));
    }
    if argument.secret && argument.kind != ArgumentKind::Text {
        problems.push(text!(
            "the argument `{name}` is secret and not a text",
            "el argumento `{name}` es secreto y no es un texto"
        ));
    }
    check_fallbacks(name, argument.env.as_deref(), argument.settings.as_deref(), problems);
}

/// Adds the problems of an argument's or a host flag's fallbacks.
pub(super) fn check_fallbacks(name: &str, env: Option<&str>, settings: Option<&str>, problems: &mut Vec<Text>) {
    if let Some(env) = env {
        let grammar = env.starts_with(|c: char| c.is_ascii_uppercase())
            && env.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        if !grammar {
            problems.push(text!(
                "the environment variable `{}` of `{name}` is not of A-Z, 0-9 and `_`",
                "la variable de entorno `{}` de `{name}` no es de A-Z, 0-9 y `_`";
                env.escape_debug()
            ));
        }
        if env.starts_with("ENCARGO_") {
            problems.push(text!(
                "the environment variable `{env}` is the host's own and cannot fill `{name}`",
                "la variable de entorno `{env}` es del anfitrión y no puede dar valor a `{name}`"
            ));
        }
    }
    if let Some(key) = settings.filter(|key| !is_name(key, '_')) {
        problems.push(text!(
            "the settings key `{}` of `{name}` is not of a-z, 0-9 and `_`",
            "la clave de ajustes `{}` de `{name}` no es de a-z, 0-9 y `_`";
            key.escape_debug()
        ));
    }
}

fn check_bounds(argument: &ArgumentSpec, problems: &mut Vec<Text>) {
    let (name, kind) = (&argument.name, argument.kind);
    let bounds = [("min", &argument.min), ("max", &argument.max)];
    let bounds = bounds.into_iter().filter_map(|(which, text)| text.as_ref().map(|text| (which, text)));
    let mut sound = true;
    for (which, written) in bounds {
        if !matches!(kind, ArgumentKind::Integer | ArgumentKind::Real | ArgumentKind::Duration) {
            problems.push(text!(
                "the argument `{name}` has a `{which}`, which its kind does not have",
                "el argumento `{name}` tiene un `{which}`, que su tipo no admite"
            ));
            sound = false;
        } else if let Err(problem) = ArgumentValue::parse(kind, written, Timestamp(0)) {
            problems.push(text!(
                "the `{which}` of `{name}`: {problem}",
                "el `{which}` de `{name}`: {problem}",
                problem = problem
            ));
            sound = false;
        }
    }
    let alone = ArgumentSpec { min: None, default: None, choices: vec![], ..argument.clone() };
    if let (true, Some(min), Some(_)) = (sound, &argument.min, &argument.max)
        && alone.value(std::slice::from_ref(min), Timestamp(0)).is_err()
    {
        problems.push(text!(
            "the `min` of `{name}` is above its `max`",
            "el `min` de `{name}` está por encima de su `max`"
        ));
    }
}

fn check_choices(argument: &ArgumentSpec, problems: &mut Vec<Text>) {
    let name = &argument.name;
    if argument.choices.is_empty() {
        return;
    }
    if !matches!(argument.kind, ArgumentKind::Text | ArgumentKind::Texts) {
        problems.push(text!(
            "the argument `{name}` has choices, which its kind does not have",
            "el argumento `{name}` tiene opciones, que su tipo no admite"
        ));
    }
    let mut seen = BTreeSet::new();
    for value in argument.choices.iter().map(|choice| &choice.value) {
        if value.is_empty() || value.contains(|c: char| c.is_control() || c.is_whitespace() || c == ',') {
            problems.push(text!(
                "the choice `{}` of `{name}` is not a word",
                "la opción `{}` de `{name}` no es una palabra";
                value.escape_debug()
            ));
        }
        if !seen.insert(value) {
            problems.push(text!(
                "the choice `{value}` of `{name}` is given twice",
                "la opción `{value}` de `{name}` se da dos veces"
            ));
        }
    }
}

fn check_default(argument: &ArgumentSpec, problems: &mut Vec<Text>) {
    let (name, Some(default)) = (&argument.name, &argument.default) else {
        return;
    };
    // Paths and tenants are capabilities that the caller hands over; a default would let the component choose them.
    let chosen_by_the_caller = argument.kind == ArgumentKind::Tenant || argument.kind.is_path() && default != "-";
    if chosen_by_the_caller || matches!(argument.kind, ArgumentKind::Flag | ArgumentKind::PasswordFile) {
        problems.push(text!(
            "the argument `{name}` has a default, which its kind does not have",
            "el argumento `{name}` tiene un valor por omisión, que su tipo no admite"
        ));
    } else if argument.required || argument.secret {
        problems.push(text!(
            "the argument `{name}` has a default and is required or secret",
            "el argumento `{name}` tiene un valor por omisión y es obligatorio o secreto"
        ));
    } else if let Err(problem) = argument.value(std::slice::from_ref(default), Timestamp(0)) {
        problems.push(text!(
            "the default of `{name}`: {problem}",
            "el valor por omisión de `{name}`: {problem}",
            problem = problem
        ));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn problems(kind: &str, change: &Value) -> Vec<String> {
        let mut argument = json!({"name": "x", "help": {"en": "x"}, "kind": kind});
        argument.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let mut problems = Vec::new();
        check(&serde_json::from_value(argument).unwrap(), &mut problems);
        problems.into_iter().map(|problem| problem.en).collect()
    }

    #[test]
    fn what_fits_its_kind_is_accepted() {
        for (kind, change) in [
            ("flag", json!({"env": "HELLO_X", "settings": "x_1"})),
            ("integer", json!({"default": "5", "min": "1", "max": "5"})),
            ("real", json!({"default": "0.5", "min": "0"})),
            ("duration", json!({"default": "30d", "min": "1h", "max": "52w"})),
            ("instant", json!({"default": "7d"})),
            ("texts", json!({"default": "a,b", "choices": [{"value": "a"}, {"value": "b"}]})),
            ("text", json!({"required": true, "secret": true})),
            ("output", json!({"default": "-"})),
        ] {
            assert_eq!(problems(kind, &change), [""; 0], "{kind} {change}");
        }
    }

    #[test]
    fn what_does_not_fit_its_kind_is_refused_in_words() {
        for (kind, change, problem) in [
            ("flag", json!({"name": "X"}), "the argument `X`"),
            ("flag", json!({"name": "a--b"}), "the argument `a--b`"),
            ("flag", json!({"name": "tenant"}), "that the host keeps for itself"),
            ("flag", json!({"default": "true"}), "has a default, which its kind does not have"),
            ("flag", json!({"required": true}), "cannot be required"),
            ("flag", json!({"env": "hello"}), "the environment variable `hello`"),
            ("flag", json!({"env": "ENCARGO_DATA_DIR"}), "the host's own"),
            ("flag", json!({"settings": "a.b"}), "the settings key `a.b`"),
            ("integer", json!({"default": "1.5"}), "the default of `x`: `1.5` is not a whole number"),
            ("integer", json!({"default": "0", "min": "1"}), "the default of `x`: at least `1`"),
            ("integer", json!({"min": "one"}), "the `min` of `x`: `one` is not"),
            ("integer", json!({"min": "2", "max": "1"}), "the `min` of `x` is above its `max`"),
            ("integer", json!({"choices": [{"value": "1"}]}), "has choices, which its kind"),
            ("text", json!({"min": "1"}), "has a `min`, which its kind does not have"),
            ("text", json!({"default": "c", "choices": [{"value": "a"}]}), "the default of `x`: `c` is none of a"),
            ("text", json!({"choices": [{"value": "a"}, {"value": "a"}]}), "the choice `a` of `x` is given twice"),
            ("texts", json!({"choices": [{"value": "a,b"}]}), "the choice `a,b` of `x` is not a word"),
            ("text", json!({"default": "a", "required": true}), "has a default and is required or secret"),
            ("integer", json!({"secret": true}), "is secret and not a text"),
            ("input-file", json!({"default": "/etc/passwd"}), "has a default, which its kind does not have"),
            ("tenant", json!({"default": "demo"}), "has a default, which its kind does not have"),
            ("password-file", json!({"default": "-"}), "has a default, which its kind does not have"),
        ] {
            let found = problems(kind, &change);
            assert!(found.len() == 1 && found[0].contains(problem), "{kind} {change}: {found:?}");
        }
    }
}
