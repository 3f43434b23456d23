//! Why a run was not started.

use encargo_catalog::CatalogError;
use encargo_engine::{LoadError, PathProblem, PlatformError};
use encargo_model::{CommandError, Exit, RunId, Timestamp};
use encargo_store::StoreError;

use crate::arguments::ArgumentProblem;

/// Why a run was not started; nothing of it is recorded.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No such command, or a broken one.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The component cannot be made ready.
    #[error("`{command}` cannot be run: {source}")]
    Load {
        /// The command.
        command: String,
        /// Why.
        source: LoadError,
    },
    /// Arguments that do not fit the description.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Arguments(Vec<ArgumentProblem>),
    /// A path argument that cannot be used.
    #[error(transparent)]
    Path(#[from] PathProblem),
    /// No tenant of this name.
    #[error("there is no tenant `{slug}`")]
    UnknownTenant {
        /// As it was written.
        slug: String,
        /// Near names.
        similar: Vec<String>,
    },
    /// A name that no tenant can have.
    #[error("{0}")]
    BadTenant(String),
    /// `--tenant` is missing and there is no default tenant.
    #[error("`{command}` works in one tenant and there is no default one; choose with --tenant: {}", .known.join(", "))]
    NoDefaultTenant {
        /// The command.
        command: String,
        /// All tenants.
        known: Vec<String>,
    },
    /// There is no tenant at all, or all were excluded.
    #[error("there is no tenant to run `{command}` in; `encargo init_system` makes one")]
    NoTenants {
        /// The command.
        command: String,
    },
    /// Several tenants and one output file.
    #[error("several tenants cannot write into the one file `{0}`; name a folder, and each gets its own in it")]
    SingleOutput(String),
    /// Another run holds the lock.
    #[error("`{command}` is already running{} as {run} (process {pid}, since {since})", .tenant.as_ref().map(|tenant| format!(" for `{tenant}`")).unwrap_or_default())]
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
    #[error("there is no interrupted run of `{0}` with these arguments and this input to go on with")]
    NothingToResume(String),
    /// The engine store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A tenant's file is damaged or of another schema.
    #[error(transparent)]
    TenantFile(#[from] PlatformError),
    /// The platform cannot be used.
    #[error(transparent)]
    Platform(#[from] CommandError),
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
            Self::UnknownTenant { .. } | Self::NothingToResume(_) | Self::NoTenants { .. } => Exit::NotFound,
            Self::LockHeld { .. } => Exit::LockHeld,
            Self::Arguments(_) | Self::BadTenant(_) | Self::NoDefaultTenant { .. } | Self::SingleOutput(_) => {
                Exit::Usage
            }
        }
    }

    /// The word for programs.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Catalog(_) => "unknown-command",
            Self::Load { source: LoadError::NotOffered { .. }, .. } => "not-offered",
            Self::Load { .. } => "not-a-command",
            Self::Arguments(_) => "invalid-arguments",
            Self::Path(_) => "bad-path",
            Self::UnknownTenant { .. } | Self::NoTenants { .. } => "not-found",
            Self::BadTenant(_) | Self::NoDefaultTenant { .. } | Self::SingleOutput(_) => "usage",
            Self::LockHeld { .. } => "lock-held",
            Self::NothingToResume(_) => "nothing-to-resume",
            Self::Store(_) => "engine-store",
            Self::TenantFile(_) => "tenant-file",
            Self::Platform(error) => error.code.as_str(),
        }
    }

    /// The way out, where there is one to name.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownTenant { similar, .. } if !similar.is_empty() => Some(format!(
                "did you mean {}?",
                similar.iter().map(|slug| format!("`{slug}`")).collect::<Vec<_>>().join(" or ")
            )),
            Self::UnknownTenant { slug, .. } => Some(format!("`encargo init_system --tenant={slug}` makes it")),
            Self::LockHeld { run, .. } => {
                Some(format!("wait with --wait-lock 5m, or look at it with `encargo runs show {run}`"))
            }
            Self::NothingToResume(_) => Some("leave --resume out to begin anew".to_owned()),
            _ => None,
        }
    }
}
