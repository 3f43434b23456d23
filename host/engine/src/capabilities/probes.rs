//! `encargo:probes`: whether the services around the platform are well.

use encargo_backends::probes;
use encargo_model::Permission;

use crate::bindings::encargo::probes::probes as wit;
use crate::bindings::encargo::types::types::Error;
use crate::state::State;

/// What looks at every tenant's file and names those that are not well.
const OF_ALL_TENANTS: [&str; 2] = ["database", "schema"];

impl wit::Host for State {
    fn list(&mut self) -> wasmtime::Result<Vec<String>> {
        self.alive()?;
        Ok(probes::names().iter().map(|&name| name.to_owned()).collect())
    }

    fn check(&mut self, name: String) -> wasmtime::Result<Result<wit::Finding, Error>> {
        self.alive()?;
        let found = self.may(&Permission::Check(name.clone())).and_then(|()| probes::check(&self.platform, &name));
        Ok(self.answer(found.map(|finding| {
            wit::Finding {
                status: match finding.status {
                    probes::ProbeStatus::Ok => "ok",
                    probes::ProbeStatus::Warning => "warning",
                    probes::ProbeStatus::Failed => "failed",
                    probes::ProbeStatus::Lost => "lost",
                    probes::ProbeStatus::Skipped => "skipped",
                }
                .to_owned(),
                detail: if self.job.tenant.is_some() && OF_ALL_TENANTS.contains(&name.as_str()) {
                    "what is wrong with which tenant is told to runs of system scope".to_owned()
                } else {
                    finding.detail
                },
                milliseconds: finding.milliseconds,
            }
        })))
    }
}
