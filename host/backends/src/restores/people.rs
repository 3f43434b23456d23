//! Who the tenants are and who works with them: as the backup has it, and beside them the tenants that it does not know,
//! which no restore takes away.

use std::path::Path;

use encargo_model::{ErrorCode, text};
use rusqlite::{Connection, OptionalExtension, params};

use super::journal::{Registered, Step};
use super::shadow::{damaged, stand_alone};
use super::{Fetched, Restoring};
use crate::platform::registry::{ENGINE_STORE, LAST_TENANT, record, recorded};
use crate::platform::{connection, migrations};
use crate::{BackendError, Platform, PlatformError};

/// The name under which it is fetched, and under which it lies.
const NAME: &str = "platform.db";

impl Platform {
    /// Fetches who the tenants are; those that the backup knows.
    ///
    /// # Errors
    /// `not-found` where the backup does not say it; `usage` where a tenant of now has the name of another one in the
    /// backup; as all that is fetched.
    pub fn restore_people(&self, restoring: &mut Restoring) -> Result<(Fetched, Vec<String>), BackendError> {
        let (path, fetched) = restoring.fetch_people(NAME)?;
        let now = restoring.staging.path.join("present.db");
        self.copy_platform(&now)?;
        let failed = |error: rusqlite::Error| unusable(&PlatformError::sqlite(&path, error));
        let mut people = connection::open(&path).map_err(|error| unusable(&error))?;
        let present = connection::open(&now).map_err(|error| unusable(&error))?;
        let known = tenants(&people).map_err(failed)?;
        if !self.is_blank()? {
            refuse_others(&known, &tenants(&present).map_err(failed)?)?;
        }
        merge(&mut people, &present, self.environment()).map_err(failed)?;
        drop((people, present));
        crate::platform::tenant_files::remove(&now);
        stand_alone(&path).map_err(|error| unusable(&error))?;
        restoring.steps.push(Step::Database { fetched: NAME.to_owned(), place: NAME.to_owned() });
        Ok((fetched, known.into_iter().map(|tenant| tenant.slug).collect()))
    }
}

impl Restoring {
    /// Fetches the list of tenants under this name, brought to this program's schema.
    fn fetch_people(&self, name: &str) -> Result<(std::path::PathBuf, Fetched), BackendError> {
        let part = self.stored.manifest().parts.iter().find(|part| part.kind == "platform").ok_or_else(|| {
            let id = self.stored.id();
            let message = text!(
                "the backup {id} does not say who the tenants are",
                "el respaldo {id} no dice quiénes son los inquilinos"
            );
            BackendError::new(ErrorCode::NotFound, message)
        })?;
        let path = self.fetch_database(part, name)?;
        let of_backup = |error: PlatformError| damaged(&self.stored.id(), &part.path).because(error);
        let migrated = migrations::migrate_platform(&path).map_err(of_backup)?;
        if !is_sound(&path).map_err(of_backup)? {
            return Err(damaged(&self.stored.id(), &part.path));
        }
        let rows = part.rows.values().sum();
        let migrated_from = migrated.map(|pending| pending.from);
        Ok((path, Fetched { files: 1, rows, bytes: part.bytes, migrated_from }))
    }

    /// A tenant as the backup's list has it.
    pub(super) fn registered(&self, slug: &str) -> Result<Registered, BackendError> {
        let (path, _) = self.fetch_people(&format!("registered/{slug}.db"))?;
        let read = || -> Result<Option<Registered>, PlatformError> {
            let people = connection::open(&path)?;
            let found = tenants(&people).map_err(|error| PlatformError::sqlite(&path, error))?;
            drop(people);
            Ok(found.into_iter().find(|tenant| tenant.slug == slug))
        };
        let found = read().map_err(|error| unusable(&error))?;
        crate::platform::tenant_files::remove(&path);
        found.ok_or_else(|| {
            let id = self.stored.id();
            let message = text!(
                "the backup {id} has no tenant `{slug}` in its list",
                "el respaldo {id} no tiene ningún inquilino `{slug}` en su lista"
            );
            BackendError::new(ErrorCode::NotFound, message)
        })
    }
}

/// Puts a tenant into the list, where it is not there yet.
pub(super) fn register(path: &Path, tenant: &Registered) -> Result<(), PlatformError> {
    let people = connection::open(path)?;
    add(&people, tenant).map_err(|error| PlatformError::sqlite(path, error))?;
    let _ = people.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    Ok(())
}

/// Adds a tenant whose id is not in the list.
fn add(people: &Connection, tenant: &Registered) -> rusqlite::Result<()> {
    let Registered { id, slug, name, language, time_zone, created_at } = tenant;
    let sql = "INSERT INTO tenants (id, slug, name, language, time_zone, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT (id) DO NOTHING";
    people.execute(sql, params![id, slug, name, language, time_zone, created_at]).map(drop)
}

fn is_sound(path: &Path) -> Result<bool, PlatformError> {
    let people = connection::open(path)?;
    let said: String = people
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(|error| PlatformError::sqlite(path, error))?;
    Ok(said == "ok")
}

