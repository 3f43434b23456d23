//! A command's description: static JSON inside the component, the one source for arguments, help and grants.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ArgumentSpec, ArgumentValue, Permission, ResolvedArgument, Text};

/// What a component says about itself in its `encargo:command` section, read without running it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Description {
    /// The version of this shape: 1.
    pub schema: u32,
    /// `[a-z][a-z0-9_]*`.
    pub name: String,
    /// The author's version, as shown to people; the digest is what identifies the code.
    pub version: String,
    /// One sentence.
    pub summary: Text,
    /// Paragraphs of help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Text>,
    /// In the order of help.
    #[serde(default)]
    pub arguments: Vec<ArgumentSpec>,
    /// Rules between arguments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<Constraint>,
    /// Fallbacks for flags of the host (`parallel`), by their names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub host_flags: BTreeMap<String, HostFlag>,
    /// Whether it works inside one tenant.
    pub scope: Scope,
    /// What a run without `--tenant` means.
    #[serde(default)]
    pub without_tenant: WithoutTenant,
    /// Whether `--tenant` may name a tenant that does not exist yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub takes_new_tenant: bool,
    /// How much a failure matters.
    #[serde(default)]
    pub criticality: Criticality,
    /// What it does to data.
    pub effect: Effect,
    /// Arguments of which one has to be given for a run to have the effect; without one it only reads, and has no
    /// permission to change anything. Empty where every run has it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes_with: Vec<String>,
    /// Whether a second run changes nothing more; the reason when it does.
    pub idempotent: bool,
    /// What exit codes mean for this command, beyond the common table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exit_codes: Vec<ExitCodeNote>,
    /// Lines to try.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
    /// What it needs to be granted.
    #[serde(default)]
    pub permissions: Vec<Permission>,
}

/// Whether a command works inside one tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Inside one tenant; several tenants make several runs.
    Tenant,
    /// Over the installation; only packaged or operator-approved commands.
    System,
    /// One or the other by `--tenant`.
    Either,
}

/// What a run without `--tenant` means for a command of scope `tenant`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WithoutTenant {
    /// All tenants, one run each.
    All,
    /// The default tenant; exit 2 with the list when there is none.
    #[default]
    Default,
}

/// How much a failure matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Criticality {
    /// Look at it when there is time.
    #[default]
    Routine,
    /// Someone should be told.
    Critical,
}

/// What a command does to data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// Reads only.
    ReadOnly,
    /// Adds or changes.
    Changes,
    /// Removes.
    Destroys,
}

/// A rule between arguments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Constraint {
    /// The first needs the second.
    Requires(String, String),
    /// At most one of these is given.
    Conflicts(Vec<String>),
}

/// Fallbacks for a flag of the host.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HostFlag {
    /// The environment variable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub env: Option<String>,
    /// The key under `[commands.<name>]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<String>,
}

/// What an exit code means for this command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExitCodeNote {
    /// One of the common table.
    pub code: u8,
    /// When this command ends with it.
    pub meaning: Text,
}

/// A line to try.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What stands after `encargo`.
    pub line: String,
    /// What it does.
    pub text: Text,
}

impl Description {
    /// The arguments that may be given by their places, in the order of these.
    pub fn positional(&self) -> Vec<&ArgumentSpec> {
        let mut positional: Vec<_> = self.arguments.iter().filter(|argument| argument.position.is_some()).collect();
        positional.sort_by_key(|argument| argument.position);
        positional
    }

    /// What a run with these arguments does to data: the effect, or nothing where none of those is given that make it.
    pub fn effect_with(&self, arguments: &[ResolvedArgument]) -> Effect {
        let is_given = |name: &String| {
            let of_name = arguments.iter().find(|argument| argument.name == *name);
            of_name
                .and_then(|argument| argument.value.as_ref())
                .is_some_and(|value| *value != ArgumentValue::Flag(false))
        };
        match self.changes_with.is_empty() || self.changes_with.iter().any(is_given) {
            true => self.effect,
            false => Effect::ReadOnly,
        }
    }

    /// The description's argument of this name.
    pub fn argument(&self, name: &str) -> Option<&ArgumentSpec> {
        self.arguments.iter().find(|argument| argument.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Origin;

    #[test]
    fn a_run_has_the_effect_with_the_arguments_that_make_it() {
        let described = |changes_with: &[&str]| -> Description {
            serde_json::from_value(serde_json::json!({
                "schema": 1, "name": "hello", "version": "1.0.0", "summary": {"en": "x"}, "scope": "tenant",
                "effect": "changes", "idempotent": true, "changes-with": changes_with,
            }))
            .unwrap()
        };
        let argument = |name: &str, value| {
            let (name, written) = (name.to_owned(), String::new());
            ResolvedArgument { name, value, origin: Origin::Given, written }
        };
        let given = [argument("fix", Some(ArgumentValue::Flag(true))), argument("undo", None)];
        let not_given = [argument("fix", Some(ArgumentValue::Flag(false))), argument("undo", None)];
        let undo = [argument("undo", Some(ArgumentValue::Text("a".to_owned())))];
        for (changes_with, arguments, effect) in [
            (&[][..], &not_given[..], Effect::Changes),
            (&["fix", "undo"], &given, Effect::Changes),
            (&["fix", "undo"], &undo, Effect::Changes),
            (&["fix", "undo"], &not_given, Effect::ReadOnly),
            (&["fix"], &[], Effect::ReadOnly),
        ] {
            assert_eq!(described(changes_with).effect_with(arguments), effect, "{changes_with:?} {arguments:?}");
        }
    }
}
