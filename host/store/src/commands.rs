//! Commands that were added, and their versions: which is wanted, and which is in force.

mod change;

use std::collections::{BTreeMap, BTreeSet};

use encargo_model::{Digest, Permission, Timestamp};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::grants::{GrantChanges, change as grant};
use crate::row::from_json;
use crate::{Store, StoreError};

pub use change::NewVersion;

/// A command that was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedCommand {
    /// `hello`, or `acme/hello` for a tenant's own.
    pub name: String,
    /// The id of the tenant whose own it is.
    pub tenant: Option<i64>,
    /// Those that were chosen, the last one first, and behind them those that were rolled back.
    pub versions: Vec<AddedVersion>,
    /// What was granted and revoked.
    pub changes: GrantChanges,
}

/// A version of a command that was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedVersion {
    /// What identifies it, and names its file.
    pub digest: Digest,
    /// What its author calls it.
    pub version: String,
    /// What it requests.
    pub permissions: BTreeSet<Permission>,
    /// When it was added first.
    pub added_at: Timestamp,
    /// Whether it was rolled back since.
    pub is_rolled_back: bool,
}

impl AddedCommand {
    /// The version that is wanted: the one that was chosen last.
    pub fn wanted(&self) -> Option<&AddedVersion> {
        self.versions.first().filter(|version| !version.is_rolled_back)
    }

    /// The version that runs: the last one that was chosen and that waits for nothing.
    pub fn in_force(&self) -> Option<&AddedVersion> {
        let mut chosen = self.versions.iter().filter(|version| !version.is_rolled_back);
        chosen.find(|version| self.undecided(version).is_empty())
    }

    /// What a version requests and what was neither granted nor revoked: it waits for that.
    pub fn undecided(&self, version: &AddedVersion) -> BTreeSet<Permission> {
        let GrantChanges { granted, revoked } = &self.changes;
        let is_open = |request: &&Permission| !granted.contains(*request) && !revoked.contains(*request);
        version.permissions.iter().filter(is_open).cloned().collect()
    }
}

impl Store {
    /// Every command that was added, in the order of their names.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn added_commands(&self) -> Result<Vec<AddedCommand>, StoreError> {
        let all = "SELECT c.name, c.tenant, v.digest, v.version, v.permissions, v.added_at, v.place
            FROM commands AS c JOIN command_versions AS v ON v.command = c.name
            ORDER BY c.name, v.place IS NULL, v.place DESC, v.added_at DESC, v.digest";
        let of_them = "SELECT command, permission, granted FROM grants WHERE command IN (SELECT name FROM commands)";
        let mut connection = self.connection().await;
        let versions = sqlx::query(all).fetch_all(&mut *connection).await.map_err(self.failed())?;
        let grants = sqlx::query(of_them).fetch_all(&mut *connection).await.map_err(self.failed())?;
        gathered(&versions, &grants).map_err(self.failed())
    }
}

fn gathered(versions: &[SqliteRow], grants: &[SqliteRow]) -> Result<Vec<AddedCommand>, sqlx::Error> {
    let mut changes = BTreeMap::<String, GrantChanges>::new();
    for row in grants {
        grant(row, changes.entry(row.try_get("command")?).or_default())?;
    }
    let mut commands = Vec::<AddedCommand>::new();
    for row in versions {
        let (name, version) = (row.try_get::<String, _>("name")?, version(row)?);
        match commands.last_mut().filter(|command| command.name == name) {
            Some(command) => command.versions.push(version),
            None => {
                let changes = changes.remove(&name).unwrap_or_default();
                commands.push(AddedCommand { name, tenant: row.try_get("tenant")?, versions: vec![version], changes });
            }
        }
    }
    Ok(commands)
}

fn version(row: &SqliteRow) -> Result<AddedVersion, sqlx::Error> {
    Ok(AddedVersion {
        digest: Digest(row.try_get("digest")?),
        version: row.try_get("version")?,
        permissions: from_json("permissions", row.try_get("permissions")?)?,
        added_at: Timestamp(row.try_get("added_at")?),
        is_rolled_back: row.try_get::<Option<i64>, _>("place")?.is_none(),
    })
}

#[cfg(test)]
mod tests;