fn tenants(people: &Connection) -> rusqlite::Result<Vec<Registered>> {
    let sql = "SELECT id, slug, name, language, time_zone, created_at FROM tenants ORDER BY slug";
    let mut statement = people.prepare(sql)?;
    let tenant = |row: &rusqlite::Row<'_>| {
        Ok(Registered {
            id: row.get(0)?,
            slug: row.get(1)?,
            name: row.get(2)?,
            language: row.get(3)?,
            time_zone: row.get(4)?,
            created_at: row.get(5)?,
        })
    };
    statement.query_map([], tenant)?.collect()
}

/// A name that two tenants would have, one of the backup's and one of now, is nobody's.
fn refuse_others(known: &[Registered], present: &[Registered]) -> Result<(), BackendError> {
    for tenant in known {
        let other = present.iter().find(|now| (now.slug == tenant.slug) != (now.id == tenant.id));
        if let Some(other) = other {
            return Err(another(&tenant.slug, tenant.id, &other.slug, other.id));
        }
    }
    Ok(())
}

pub(super) fn another(slug: &str, id: i64, present: &str, now: i64) -> BackendError {
    let message = text!(
        "`{slug}` is tenant {id} in the backup, and here tenant {now} is `{present}`; restore it under another name with `--tenant={slug} --as-tenant=NAME`",
        "`{slug}` es el inquilino {id} en el respaldo, y aquí el inquilino {now} es `{present}`; restáurelo con otro nombre con `--tenant={slug} --as-tenant=NOMBRE`"
    );
    BackendError::new(ErrorCode::Usage, message)
}

/// Makes the backup's list the one of this installation: its engine store and its environment are those of now, the
/// tenants that the backup does not know stay with those who work with them, and no id is given twice.
fn merge(people: &mut Connection, present: &Connection, environment: &str) -> rusqlite::Result<()> {
    let all = people.transaction()?;
    match recorded(present, ENGINE_STORE)? {
        Some(mark) => record(&all, ENGINE_STORE, &mark)?,
        None => drop(all.execute("DELETE FROM installation WHERE name = ?1", [ENGINE_STORE])?),
    }
    record(&all, migrations::ENVIRONMENT, environment)?;
    record(&all, migrations::TENANT_SCHEMA, &crate::schema::version(crate::schema::TENANT).to_string())?;
    let highest = |list: &Connection| -> rusqlite::Result<i64> {
        let given = recorded(list, LAST_TENANT)?.and_then(|id| id.parse().ok()).unwrap_or(0);
        let listed: i64 = list.query_row("SELECT coalesce(max(id), 0) FROM tenants", [], |row| row.get(0))?;
        Ok(listed.max(given))
    };
    let last = highest(&all)?.max(highest(present)?);
    let known = tenants(&all)?;
    for tenant in tenants(present)?.iter().filter(|now| known.iter().all(|one| one.id != now.id)) {
        keep(&all, present, tenant)?;
    }
    if highest(&all)? < last {
        record(&all, LAST_TENANT, &last.to_string())?;
    }
    all.commit()
}

fn keep(people: &Connection, present: &Connection, tenant: &Registered) -> rusqlite::Result<()> {
    add(people, tenant)?;
    let id = tenant.id;
    let sql = "SELECT u.email, u.name, u.password_hash, u.is_admin, u.must_change, u.created_at, u.updated_at, m.role,
                      m.created_at
               FROM memberships AS m JOIN users AS u ON u.id = m.user_id WHERE m.tenant_id = ?1 ORDER BY u.id";
    let mut members = present.prepare(sql)?;
    let mut rows = members.query([id])?;
    while let Some(row) = rows.next()? {
        let column = |at: usize| row.get::<_, rusqlite::types::Value>(at);
        let email: String = row.get(0)?;
        let known = "SELECT id FROM users WHERE email = ?1";
        let user: Option<i64> = people.query_row(known, [&email], |row| row.get(0)).optional()?;
        let user = match user {
            Some(user) => user,
            None => {
                let values = [column(0)?, column(1)?, column(2)?, column(3)?, column(4)?, column(5)?, column(6)?];
                let sql =
                    "INSERT INTO users (email, name, password_hash, is_admin, must_change, created_at, updated_at)
                           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
                people.execute(sql, rusqlite::params_from_iter(values))?;
                people.last_insert_rowid()
            }
        };
        let sql = "INSERT INTO memberships (tenant_id, user_id, role, created_at) VALUES (?1, ?2, ?3, ?4)";
        people.execute(sql, params![id, user, column(7)?, column(8)?])?;
    }
    Ok(())
}

fn unusable(error: &PlatformError) -> BackendError {
    let message = text!(
        "the list of tenants that was fetched cannot be used",
        "no se puede usar la lista de inquilinos que se trajo"
    );
    BackendError::new(ErrorCode::Internal, message).because(error.to_string())
}
