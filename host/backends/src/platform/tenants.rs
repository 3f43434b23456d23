//! The tenants as `platform.db` has them: list, register, forget, choose the default.

use encargo_model::{ErrorCode, Language, Tenant, Timestamp, text};
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::registry::{LAST_TENANT, Registry, unusable};
use crate::BackendError;
use crate::sqlite::error_of_host;

const COLUMNS: &str = "SELECT id, slug, name, language, time_zone FROM tenants";

impl Registry {
    /// Every tenant, in the order of the slugs.
    ///
    /// # Errors
    /// When `platform.db` cannot be read.
    pub fn tenants(&self) -> Result<Vec<Tenant>, BackendError> {
        self.read(|main| {
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
    pub fn tenant(&self, slug: &str) -> Result<Option<Tenant>, BackendError> {
        self.read(|main| find(main, "slug = ?1", slug))
    }

    /// When a tenant was registered: what is remembered of its slug from before is another one's.
    ///
    /// # Errors
    /// `not-found` where it is gone; the platform database cannot be read.
    pub fn registered_at(&self, tenant: &Tenant) -> Result<Timestamp, BackendError> {
        let sql = "SELECT created_at FROM tenants WHERE id = ?1";
        self.read(|main| {
            main.query_row(sql, [tenant.id], |row| row.get(0)).map(Timestamp).map_err(|error| error_of_host(&error))
        })
    }

    /// Registers a tenant with an id that is free, in one transaction with what `prepare` makes for it.
    pub(super) fn register(
        &self,
        (slug, name, language): (&str, &str, Language),
        is_free: impl Fn(i64) -> bool,
        prepare: impl FnOnce(&Tenant) -> Result<(), BackendError>,
    ) -> Result<Tenant, BackendError> {
        let now = self.clock.now();
        self.change(|main| {
            let sqlite = |error: rusqlite::Error| error_of_host(&error);
            let transaction = main.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sqlite)?;
            if find(&transaction, "slug = ?1", slug)?.is_some() {
                return Err(BackendError::new(
                    ErrorCode::AlreadyExists,
                    text!("there is a tenant `{slug}` already", "ya existe un inquilino `{slug}`"),
                ));
            }
            let mut id = take_id(&transaction).map_err(sqlite)?;
            while !is_free(id) {
                id = take_id(&transaction).map_err(sqlite)?;
            }
            transaction
                .execute(
                    "INSERT INTO tenants (id, slug, name, language, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![id, slug, name, language.as_str(), now.0],
                )
                .map_err(sqlite)?;
            let tenant = find(&transaction, "slug = ?1", slug)?.ok_or_else(unusable)?;
            prepare(&tenant)?;
            transaction.commit().map_err(sqlite)?;
            Ok(tenant)
        })
    }

    /// Takes a tenant out of the list, with who worked with it. Its id is never given again.
    pub(super) fn unregister(&self, tenant: &Tenant) -> Result<(), BackendError> {
        self.change(|main| {
            let mut unregister = || -> rusqlite::Result<()> {
                let transaction = main.transaction_with_behavior(TransactionBehavior::Immediate)?;
                transaction.execute(
                    "INSERT INTO installation (name, value) VALUES (?1, (SELECT max(id) FROM tenants))
                     ON CONFLICT (name) DO UPDATE SET value = max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER))",
                    [LAST_TENANT],
                )?;
                transaction.execute("DELETE FROM memberships WHERE tenant_id = ?1", [tenant.id])?;
                transaction.execute("DELETE FROM tenants WHERE id = ?1", [tenant.id])?;
                transaction.commit()
            };
            unregister().map_err(|error| error_of_host(&error))
        })
    }

    /// The tenant that commands without `--tenant` go to.
    ///
    /// # Errors
    /// When `platform.db` cannot be read.
    pub fn default_tenant(&self) -> Result<Option<Tenant>, BackendError> {
        self.read(|main| find(main, "is_default = ?1", 1))
    }

    /// Chooses the tenant that commands without `--tenant` go to.
    ///
    /// # Errors
    /// `not-found` when there is no such tenant.
    pub fn set_default_tenant(&self, slug: &str) -> Result<(), BackendError> {
        self.change(|main| {
            let sqlite = |error: rusqlite::Error| error_of_host(&error);
            let transaction = main.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sqlite)?;
            transaction
                .execute("UPDATE tenants SET is_default = 0 WHERE is_default = 1 AND slug <> ?1", [slug])
                .map_err(sqlite)?;
            let chosen =
                transaction.execute("UPDATE tenants SET is_default = 1 WHERE slug = ?1", [slug]).map_err(sqlite)?;
            if chosen == 0 {
                return Err(BackendError::new(
                    ErrorCode::NotFound,
                    text!("there is no tenant `{slug}`", "no existe el inquilino `{slug}`"),
                ));
            }
            transaction.commit().map_err(sqlite)
        })
    }
}

fn find(main: &Connection, condition: &str, value: impl rusqlite::ToSql) -> Result<Option<Tenant>, BackendError> {
    main.prepare_cached(&format!("{COLUMNS} WHERE {condition}"))
        .and_then(|mut statement| statement.query_row([value], tenant_of).optional())
        .map_err(|error| error_of_host(&error))
}

/// Small numbers, since every row and index entry of the tenant has it; and never one that was given before.
fn take_id(main: &Connection) -> rusqlite::Result<i64> {
    main.query_row(
        "INSERT INTO installation (name, value) VALUES (?1, (SELECT coalesce(max(id), 0) + 1 FROM tenants))
         ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1
         RETURNING CAST(value AS INTEGER)",
        [LAST_TENANT],
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
