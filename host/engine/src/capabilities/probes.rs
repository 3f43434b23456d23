//! `encargo:probes`: whether the services around the platform are well.

use encargo_backends::probes;
use encargo_model::Permission;

use crate::bindings::encargo::probes::probes as wit;
use crate::bindings::encargo::types::types::Error;
use crate::state::State;

impl wit::Host for State {
    fn list(&mut self) -> wasmtime::Result<Vec<String>> {
        self.alive()?;
        Ok(probes::names().iter().map(|&name| name.to_owned()).collect())
    }

    fn check(&mut self, name: String) -> wasmtime::Result<Result<wit::Finding, Error>> {
        self.alive()?;
        let found = self.may(&Permission::Check(name.clone())).and_then(|()| probes::check(&self.platform, &name));
        Ok(self.answer(found.map(|finding| wit::Finding {
            status: match finding.status {
                probes::ProbeStatus::Ok => wit::Status::Ok,
                probes::ProbeStatus::Warning => wit::Status::Warning,
                probes::ProbeStatus::Failed => wit::Status::Failed,
                probes::ProbeStatus::Skipped => wit::Status::Skipped,
            },
            detail: finding.detail,
            milliseconds: finding.milliseconds,
        })))
    }
}
