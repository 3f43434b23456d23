//! The one way in: whoever starts, resumes or reads a run comes through here.
#![deny(missing_docs)]

mod arguments;
mod error;
mod execution;
mod fan_out;
mod journal;
mod lease;
mod liveness;
mod metrics;
mod observer;
mod orphans;
mod reading;
mod recorder;
mod records;
mod request;
mod resume_key;
#[cfg(test)]
mod samples;
mod start;
mod tenants;
mod upkeep;

use std::sync::Arc;
use std::time::Duration;

use encargo_catalog::Catalog;
use encargo_engine::Engine;
use encargo_model::{Artefact, Clock, Run};
use encargo_store::{Retention, Store};
use tokio::runtime::Handle;

use records::Records;

pub use arguments::{ArgumentProblem, resolve};
pub use encargo_store::{RunFilter, StoreError};
pub use error::StartError;
pub use observer::Observer;
pub use reading::FindError;
pub use request::{Fallbacks, Resume, Setting, StartRequest};

/// How runs are kept.
#[derive(Debug, Clone, Copy)]
pub struct RunsConfig {
    /// How long records stay.
    pub retention: Retention,
    /// How long a run counts as alive without a renewal.
    pub lease: Duration,
}

impl Default for RunsConfig {
    fn default() -> Self {
        Self { retention: Retention::default(), lease: Duration::from_secs(30) }
    }
}

/// Starts runs and reads them. Every call blocks; the runtime behind `handle` must have threads of its own.
pub struct Runs {
    records: Records,
    engine: Arc<Engine>,
    catalog: Arc<Catalog>,
    retention: Retention,
}

/// A run that has ended, with its tenants' shares.
#[derive(Debug)]
pub struct Finished {
    /// The run that was asked for.
    pub run: Run,
    /// One share for each tenant, in the order of their slugs; empty for a run of one tenant or of system scope.
    pub children: Vec<Run>,
    /// What it and its shares published.
    pub artefacts: Vec<Artefact>,
}

impl Runs {
    /// Puts the parts together.
    pub fn new(
        store: Store,
        engine: Arc<Engine>,
        catalog: Arc<Catalog>,
        clock: Arc<dyn Clock>,
        handle: Handle,
        config: RunsConfig,
    ) -> Self {
        let records = Records { store, clock, handle, worker: liveness::this_process(), lease: config.lease };
        Self { records, engine, catalog, retention: config.retention }
    }

    /// The engine that executes them.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }
}
