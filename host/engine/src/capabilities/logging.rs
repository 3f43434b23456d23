//! `encargo:logging`: lines of the run's log.

use encargo_model::LogLevel;

use crate::bindings::encargo::logging::logging as wit;
use crate::state::State;

fn level(level: wit::Level) -> LogLevel {
    match level {
        wit::Level::Debug => LogLevel::Debug,
        wit::Level::Info => LogLevel::Info,
        wit::Level::Warning => LogLevel::Warning,
        wit::Level::Error => LogLevel::Error,
    }
}

impl wit::Host for State {
    fn log(&mut self, grave: wit::Level, message: String, fields: Vec<(String, String)>) -> wasmtime::Result<()> {
        self.alive()?;
        if self.host.log_enabled(level(grave)) {
            self.log.line(level(grave), &message, &fields);
        }
        Ok(())
    }

    fn enabled(&mut self, grave: wit::Level) -> wasmtime::Result<bool> {
        self.alive()?;
        Ok(self.host.log_enabled(level(grave)))
    }
}
