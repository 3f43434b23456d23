//! The engine: one for a process, shared by all runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use encargo_backends::probes::Services;
use encargo_backends::{BackendError, PathProblem, Platform, PlatformError, StandardInput, files};
use encargo_model::{Clock, Digest, Ended, ResolvedArgument, Tenant, Tier};
use wasmtime::component::{Component, Linker};
use wasmtime::{Config, OptLevel};

use crate::bindings::GuestPre;
use crate::bounds::Bounds;
use crate::capabilities;
use crate::compile_cache::{CompileCache, first_line};
use crate::compiling::Waiting;
use crate::contract::other_version;
use crate::error::{CacheError, EngineError, LoadError};
use crate::execution;
use crate::host::RunHost;
use crate::job::{Job, paths_of};
use crate::program::Program;
use crate::state::State;
use crate::watcher::Watcher;

/// What the host's own calls need of a run's stack below the guest's: SQLite's parser and formatting, above all.
const HOST_STACK_BYTES: usize = 2 << 20;

/// What an engine is made of.
pub struct EngineConfig {
    /// Where compiled components may be kept: the first of these folders that can be used and is this user's own.
    pub caches: Vec<PathBuf>,
    /// The largest stack that any run may have, in bytes.
    pub stack_bytes: u64,
    /// The services that the operator named.
    pub services: Services,
}

/// Loads and executes components.
pub struct Engine {
    pub(crate) wasmtime: wasmtime::Engine,
    pub(crate) watcher: Watcher,
    pub(crate) platform: Arc<Platform>,
    pub(crate) clock: Arc<dyn Clock>,
    /// One for all runs: it can be read once.
    pub(crate) standard_input: Arc<StandardInput>,
    pub(crate) services: Arc<Services>,
    linker: Linker<State>,
    stack_bytes: usize,
    cache: CompileCache,
}

impl Engine {
    /// Makes an engine over a platform.
    ///
    /// # Errors
    /// When wasmtime refuses.
    pub fn new(config: EngineConfig, platform: Arc<Platform>, clock: Arc<dyn Clock>) -> Result<Self, EngineError> {
        let start = |error: wasmtime::Error| EngineError::Start(first_line(&error));
        let mut wasm = Config::new();
        let guest_stack_bytes = usize::try_from(config.stack_bytes).unwrap_or(usize::MAX);
        let stack_bytes = guest_stack_bytes.saturating_add(HOST_STACK_BYTES);
        wasm.epoch_interruption(true)
            .max_wasm_stack(guest_stack_bytes)
            .async_stack_size(stack_bytes)
            .cranelift_opt_level(OptLevel::Speed);
        let wasmtime = wasmtime::Engine::new(&wasm).map_err(start)?;
        let mut linker = Linker::new(&wasmtime);
        capabilities::add_to_linker(&mut linker).map_err(start)?;
        let cache = CompileCache::open(&config.caches, &wasmtime);
        let watcher = Watcher::start(&wasmtime).map_err(|error| EngineError::Start(error.to_string()))?;
        let (services, standard_input) = (Arc::new(config.services), Arc::default());
        Ok(Self { wasmtime, watcher, platform, clock, standard_input, services, linker, stack_bytes, cache })
    }

    /// The folder of compiled components; none when no folder can be used, and each component is compiled anew.
    pub fn cache(&self) -> Option<&Path> {
        self.cache.folder()
    }

    /// The folders that were named before that one and cannot be used, with the reason.
    pub fn unusable_caches(&self) -> &[CacheError] {
        self.cache.unusable()
    }

    /// Makes the component of this code ready, where it was compiled before.
    ///
    /// # Errors
    /// When it is no command, is one of another version, or needs what is not offered.
    pub fn compiled(&self, code: &Digest) -> Result<Option<Program>, LoadError> {
        self.cache.find(&self.wasmtime, code).map(|component| self.ready(&component)).transpose()
    }

