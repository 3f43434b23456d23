//! A tenant's rows: whose they are here, and what becomes of them.

use encargo_model::{ErrorCode, Tenant, text};

use super::duplicate::Duplicate;
use super::journal::{Registered, Step};
use super::people::another;
use super::shadow::damaged;
use super::{Fetched, Restoring};
use crate::{BackendError, Platform};

impl Platform {
    /// Fetches a tenant's rows, to put them in the place of those that it has.
    ///
    /// # Errors
    /// `not-found` where the backup has none; `usage` where the tenant is another one here; as all that is fetched.
    pub fn restore_rows(&self, restoring: &mut Restoring, slug: &str) -> Result<Fetched, BackendError> {
        let part = restoring.rows_of(slug)?;
        let id = restoring.id_of(slug)?;
        let tenant = match self.of_now(restoring, slug, id)? {
            Some(tenant) => tenant,
            // Those that are in the list that is restored with them need no step of their own.
            None if restoring.has_people() => bare(id, slug),
            None => {
                let registered = restoring.registered(slug)?;
                let tenant = registered.tenant();
                restoring.steps.push(Step::Register(registered));
                tenant
            }
        };
        let (_, fetched) = restoring.fetch_rows(&part, &tenant)?;
        let name = format!("tenants/{id}.db");
        restoring.steps.push(Step::Database { fetched: name.clone(), place: name });
        Ok(fetched)
    }

    /// Fetches a tenant's media, to put them in the place of those that it has.
    ///
    /// # Errors
    /// As [`Platform::restore_rows`]; `not-found` for a tenant that is neither here nor restored with its rows.
    pub fn restore_media(&self, restoring: &mut Restoring, slug: &str) -> Result<Fetched, BackendError> {
        if let Some(duplicate) = restoring.duplicate.as_ref().filter(|one| one.of == slug) {
            let id = duplicate.id;
            let (names, fetched) = restoring.fetch_media(slug, id)?;
            restoring.duplicate.iter_mut().for_each(|one| one.media.clone_from(&names));
            return Ok(fetched);
        }
        let id = restoring.id_of(slug)?;
        if self.of_now(restoring, slug, id)?.is_none() && !restoring.has_people() && !restoring.registers(id) {
            let message = text!(
                "there is no tenant `{slug}` here to whom its media could be given; restore its rows with them",
                "aquí no hay ningún inquilino `{slug}` a quien dar sus archivos; restaure sus filas con ellos"
            );
            return Err(BackendError::new(ErrorCode::NotFound, message));
        }
        restoring.media_step(slug, id)
    }

    /// Fetches a tenant's rows, to make a new tenant of them.
    ///
    /// # Errors
    /// `already-exists` where there is a tenant of that name, `invalid` for a name that is none; as all that is fetched.
    pub fn restore_as(&self, restoring: &mut Restoring, slug: &str, name: &str) -> Result<Fetched, BackendError> {
        Tenant::check_slug(name).map_err(|problem| BackendError::new(ErrorCode::Usage, problem))?;
        if self.registry().tenant(name)?.is_some() {
            let message = text!(
                "there is a tenant `{name}` already; choose another name for the copy",
                "ya existe un inquilino `{name}`; elija otro nombre para la copia"
            );
            return Err(BackendError::new(ErrorCode::AlreadyExists, message));
        }
        let part = restoring.rows_of(slug)?;
        let id = restoring.id_of(slug)?;
        let registered = restoring.registered(slug).ok();
        let (path, fetched) = restoring.fetch_rows(&part, &bare(id, slug))?;
        let language = registered.as_ref().map(|tenant| tenant.tenant().language).unwrap_or_default();
        let title = registered.map_or_else(|| name.to_owned(), |tenant| tenant.name);
        let (of, name) = (slug.to_owned(), name.to_owned());
        restoring.duplicate = Some(Duplicate { of, id, name, title, language, path, media: Vec::new() });
        Ok(fetched)
    }

    /// The tenant of this id and name here; none where neither is.
    fn of_now(&self, restoring: &Restoring, slug: &str, id: i64) -> Result<Option<Tenant>, BackendError> {
        let manifest = restoring.stored.manifest();
        if self.registry().installation() != manifest.installation && !(self.is_blank()? && restoring.has_people()) {
            let backup = restoring.stored.id();
            let message = text!(
                "the backup {backup} is of another installation; restore all of it into an empty data directory, or this tenant under a new name with `--as-tenant`",
                "el respaldo {backup} es de otra instalación; restáurelo entero en un directorio de datos vacío, o este inquilino con otro nombre con `--as-tenant`"
            );
            return Err(BackendError::new(ErrorCode::Usage, message));
        }
        let all = self.registry().tenants()?;
        match all.into_iter().find(|now| now.slug == slug || now.id == id) {
            Some(now) if now.slug == slug && now.id == id => Ok(Some(now)),
            Some(now) => Err(another(slug, id, &now.slug, now.id)),
            None => Ok(None),
        }
    }
}

impl Restoring {
    /// The id that a tenant has in the backup.
    fn id_of(&self, slug: &str) -> Result<i64, BackendError> {
        let parts = self.stored.manifest().parts.iter().filter(|part| part.tenant.as_deref() == Some(slug));
        let mut ids = parts.map(|part| {
            let name = match part.kind.as_str() {
                "tenant" => part.path.strip_prefix("databases/tenants/").and_then(|name| name.strip_suffix(".db")),
                _ => part.path.strip_prefix("media/").and_then(|path| path.split('/').next()),
            };
            name.and_then(|id| id.parse().ok()).ok_or_else(|| damaged(&self.stored.id(), &part.path))
        });
        ids.next().unwrap_or_else(|| Err(self.lacks(slug)))
    }

    /// Whether the list of tenants is restored, too.
    fn has_people(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Database { place, .. } if place == "platform.db"))
    }

    fn registers(&self, id: i64) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Register(Registered { id: known, .. }) if *known == id))
    }
}

/// A tenant of whom nothing but the name counts.
fn bare(id: i64, slug: &str) -> Tenant {
    Registered {
        id,
        slug: slug.to_owned(),
        name: slug.to_owned(),
        language: String::new(),
        time_zone: "UTC".to_owned(),
        created_at: 0,
    }
    .tenant()
}
