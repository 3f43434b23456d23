//! Log lines with keys and values. They carry the run's id by themselves.

use crate::Choice;
use crate::bindings::encargo::logging::logging;
use crate::choice::Choice as _;

/// How grave a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Level {
    /// For whoever writes the command.
    Debug,
    /// Worth keeping.
    Info,
    /// Worth a look.
    Warning,
    /// Something went wrong.
    Error,
}

/// Whether anyone will see a line of this level. Natively nobody does.
pub fn enabled(level: Level) -> bool {
    cfg!(target_arch = "wasm32") && logging::enabled(level.word())
}

/// Writes one line. The macros `debug!`, `info!`, `warn!` and `error!` are nicer.
pub fn line(level: Level, message: &str, fields: &[(String, String)]) {
    if cfg!(target_arch = "wasm32") {
        logging::log(level.word(), message, fields);
    }
}

/// What the four macros share.
#[doc(hidden)]
#[macro_export]
macro_rules! log_line {
    ($level:ident, $message:literal $(, $key:ident = $value:expr)* $(,)?) => {
        if $crate::log::enabled($crate::log::Level::$level) {
            $crate::log::line(
                $crate::log::Level::$level,
                &format!($message),
                &[$((stringify!($key).to_owned(), $value.to_string())),*],
            );
        }
    };
}

/// A line for whoever writes the command: `debug!("page {page} read", rows = rows)`.
#[macro_export]
macro_rules! debug { ($($line:tt)*) => { $crate::log_line!(Debug, $($line)*) }; }

/// A line worth keeping.
#[macro_export]
macro_rules! info { ($($line:tt)*) => { $crate::log_line!(Info, $($line)*) }; }

/// A line worth a look.
#[macro_export]
macro_rules! warn { ($($line:tt)*) => { $crate::log_line!(Warning, $($line)*) }; }

/// A line that says that something went wrong.
#[macro_export]
macro_rules! error { ($($line:tt)*) => { $crate::log_line!(Error, $($line)*) }; }
