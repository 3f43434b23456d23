//! What can go wrong before a guest runs.

use std::io;
use std::path::PathBuf;

use encargo_model::{Exit, Signal, Text, Worded, english_display, text};

use crate::bounds::Bounded;

/// The engine itself cannot work.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// wasmtime refused the configuration.
    Start(String),
}

/// A folder cannot keep compiled components.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// Another user owns it, or may write to it or put another in its place; code in it could be theirs.
    Foreign(PathBuf),
    /// It cannot be made, read or written.
    Io {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A component cannot be made ready.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The bytes are no component.
    NotAComponent(Text),
    /// It imports something that is not offered.
    NotOffered {
        /// The interface that it asks for.
        import: String,
    },
    /// It was built for another version of the contract.
    OtherContract {
        /// The version that it wants.
        found: String,
        /// The one that there is.
        offered: &'static str,
    },
    /// It does not export what a command exports.
    NotACommand(String),
    /// It is too large to be compiled.
    TooMuch {
        /// What there is too much of, in words.
        what: Bounded,
        /// How many it has.
        found: u64,
        /// How many are allowed.
        most: u64,
    },
    /// It was not compiled when the run had to be over.
    Late(std::time::Duration),
    /// Someone asked for the end while it was compiled.
    Stopped(Signal),
    /// No thread to compile it on.
    NoThread(String),
}

impl Worded for EngineError {
    fn text(&self) -> Text {
        let Self::Start(problem) = self;
        text!("the WebAssembly engine cannot start: {problem}", "el motor de WebAssembly no puede arrancar: {problem}")
    }
}

impl Worded for CacheError {
    fn text(&self) -> Text {
        match self {
            Self::Foreign(path) => text!(
                "another user owns `{}` or may write to it",
                "otro usuario es dueño de `{}` o puede escribir en ella";
                path.display()
            ),
            Self::Io { path, source } => {
                text!("`{}` cannot be used: {source}", "no se puede usar `{}`: {source}"; path.display())
            }
        }
    }
}

impl Worded for LoadError {
    fn text(&self) -> Text {
        match self {
            Self::NotAComponent(problem) => text!(
                "this is not a WebAssembly component: {problem}",
                "esto no es un componente de WebAssembly: {problem}",
                problem = problem
            ),
            Self::NotOffered { import } => text!(
                "the component needs `{import}`, which is not offered to commands",
                "el componente necesita `{import}`, que no se ofrece a los comandos"
            ),
            Self::OtherContract { found, offered } => text!(
                "it was built for version {found} of the contract, and this `encargo` offers {offered}; build it again with the SDK of this version",
                "se construyó para la versión {found} del contrato, y este `encargo` ofrece la {offered}; constrúyalo de nuevo con el SDK de esta versión"
            ),
            Self::NotACommand(problem) => {
                text!("the component is not a command: {problem}", "el componente no es un comando: {problem}")
            }
            Self::TooMuch { what, found, most } => text!(
                "the component has {found} {what}; at most {most} are compiled",
                "el componente tiene {found} {what}; se compilan como máximo {most}",
                what = what
            ),
            Self::Late(most) => text!(
                "compiling it took longer than {} s; nothing was started and no run is recorded; --timeout or the limit `wall_seconds` allows more",
                "compilarlo tardó más de {} s; no se inició nada y no queda registrada ninguna ejecución; --timeout o el límite `wall_seconds` permite más";
                most.as_secs_f64()
            ),
            Self::Stopped(_) => text!(
                "its compilation was ended by a signal; nothing was started and no run is recorded",
                "una señal terminó su compilación; no se inició nada y no queda registrada ninguna ejecución"
            ),
            Self::NoThread(problem) => text!(
                "a thread to compile it on cannot be started: {problem}",
                "no se puede iniciar un hilo donde compilarlo: {problem}"
            ),
        }
    }
}

english_display!(EngineError, CacheError, LoadError);

impl LoadError {
    /// The exit code of a run that ends with this.
    pub fn exit(&self) -> Exit {
        match self {
            Self::NotOffered { .. } | Self::TooMuch { .. } => Exit::Sandbox,
            Self::Late(_) => Exit::TimedOut,
            Self::Stopped(Signal::Interrupt) => Exit::Interrupted,
            Self::Stopped(Signal::Terminate) => Exit::Terminated,
            Self::NoThread(_) => Exit::Failed,
            Self::NotAComponent(_) | Self::NotACommand(_) | Self::OtherContract { .. } => Exit::Usage,
        }
    }

    /// The word for programs.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::NotOffered { .. } => "not-offered",
            Self::NotAComponent(_) | Self::NotACommand(_) => "not-a-command",
            Self::OtherContract { .. } => "other-contract",
            Self::TooMuch { .. } => "component-limit",
            Self::Late(_) => "wall-limit",
            Self::Stopped(Signal::Interrupt) => "interrupted",
            Self::Stopped(Signal::Terminate) => "terminated",
            Self::NoThread(_) => "internal",
        }
    }
}
