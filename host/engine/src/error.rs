//! What can go wrong before a guest runs.

use std::io;
use std::path::PathBuf;

use encargo_model::Exit;

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
    /// It does not export what a command exports.
    #[error("the component is not a command: {0}")]
    NotACommand(String),
}

impl LoadError {
    /// The exit code of a run that ends with this.
    pub const fn exit(&self) -> Exit {
        match self {
            Self::NotOffered { .. } => Exit::Sandbox,
            Self::NotAComponent(_) | Self::NotACommand(_) => Exit::Usage,
        }
    }
}
