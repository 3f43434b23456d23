//! The tenants: list, make, choose the default.

use std::path::PathBuf;

use encargo_model::{Clock, CommandError, ErrorCode, Language, SystemClock, Tenant};
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::{Platform, migrations};
use crate::data_dir::make_folder;
use crate::sqlite::error_of_host;
use crate::{PlatformError, schema};

const COLUMNS: &str = "SELECT id, slug, name, language, time_zone FROM tenants";

impl Platform {
    /// Every tenant, in the order of the slugs.
    ///
    /// # Errors
    /// When `platform.db` cannot be read.
    pub fn tenants(&self) -> Result<Vec<Tenant>, CommandError> {
        self.with_main(|main| {
            let list = || -> rusqlite::Result<Vec<Tenant>> {
                main.prepare_cached(&format!("{COLUMNS} ORDER BY slug"))?.query_map([], tenant_of)?.collect()
            };
            list().map_err(|error| error_of_host(&error))
        })
    }

    /// The tenant with this slug.
    ///
    /// # Errors
    /// When `platform.db` cannot be read.
    pub fn tenant(&self, slug: &str) -> Result<Option<Tenant>, CommandError> {
        self.with_main(|main| find(main, "slug = ?1", slug))
    }

    /// Makes a tenant with its file and folders.
    ///
    /// # Errors
    /// `invalid` for a slug that is none, `already-exists`.
    pub fn create_tenant(&self, slug: &str, name: &str, language: Language) -> Result<Tenant, CommandError> {
        Tenant::check_slug(slug).map_err(|problem| CommandError::new(ErrorCode::Invalid, problem.en))?;
        self.change_main(|main| {
            let sqlite = |error: rusqlite::Error| error_of_host(&error);
            let transaction = main.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sqlite)?;
            if find(&transaction, "slug = ?1", slug)?.is_some() {
                return Err(CommandError::new(ErrorCode::AlreadyExists, format!("there is a tenant `{slug}` already")));
            }
            let id = take_id(&transaction).map_err(sqlite)?;
            let now = SystemClock.now();
            transaction
                .execute(
                    "INSERT INTO tenants (id, slug, name, language, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![id, slug, name, language.as_str(), now.0],
                )
                .map_err(sqlite)?;
            let tenant = find(&transaction, "slug = ?1", slug)?.ok_or_else(super::unusable)?;
            // The file comes before the commit: a break leaves a file without a tenant, never a tenant without a file.
            self.make_files_of(&tenant)
                .and_then(|()| transaction.commit().map_err(sqlite))
                .inspect_err(|_| self.remove_file_of(&tenant))?;
            Ok(tenant)
        })
    }

    /// The tenant that commands without `--tenant` go to.
    ///
    /// # Errors
    /// When `platform.db` cannot be read.
    pub fn default_tenant(&self) -> Result<Option<Tenant>, CommandError> {
        self.with_main(|main| find(main, "is_default = ?1", 1))
    }

    /// Chooses the tenant that commands without `--tenant` go to.
    ///
    /// # Errors
    /// `not-found` when there is no such tenant.
    pub fn set_default_tenant(&self, slug: &str) -> Result<(), CommandError> {
        self.change_main(|main| {
            let sqlite = |error: rusqlite::Error| error_of_host(&error);
            let transaction = main.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sqlite)?;
            transaction
                .execute("UPDATE tenants SET is_default = 0 WHERE is_default = 1 AND slug <> ?1", [slug])
                .map_err(sqlite)?;
            let chosen =
                transaction.execute("UPDATE tenants SET is_default = 1 WHERE slug = ?1", [slug]).map_err(sqlite)?;
            if chosen == 0 {
                return Err(CommandError::new(ErrorCode::NotFound, format!("there is no tenant `{slug}`")));
            }
            transaction.commit().map_err(sqlite)
        })
    }

    fn make_files_of(&self, tenant: &Tenant) -> Result<(), CommandError> {
        let made = |error: PlatformError| {
            let problem = match error {
                PlatformError::DiskFull { lack, .. } => format!("`{}` cannot be made: {lack}", tenant.slug),
                _ => format!("the files of `{}` cannot be made", tenant.slug),
            };
            CommandError::new(ErrorCode::Unavailable, problem)
        };
        let file = self.place_of(tenant);
        migrations::migrate_file(&file, &tenant.slug, schema::TENANT, &tenant.id.to_string()).map_err(made)?;
        if self.overlay.is_none() {
            for name in ["imports", "media", "temporary"] {
                if let Some(folder) = self.data.named_root(name, tenant) {
                    make_folder(&folder).map_err(|error| made(PlatformError::io(&folder, error)))?;
                }
            }
        }
        Ok(())
    }

    /// Takes back what was made for a tenant that then could not be made.
    fn remove_file_of(&self, tenant: &Tenant) {
        let file = self.place_of(tenant);
        for suffix in ["", "-wal", "-shm"] {
            // What cannot be removed is empty, and the next tenant's file is made in its place.
            let _ = std::fs::remove_file(format!("{}{suffix}", file.display()));
        }
    }

    fn place_of(&self, tenant: &Tenant) -> PathBuf {
        let real = self.data.tenant_db(tenant.id);
        self.overlay.as_ref().map_or_else(|| real.clone(), |overlay| overlay.place_of(&real))
    }
}

fn find(main: &Connection, condition: &str, value: impl rusqlite::ToSql) -> Result<Option<Tenant>, CommandError> {
    main.prepare_cached(&format!("{COLUMNS} WHERE {condition}"))
        .and_then(|mut statement| statement.query_row([value], tenant_of).optional())
        .map_err(|error| error_of_host(&error))
}

/// Small numbers, since every row and index entry of the tenant has it; and never one that was given before.
fn take_id(main: &Connection) -> rusqlite::Result<i64> {
    main.query_row(
        "INSERT INTO installation (name, value)
         VALUES ('last_tenant', (SELECT coalesce(max(id), 0) + 1 FROM tenants))
         ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1
         RETURNING CAST(value AS INTEGER)",
        [],
        |row| row.get(0),
    )
}

fn tenant_of(row: &Row<'_>) -> rusqlite::Result<Tenant> {
    let language: String = row.get(3)?;
    Ok(Tenant {
        id: row.get(0)?,
        slug: row.get(1)?,
        name: row.get(2)?,
        language: Language::from_tag(&language).unwrap_or_default(),
        time_zone: row.get(4)?,
    })
}
