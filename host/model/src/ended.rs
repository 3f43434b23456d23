//! How an attempt ended, as the engine hands it back: every attempt has one, whatever the guest does.

use serde::{Deserialize, Serialize};

use crate::{CommandError, ErrorCode, Exit, Outcome, Receipt, Report, RunStatus};

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    /// The command's report, or why there is none.
    pub result: Result<Report, Failure>,
    /// What the host saw.
    pub receipt: Receipt,
}

/// Why there is no report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Who ended the attempt.
    pub kind: FailureKind,
    /// The error to show and store.
    pub error: CommandError,
    /// The guest's own stack, for `--traceback`.
    pub backtrace: Option<String>,
}

/// Who ended an attempt without a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// The command answered with an error.
    Command,
    /// The guest trapped or panicked.
    Trap,
    /// The guest called `exit`, with whatever code.
    Exited,
    /// The CPU limit.
    CpuLimit,
    /// The wall limit or `--timeout`.
    WallLimit,
    /// The memory limit.
    MemoryLimit,
    /// The stack limit.
    StackLimit,
    /// Too much for one host call.
    HostcallLimit,
    /// Too many calls of the host.
    HostCallsLimit,
    /// Too many open resources.
    HandlesLimit,
    /// A transaction that was open for too long.
    TransactionLimit,
    /// The report was too large.
    ResultLimit,
    /// The guest answered with something that is not a report.
    Garbage,
    /// The machine had no memory left for the guest, which was within its limit.
    OutOfMemory,
    /// Ctrl-C.
    Interrupted,
    /// SIGTERM.
    Terminated,
}

impl FailureKind {
    /// The word, as it stands in JSON and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Trap => "trap",
            Self::Exited => "exited",
            Self::CpuLimit => "cpu-limit",
            Self::WallLimit => "wall-limit",
            Self::MemoryLimit => "memory-limit",
            Self::StackLimit => "stack-limit",
            Self::HostcallLimit => "hostcall-limit",
            Self::HostCallsLimit => "host-calls-limit",
            Self::HandlesLimit => "handles-limit",
            Self::TransactionLimit => "transaction-limit",
            Self::ResultLimit => "result-limit",
            Self::Garbage => "garbage",
            Self::OutOfMemory => "out-of-memory",
            Self::Interrupted => "interrupted",
            Self::Terminated => "terminated",
        }
    }
}

impl Failure {
    /// The exit code that this failure ends with.
    pub fn exit(&self) -> Exit {
        match self.kind {
            FailureKind::Command => self.error.code.exit(),
            FailureKind::Trap | FailureKind::Exited | FailureKind::Garbage | FailureKind::OutOfMemory => Exit::Failed,
            FailureKind::WallLimit => Exit::TimedOut,
            FailureKind::Interrupted => Exit::Interrupted,
            FailureKind::Terminated => Exit::Terminated,
            FailureKind::CpuLimit
            | FailureKind::MemoryLimit
            | FailureKind::StackLimit
            | FailureKind::HostcallLimit
            | FailureKind::HostCallsLimit
            | FailureKind::HandlesLimit
            | FailureKind::TransactionLimit
            | FailureKind::ResultLimit => Exit::Sandbox,
        }
    }

    /// The code that stands in `error.code` of a summary.
    pub fn code(&self) -> &'static str {
        match self.kind {
            FailureKind::Command => self.error.code.as_str(),
            kind => kind.as_str(),
        }
    }
}

impl Ended {
    /// The exit code of the attempt.
    pub fn exit(&self) -> Exit {
        match &self.result {
            Ok(report) => match report.outcome {
                Outcome::Ok => Exit::Done,
                Outcome::Partial => Exit::Partial,
                Outcome::Problems => Exit::Problems,
                Outcome::VerificationFailed => Exit::Verification,
                Outcome::Interrupted => Exit::Interrupted,
                Outcome::Terminated => Exit::Terminated,
                Outcome::NotHere => Exit::NotFound,
            },
            Err(failure) => failure.exit(),
        }
    }

    /// The status that the run gets.
    pub fn status(&self) -> RunStatus {
        match &self.result {
            Err(failure) if failure.code() == ErrorCode::Cancelled.as_str() => RunStatus::Cancelled,
            _ => RunStatus::of(self.exit()),
        }
    }
}
