//! What a tenant's own command may not be or ask for: it runs inside its tenant, and the rest of the installation is not
//! its tenant's.

use encargo_model::{ARGUMENTS, Description, Permission, Scope, Text, text};

/// Refuses a description that asks for more than a tenant can have.
///
/// # Errors
/// Every problem, a sentence each.
pub(crate) fn check(description: &Description) -> Result<(), Vec<Text>> {
    let mut problems = Vec::new();
    if description.scope != Scope::Tenant {
        problems.push(text!(
            "its scope is to be `tenant`: it runs inside its tenant alone",
            "su ámbito tiene que ser `tenant`: se ejecuta solo dentro de su inquilino"
        ));
    }
    for request in description.permissions.iter().filter(|request| is_the_installations(request)) {
        problems.push(text!(
            "the permission `{request}` is about the installation and not about one tenant",
            "el permiso `{request}` es sobre la instalación y no sobre un inquilino"
        ));
    }
    let arguments = || description.arguments.iter();
    let of_flags = || description.host_flags.values();
    let variables = arguments().filter_map(|argument| argument.env.as_deref());
    for variable in variables.chain(of_flags().filter_map(|flag| flag.env.as_deref())) {
        problems.push(text!(
            "it reads no environment, so `env = \"{variable}\"` goes from its description",
            "no lee el entorno, así que `env = \"{variable}\"` sobra en su descripción"
        ));
    }
    let settings = arguments().filter_map(|argument| argument.settings.as_deref());
    for key in settings.chain(of_flags().filter_map(|flag| flag.settings.as_deref())) {
        problems.push(text!(
            "it reads no `encargo.toml`, so `settings = \"{key}\"` goes from its description",
            "no lee `encargo.toml`, así que `settings = \"{key}\"` sobra en su descripción"
        ));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Whether a permission is about what belongs to no tenant.
fn is_the_installations(request: &Permission) -> bool {
    match request {
        // The folders that a caller names are the caller's and of no tenant.
        Permission::MoveFiles(of) => of == ARGUMENTS,
        Permission::ListTenants
        | Permission::CreateTenants
        | Permission::EnsureAdmin
        | Permission::TakeBackup
        | Permission::RestoreBackup
        | Permission::OptimizeDatabase
        | Permission::EndOrphans
        | Permission::Check(_)
        // Each copy has the size of all rows, and stays.
        | Permission::KeepCopy => true,
        Permission::Table { .. }
        | Permission::ListFiles(_) | Permission::CreateFiles(_)
        | Permission::RemoveFiles(_)
        | Permission::ReadSettings(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn problems(besides: &Value) -> Vec<String> {
        let mut description = json!({
            "schema": 1, "name": "hello", "version": "1.0.0", "summary": {"en": "Do nothing."}, "scope": "tenant",
            "effect": "destroys", "idempotent": true,
            "permissions": ["read:chats", "delete:chats", "list-files:media", "remove-files:media", "move-files:imports",
                "read-settings:a"],
        });
        for (field, value) in besides.as_object().unwrap() {
            description[field] = value.clone();
        }
        let checked = check(&serde_json::from_value(description).unwrap());
        checked.err().unwrap_or_default().into_iter().map(|problem| problem.en).collect()
    }

    #[test]
    fn rows_and_files_of_the_tenant_can_be_asked_for_and_the_installation_cannot() {
        assert_eq!(problems(&json!({})), [""; 0]);
        for permission in [
            "list:tenants",
            "create:tenants",
            "ensure:admin",
            "check:redis",
            "check:statements",
            "check:machine",
            "check:runs",
            "optimize:database",
            "end:orphans",
            "move-files:arguments",
        ] {
            let found = problems(&json!({"permissions": ["read:chats", permission]}));
            assert!(found.len() == 1 && found[0].contains(permission), "{found:?}");
        }
        for scope in ["system", "either"] {
            assert_eq!(problems(&json!({"scope": scope})).len(), 1, "{scope}");
        }
    }

    #[test]
    fn neither_the_environment_nor_the_configuration_is_a_tenants() {
        let argument = |field: &str| json!([{"name": "days", "help": {"en": "x"}, "kind": "integer", field: "DAYS"}]);
        for field in ["env", "settings"] {
            let words = format!("{field} = \"DAYS\"");
            let found = problems(&json!({"arguments": argument(field)}));
            assert!(found.len() == 1 && found[0].contains(&words), "{found:?}");
            let found = problems(&json!({"host-flags": {"parallel": {field: "DAYS"}}}));
            assert!(found.len() == 1 && found[0].contains(&words), "{found:?}");
        }
    }
}
