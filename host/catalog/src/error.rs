//! Why a command cannot be had.

use std::path::PathBuf;

use encargo_model::{Exit, Permission};
use encargo_pack::PackError;
use encargo_store::StoreError;

/// Why a command cannot be had, or a grant not changed.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// No command of this name.
    #[error("there is no command `{name}`")]
    Unknown {
        /// As it was written.
        name: String,
        /// Near names.
        similar: Vec<String>,
    },
    /// A file in the folder of commands that is no command.
    #[error("`{}` is not a command: {problem}", .path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A packaged component that is none: the build is broken.
    #[error("the packaged command `{name}` is broken: {source}")]
    BrokenPackage {
        /// The command.
        name: String,
        /// What is wrong.
        source: PackError,
    },
    /// A permission that the component does not ask for.
    #[error("`{command}` does not request `{permission}`; it requests {}", list(.requested))]
    NotRequested {
        /// The command.
        command: String,
        /// The permission.
        permission: Permission,
        /// What it requests.
        requested: Vec<Permission>,
    },
    /// Grants need a data directory.
    #[error("there is no engine store to keep grants in; `encargo init_system` makes one")]
    NoStore,
    /// The engine store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn list(permissions: &[Permission]) -> String {
    if permissions.is_empty() {
        return "nothing".to_owned();
    }
    permissions.iter().map(|permission| format!("`{permission}`")).collect::<Vec<_>>().join(", ")
}

impl CatalogError {
    /// The exit code of the process.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Store(error) => error.exit(),
            _ => Exit::Usage,
        }
    }
}
