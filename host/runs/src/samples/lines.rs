//! The host's own log, for the tests of this crate.

use serde_json::Value;
use tracing::Level;

/// The lines that this thread writes while this happens.
pub(crate) fn lines(what: impl FnOnce()) -> Vec<Value> {
    let log = tempfile::NamedTempFile::new().unwrap();
    let format = tracing_subscriber::fmt().json().flatten_event(true).with_target(false).without_time();
    let subscriber = format.with_max_level(Level::DEBUG).with_writer(log.reopen().unwrap()).finish();
    tracing::subscriber::with_default(subscriber, what);
    let written = std::fs::read_to_string(log.path()).unwrap();
    written.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
