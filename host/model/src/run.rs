//! A run: one execution of a command, as it is recorded.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Digest, Exit, Language, Receipt, Report, ResolvedArgument, RunId, Timestamp};

/// The state of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunStatus {
    /// Waits for a worker.
    Queued,
    /// Under way.
    Running,
    /// Done.
    Succeeded,
    /// A check found some.
    Problems,
    /// Some failed, the rest is done.
    Partial,
    /// Ended with an error.
    Failed,
    /// Ended by the wall clock.
    TimedOut,
    /// Ended because someone asked for it.
    Cancelled,
    /// Ended by a signal; a resume goes on.
    Interrupted,
    /// Its process is gone; a resume goes on.
    Lost,
    /// Not started, for a reason that is recorded.
    Skipped,
    /// Waited too long.
    Expired,
}

impl RunStatus {
    /// Every status.
    pub const ALL: [Self; 12] = [
        Self::Queued,
        Self::Running,
        Self::Succeeded,
        Self::Problems,
        Self::Partial,
        Self::Failed,
        Self::TimedOut,
        Self::Cancelled,
        Self::Interrupted,
        Self::Lost,
        Self::Skipped,
        Self::Expired,
    ];

    /// The word, as it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Problems => "problems",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::TimedOut => "timed-out",
            Self::Cancelled => "cancelled",
            Self::Interrupted => "interrupted",
            Self::Lost => "lost",
            Self::Skipped => "skipped",
            Self::Expired => "expired",
        }
    }

    /// The status with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// The status of a run that ended with this code.
    pub const fn of(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::Succeeded,
            Exit::Partial => Self::Partial,
            Exit::Problems => Self::Problems,
            Exit::TimedOut => Self::TimedOut,
            Exit::Interrupted | Exit::Terminated => Self::Interrupted,
            _ => Self::Failed,
        }
    }

    /// Whether a later `--resume` may go on from its checkpoint.
    pub const fn is_resumable(self) -> bool {
        matches!(self, Self::Interrupted | Self::Lost | Self::TimedOut | Self::Cancelled | Self::Failed)
    }
}

impl fmt::Display for RunStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What started a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trigger {
    /// The command line.
    Cli,
    /// Another run: one tenant's share of it.
    Command,
}

impl Trigger {
    /// The word, as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cli => "cli",
            Self::Command => "command",
        }
    }

    /// The trigger with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Cli, Self::Command].into_iter().find(|trigger| trigger.as_str() == word)
    }
}

/// One execution of a command, as it is recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// The run that it is a tenant's share of.
    pub parent: Option<RunId>,
    /// The command's name.
    pub command: String,
    /// The component that ran.
    pub digest: Digest,
    /// The author's version of it.
    pub version: String,
    /// The tenant's slug; `None` for system scope and for the parent of a fan-out.
    pub tenant: Option<String>,
    /// What started it.
    pub trigger: Trigger,
    /// What it was called with, secrets left out.
    pub arguments: Vec<ResolvedArgument>,
    /// Command, tenant, arguments that change the work and digest of the input, hashed: what `--resume` looks for.
    pub resume_key: String,
    /// Whether nothing was to be changed.
    pub dry_run: bool,
    /// The language of its report.
    pub language: Language,
    /// Where it stands.
    pub status: RunStatus,
    /// `None` until it has ended.
    pub exit: Option<Exit>,
    /// The one "now" of the run; a resume keeps it.
    pub started_at: Timestamp,
    /// `None` until it has ended.
    pub ended_at: Option<Timestamp>,
    /// How many tries it had.
    pub attempts: u32,
    /// The command's report.
    pub report: Option<Report>,
    /// Why there is none: a code and a sentence.
    pub error: Option<(String, String)>,
    /// The guest's stack at its end.
    pub backtrace: Option<String>,
    /// What the host saw.
    pub receipt: Receipt,
}

/// How grave a line of the log is, and so from which verbosity on it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogLevel {
    /// For whoever writes the command.
    Debug,
    /// Worth keeping.
    Info,
    /// Said by the command to the person who runs it.
    Said,
    /// Worth a look.
    Warning,
    /// Something went wrong.
    Error,
}

impl LogLevel {
    /// The word, as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Said => "said",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The level with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Debug, Self::Info, Self::Said, Self::Warning, Self::Error]
            .into_iter()
            .find(|level| level.as_str() == word)
    }
}

/// One line of a run's log; control characters are already escaped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// When.
    pub at: Timestamp,
    /// How grave.
    pub level: LogLevel,
    /// What.
    pub message: String,
    /// Key and value, in the guest's order.
    pub fields: Vec<(String, String)>,
}

/// What asks a run to end before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C: exit 130.
    Interrupt,
    /// SIGTERM: exit 143.
    Terminate,
}

/// A file that a run published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artefact {
    /// Its name without its folder.
    pub name: String,
    /// Where it is; `-` for standard output.
    pub path: String,
    /// Its stored size.
    pub bytes: u64,
    /// The SHA-256 of its stored bytes.
    pub sha256: String,
}
