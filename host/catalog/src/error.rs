//! Why a command cannot be had.

use std::path::PathBuf;

use encargo_model::{Exit, Permission, Text, Worded, english_display, text};
use encargo_pack::PackError;
use encargo_store::StoreError;

/// Why a command cannot be had, or a grant not changed.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// No command of this name.
    Unknown {
        /// As it was written.
        name: String,
        /// Near names.
        similar: Vec<String>,
    },
    /// A file in the folder of commands that is no command.
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: Text,
    },
    /// A packaged component that is none: the build is broken.
    BrokenPackage {
        /// The command.
        name: String,
        /// What is wrong.
        source: PackError,
    },
    /// A permission that the component does not ask for.
    NotRequested {
        /// The command.
        command: String,
        /// The permission.
        permission: Permission,
        /// What it requests.
        requested: Vec<Permission>,
    },
    /// Grants need a data directory.
    NoStore,
    /// The engine store cannot be used.
    Store(#[from] StoreError),
}

impl Worded for CatalogError {
    fn text(&self) -> Text {
        match self {
            Self::Unknown { name, .. } => text!("there is no command `{name}`", "no existe el comando `{name}`"),
            Self::Broken { path, problem } => text!(
                "`{}` is not a command: {problem}",
                "`{}` no es un comando: {problem}",
                problem = problem;
                path.display()
            ),
            Self::BrokenPackage { name, source } => text!(
                "the packaged command `{name}` is broken: {source}",
                "el comando incluido `{name}` está dañado: {source}",
                source = source
            ),
            Self::NotRequested { command, permission, requested } => text!(
                "`{command}` does not request `{permission}`; it requests {requested}",
                "`{command}` no pide `{permission}`; pide {requested}",
                requested = list(requested)
            ),
            Self::NoStore => text!(
                "there is no engine store to keep grants in; `encargo init_system` makes one",
                "no hay almacén del motor donde guardar concesiones; `encargo init_system` crea uno"
            ),
            Self::Store(error) => error.text(),
        }
    }
}

english_display!(CatalogError);

fn list(permissions: &[Permission]) -> Text {
    if permissions.is_empty() {
        return text!("nothing", "nada");
    }
    Text::quoted(permissions.iter().map(|permission| format!("`{permission}`")).collect::<Vec<_>>().join(", "))
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
