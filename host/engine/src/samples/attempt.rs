//! An attempt over a platform of its own, for calling what a guest calls.

use std::sync::Arc;
use std::time::Duration;

use encargo_backends::probes::Services;
use encargo_backends::{DataDir, Platform};
use encargo_model::{FailureKind, Language, LogLevel};
use tempfile::TempDir;

use super::{FakeHost, clock};
use crate::control::Control;
use crate::engine::{Engine, EngineConfig};
use crate::execution;
use crate::host::RunHost;
use crate::job::Job;
use crate::log::Log;
use crate::output::Output;
use crate::scratch::Scratch;
use crate::state::State;

/// The state of an attempt, and what lies around it.
pub(crate) struct Attempt {
    pub(crate) state: State,
    pub(crate) engine: Engine,
    pub(crate) host: Arc<FakeHost>,
    pub(crate) platform: Arc<Platform>,
    /// Removed with the attempt.
    _folder: TempDir,
    _scratch: Scratch,
}

impl Attempt {
    /// In system scope, beside the tenants `acme` and `beta`.
    pub(crate) fn new(permissions: &[&str]) -> Self {
        Self::of(permissions, FakeHost::default(), |_| {})
    }

    /// Inside the tenant `acme`.
    pub(crate) fn inside(permissions: &[&str]) -> Self {
        Self::of(permissions, FakeHost::default(), |job| job.tenant = Some(super::tenant("acme")))
    }

    /// Of a job that is changed before it begins; a tenant that it names is the platform's own of that slug.
    pub(crate) fn of(permissions: &[&str], fake: FakeHost, change: impl FnOnce(&mut Job)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::new(folder.path().join("data"));
        Platform::migrate(&data, "test").unwrap();
        let platform = Arc::new(Platform::open(data, "test", clock()).unwrap());
        for slug in ["acme", "beta"] {
            platform.create_tenant(slug, &slug.to_uppercase(), Language::Es).unwrap();
        }
        let mut job = super::job();
        job.requested = permissions.iter().map(|permission| permission.parse().unwrap()).collect();
        job.granted = job.requested.clone();
        change(&mut job);
        job.tenant = job.tenant.map(|tenant| platform.registry().tenant(&tenant.slug).unwrap().unwrap());
        let config = EngineConfig { caches: vec![], stack_bytes: 1 << 20, services: Services::default() };
        let engine = Engine::new(config, Arc::clone(&platform), clock()).unwrap();
        let host = Arc::new(fake);
        let shared: Arc<dyn RunHost> = Arc::clone(&host) as Arc<dyn RunHost>;
        let control = Arc::new(Control::new(&job.limits, Duration::ZERO));
        let log = Arc::new(Log::new(&shared, &clock(), job.language, &job.limits));
        let streams = [LogLevel::Said, LogLevel::Warning].map(|level| Output::new(level, &log));
        let scratch = Scratch::of(platform.scratch(), job.run, job.dry_run);
        let state = execution::state(&engine, job, &shared, &control, &log, &streams, &scratch);
        Self { state, engine, host, platform, _folder: folder, _scratch: scratch }
    }

    /// The run has to be over: every call of the guest traps from now on.
    pub(crate) fn end(&self) {
        self.state.control.end(FailureKind::WallLimit);
    }
}
