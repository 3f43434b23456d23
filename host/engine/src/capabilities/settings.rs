//! `encargo:settings`: the tenant's own value, else the operator's.

use crate::bindings::encargo::settings::settings as wit;
use crate::bindings::encargo::types::types::Error;
use crate::state::State;

impl wit::Host for State {
    fn get(&mut self, name: String) -> wasmtime::Result<Result<Option<String>, Error>> {
        self.alive()?;
        let own = match &self.job.tenant {
            Some(_) => self.own().and_then(|own| own.setting(&name)),
            None => Ok(None),
        };
        let configured = || self.job.settings.get(&name).map(ToString::to_string);
        let value = own.map(|own| own.or_else(configured));
        Ok(self.answer(value))
    }
}
