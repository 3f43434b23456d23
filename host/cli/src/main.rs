//! The `encargo` binary: arguments, configuration, output, and the wiring of all other crates.

mod absent;
mod arguments;
mod config;
mod entry;
mod error;
mod observer;
mod output;
mod packaged;
mod session;
mod verbs;
mod wiring;

use std::process::ExitCode;

fn main() -> ExitCode {
    wiring::bound_memory();
    ExitCode::from(entry::enter(std::env::args_os().skip(1), config::Environment::of_process()))
}
