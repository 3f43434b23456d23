//! Why a command cannot be had, added or changed.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use encargo_engine::LoadError;
use encargo_model::{Exit, Permission, Text, Worded, english_display, text};
use encargo_pack::PackError;
use encargo_store::StoreError;

use crate::Source;

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
    /// Added, and no version of it is in force yet.
    Pending {
        /// The command.
        command: String,
        /// What is to be granted or revoked first.
        undecided: BTreeSet<Permission>,
    },
    /// The file of a version is not there, or not what it was.
    LostVersion {
        /// The command.
        command: String,
        /// Where the file is to be.
        path: PathBuf,
        /// What is wrong.
        problem: Text,
    },
    /// Added and placed as well.
    Twice {
        /// The command.
        command: String,
        /// Where it was placed.
        placed: Source,
    },
    /// It cannot be compiled within the limits.
    Load {
        /// The command, or the file where it has no name yet.
        command: String,
        /// Why.
        source: LoadError,
    },
    /// It asks for what no tenant's own command can have.
    NotATenants {
        /// The command.
        command: String,
        /// Each with its reason.
        problems: Vec<Text>,
    },
    /// The folder of versions cannot be written.
    Keeping {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A command without versions: it was not added.
    NotAdded {
        /// The command.
        command: String,
        /// Where it comes from.
        from: Source,
    },
    /// There is no version to go back to.
    NothingBefore {
        /// The command.
        command: String,
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
            Self::Pending { command, undecided } => text!(
                "`{command}` waits until what it requests is decided; `{grant}` allows all of it",
                "`{command}` espera a que se decida lo que pide; `{grant}` lo permite todo";
                grant = grant_line(command, undecided)
            ),
            Self::LostVersion { command, path, problem } => text!(
                "the version of `{command}` at `{}` is lost: {problem}; put the file back, or add it again with `encargo commands add`",
                "la versión de `{command}` en `{}` se perdió: {problem}; reponga el archivo, o añádala de nuevo con `encargo commands add`",
                problem = problem;
                path.display()
            ),
            Self::Twice { command, placed } => text!(
                "`{command}` was added and {placed} calls itself that too; take that file away, or `encargo commands remove {command}`",
                "`{command}` se añadió y {placed} también se llama así; retire ese archivo, o `encargo commands remove {command}`",
                placed = placed
            ),
            Self::Load { command, source } => text!(
                "`{command}` cannot be added: {source}",
                "no se puede añadir `{command}`: {source}",
                source = source
            ),
            Self::NotATenants { command, problems } => text!(
                "`{command}` cannot be a tenant's own command: {problems}",
                "`{command}` no puede ser el comando propio de un inquilino: {problems}",
                problems = Text::joined(problems, "; ")
            ),
            Self::Keeping { path, source } => text!(
                "no version can be kept in `{}`: {source}; nothing was changed",
                "no se puede guardar ninguna versión en `{}`: {source}; no se cambió nada";
                path.display()
            ),
            Self::NotAdded { command, from } => text!(
                "`{command}` has no versions to change: it was not added but is {from}",
                "`{command}` no tiene versiones que cambiar: no se añadió, sino que es {from}",
                from = from
            ),
            Self::NothingBefore { command } => text!(
                "there is no version of `{command}` before the one that it has",
                "no hay ninguna versión de `{command}` anterior a la que tiene"
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

/// The line that grants all of these.
pub fn grant_line(command: &str, permissions: &BTreeSet<Permission>) -> String {
    let permissions = permissions.iter().fold(String::new(), |line, permission| format!("{line} {permission}"));
    format!("encargo commands grant {command}{permissions}")
}

impl CatalogError {
    pub(crate) fn keeping(folder: &Path, source: io::Error) -> Self {
        Self::Keeping { path: folder.to_owned(), source }
    }

    /// The exit code of the process.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Store(error) => error.exit(),
            Self::Load { source, .. } => source.exit(),
            Self::Pending { .. } | Self::NotATenants { .. } => Exit::Sandbox,
            Self::LostVersion { .. } => Exit::Verification,
            Self::NothingBefore { .. } => Exit::NotFound,
            Self::Keeping { source, .. } => match source.kind() {
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Exit::Usage,
                _ => Exit::Failed,
            },
            _ => Exit::Usage,
        }
    }
}
