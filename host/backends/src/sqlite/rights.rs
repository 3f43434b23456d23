//! What the permissions of a run allow in a tenant's file.

use std::collections::{BTreeSet, HashMap};

use encargo_model::{ErrorCode, Permission, TableAction, text};

use super::words::named;
use crate::BackendError;
use crate::schema::{HOST_TABLES, RELATIONS};

/// The permissions as a table to look up in: only relations of the platform, whatever a permission names.
#[derive(Debug, Clone, Default)]
pub(super) struct Rights {
    allowed: HashMap<&'static str, BTreeSet<&'static str>>,
}

impl Rights {
    pub(super) fn of(permissions: &BTreeSet<Permission>) -> Self {
        let mut allowed: HashMap<_, BTreeSet<_>> = HashMap::new();
        for permission in permissions {
            if let Permission::Table { action, relation } = permission
                && let Some(relation) = RELATIONS.iter().find(|known| *known == relation)
            {
                allowed.entry(*relation).or_default().insert(action.verb());
            }
        }
        Self { allowed }
    }

    /// Whether anything at all is allowed with a table.
    pub(super) fn has_any(&self, table: &str) -> bool {
        self.allowed.contains_key(table)
    }

    /// Whether the action is allowed, and the refusal to show otherwise.
    pub(super) fn check(&self, action: TableAction, table: &str) -> Result<(), BackendError> {
        let table = table.to_ascii_lowercase();
        if self.allowed.get(table.as_str()).is_some_and(|verbs| verbs.contains(action.verb())) {
            return Ok(());
        }
        let what = match action {
            TableAction::Read => text!("read from", "leer de"),
            TableAction::Insert => text!("insert into", "insertar en"),
            TableAction::Update => text!("update", "actualizar"),
            TableAction::Delete => text!("delete from", "borrar de"),
        };
        if RELATIONS.contains(&table.as_str()) {
            let permission = Permission::table(action, table.as_str());
            let message = text!(
                "the command may not {what} `{table}`: it needs the permission `{permission}`",
                "el comando no puede {what} `{table}`: necesita el permiso `{permission}`",
                what = what
            );
            return Err(BackendError::denied(permission, message));
        }
        let message = if HOST_TABLES.contains(&table.as_str()) || table.starts_with("sqlite_") {
            text!(
                "no command may {what} `{table}`: it is the host's",
                "ningún comando puede {what} `{table}`: es del anfitrión",
                what = what
            )
        } else {
            let table = named(&table);
            return Err(BackendError::new(
                ErrorCode::NotFound,
                text!("there is no table {table}", "no existe la tabla {table}"),
            ));
        };
        Err(BackendError::new(ErrorCode::Denied, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_that_a_permission_names_are_the_only_ones_with_any() {
        let rights = Rights::of(&["read:chats", "delete:logs"].map(|text| text.parse().unwrap()).into());
        assert!(["chats", "logs"].into_iter().all(|table| rights.has_any(table)));
        assert!(["users", "tools", "none", ""].into_iter().all(|table| !rights.has_any(table)));
    }
}
