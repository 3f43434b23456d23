//! The `encargo` binary: arguments, configuration, output, and the wiring of all other crates.

mod absent;
mod arguments;
mod completions;
mod config;
mod entry;
mod error;
mod log;
mod observer;
mod output;
mod packaged;
mod session;
mod verbs;
mod wiring;

use std::process::ExitCode;

fn main() -> ExitCode {
    wiring::bound_memory();
    let environment = config::Environment::of_process();
    if let Some(shell) = completions::asked(&environment) {
        completions::answer(shell, &environment);
        return ExitCode::SUCCESS;
    }
    ExitCode::from(entry::enter(std::env::args_os().skip(1), environment))
}
