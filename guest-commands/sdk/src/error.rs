//! Errors: a code for programs and a sentence for people.

use std::io;

pub use crate::bindings::encargo::types::types::{Error, ErrorCode};

/// The result of everything that reaches the host.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error with a code and a sentence without a full stop.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retryable: false }
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
