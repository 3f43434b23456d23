//! What an operator changed about a command's permissions.

use std::collections::BTreeSet;

use encargo_model::{Permission, Text, Timestamp};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::{Store, StoreError};

/// An operator's changes to what a command's tier gives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GrantChanges {
    /// Given.
    pub granted: BTreeSet<Permission>,
    /// Taken away.
    pub revoked: BTreeSet<Permission>,
}

impl Store {
    /// What was changed for a command.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn grants(&self, command: &str) -> Result<GrantChanges, StoreError> {
        let of_command = "SELECT permission, granted FROM grants WHERE command = $1";
        let mut connection = self.connection().await;
        let rows = sqlx::query(of_command).bind(command).fetch_all(&mut *connection).await.map_err(self.failed())?;
        let mut changes = GrantChanges::default();
        for row in &rows {
            change(row, &mut changes).map_err(self.failed())?;
        }
        Ok(changes)
    }

    /// Every change that was made, with the command, the permission as it was written, and whether it was granted: also of
    /// commands and permissions that are no more.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn all_grants(&self) -> Result<Vec<(String, String, bool)>, StoreError> {
        let all = "SELECT command, permission, granted FROM grants ORDER BY command, permission";
        let mut connection = self.connection().await;
        sqlx::query_as(all).fetch_all(&mut *connection).await.map_err(self.failed())
    }

    /// Grants a permission to a command, whatever was said before; false when it is granted already.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn grant(&self, command: &str, permission: &Permission, now: Timestamp) -> Result<bool, StoreError> {
        self.change_grant(command, permission, true, now).await
    }

    /// Revokes a permission of a command, whatever was said before; false when it is revoked already.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn revoke(&self, command: &str, permission: &Permission, now: Timestamp) -> Result<bool, StoreError> {
        self.change_grant(command, permission, false, now).await
    }

    async fn change_grant(
        &self,
        command: &str,
        permission: &Permission,
        granted: bool,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let upsert = "INSERT INTO grants (command, permission, granted, changed_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (command, permission) DO UPDATE SET granted = excluded.granted, changed_at = excluded.changed_at
            WHERE grants.granted <> excluded.granted";
        let mut connection = self.connection().await;
        let changed = sqlx::query(upsert)
            .bind(command)
            .bind(permission.to_string())
            .bind(granted)
            .bind(now.0)
            .execute(&mut *connection)
            .await
            .map_err(self.failed())?;
        Ok(changed.rows_affected() == 1)
    }
}

/// Adds the change of a row.
pub(crate) fn change(row: &SqliteRow, changes: &mut GrantChanges) -> Result<(), sqlx::Error> {
    let written: &str = row.try_get("permission")?;
    let permission = written.parse().map_err(|problem: Text| sqlx::Error::Decode(problem.en.into()))?;
    if row.try_get("granted")? { &mut changes.granted } else { &mut changes.revoked }.insert(permission);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{Folder, block_on};

    #[test]
    fn the_last_word_about_a_permission_counts() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            let read: Permission = "read:chats".parse().unwrap();
            let delete: Permission = "delete:chats".parse().unwrap();
            assert!(store.revoke("cleanup", &delete, Timestamp(1)).await.unwrap());
            assert!(!store.revoke("cleanup", &delete, Timestamp(2)).await.unwrap());
            assert!(store.grant("cleanup", &read, Timestamp(3)).await.unwrap());
            store.revoke("other", &read, Timestamp(3)).await.unwrap();
            let changes = store.grants("cleanup").await.unwrap();
            assert_eq!(changes, GrantChanges { granted: [read.clone()].into(), revoked: [delete.clone()].into() });

            assert!(store.grant("cleanup", &delete, Timestamp(4)).await.unwrap());
            let changes = store.grants("cleanup").await.unwrap();
            assert_eq!(changes, GrantChanges { granted: [read, delete].into(), revoked: [].into() });
        });
    }
}
