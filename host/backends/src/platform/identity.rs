//! Whose a tenant's file is: the installation, the tenant's id and slug, written into the file when it is made.

use std::path::Path;

use encargo_model::{Tenant, text};
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::head::{self, Look};
use super::{connection, migrations};
use crate::{PlatformError, Replicas, schema};

/// The version of a tenant's file from which on it says whose it is.
pub(super) const SINCE: u32 = 2;

/// Whose a tenant's file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    /// 32 hexadecimal digits, made with `platform.db`.
    pub(crate) installation: String,
    pub(crate) tenant: i64,
    pub(crate) slug: String,
}

impl Identity {
    pub(crate) fn of(installation: &str, tenant: &Tenant) -> Self {
        Self { installation: installation.to_owned(), tenant: tenant.id, slug: tenant.slug.clone() }
    }

    /// The same in 31 bits for the file's header, where it is seen without opening the file; never 0.
    fn mark(&self) -> u32 {
        let Self { installation, tenant, slug } = self;
        let digest = Sha256::digest(format!("{installation} {tenant} {slug}").as_bytes());
        let bits = digest.iter().take(4).fold(0, |bits, byte| (bits << 8) | u32::from(*byte));
        (bits & 0x7fff_ffff).max(1)
    }

    /// What an open file says of itself; nothing where it is older than that or not a tenant's.
    pub(super) fn read(path: &Path, file: &Connection) -> Result<Option<Self>, PlatformError> {
        let sqlite = |error| PlatformError::sqlite(path, error);
        let known = "SELECT count(*) FROM sqlite_schema WHERE name = 'identity'";
        if !file.query_row(known, [], |row| row.get::<_, bool>(0)).map_err(sqlite)? {
            return Ok(None);
        }
        file.query_row("SELECT installation, tenant_id, slug FROM identity", [], |row| {
            Ok(Self { installation: row.get(0)?, tenant: row.get(1)?, slug: row.get(2)? })
        })
        .optional()
        .map_err(sqlite)
    }

    /// Writes it into a file that has none.
    pub(super) fn write(&self, file: &Connection) -> rusqlite::Result<()> {
        let sql = "INSERT INTO identity (one, installation, tenant_id, slug) VALUES (1, ?1, ?2, ?3)";
        file.execute(sql, params![self.installation, self.tenant, self.slug])?;
        file.pragma_update(None, "application_id", self.mark())
    }

    /// Passes a file that is this tenant's, undamaged at its head and of this program's schema; it is opened only where
    /// its head alone does not say so.
    pub(super) fn check_file(&self, path: &Path, replicas: &Replicas) -> Result<(), PlatformError> {
        let known = schema::version(schema::TENANT);
        match self.look(path)? {
            head if head.version == known && head.mark == self.mark() => Ok(()),
            _ => {
                let file = connection::open(&replicas.readable(path)?.file)?;
                let found = self.check_version(path, &file)?;
                migrations::check_version(path, found, known)
            }
        }
    }

    /// Passes a file that is there.
    pub(super) fn look(&self, path: &Path) -> Result<head::Head, PlatformError> {
        let lost = |empty| PlatformError::TenantLost { path: path.to_owned(), slug: self.slug.clone(), empty };
        match head::look(path)? {
            Look::Database(head) => Ok(head),
            Look::Missing => Err(lost(false)),
            Look::Empty => Err(lost(true)),
        }
    }

    /// Passes an open file that is this tenant's; its schema version.
    pub(super) fn check_version(&self, path: &Path, file: &Connection) -> Result<u32, PlatformError> {
        let version = connection::version(path, file)?;
        let whose = match version {
            // A tenant's file is put in its place with its tables.
            0 => return Err(PlatformError::Corrupt { path: path.to_owned() }),
            1..SINCE => match tenant_of_rows(path, file)? {
                Some(tenant) if tenant == self.tenant.to_string() => return Ok(version),
                Some(tenant) => text!("it has the rows of tenant {tenant}", "tiene las filas del inquilino {tenant}"),
                None => text!("it has no rows of a tenant", "no tiene filas de ningún inquilino"),
            },
            _ => match Self::read(path, file)? {
                Some(found) if found == *self => return Ok(version),
                Some(Self { installation, tenant, slug }) if installation == self.installation => {
                    text!("it is that of `{slug}` (tenant {tenant})", "es el de `{slug}` (inquilino {tenant})")
                }
                Some(Self { tenant, slug, .. }) => {
                    text!(
                        "it is that of `{slug}` (tenant {tenant}) of another installation",
                        "es el de `{slug}` (inquilino {tenant}) de otra instalación"
                    )
                }
                None => text!("it does not say whose it is", "no dice de quién es"),
            },
        };
        Err(PlatformError::Foreign { path: path.to_owned(), slug: self.slug.clone(), whose })
    }
}

/// The tenant whose rows a file takes, as its tables' own checks say.
fn tenant_of_rows(path: &Path, file: &Connection) -> Result<Option<String>, PlatformError> {
    file.query_row("SELECT dflt_value FROM pragma_table_info('agents') WHERE name = 'tenant_id'", [], |row| row.get(0))
        .optional()
        .map_err(|error| PlatformError::sqlite(path, error))
}
