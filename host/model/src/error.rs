//! Errors as a command sees them (`wit/types`), and the exit code that each ends with.

use serde::{Deserialize, Serialize};

use crate::Exit;

macro_rules! error_codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal => $exit:ident,)*) => {
        /// What went wrong, for a program to decide on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum ErrorCode {
            $($(#[$doc])* $name,)*
        }

        impl ErrorCode {
            const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as it stands in JSON, logs and the WIT.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The exit code of a run that ends with this error.
            pub const fn exit(self) -> Exit {
                match self { $(Self::$name => Exit::$exit,)* }
            }
        }
    };
}

error_codes! {
    /// A text with a grammar cannot be read.
    Syntax = "syntax" => Failed,
    /// Not requested by the component or not granted by the operator.
    Denied = "denied" => Sandbox,
    /// A write where only reading is allowed.
    ReadOnly = "read-only" => Failed,
    /// A row with this key is there already.
    Unique = "unique" => Failed,
    /// A reference to a row that is not there.
    ForeignKey = "foreign-key" => Failed,
    /// A missing value.
    NotNull = "not-null" => Failed,
    /// A value that breaks a rule of its table.
    Check = "check" => Failed,
    /// A value of another kind than was asked for.
    TypeMismatch = "type-mismatch" => Failed,
    /// No such tenant, file, table, column or row.
    NotFound = "not-found" => NotFound,
    /// The thing to be made is there already.
    AlreadyExists = "already-exists" => Failed,
    /// A call or an input that makes no sense.
    Invalid = "invalid" => Failed,
    /// Arguments that make no sense together.
    Usage = "usage" => Usage,
    /// Another writer holds the database.
    Busy = "busy" => Failed,
    /// A deadline passed.
    Timeout = "timeout" => TimedOut,
    /// Larger than is taken.
    TooLarge = "too-large" => Failed,
    /// A limit of the run or the tenant is used up.
    Quota = "quota" => Sandbox,
    /// Not while a transaction is open.
    TransactionOpen = "transaction-open" => Failed,
    /// A guard said no.
    Refused = "refused" => Refused,
    /// The key or the password is wrong.
    WrongKey = "wrong-key" => WrongKey,
    /// What was read back is not what was written.
    VerificationFailed = "verification-failed" => Verification,
    /// Another run or process holds the lock.
    Locked = "locked" => LockHeld,
    /// The run was cancelled.
    Cancelled = "cancelled" => Interrupted,
    /// A service that cannot be reached.
    Unavailable = "unavailable" => Failed,
    /// The command could not do its work.
    Failed = "failed" => Failed,
    /// The host is at fault.
    Internal = "internal" => Failed,
}

impl ErrorCode {
    /// The code of this word. The list is open, so one that is not in it is `internal` here, as the WIT says.
    pub fn from_word(word: &str) -> Self {
        Self::ALL.iter().copied().find(|code| code.as_str() == word).unwrap_or(Self::Internal)
    }
}

/// An error in a command's words: a code for programs and a sentence for people, without a full stop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{message}")]
pub struct CommandError {
    /// What went wrong.
    pub code: ErrorCode,
    /// One sentence; never a database's own text, never a physical name.
    pub message: String,
    /// Whether the same call may succeed a little later.
    pub retryable: bool,
}

impl CommandError {
    /// An error that will not go away by itself.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retryable: false }
    }

    /// An error that may be gone at the next try.
    pub fn retryable(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retryable: true }
    }
}
