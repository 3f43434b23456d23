//! A description for tests.

use encargo_model::Description;

/// The same with these arguments at the places 1 and so on.
pub(crate) fn with_positions(names: &[&str]) -> Description {
    let mut description = description();
    for argument in &mut description.arguments {
        let at = names.iter().position(|name| *name == argument.name);
        argument.position = at.and_then(|at| u32::try_from(at + 1).ok());
    }
    description
}

/// A command with an argument of several kinds.
pub(crate) fn description() -> Description {
    serde_json::from_value(serde_json::json!({
        "schema": 1, "name": "sample", "version": "1.0.0",
        "summary": {"en": "Try things.", "es": "Probar cosas."},
        "details": {"en": "At length.", "es": "Con calma."},
        "arguments": [
            {"name": "days", "help": {"en": "Keep so many days.", "es": "Guardar tantos días."}, "kind": "integer",
             "default": "90", "min": "1", "env": "SAMPLE_DAYS", "settings": "days"},
            {"name": "skip", "help": {"en": "Skip."}, "kind": "flag"},
            {"name": "type", "help": {"en": "Of what."}, "kind": "texts", "required": true,
             "choices": [{"value": "chats"}, {"value": "logs", "help": {"en": "of the system"}}]},
            {"name": "file", "help": {"en": "From where."}, "kind": "input-file"},
            {"name": "output", "help": {"en": "To where."}, "kind": "output"},
            {"name": "password-file", "help": {"en": "The password."}, "kind": "password-file"}
        ],
        "host-flags": {"parallel": {"env": "SAMPLE_JOBS"}},
        "scope": "tenant", "effect": "destroys", "idempotent": true,
        "exit-codes": [{"code": 3, "meaning": {"en": "some rows failed", "es": "algunas filas fallaron"}}],
        "examples": [{"line": "sample --days=30", "text": {"en": "a month", "es": "un mes"}}],
        "permissions": ["read:chats", "ensure:admin"]
    }))
    .expect("the description has the shape")
}
