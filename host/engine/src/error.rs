//! What can go wrong before a guest runs.

use std::io;
use std::path::PathBuf;

use encargo_model::{Exit, Signal};

/// The engine itself cannot work.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// wasmtime refused the configuration.
    #[error("the WebAssembly engine cannot start: {0}")]
    Start(String),
}

/// A folder cannot keep compiled components.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// Another user owns it, or may write to it or put another in its place; code in it could be theirs.
    #[error("another user owns `{}` or may write to it", .0.display())]
    Foreign(PathBuf),
    /// It cannot be made, read or written.
    #[error("`{}` cannot be used: {source}", .path.display())]
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
    #[error("this is not a WebAssembly component: {0}")]
    NotAComponent(String),
    /// It imports something that is not offered.
    #[error("the component needs `{import}`, which is not offered to commands")]
    NotOffered {
        /// The interface that it asks for.
        import: String,
    },
    /// It was built for another version of the contract.
    #[error(
        "it was built for version {found} of the contract, and this `encargo` offers {offered}; build it again with the SDK of this version"
    )]
    OtherContract {
        /// The version that it wants.
        found: String,
        /// The one that there is.
        offered: &'static str,
    },
    /// It does not export what a command exports.
    #[error("the component is not a command: {0}")]
    NotACommand(String),
    /// It is too large to be compiled.
    #[error("the component has {found} {what}; at most {most} are compiled")]
    TooMuch {
        /// What there is too much of, in words.
        what: &'static str,
        /// How many it has.
        found: u64,
        /// How many are allowed.
        most: u64,
    },
    /// It was not compiled when the run had to be over.
    #[error("compiling it took longer than {} s; nothing was started and no run is recorded; --timeout or the limit `wall_seconds` allows more", .0.as_secs_f64())]
    Late(std::time::Duration),
    /// Someone asked for the end while it was compiled.
    #[error("its compilation was ended by a signal; nothing was started and no run is recorded")]
    Stopped(Signal),
    /// No thread to compile it on.
    #[error("a thread to compile it on cannot be started: {0}")]
    NoThread(String),
}

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
