//! The only crate that names wasmtime: loads a component, gives it what it was granted, keeps its limits, and turns
//! whatever it does into an [`Ended`](encargo_model::Ended).
#![deny(missing_docs)]

mod bindings;
mod bounds;
mod cache_folder;
mod capabilities;
mod compile_cache;
mod compiling;
mod contract;
mod control;
mod cpu;
mod ending;
mod engine;
mod error;
mod execution;
mod host;
mod job;
mod last_words;
mod limiter;
mod log;
mod metrics;
mod output;
mod phase;
mod program;
mod rate;
mod result;
mod roots;
mod rows;
#[cfg(test)]
mod samples;
mod scratch;
mod state;
mod sweep;
mod upkeep;
mod watcher;

pub use bounds::Bounded;
pub use compiling::Waiting;
pub use cpu::cpu_is_seen;
pub use encargo_backends::{BackendError, PathProblem, PlatformError};
pub use engine::{Engine, EngineConfig};
pub use error::{CacheError, EngineError, LoadError};
pub use host::RunHost;
pub use job::Job;
pub use metrics::{MetricsHost, RunCounts};
pub use program::Program;
pub use upkeep::UpkeepHost;
