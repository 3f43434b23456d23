//! Adds versions, goes back to earlier ones, and removes commands: a transaction each.

use std::collections::BTreeSet;

use encargo_model::{Digest, Permission, Timestamp};
use sqlx::{Connection, SqliteConnection};

use crate::row::to_json;
use crate::turn::begin;
use crate::{Store, StoreError};

/// A version that is added, once its file is in its place.
#[derive(Debug, Clone)]
pub struct NewVersion<'a> {
    /// `hello`, or `acme/hello` for a tenant's own.
    pub command: &'a str,
    /// The id of the tenant whose own it is.
    pub tenant: Option<i64>,
    /// What identifies it.
    pub digest: &'a Digest,
    /// What its author calls it.
    pub version: &'a str,
    /// What it requests.
    pub permissions: &'a BTreeSet<Permission>,
    /// Whether a first version is granted what it requests; what was revoked under its name stays revoked.
    pub grants: bool,
}

impl Store {
    /// Adds a version and makes it the one that is wanted; false when it is that already.
    ///
    /// A command of a tenant that is there no more and had the same slug is another one: it goes first, with its grants.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn add_version(&self, new: &NewVersion<'_>, now: Timestamp) -> Result<bool, StoreError> {
        let mut connection = self.connection().await;
        let mut transaction = begin!(self, connection);
        let added = add(&mut transaction, new, now).await.map_err(self.failed())?;
        transaction.commit().await.map_err(self.failed())?;
        Ok(added)
    }

    /// Goes back to the version before the one that is wanted, which it answers; none when there is no version before.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn roll_back(&self, command: &str) -> Result<Option<Digest>, StoreError> {
        let mut connection = self.connection().await;
        let mut transaction = begin!(self, connection);
        let chosen = "SELECT digest FROM command_versions WHERE command = $1 AND place IS NOT NULL
            ORDER BY place DESC LIMIT 2";
        let chosen = sqlx::query_scalar::<_, String>(chosen).bind(command).fetch_all(&mut *transaction).await;
        let [last, before] = &chosen.map_err(self.failed())?[..] else { return Ok(None) };
        let back = "UPDATE command_versions SET place = NULL WHERE command = $1 AND digest = $2";
        sqlx::query(back).bind(command).bind(last).execute(&mut *transaction).await.map_err(self.failed())?;
        let before = Digest(before.clone());
        transaction.commit().await.map_err(self.failed())?;
        Ok(Some(before))
    }

    /// Removes a command with what it was granted, and answers the digests that no other command has; none when it was
    /// never added. Its runs stay, and so does what was revoked under the name of an operator's command.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn remove_command(&self, command: &str) -> Result<Option<Vec<Digest>>, StoreError> {
        let mut connection = self.connection().await;
        let mut transaction = begin!(self, connection);
        let tenant = tenant_of(&mut transaction, command).await.map_err(self.failed())?;
        let Some(tenant) = tenant else { return Ok(None) };
        let digests = remove(&mut transaction, command, tenant.is_some()).await.map_err(self.failed())?;
        transaction.commit().await.map_err(self.failed())?;
        Ok(Some(digests))
    }

    /// Whether any command has this version.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn has_version(&self, digest: &Digest) -> Result<bool, StoreError> {
        let any = "SELECT count(*) FROM command_versions WHERE digest = $1";
        let mut connection = self.connection().await;
        let found = sqlx::query_scalar::<_, i64>(any).bind(&digest.0).fetch_one(&mut *connection).await;
        Ok(found.map_err(self.failed())? > 0)
    }
}

async fn add(connection: &mut SqliteConnection, new: &NewVersion<'_>, now: Timestamp) -> Result<bool, sqlx::Error> {
    let known = match tenant_of(connection, new.command).await? {
        Some(tenant) if tenant != new.tenant => {
            remove(connection, new.command, tenant.is_some()).await?;
            false
        }
        known => known.is_some(),
    };
    if !known {
        let insert = "INSERT INTO commands (name, tenant, added_at) VALUES ($1, $2, $3)";
        sqlx::query(insert).bind(new.command).bind(new.tenant).bind(now.0).execute(&mut *connection).await?;
        for permission in new.permissions.iter().filter(|_| new.grants) {
            let grant = "INSERT INTO grants (command, permission, granted, changed_at) VALUES ($1, $2, 1, $3)
                ON CONFLICT (command, permission) DO NOTHING";
            let grant = sqlx::query(grant).bind(new.command).bind(permission.to_string()).bind(now.0);
            grant.execute(&mut *connection).await?;
        }
    }
    // The place changes only where another version has the highest one.
    let choose = "INSERT INTO command_versions (command, digest, version, permissions, added_at, place)
        SELECT $1, $2, $3, $4, $5, coalesce(max(place), 0) + 1 FROM command_versions WHERE command = $1
        ON CONFLICT (command, digest) DO UPDATE SET place = excluded.place
        WHERE command_versions.place IS NULL OR command_versions.place < excluded.place - 1";
    let chosen = sqlx::query(choose)
        .bind(new.command)
        .bind(&new.digest.0)
        .bind(new.version)
        .bind(to_json(new.permissions)?)
        .bind(now.0)
        .execute(connection)
        .await?;
    Ok(chosen.rows_affected() > 0)
}

/// Whose a command is; none when it was never added.
async fn tenant_of(connection: &mut SqliteConnection, command: &str) -> Result<Option<Option<i64>>, sqlx::Error> {
    let tenant = "SELECT tenant FROM commands WHERE name = $1";
    sqlx::query_scalar(tenant).bind(command).fetch_optional(connection).await
}

/// Removes a command; the digests that no other one has.
async fn remove(
    connection: &mut SqliteConnection,
    command: &str,
    is_tenants: bool,
) -> Result<Vec<Digest>, sqlx::Error> {
    let alone = "SELECT digest FROM command_versions AS own WHERE command = $1 AND NOT EXISTS
        (SELECT 1 FROM command_versions AS other WHERE other.digest = own.digest AND other.command <> $1)";
    let digests: Vec<String> = sqlx::query_scalar(alone).bind(command).fetch_all(&mut *connection).await?;
    let revoke = "DELETE FROM grants WHERE command = $1 AND (granted = 1 OR $2)";
    sqlx::query(revoke).bind(command).bind(is_tenants).execute(&mut *connection).await?;
    sqlx::query("DELETE FROM commands WHERE name = $1").bind(command).execute(connection).await?;
    Ok(digests.into_iter().map(Digest).collect())
}
