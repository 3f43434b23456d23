//! What a command may do: what it requests, less what the operator revoked.

use std::collections::BTreeSet;

use encargo_model::{Permission, Timestamp};
use encargo_store::{GrantChanges, Store};

use crate::scan::scan;
use crate::{Catalog, CatalogError, Command, Source};

impl Catalog {
    /// What a command was granted. Packaged commands and those that the operator placed are granted what they request;
    /// what was revoked stays revoked until it is granted again. A command that was added has what is recorded as granted,
    /// and nothing where there is no record.
    ///
    /// # Errors
    /// When the engine store cannot be read.
    pub async fn granted(&self, command: &Command) -> Result<BTreeSet<Permission>, CatalogError> {
        let mut granted: BTreeSet<_> = command.description.permissions.iter().cloned().collect();
        let changes = match &self.store {
            Some(store) => store.grants(&command.description.name).await?,
            None => GrantChanges::default(),
        };
        match command.source {
            Source::Packaged | Source::File(_) => granted.retain(|permission| !changes.revoked.contains(permission)),
            Source::Version { .. } => granted.retain(|permission| changes.granted.contains(permission)),
        }
        Ok(granted)
    }

    /// Grants a permission; whether that changed anything.
    ///
    /// # Errors
    /// When the command does not request it, or the engine store cannot be written.
    pub async fn grant(&self, name: &str, permission: &Permission, now: Timestamp) -> Result<bool, CatalogError> {
        let store = self.requesting(name, permission)?;
        // What the tier gives needs no row; one would outlive the component and say that somebody chose it.
        if self.find_added(name).is_none() && self.granted(&self.find(name)?).await?.contains(permission) {
            return Ok(false);
        }
        Ok(store.grant(name, permission, now).await?)
    }

    /// Revokes a permission; whether that changed anything.
    ///
    /// # Errors
    /// When the command does not request it, or the engine store cannot be written.
    pub async fn revoke(&self, name: &str, permission: &Permission, now: Timestamp) -> Result<bool, CatalogError> {
        let store = self.requesting(name, permission)?;
        Ok(store.revoke(name, permission, now).await?)
    }

    /// Passes permissions that the command requests, so that of several either all are changed or none.
    ///
    /// # Errors
    /// It does not request one of them.
    pub fn check_requested(&self, name: &str, permissions: &[Permission]) -> Result<(), CatalogError> {
        permissions.iter().try_for_each(|permission| self.requesting(name, permission).map(drop))
    }

    /// What the commands that the operator placed request, each with its name: what a store that forgot every revocation
    /// must not grant.
    ///
    /// # Errors
    /// A file there is no command, so that nobody knows what it will request.
    pub fn placed_requests(&self) -> Result<Vec<(String, Permission)>, CatalogError> {
        let placed = scan(&self.commands);
        if let Some((path, problem)) = placed.broken.into_iter().next() {
            return Err(CatalogError::Broken { path, problem });
        }
        let requests = placed.commands.into_values().map(|command| command.description);
        Ok(requests.flat_map(|d| d.permissions.into_iter().map(move |request| (d.name.clone(), request))).collect())
    }

    /// The store where grants are kept, if the command of this name requests the permission, or a version of it that was
    /// chosen does.
    fn requesting(&self, name: &str, permission: &Permission) -> Result<&Store, CatalogError> {
        let requested = match self.find_added(name) {
            Some(added) => {
                let chosen = added.versions.iter().filter(|version| !version.is_rolled_back);
                let all: BTreeSet<_> = chosen.flat_map(|version| version.permissions.iter().cloned()).collect();
                all.into_iter().collect()
            }
            None => self.find(name)?.description.permissions,
        };
        if !requested.contains(permission) {
            let (command, permission) = (name.to_owned(), permission.clone());
            return Err(CatalogError::NotRequested { command, permission, requested });
        }
        self.store.as_ref().ok_or(CatalogError::NoStore)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{packaged, with_commands};

    fn permission(text: &str) -> Permission {
        text.parse().unwrap()
    }

    async fn granted(catalog: &Catalog, name: &str) -> Vec<String> {
        let granted = catalog.granted(&catalog.find(name).unwrap()).await.unwrap();
        granted.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_requested_is_granted_until_it_is_revoked() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("engine.db");
            Store::migrate(&path).await.unwrap();
            let store = Store::open(&path).await.unwrap();
            let commands = packaged(&["hello", "other"], &["read:chats", "delete:chats"]);
            let catalog = Catalog::new(commands, folder.path().join("commands"), Some(store.clone()));
            let delete = permission("delete:chats");
            let now = Timestamp(1);
            assert_eq!(granted(&catalog, "hello").await, ["read:chats", "delete:chats"]);
            assert!(!catalog.grant("hello", &delete, now).await.unwrap());
            assert_eq!(store.grants("hello").await.unwrap(), GrantChanges::default());

            assert!(catalog.revoke("hello", &delete, now).await.unwrap());
            assert!(!catalog.revoke("hello", &delete, now).await.unwrap());
            assert_eq!(granted(&catalog, "hello").await, ["read:chats"]);
            assert_eq!(granted(&catalog, "other").await, ["read:chats", "delete:chats"]);
            assert!(catalog.grant("hello", &delete, now).await.unwrap());
            assert_eq!(granted(&catalog, "hello").await, ["read:chats", "delete:chats"]);

            let update = permission("update:chats");
            for error in [
                catalog.grant("hello", &update, now).await.unwrap_err(),
                catalog.revoke("hello", &update, now).await.unwrap_err(),
            ] {
                let sentence = "`hello` does not request `update:chats`; it requests `read:chats`, `delete:chats`";
                assert_eq!(error.to_string(), sentence);
            }
        });
    }

    #[test]
    fn what_placed_commands_request_is_known_unless_a_file_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::new(packaged(&["hello"], &["read:chats"]), folder.path().to_owned(), None);
        assert_eq!(catalog.placed_requests().unwrap(), []);
        let mine = crate::samples::component("mine", &["read:chats", "delete:chats"]);
        std::fs::write(folder.path().join("mine.wasm"), mine).unwrap();
        let requests = ["read:chats", "delete:chats"].map(|text| ("mine".to_owned(), permission(text)));
        assert_eq!(catalog.placed_requests().unwrap(), requests);
        std::fs::write(folder.path().join("text.wasm"), "text").unwrap();
        assert!(matches!(catalog.placed_requests(), Err(CatalogError::Broken { .. })));
    }

    #[test]
    fn grants_need_a_store() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let catalog = Catalog::new(packaged(&["hello"], &["read:chats"]), folder.path().to_owned(), None);
        let read = permission("read:chats");
        assert_eq!(runtime.block_on(granted(&catalog, "hello")), ["read:chats"]);
        let refused = runtime.block_on(catalog.revoke("hello", &read, Timestamp(1)));
        assert!(matches!(refused, Err(CatalogError::NoStore)));
        let nothing = with_commands(folder.path(), &["hello"]);
        let refused = runtime.block_on(nothing.revoke("hello", &read, Timestamp(1))).unwrap_err();
        assert_eq!(refused.to_string(), "`hello` does not request `read:chats`; it requests nothing");
    }
}
