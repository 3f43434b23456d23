//! The one place that turns an error into a sentence, a hint, a code and an exit code.

use std::io;

use encargo_model::{CommandError, Exit};

/// Why there is nothing to show: what the last line on stderr and the `error` of a JSON summary say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// How the process ends.
    pub(crate) exit: Exit,
    /// For programs: a word of the model's error codes, or one that follows from the exit code.
    pub(crate) code: String,
    /// One sentence without a full stop.
    pub(crate) message: String,
    /// The way out.
    pub(crate) hint: Option<String>,
}

impl Problem {
    /// A problem whose code follows from its exit code.
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, code: code_of(exit).to_owned(), message: message.into(), hint: None }
    }

    /// What the caller wrote cannot be done as it is written.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// The same with a way out.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same with a way out, where there is one.
    #[must_use]
    pub(crate) fn maybe_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint.or(self.hint);
        self
    }

    /// A problem with a file that the caller named.
    pub(crate) fn reading(path: &str, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::new(Exit::NotFound, format!("there is no file `{path}`")),
            io::ErrorKind::IsADirectory => Self::usage(format!("`{path}` is a folder and a file is needed")),
            io::ErrorKind::InvalidData => Self::usage(format!("`{path}` is not UTF-8 text")),
            _ => Self::new(Exit::Failed, format!("`{path}` cannot be read: {error}")),
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

impl From<CommandError> for Problem {
    fn from(error: CommandError) -> Self {
        Self { exit: error.code.exit(), code: error.code.as_str().to_owned(), message: error.message, hint: None }
    }
}
