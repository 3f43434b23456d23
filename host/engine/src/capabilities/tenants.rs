//! `encargo:tenants`: the tenants of the installation, for commands of system scope.

use encargo_backends::BackendError;
use encargo_model::{ErrorCode, Permission, Tenant, text};
use wasmtime::component::Resource;

use super::database::OpenDatabase;
use crate::bindings::encargo::tenants::tenants as wit;
use crate::bindings::encargo::types::types::Error;
use crate::rows::Seat;
use crate::state::State;

type Answer<T> = wasmtime::Result<Result<T, Error>>;

impl State {
    /// A tenant of this run.
    pub(super) fn find(&self, slug: &str) -> Result<Tenant, BackendError> {
        self.may(&Permission::ListTenants)?;
        let found = if self.job.reaches(slug) { self.platform.registry().tenant(slug)? } else { None };
        found.ok_or_else(|| {
            BackendError::new(
                ErrorCode::NotFound,
                text!("there is no tenant `{slug}` in this run", "no existe el inquilino `{slug}` en esta ejecución"),
            )
        })
    }

    /// A tenant that this run may know of: the one that it is in, whatever it was granted, or another of its own.
    pub(super) fn seen(&self, slug: &str) -> Result<Tenant, BackendError> {
        match &self.job.tenant {
            Some(own) if own.slug == slug => Ok(own.clone()),
            _ => self.find(slug),
        }
    }

    /// What is known of a tenant of this run.
    fn known<T>(&self, slug: &str, of: impl FnOnce(Tenant) -> T) -> Answer<T> {
        self.alive()?;
        Ok(self.answer(self.seen(slug).map(of)))
    }

    fn change<T>(&self, slug: &str, change: impl FnOnce() -> Result<T, BackendError>) -> Result<T, BackendError> {
        self.may(&Permission::CreateTenants)?;
        self.job.check_system(&text!(
            "make a tenant or choose the default one",
            "crear un inquilino o elegir el inquilino por omisión"
        ))?;
        if !self.job.reaches(slug) {
            let message = text!(
                "the run was started for other tenants than `{slug}`",
                "la ejecución se inició para otros inquilinos que `{slug}`"
            );
            return Err(BackendError::new(ErrorCode::Denied, message));
        }
        change()
    }
}

impl wit::Host for State {
    fn list(&mut self) -> Answer<Vec<String>> {
        self.alive()?;
        let tenants =
            self.may(&Permission::ListTenants).and_then(|()| self.platform.registry().tenants()).map(|tenants| {
                tenants.into_iter().map(|tenant| tenant.slug).filter(|slug| self.job.reaches(slug)).collect()
            });
        Ok(self.answer(tenants))
    }

    fn name(&mut self, slug: String) -> Answer<String> {
        self.known(&slug, |tenant| tenant.name)
    }

    fn language(&mut self, slug: String) -> Answer<String> {
        self.known(&slug, |tenant| tenant.language.to_string())
    }

    fn time_zone(&mut self, slug: String) -> Answer<String> {
        self.known(&slug, |tenant| tenant.time_zone)
    }

    fn create(&mut self, slug: String, name: String) -> Answer<()> {
        self.alive()?;
        let language = self.job.language;
        let made = self.change(&slug, || self.platform.create_tenant(&slug, &name, language).map(drop));
        if made.is_ok() {
            self.ledger.add_platform("tenants", 1, 0);
        }
        Ok(self.answer(made))
    }

    fn open(&mut self, slug: String) -> Answer<Resource<OpenDatabase>> {
        self.alive()?;
        let opened = self.find(&slug).and_then(|tenant| self.open_tenant(Seat::Main, &tenant));
        self.push_database(Seat::Main, opened)
    }

    fn open_beside(&mut self, slug: String) -> Answer<Resource<OpenDatabase>> {
        self.alive()?;
        let opened = self.find(&slug).and_then(|tenant| self.open_tenant(Seat::Beside, &tenant));
        self.push_database(Seat::Beside, opened)
    }

    fn default(&mut self) -> Answer<Option<String>> {
        self.alive()?;
        let default = self.may(&Permission::ListTenants).and_then(|()| self.platform.registry().default_tenant());
        // A run inside a tenant learns of no other one. A selection of system scope may: whether there is a default
        // decides whether a tenant that is made becomes it.
        let seen = |tenant: &Tenant| self.job.tenant.is_none() || self.job.reaches(&tenant.slug);
        Ok(self.answer(default.map(|tenant| tenant.filter(seen).map(|tenant| tenant.slug))))
    }

    fn set_default(&mut self, slug: String) -> Answer<()> {
        self.alive()?;
        let set = self.change(&slug, || {
            let before = self.platform.registry().default_tenant()?.map(|tenant| tenant.slug);
            self.platform.registry().set_default_tenant(&slug)?;
            Ok(before)
        });
        if let Ok(before) = &set {
            // The one that was the default is changed too.
            let updated = if before.as_ref() == Some(&slug) { 0 } else { 1 + u64::from(before.is_some()) };
            self.ledger.add_platform("tenants", 0, updated);
        }
        Ok(self.answer(set.map(drop)))
    }
}
