//! Errors: a code for programs and a sentence for people.

use std::io;

use crate::Choice;

pub use crate::bindings::encargo::types::types::Error;

/// What went wrong, for a program to decide on: the codes of `encargo:types`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum ErrorCode {
    /// The SQL, or another text with a grammar, cannot be read.
    Syntax,
    /// The component did not request this, or the operator did not grant it.
    Denied,
    /// A write in a read-only transaction.
    ReadOnly,
    /// A row with this key is there already.
    Unique,
    /// The row refers to one that is not there, or is referred to.
    ForeignKey,
    /// A column that needs a value got none.
    NotNull,
    /// A value breaks a rule of its table.
    Check,
    /// A value is of another kind than was asked for.
    TypeMismatch,
    /// There is no such tenant, file, table, column or row.
    NotFound,
    /// The thing to be made is there already.
    AlreadyExists,
    /// The call makes no sense as it was made.
    Invalid,
    /// The run's arguments make no sense together.
    Usage,
    /// Another writer holds the database.
    Busy,
    /// A deadline passed.
    Timeout,
    /// The batch, text or file is larger than is taken.
    TooLarge,
    /// A limit of the run or the tenant is used up.
    Quota,
    /// This cannot be done while a transaction is open.
    TransactionOpen,
    /// A guard said no.
    Refused,
    /// The key or the password is wrong.
    WrongKey,
    /// What was read back is not what was written.
    VerificationFailed,
    /// Another run or process holds the lock.
    Locked,
    /// The run was cancelled.
    Cancelled,
    /// The service cannot be reached.
    Unavailable,
    /// The command could not do its work.
    Failed,
    /// The host is at fault; also every code that is not known here.
    Internal,
}

/// The result of everything that reaches the host.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error with a code and a sentence without a full stop.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code: code.word().to_owned(), message: message.into(), retryable: false }
    }

    /// What went wrong.
    pub fn code(&self) -> ErrorCode {
        ErrorCode::from_word(&self.code).unwrap_or(ErrorCode::Internal)
    }

    /// Whether it concerns the run as a whole and not what the command was about to do, so that going on with something
    /// else makes no sense.
    pub fn ends_run(&self) -> bool {
        use ErrorCode::{Cancelled, Denied, Quota, Refused, Timeout};
        matches!(self.code(), Denied | Cancelled | Timeout | Quota | Refused)
    }
}

/// The error comes back out when it went in by `From<Error>`; others become `unavailable`.
impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(inner) => inner,
            Err(other) => Self::new(ErrorCode::Unavailable, other.to_string()),
        }
    }
}

impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        Self::other(error)
    }
}

/// Says what was being done when an error came up.
pub trait Context<T> {
    /// Puts `what: ` before the error's sentence; its code stays.
    ///
    /// # Errors
    /// The error, with the words before it.
    fn context(self, what: impl Into<String>) -> Result<T>;
}

impl<T, E: Into<Error>> Context<T> for std::result::Result<T, E> {
    fn context(self, what: impl Into<String>) -> Result<T> {
        self.map_err(|error| {
            let error = error.into();
            Error { message: format!("{}: {}", what.into(), error.message), ..error }
        })
    }
}

/// Ends the function with an error: a code and the sentence in English and Spanish.
#[macro_export]
macro_rules! bail {
    ($code:ident, $en:literal, $es:literal $(,)?) => {
        return Err($crate::error::Error::new($crate::error::ErrorCode::$code, $crate::text!($en, $es)))
    };
}

/// Ends the function with an error unless the condition holds.
#[macro_export]
macro_rules! ensure {
    ($condition:expr, $code:ident, $en:literal, $es:literal $(,)?) => {
        if !$condition {
            $crate::bail!($code, $en, $es);
        }
    };
}
