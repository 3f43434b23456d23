//! `encargo:probes`: whether the services around the platform are well.

use std::sync::Arc;
use std::time::Duration;

use encargo_backends::BackendError;
use encargo_backends::probes::{self, Around, Measure, Observation, Target};
use encargo_model::{Permission, Text, text};

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
        let is_told = self.job.tenant.is_none() || !OF_ALL_TENANTS.contains(&name.as_str());
        let found = self.may(&Permission::Check(name.clone())).and_then(|()| probes::check(&self.platform, &name));
        Ok(self.answer(found.map(|finding| wit::Finding {
            status: finding.status.as_str().to_owned(),
            detail: (if is_told { finding.detail } else { untold() }).get(self.job.language).to_owned(),
            milliseconds: finding.milliseconds,
        })))
    }

    fn services(&mut self) -> wasmtime::Result<Vec<wit::Service>> {
        self.alive()?;
        let service = |target: Target| wit::Service { name: target.name, kind: target.kind.to_owned() };
        Ok(probes::targets(&self.services, None).map_err(wasmtime::Error::new)?.into_iter().map(service).collect())
    }

    fn check_all(
        &mut self,
        names: Vec<String>,
        each_ms: u32,
        all_ms: u32,
    ) -> wasmtime::Result<Result<Vec<wit::Observation>, Error>> {
        self.alive()?;
        let observed = self.look(&names, each_ms, all_ms);
        self.alive()?;
        let told = observed.map(|all| all.into_iter().map(|one| self.observed(one)).collect());
        Ok(self.answer(told))
    }
}

impl State {
    fn look(&self, names: &[String], each_ms: u32, all_ms: u32) -> Result<Vec<Observation>, BackendError> {
        let targets = probes::targets(&self.services, Some(names))?;
        // What was revoked is left out and said to be; where nothing is left, that is the answer.
        let (mut granted, mut left_out) = (Vec::new(), Vec::new());
        for target in targets {
            match self.may(&Permission::Check(target.kind.to_owned())) {
                Ok(()) => granted.push(target),
                Err(error) => left_out.push((target, error)),
            }
        }
        if let (true, Some((_, error))) = (granted.is_empty(), left_out.first()) {
            return Err(error.clone());
        }
        let around = Around {
            platform: Arc::clone(&self.platform),
            services: Arc::clone(&self.services),
            last_drill: self.host.last_drill(),
            clock: Arc::clone(&self.clock),
        };
        let [each, all] = [each_ms, all_ms].map(|ms| Duration::from_millis(ms.into()));
        let mut observed = probes::look(&around, granted, each, all, &self.control.interrupt)?;
        observed.extend(left_out.into_iter().map(|(target, error)| target.left_out(error.message)));
        Ok(observed)
    }

    fn observed(&self, observation: Observation) -> wit::Observation {
        let Observation { name, kind, status, detail, milliseconds, measures, needs } = observation;
        let is_told = self.job.tenant.is_none() || !OF_ALL_TENANTS.contains(&kind);
        let measure =
            |Measure { name, value, unit }| wit::Measure { name: name.to_owned(), value, unit: unit.to_owned() };
        wit::Observation {
            service: wit::Service { name, kind: kind.to_owned() },
            status: status.as_str().to_owned(),
            detail: (if is_told { detail } else { untold() }).get(self.job.language).to_owned(),
            milliseconds,
            measures: measures.into_iter().map(measure).collect(),
            needs,
        }
    }
}

/// In place of what a run inside one tenant does not learn of the others.
fn untold() -> Text {
    text!(
        "what is wrong with which tenant is told to runs of system scope",
        "qué le pasa a cada inquilino se dice a las ejecuciones de ámbito de sistema"
    )
}
