//! What can go wrong before a guest runs.

use std::path::PathBuf;

use encargo_model::Exit;

/// The engine itself cannot work.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// wasmtime refused the configuration.
    #[error("the WebAssembly engine cannot start: {0}")]
    Start(String),
    /// Another user owns the cache folder or may write to it; code in it could be theirs.
    #[error("another user owns the cache folder `{}` or may write to it; name one of your own in XDG_CACHE_HOME", .0.display())]
    ForeignCache(PathBuf),
    /// The cache folder cannot be made or read.
    #[error("the cache folder `{}` cannot be used: {source}", .path.display())]
    Cache {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
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