    /// Compiles a component and makes it ready, within the bounds of its tier and the time of whoever waits for it. `code`
    /// is a digest of all of it that is compiled.
    ///
    /// # Errors
    /// When it is no component or too large, or is not compiled in time, too.
    pub fn compile(
        &self,
        code: &Digest,
        component: &[u8],
        tier: Tier,
        waiting: &Waiting<'_>,
    ) -> Result<Program, LoadError> {
        self.ready(&self.cache.compile(&self.wasmtime, code, component, Bounds::of(tier), waiting)?)
    }

    /// Refuses a component that is too large for its tier. One that is compiled already may be so for another tier.
    ///
    /// # Errors
    /// When it is no component, or has more of something than the tier allows.
    pub fn check_size(component: &[u8], tier: Tier) -> Result<(), LoadError> {
        Bounds::of(tier).check(component)
    }

    /// The most bytes that a component of a tier may have.
    pub const fn most_bytes(tier: Tier) -> u64 {
        Bounds::of(tier).bytes
    }

    fn ready(&self, component: &Component) -> Result<Program, LoadError> {
        let refused = |problem: LoadError| other_version(component).unwrap_or(problem);
        let linked = self.linker.instantiate_pre(component);
        let linked = linked.map_err(|error| refused(not_linked(&format!("{error:?}"))))?;
        let ready = GuestPre::new(linked).map_err(|error| refused(LoadError::NotACommand(first_line(&error))))?;
        Ok(Program { ready })
    }

    /// A thread whose stack has room for a guest's largest one and for the host's calls below it.
    pub fn thread(&self) -> thread::Builder {
        thread::Builder::new().name("run".to_owned()).stack_size(self.stack_bytes)
    }

    /// Runs one attempt on the calling thread, to its end. The thread is one of [`Engine::thread`]: on a smaller stack a
    /// guest that uses all of its own ends the process.
    pub fn execute(&self, program: &Program, job: Job, host: &Arc<dyn RunHost>) -> Ended {
        execution::execute(self, program, job, host)
    }

    /// All tenants, in the order of their slugs.
    ///
    /// # Errors
    /// When the platform cannot be read.
    pub fn tenants(&self) -> Result<Vec<Tenant>, BackendError> {
        self.platform.registry().tenants()
    }

    /// The tenant with this slug.
    ///
    /// # Errors
    /// When the platform cannot be read.
    pub fn tenant(&self, slug: &str) -> Result<Option<Tenant>, BackendError> {
        self.platform.registry().tenant(slug)
    }

    /// The tenant that commands without `--tenant` go to.
    ///
    /// # Errors
    /// When the platform cannot be read.
    pub fn default_tenant(&self) -> Result<Option<Tenant>, BackendError> {
        self.platform.registry().default_tenant()
    }

    /// Looks at the head of a tenant's file, before a run is started in it.
    ///
    /// # Errors
    /// When it is damaged or of another schema.
    pub fn check_tenant(&self, tenant: &Tenant) -> Result<(), PlatformError> {
        self.platform.files().check(tenant)
    }

    /// Whether what a run may change can be written at all, before it is started.
    ///
    /// # Errors
    /// When the platform, or the tenant's file, lies where nothing can be written.
    pub fn check_writable(&self, tenant: Option<&Tenant>) -> Result<(), PlatformError> {
        self.platform.check_writable(tenant)
    }

    /// Checks the paths among the arguments and answers a digest of the inputs, for the resume key.
    ///
    /// # Errors
    /// When one is missing or of the wrong kind.
    pub fn check_paths(&self, arguments: &[ResolvedArgument]) -> Result<String, PathProblem> {
        files::check_paths(&paths_of(arguments))
    }
}

/// wasmtime names the first import that it has not between backticks.
fn not_linked(words: &str) -> LoadError {
    match words.split('`').nth(1) {
        Some(import) if words.contains("import") => LoadError::NotOffered { import: import.to_owned() },
        _ => LoadError::NotACommand(words.lines().next().unwrap_or_default().to_owned()),
    }
}

#[cfg(test)]
mod tests;
