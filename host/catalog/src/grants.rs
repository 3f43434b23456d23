//! What a command may do: what it requests, less what the operator revoked.

use std::collections::BTreeSet;

use encargo_model::{Permission, Timestamp};
use encargo_store::Store;

use crate::{Catalog, CatalogError, Command};

impl Catalog {
    /// What a command was granted. Packaged commands and those that the operator placed are granted what they request;
    /// what was revoked stays revoked until it is granted again.
    ///
    /// # Errors
    /// When the engine store cannot be read.
    pub async fn granted(&self, command: &Command) -> Result<BTreeSet<Permission>, CatalogError> {
        let mut granted: BTreeSet<_> = command.description.permissions.iter().cloned().collect();
        if let Some(store) = &self.store {
            let changes = store.grants(&command.description.name).await?;
            granted.retain(|permission| !changes.revoked.contains(permission));
        }
        Ok(granted)
    }

    /// Grants a permission; whether that changed anything.
    ///
    /// # Errors
    /// When the command does not request it, or the engine store cannot be written.
    pub async fn grant(&self, name: &str, permission: &Permission, now: Timestamp) -> Result<bool, CatalogError> {
        let store = self.requested(name, permission)?;
        Ok(store.grant(name, permission, now).await?)
    }

    /// Revokes a permission; whether that changed anything.
    ///
    /// # Errors
    /// When the command does not request it, or the engine store cannot be written.
    pub async fn revoke(&self, name: &str, permission: &Permission, now: Timestamp) -> Result<bool, CatalogError> {
        let store = self.requested(name, permission)?;
        Ok(store.revoke(name, permission, now).await?)
    }

    fn requested(&self, name: &str, permission: &Permission) -> Result<&Store, CatalogError> {
        let requested = self.find(name)?.description.permissions;
        if !requested.contains(permission) {
            let permission = permission.clone();
            return Err(CatalogError::NotRequested { command: name.to_owned(), permission, requested });
        }
        self.store.as_ref().ok_or(CatalogError::NoStore)
    }
}
