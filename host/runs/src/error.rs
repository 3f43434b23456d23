//! Why a run was not started.

use encargo_catalog::CatalogError;
use encargo_engine::{BackendError, LoadError, PathProblem, PlatformError};
use encargo_model::{Exit, RunId, Text, Timestamp, Worded, english_display, text};
use encargo_store::StoreError;

use crate::arguments::ArgumentProblem;

/// Why a run was not started; nothing of it is recorded.
#[derive(Debug)]
pub enum StartError {
    /// No such command, or a broken one.
    Catalog(CatalogError),
    /// The component cannot be made ready.
    Load {
        /// The command.
        command: String,
        /// Why.
        source: LoadError,
    },
    /// Arguments that do not fit the description.
    Arguments(Vec<ArgumentProblem>),
    /// A path argument that cannot be used.
    Path(PathProblem),
    /// No tenant of this name.
    UnknownTenant {
        /// As it was written.
        slug: String,
        /// Near names.
        similar: Vec<String>,
    },
    /// `--tenant` names another tenant than the one whose own command it is.
    OtherTenant {
        /// The command.
        command: String,
        /// The tenant whose own it is.
        slug: String,
    },
    /// The tenant whose own command it is is there no more.
    OwnerGone {
        /// The command.
        command: String,
        /// The tenant.
        slug: String,
    },
    /// A name that no tenant can have.
    BadTenant(Text),
    /// `--tenant` is missing and there is no default tenant.
    NoDefaultTenant {
        /// The command.
        command: String,
        /// All tenants.
        known: Vec<String>,
    },
    /// There is no tenant at all, or all were excluded.
    NoTenants {
        /// The command.
        command: String,
    },
    /// Several tenants and one output file.
    SingleOutput(String),
    /// Another run holds the lock.
    LockHeld {
        /// The command.
        command: String,
        /// The tenant.
        tenant: Option<String>,
        /// Who holds it.
        run: RunId,
        /// In which process.
        pid: u32,
        /// Since when.
        since: Timestamp,
        /// The exit code that the caller asked for.
        code: u8,
    },
    /// There is nothing to go on with.
    NothingToResume(String),
    /// The engine store cannot be used.
    Store(StoreError),
    /// A tenant's file is damaged or of another schema.
    TenantFile(PlatformError),
    /// The machine has no room for one more thread.
    Thread(String),
    /// The platform cannot be used.
    Platform(BackendError),
}

impl Worded for StartError {
    fn text(&self) -> Text {
        match self {
            Self::Catalog(error) => error.text(),
            Self::Load { command, source } => {
                text!(
                    "`{command}` cannot be run: {source}",
                    "no se puede ejecutar `{command}`: {source}",
                    source = source
                )
            }
            Self::Arguments(problems) => Text::joined(problems.iter().map(ArgumentProblem::text), "; "),
            Self::Path(problem) => problem.text(),
            Self::UnknownTenant { slug, .. } => {
                text!("there is no tenant `{slug}`", "no existe el inquilino `{slug}`")
            }
            Self::OtherTenant { command, slug } => text!(
                "`{command}` is the own command of the tenant `{slug}` and runs in no other; leave --tenant out",
                "`{command}` es el comando propio del inquilino `{slug}` y no se ejecuta en otro; quite --tenant"
            ),
            Self::OwnerGone { command, slug } => text!(
                "the tenant `{slug}`, whose own command `{command}` is, is there no more; `encargo commands remove {command}` takes it away",
                "el inquilino `{slug}`, del que es el comando `{command}`, ya no está; `encargo commands remove {command}` lo retira"
            ),
            Self::BadTenant(problem) => problem.clone(),
            Self::NoDefaultTenant { command, known } => text!(
                "`{command}` works in one tenant and there is no default one; choose with --tenant: {}",
                "`{command}` trabaja en un inquilino y no hay ninguno por omisión; elija con --tenant: {}";
                known.join(", ")
            ),
            Self::NoTenants { command } => text!(
                "there is no tenant to run `{command}` in; `encargo init_system` makes one",
                "no hay inquilino en el que ejecutar `{command}`; `encargo init_system` crea uno"
            ),
            Self::SingleOutput(path) => text!(
                "several tenants cannot write into the one file `{path}`; name a folder, and each gets its own in it",
                "varios inquilinos no pueden escribir en un solo archivo `{path}`; indique una carpeta, y cada uno tendrá la suya dentro"
            ),
            Self::LockHeld { command, tenant, run, pid, since, .. } => {
                let (of, de) = match tenant {
                    Some(tenant) => (format!(" for `{tenant}`"), format!(" para `{tenant}`")),
                    None => (String::new(), String::new()),
                };
                Text::both(
                    format!("`{command}` is already running{of} as {run} (process {pid}, since {since})"),
                    format!("`{command}` ya se está ejecutando{de} como {run} (proceso {pid}, desde {since})"),
                )
            }
            Self::NothingToResume(command) => text!(
                "there is no interrupted run of `{command}` with these arguments and this input to go on with",
                "no hay ejecución interrumpida de `{command}` con estos argumentos y esta entrada que continuar"
            ),
            Self::Store(error) => error.text(),
            Self::TenantFile(error) => error.text(),
            Self::Thread(problem) => text!(
                "no thread could be started for the run: {problem}",
                "no se pudo iniciar un hilo para la ejecución: {problem}"
            ),
            Self::Platform(error) => error.in_full(),
        }
    }
}

