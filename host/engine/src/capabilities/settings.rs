//! `encargo:settings`: the tenant's own value; for packaged commands, else the operator's.

use encargo_backends::BackendError;
use encargo_model::{Permission, Tier};

use crate::bindings::encargo::settings::settings as wit;
use crate::bindings::encargo::types::types::Error;
use crate::state::State;

impl wit::Host for State {
    fn get(&mut self, name: String) -> wasmtime::Result<Result<Option<String>, Error>> {
        self.alive()?;
        let value = self.setting(&name);
        Ok(self.answer(value))
    }
}

impl State {
    fn setting(&mut self, name: &str) -> Result<Option<String>, BackendError> {
        if !self.permissions.iter().any(|permission| permission.covers_setting(name)) {
            self.may(&Permission::ReadSettings(name.to_owned()))?;
        }
        let own = match &self.job.tenant {
            Some(_) => self.own()?.setting(name)?,
            None => None,
        };
        // The operator's configuration may hold what a placed component has no business with.
        let configured = self.job.settings.get(name).filter(|_| self.job.tier == Tier::Packaged);
        Ok(own.or_else(|| configured.map(ToString::to_string)))
    }
}
