//! The one place that turns an error into a sentence, a hint, a code and an exit code.

use std::io;

use encargo_catalog::CatalogError;
use encargo_engine::{BackendError, EngineError};
use encargo_model::{Exit, Text, Worded, text};
use encargo_runs::{FindError, StartError};
use encargo_store::StoreError;

use crate::wiring::PlatformError;

/// Why there is nothing to show: what the last line on stderr and the `error` of a JSON summary say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// How the process ends.
    pub(crate) exit: Exit,
    /// For programs: a word of the model's error codes, or one that follows from the exit code.
    pub(crate) code: String,
    /// One sentence without a full stop.
    pub(crate) message: Text,
    /// The way out; apart, so that a result with a problem in it stays small.
    pub(crate) hint: Option<Box<Text>>,
}

impl Problem {
    /// A problem whose code follows from its exit code.
    pub(crate) fn new(exit: Exit, message: Text) -> Self {
        Self { exit, code: code_of(exit).to_owned(), message, hint: None }
    }

    /// What the caller wrote cannot be done as it is written.
    pub(crate) fn usage(message: Text) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// The same with a way out.
    #[must_use]
    pub(crate) fn hint(mut self, hint: Text) -> Self {
        self.hint = Some(Box::new(hint));
        self
    }

    /// The same with a way out, where there is one.
    #[must_use]
    pub(crate) fn maybe_hint(mut self, hint: Option<Text>) -> Self {
        self.hint = hint.map(Box::new).or(self.hint);
        self
    }

    /// The same with one way out more behind the first.
    #[must_use]
    pub(crate) fn also(mut self, more: Text) -> Self {
        self.hint = Some(Box::new(match self.hint {
            Some(hint) => hint.map(|language, hint| {
                let gap = if hint.ends_with('?') { " " } else { "; " };
                format!("{hint}{gap}{}", more.get(language))
            }),
            None => more,
        }));
        self
    }

    /// A problem with a file that the caller named.
    pub(crate) fn reading(path: &str, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => {
                Self::new(Exit::NotFound, text!("there is no file `{path}`", "no existe el archivo `{path}`"))
            }
            io::ErrorKind::IsADirectory => Self::usage(text!(
                "`{path}` is a folder and a file is needed",
                "`{path}` es una carpeta y se necesita un archivo"
            )),
            io::ErrorKind::InvalidData => {
                Self::usage(text!("`{path}` is not UTF-8 text", "`{path}` no es texto UTF-8"))
            }
            _ => {
                Self::new(Exit::Failed, text!("`{path}` cannot be read: {error}", "no se puede leer `{path}`: {error}"))
            }
        }
    }
}

/// The word for an exit code where no better one is known.
fn code_of(exit: Exit) -> &'static str {
    match exit {
        Exit::Done => "done",
        Exit::Failed => "failed",
        Exit::Usage => "usage",
        Exit::Partial => "partial",
        Exit::Problems => "problems",
        Exit::Verification => "verification-failed",
        Exit::NotFound => "not-found",
        Exit::LockHeld => "lock-held",
        Exit::WrongKey => "wrong-key",
        Exit::Refused => "refused",
        Exit::Sandbox => "denied",
        Exit::TimedOut => "timeout",
        Exit::Interrupted => "interrupted",
        Exit::Terminated => "terminated",
    }
}

impl From<BackendError> for Problem {
    fn from(error: BackendError) -> Self {
        Self { exit: error.code.exit(), code: error.code.as_str().to_owned(), message: error.in_full(), hint: None }
    }
}

impl From<PlatformError> for Problem {
    fn from(error: PlatformError) -> Self {
        Self::new(error.exit(), error.text())
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::new(error.exit(), error.text())
    }
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        Self::usage(error.text())
    }
}

impl From<CatalogError> for Problem {
    fn from(error: CatalogError) -> Self {
        let hint = match &error {
            CatalogError::Unknown { similar, .. } if similar.is_empty() => Some(see("encargo commands list")),
            CatalogError::Unknown { similar, .. } => Some(did_you_mean(similar)),
            CatalogError::Broken { .. } => Some(text!(
                "build it as a component with the SDK, or take the file away",
                "compílelo como componente con el SDK, o retire el archivo"
            )),
            _ => None,
        };
        Self::new(error.exit(), error.text()).maybe_hint(hint)
    }
}

impl From<FindError> for Problem {
    fn from(error: FindError) -> Self {
        match error {
            FindError::Unknown(_) => Self::new(Exit::NotFound, error.text()),
            FindError::Ambiguous(_) => Self::usage(error.text()),
            FindError::Store(error) => error.into(),
        }
    }
}

impl From<StartError> for Problem {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Catalog(error) => error.into(),
            error => {
                let problem = Self { code: error.word().to_owned(), ..Self::new(error.exit(), error.text()) };
                problem.maybe_hint(error.hint())
            }
        }
    }
}

/// A hint of near names.
pub(crate) fn did_you_mean(similar: &[String]) -> Text {
    let names: Vec<_> = similar.iter().map(|name| format!("`{name}`")).collect();
    let (or, o) = (names.join(" or "), names.join(" o "));
    text!("did you mean {or}?", "¿quería decir {o}?")
}

/// A hint of a line to try.
pub(crate) fn see(line: &str) -> Text {
    text!("see `{line}`", "véase `{line}`")
}
