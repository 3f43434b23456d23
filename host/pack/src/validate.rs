//! What the JSON schema of a description cannot say: names, references between its parts, rules of the host.

mod argument;
mod position;

use std::collections::BTreeSet;

use encargo_model::{Constraint, Description, Effect, Exit, Permission, Scope, Text, text};

use crate::wording::texts;

/// Argument names that the host keeps for itself, for every command.
pub const HOST_FLAGS: &[&str] = &[
    "config",
    "data-dir",
    "dry-run",
    "exclude-tenant",
    "explain-exit",
    "fail-fast",
    "force-color",
    "help",
    "isolated",
    "json",
    "lang",
    "no-color",
    "no-input",
    "overwrite",
    "parallel",
    "progress",
    "pythonpath",
    "quiet",
    "restart",
    "resume",
    "settings",
    "skip-checks",
    "tenant",
    "timeout",
    "traceback",
    "verbose",
    "verbosity",
    "wait-lock",
    "yes",
];

/// The host's flags that a description may give fallbacks to.
const FLAGS_WITH_FALLBACKS: &[&str] = &["parallel"];

/// Checks a description that has the right shape.
///
/// # Errors
/// Every problem, a sentence each.
pub fn validate(description: &Description) -> Result<(), Vec<Text>> {
    let mut problems = Vec::new();
    check_head(description, &mut problems);
    check_texts(description, &mut problems);
    let mut names = BTreeSet::new();
    for argument in &description.arguments {
        if !names.insert(&argument.name) {
            problems.push(text!(
                "the argument `{}` is declared twice",
                "el argumento `{}` está declarado dos veces";
                argument.name
            ));
        }
        argument::check(argument, &mut problems);
    }
    position::check(description, &mut problems);
    check_constraints(description, &mut problems);
    check_changes_with(description, &mut problems);
    check_host_flags(description, &mut problems);
    check_exit_codes(description, &mut problems);
    check_examples(description, &mut problems);
    check_permissions(description, &mut problems);
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Whether a command may have this name: up to 63 of a-z, 0-9 and `_`, beginning with a letter and not ending with `_`.
pub fn is_command_name(name: &str) -> bool {
    is_name(name, '_')
}

/// Whether a name begins with a lower-case letter and goes on with letters, digits and `joint`, 63 at most.
fn is_name(name: &str, joint: char) -> bool {
    name.len() <= 63
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with(joint)
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == joint)
}

fn check_head(description: &Description, problems: &mut Vec<Text>) {
    if description.schema != 1 {
        problems.push(text!(
            "the schema {} is not known; this host reads schema 1",
            "no se conoce el esquema {}; este anfitrión lee el esquema 1";
            description.schema
        ));
    }
    let name = &description.name;
    if !is_command_name(name) {
        problems.push(text!(
            "the name `{name}` is not up to 63 of a-z, 0-9 and `_`, beginning with a letter",
            "el nombre `{name}` no tiene hasta 63 de a-z, 0-9 y `_`, empezando por una letra"
        ));
    }
    let version = &description.version;
    if version.is_empty() || version.len() > 63 || !version.bytes().all(|byte| byte.is_ascii_graphic()) {
        problems.push(text!(
            "the version is not up to 63 visible ASCII characters",
            "la versión no tiene hasta 63 caracteres ASCII visibles"
        ));
    }
    if description.takes_new_tenant && description.scope == Scope::Tenant {
        problems.push(text!(
            "`takes-new-tenant` needs the scope `system` or `either`",
            "`takes-new-tenant` necesita el ámbito `system` o `either`"
        ));
    }
}

/// Control characters could rewrite what a terminal shows of the host's own words.
fn check_texts(description: &Description, problems: &mut Vec<Text>) {
    let control = |text: &str| text.chars().any(|c| c.is_control() && c != '\n');
    for (place, text) in texts(description) {
        if text.en.trim().is_empty() {
            problems.push(text!("the text `{place}` is empty", "el texto `{place}` está vacío"));
        }
        if control(&text.en) || text.es.as_deref().is_some_and(control) {
            problems.push(text!(
                "the text `{place}` has control characters",
                "el texto `{place}` tiene caracteres de control"
            ));
        }
    }
}

