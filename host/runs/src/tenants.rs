//! Whom a run is for.

use encargo_catalog::Owner;
use encargo_model::{Description, Scope, Tenant, WithoutTenant, near_names};

use crate::request::StartRequest;
use crate::{Runs, StartError};

/// Whom a run is for.
#[derive(Debug)]
pub(crate) enum Audience {
    /// One run of system scope, perhaps over some tenants only.
    System(Option<Vec<String>>),
    /// One run inside one tenant.
    One(Tenant),
    /// One share for each.
    Several(Vec<Tenant>),
}

impl Runs {
    /// Resolves `--tenant` and `--exclude-tenant`, or their absence.
    pub(crate) fn audience(&self, description: &Description, request: &StartRequest) -> Result<Audience, StartError> {
        let by_tenant = match description.scope {
            Scope::Tenant => true,
            Scope::System => false,
            Scope::Either => request.tenants.is_some(),
        };
        if !by_tenant {
            return self.selection(description, request).map(Audience::System);
        }
        let chosen = match &request.tenants {
            Some(slugs) => self.named(slugs)?,
            None if description.without_tenant == WithoutTenant::All => self.engine.tenants()?,
            None => vec![self.default_tenant(description)?],
        };
        for slug in &request.exclude_tenants {
            self.find(slug)?;
        }
        let mut left =
            chosen.into_iter().filter(|tenant| !request.exclude_tenants.contains(&tenant.slug)).collect::<Vec<_>>();
        match (left.pop(), left.is_empty()) {
            (None, _) => Err(StartError::NoTenants { command: description.name.clone() }),
            (Some(only), true) => Ok(Audience::One(only)),
            (Some(last), false) => {
                left.push(last);
                Ok(Audience::Several(left))
            }
        }
    }

    /// The tenant whose own command it is, and in which alone it runs.
    pub(crate) fn owning(&self, owner: &Owner, command: &str, request: &StartRequest) -> Result<Tenant, StartError> {
        let (command, slug) = (command.to_owned(), owner.slug.clone());
        if request.tenants.as_ref().is_some_and(|slugs| slugs.iter().any(|other| *other != slug)) {
            return Err(StartError::OtherTenant { command, slug });
        }
        if request.exclude_tenants.contains(&slug) {
            return Err(StartError::NoTenants { command });
        }
        match self.engine.tenant(&slug)? {
            Some(tenant) if tenant.id == owner.id => Ok(tenant),
            _ => Err(StartError::OwnerGone { command, slug }),
        }
    }

    fn selection(&self, description: &Description, request: &StartRequest) -> Result<Option<Vec<String>>, StartError> {
        let slugs = match &request.tenants {
            None if request.exclude_tenants.is_empty() => return Ok(None),
            None => self.engine.tenants()?.into_iter().map(|tenant| tenant.slug).collect(),
            Some(slugs) if slugs.iter().any(|slug| slug == "all") => {
                self.engine.tenants()?.into_iter().map(|tenant| tenant.slug).collect()
            }
            Some(slugs) if description.takes_new_tenant => {
                slugs.iter().try_for_each(|slug| Tenant::check_slug(slug)).map_err(StartError::BadTenant)?;
                slugs.clone()
            }
            Some(slugs) => self.named(slugs)?.into_iter().map(|tenant| tenant.slug).collect(),
        };
        Ok(Some(slugs.into_iter().filter(|slug| !request.exclude_tenants.contains(slug)).collect()))
    }

    fn named(&self, slugs: &[String]) -> Result<Vec<Tenant>, StartError> {
        if slugs.iter().any(|slug| slug == "all") {
            return Ok(self.engine.tenants()?);
        }
        let mut tenants = slugs.iter().map(|slug| self.find(slug)).collect::<Result<Vec<_>, _>>()?;
        tenants.sort_by(|one, other| one.slug.cmp(&other.slug));
        tenants.dedup_by(|one, other| one.id == other.id);
        Ok(tenants)
    }

    fn find(&self, slug: &str) -> Result<Tenant, StartError> {
        if let Some(tenant) = self.engine.tenant(slug)? {
            return Ok(tenant);
        }
        Tenant::check_slug(slug).map_err(StartError::BadTenant)?;
        let tenants = self.engine.tenants()?;
        let similar = near_names(slug, tenants.iter().map(|tenant| tenant.slug.as_str()));
        Err(StartError::UnknownTenant { slug: slug.to_owned(), similar })
    }

    fn default_tenant(&self, description: &Description) -> Result<Tenant, StartError> {
        if let Some(tenant) = self.engine.default_tenant()? {
            return Ok(tenant);
        }
        let known = self.engine.tenants()?.into_iter().map(|tenant| tenant.slug).collect::<Vec<_>>();
        let command = description.name.clone();
        if known.is_empty() {
            Err(StartError::NoTenants { command })
        } else {
            Err(StartError::NoDefaultTenant { command, known })
        }
    }
}

#[cfg(test)]
mod tests;
