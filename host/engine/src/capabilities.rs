//! The capabilities, one file each: check the grant, translate, call the backend, translate back.

pub(crate) mod backups;
pub(crate) mod clocks;
pub(crate) mod database;
pub(crate) mod files;
mod logging;
mod maintenance;
pub(crate) mod metrics;
mod optimizing;
mod orphans;
mod probes;
pub(crate) mod restores;
mod run;
mod settings;
mod tenants;
mod types;
mod users;

use wasmtime::component::{HasSelf, Linker};

use crate::bindings::Guest;
use crate::state::State;

/// Links everything that a command may import.
///
/// The file system and the sockets of WASI are there because language runtimes import them; the context has no
/// preopened folder, no network and no environment, so they refuse whatever is asked.
pub(crate) fn add_to_linker(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_sync(linker)?;
    clocks::add_to_linker(linker)?;
    Guest::add_to_linker::<State, HasSelf<State>>(linker, |state| state)
}

#[cfg(test)]
mod tests;