fn check_constraints(description: &Description, problems: &mut Vec<Text>) {
    for constraint in &description.constraints {
        let (what, names) = match constraint {
            Constraint::Requires(one, other) => ("requires", vec![one, other]),
            Constraint::Conflicts(names) => ("conflicts", names.iter().collect()),
        };
        if names.len() < 2 || names.iter().collect::<BTreeSet<_>>().len() < names.len() {
            problems.push(text!(
                "the constraint `{what}` needs at least two different arguments",
                "la restricción `{what}` necesita al menos dos argumentos distintos"
            ));
        }
        let unknown = names.into_iter().filter(|name| description.argument(name).is_none());
        problems.extend(unknown.map(|name| {
            text!(
                "the constraint `{what}` names `{name}`, which is no argument",
                "la restricción `{what}` nombra `{name}`, que no es un argumento"
            )
        }));
    }
}

fn check_changes_with(description: &Description, problems: &mut Vec<Text>) {
    for name in &description.changes_with {
        match description.argument(name) {
            None => problems.push(text!(
                "`changes-with` names `{name}`, which is no argument",
                "`changes-with` nombra `{name}`, que no es un argumento"
            )),
            Some(argument) if argument.default.is_some() || argument.required => problems.push(text!(
                "`changes-with` names `{name}`, which always has a value",
                "`changes-with` nombra `{name}`, que siempre tiene un valor"
            )),
            Some(_) => {}
        }
    }
    if !description.changes_with.is_empty() && description.effect == Effect::ReadOnly {
        problems.push(text!(
            "`changes-with` makes no sense with the effect `read-only`",
            "`changes-with` no tiene sentido con el efecto `read-only`"
        ));
    }
}

fn check_host_flags(description: &Description, problems: &mut Vec<Text>) {
    for (name, flag) in &description.host_flags {
        if !FLAGS_WITH_FALLBACKS.contains(&name.as_str()) {
            let known = FLAGS_WITH_FALLBACKS.join(", ");
            problems.push(text!(
                "the host's flag `{name}` takes no fallbacks; those that do: {known}",
                "la opción del anfitrión `{name}` no admite valores de reserva; las que sí: {known}"
            ));
        }
        argument::check_fallbacks(name, flag.env.as_deref(), flag.settings.as_deref(), problems);
    }
}

fn check_exit_codes(description: &Description, problems: &mut Vec<Text>) {
    let mut codes = BTreeSet::new();
    for note in &description.exit_codes {
        if Exit::from_code(note.code).is_none() {
            problems.push(text!(
                "the exit code {} is none of the common table",
                "el código de salida {} no está en la tabla común";
                note.code
            ));
        }
        if !codes.insert(note.code) {
            problems.push(text!(
                "the exit code {} is explained twice",
                "el código de salida {} se explica dos veces";
                note.code
            ));
        }
    }
}

fn check_examples(description: &Description, problems: &mut Vec<Text>) {
    for example in &description.examples {
        if example.line.split(' ').next() != Some(&description.name) || example.line.chars().any(char::is_control) {
            problems.push(text!(
                "the example `{}` is not a line that begins with the name",
                "el ejemplo `{}` no es una línea que empieza por el nombre";
                example.line.escape_debug()
            ));
        }
    }
}

