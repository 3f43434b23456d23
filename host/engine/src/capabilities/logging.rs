//! `encargo:logging`: lines of the run's log.

use encargo_model::LogLevel;

use crate::bindings::encargo::logging::logging as wit;
use crate::state::State;

/// The level of a guest's word. `said` is no level of a log: that is `run.say`.
fn level(word: &str) -> LogLevel {
    LogLevel::from_word(word).filter(|&level| level != LogLevel::Said).unwrap_or(LogLevel::Info)
}

impl wit::Host for State {
    fn log(&mut self, grave: String, message: String, fields: Vec<(String, String)>) -> wasmtime::Result<()> {
        self.alive()?;
        let level = level(&grave);
        if self.host.log_enabled(level) {
            self.log.line(level, &message, &fields);
        }
        Ok(())
    }

    fn enabled(&mut self, grave: String) -> wasmtime::Result<bool> {
        self.alive()?;
        Ok(self.host.log_enabled(level(&grave)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_no_level_is_info() {
        for (word, expected) in [
            ("debug", LogLevel::Debug),
            ("info", LogLevel::Info),
            ("warning", LogLevel::Warning),
            ("error", LogLevel::Error),
            ("said", LogLevel::Info),
            ("critical", LogLevel::Info),
            ("", LogLevel::Info),
        ] {
            assert_eq!(level(word), expected, "{word}");
        }
    }
}
