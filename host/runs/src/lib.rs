//! The one way in: whoever starts, resumes or reads a run comes through here.
#![deny(missing_docs)]

mod arguments;
mod error;
mod execution;
mod fan_out;
mod liveness;
mod observer;
mod reading;
mod recorder;
mod request;
mod resume_key;
mod start;
mod tenants;

use std::sync::Arc;
use std::time::Duration;

use encargo_catalog::Catalog;
use encargo_engine::Engine;
use encargo_model::{Artefact, Clock, Run};
use encargo_store::{Retention, Store, Worker};
use tokio::runtime::Handle;

pub use arguments::ArgumentProblem;
pub use encargo_store::{RunFilter, StoreError};
pub use error::StartError;
pub use observer::Observer;
pub use reading::FindError;
pub use request::{Fallbacks, Resume, Setting, StartRequest};

/// How long a run counts as alive without a renewal.
const LEASE: Duration = Duration::from_secs(30);

/// Starts runs and reads them. Every call blocks; the runtime behind `handle` must have threads of its own.
pub struct Runs {
    store: Store,
    engine: Arc<Engine>,
    catalog: Arc<Catalog>,
    clock: Arc<dyn Clock>,
    handle: Handle,
    retention: Retention,
    worker: Worker,
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
        retention: Retention,
    ) -> Self {
        Self { store, engine, catalog, clock, handle, retention, worker: liveness::this_process() }
    }

    /// The engine that executes them.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }
}