fn check_permissions(description: &Description, problems: &mut Vec<Text>) {
    let mut seen = BTreeSet::new();
    for permission in &description.permissions {
        if !seen.insert(permission) {
            problems.push(text!(
                "the permission `{permission}` is requested twice",
                "el permiso `{permission}` se pide dos veces"
            ));
        }
        if let Err(problem) = permission.is_of_this_host() {
            problems.push(problem);
        }
        if description.effect == Effect::ReadOnly && permission.changes() {
            problems.push(text!(
                "the effect `read-only` does not go together with the permission `{permission}`; say `changes` or `destroys`",
                "el efecto `read-only` no va junto con el permiso `{permission}`; diga `changes` o `destroys`"
            ));
        }
        let of_the_system =
            matches!(permission, Permission::ListTenants | Permission::CreateTenants | Permission::EnsureAdmin);
        if of_the_system && description.scope == Scope::Tenant {
            problems.push(text!(
                "the permission `{permission}` needs the scope `system` or `either`",
                "el permiso `{permission}` necesita el ámbito `system` o `either`"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn problems(change: &Value) -> Vec<String> {
        let mut description = json!({
            "schema": 1, "name": "hello", "version": "1.0.0", "summary": {"en": "Greet."},
            "scope": "tenant", "effect": "read-only", "idempotent": true,
            "arguments": [
                {"name": "days", "help": {"en": "Days."}, "kind": "integer"},
                {"name": "since", "help": {"en": "Since."}, "kind": "instant"},
            ],
        });
        description.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let problems = validate(&serde_json::from_value(description).unwrap()).err().unwrap_or_default();
        problems.into_iter().map(|problem| problem.en).collect()
    }

    #[test]
    fn what_goes_together_is_accepted() {
        for change in [
            json!({}),
            json!({"constraints": [{"conflicts": ["days", "since"]}, {"requires": ["days", "since"]}]}),
            json!({"host-flags": {"parallel": {"env": "HELLO_JOBS", "settings": "jobs"}}}),
            json!({"exit-codes": [{"code": 3, "meaning": {"en": "Some."}}]}),
            json!({"examples": [{"line": "hello", "text": {"en": "x"}}, {"line": "hello --days=3", "text": {"en": "x"}}]}),
            json!({"permissions": ["read:chats", "delete:chats"], "effect": "destroys"}),
            json!({"permissions": ["read:chats", "list-files:imports", "check:redis", "read-settings:hello_*"], "details": {"en": "One.\n\nTwo."}}),
            json!({"permissions": ["list:tenants"], "scope": "either", "takes-new-tenant": true}),
            json!({"permissions": ["delete:chats"], "effect": "destroys", "changes-with": ["days", "since"]}),
        ] {
            assert_eq!(problems(&change), [""; 0], "{change}");
        }
    }

    #[test]
    fn a_command_that_reads_only_may_request_nothing_that_changes() {
        for permission in
            ["insert:chats", "update:chats", "delete:chats", "remove-files:temporary", "create:tenants", "ensure:admin"]
        {
            let change = json!({"permissions": [permission], "scope": "either"});
            let found = problems(&change);
            assert!(found.len() == 1 && found[0].contains("`read-only`") && found[0].contains(permission), "{found:?}");
            assert_eq!(
                problems(&json!({"permissions": [permission], "scope": "either", "effect": "changes"})),
                [""; 0]
            );
        }
    }

    #[test]
    fn what_does_not_go_together_is_refused_in_words() {
        let text = json!({"en": "x"});
        let days = json!({"name": "days", "help": {"en": "Days."}, "kind": "integer"});
        for (change, problem) in [
            (json!({"schema": 2}), "the schema 2 is not known"),
            (json!({"name": "Hello"}), "the name `Hello`"),
            (json!({"name": "_hello"}), "the name `_hello`"),
            (json!({"name": "a".repeat(64)}), "the name"),
            (json!({"version": "1 0"}), "the version"),
            (json!({"takes-new-tenant": true}), "`takes-new-tenant` needs the scope"),
            (json!({"effect": "changes", "changes-with": ["x"]}), "`changes-with` names `x`, which is no argument"),
            (json!({"changes-with": ["days"]}), "`changes-with` makes no sense with the effect `read-only`"),
            (json!({"summary": {"en": " "}}), "the text `summary` is empty"),
            (json!({"details": {"en": "x", "es": "\u{1b}[2J"}}), "the text `details` has control characters"),
            (json!({"arguments": [days, days]}), "the argument `days` is declared twice"),
            (json!({"constraints": [{"requires": ["days", "day"]}]}), "`requires` names `day`, which is no argument"),
            (json!({"constraints": [{"conflicts": ["days"]}]}), "`conflicts` needs at least two"),
            (json!({"constraints": [{"requires": ["days", "days"]}]}), "`requires` needs at least two different"),
            (
                json!({"host-flags": {"tenant": {}}}),
                "the host's flag `tenant` takes no fallbacks; those that do: parallel",
            ),
            (json!({"host-flags": {"parallel": {"env": "ENCARGO_X"}}}), "`ENCARGO_X` is the host's own"),
            (json!({"exit-codes": [{"code": 77, "meaning": text}]}), "the exit code 77 is none"),
            (
                json!({"exit-codes": [{"code": 3, "meaning": text}, {"code": 3, "meaning": text}]}),
                "the exit code 3 is explained twice",
            ),
            (json!({"examples": [{"line": "encargo hello", "text": text}]}), "the example `encargo hello`"),
            (json!({"examples": [{"line": "hello \u{1b}", "text": text}]}), "the example"),
            (json!({"permissions": ["read:chats", "read:chats"]}), "`read:chats` is requested twice"),
            (json!({"permissions": ["ensure:admin"], "effect": "changes"}), "`ensure:admin` needs the scope"),
            (json!({"permissions": ["read:chatz"]}), "there is no table `chatz`; did you mean `chats`?"),
            (json!({"permissions": ["read:checkpoints"]}), "there is no table `checkpoints`"),
            (json!({"permissions": ["list-files:import"]}), "there is no root `import`; did you mean `imports`?"),
            (json!({"permissions": ["check:redes"]}), "there is no service `redes`; did you mean `redis`?"),
        ] {
            let found = problems(&change);
            assert!(found.len() == 1 && found[0].contains(problem), "{change}: {found:?}");
        }
    }
}