impl StartError {
    /// The exit code of the process.
    pub fn code(&self) -> u8 {
        match self {
            Self::LockHeld { code, .. } => *code,
            other => other.exit().code(),
        }
    }

    /// The exit code in the common table.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Catalog(error) => error.exit(),
            Self::Load { source, .. } => source.exit(),
            Self::Path(problem) => problem.exit(),
            Self::Store(error) => error.exit(),
            Self::Platform(error) => error.code.exit(),
            Self::TenantFile(error) => error.exit(),
            Self::Thread(_) => Exit::Failed,
            Self::UnknownTenant { .. } | Self::OwnerGone { .. } | Self::NothingToResume(_) | Self::NoTenants { .. } => {
                Exit::NotFound
            }
            Self::LockHeld { .. } => Exit::LockHeld,
            Self::Arguments(_)
            | Self::BadTenant(_)
            | Self::OtherTenant { .. }
            | Self::NoDefaultTenant { .. }
            | Self::SingleOutput(_) => Exit::Usage,
        }
    }

    /// The word for programs.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Catalog(_) => "unknown-command",
            Self::Load { source, .. } => source.word(),
            Self::Arguments(_) => "invalid-arguments",
            Self::Path(_) => "bad-path",
            Self::UnknownTenant { .. } | Self::OwnerGone { .. } | Self::NoTenants { .. } => "not-found",
            Self::BadTenant(_) | Self::OtherTenant { .. } | Self::NoDefaultTenant { .. } | Self::SingleOutput(_) => {
                "usage"
            }
            Self::LockHeld { .. } => "lock-held",
            Self::NothingToResume(_) => "nothing-to-resume",
            Self::Store(_) => "engine-store",
            Self::TenantFile(_) => "tenant-file",
            Self::Thread(_) => "no-thread",
            Self::Platform(error) => error.code.as_str(),
        }
    }

    /// The way out, where there is one to name.
    pub fn hint(&self) -> Option<Text> {
        match self {
            Self::UnknownTenant { similar, .. } if !similar.is_empty() => {
                let names = similar.iter().map(|slug| format!("`{slug}`")).collect::<Vec<_>>();
                Some(text!("did you mean {}?", "¿quería decir {}?"; names.join(" / ")))
            }
            Self::UnknownTenant { slug, .. } => Some(text!(
                "`encargo init_system --tenant={slug}` makes it",
                "`encargo init_system --tenant={slug}` lo crea"
            )),
            Self::LockHeld { run, .. } => Some(text!(
                "wait with --wait-lock 5m, or look at it with `encargo runs show {run}`",
                "espere con --wait-lock 5m, o mírela con `encargo runs show {run}`"
            )),
            Self::NothingToResume(_) => {
                Some(text!("leave --resume out to begin anew", "quite --resume para empezar de nuevo"))
            }
            _ => None,
        }
    }
}

english_display!(StartError);

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Catalog(error) => Some(error),
            Self::Load { source, .. } => Some(source),
            Self::Path(problem) => Some(problem),
            Self::Store(error) => Some(error),
            Self::TenantFile(error) => Some(error),
            Self::Platform(error) => Some(error),
            _ => None,
        }
    }
}

macro_rules! from {
    ($($error:ty => $variant:ident,)*) => {
        $(
            impl From<$error> for StartError {
                fn from(error: $error) -> Self {
                    Self::$variant(error)
                }
            }
        )*
    };
}

from! {
    CatalogError => Catalog,
    PathProblem => Path,
    StoreError => Store,
    PlatformError => TenantFile,
    BackendError => Platform,
}

#[cfg(test)]
mod tests;
