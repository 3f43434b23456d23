//! The nouns of Encargo: plain data that every crate speaks in, without input or output.
#![deny(missing_docs)]

mod argument;
mod board;
mod clock;
mod damage;
mod description;
mod disk;
mod ended;
mod error;
mod exit;
mod file_identity;
mod id;
mod language;
mod limits;
mod near;
mod orphan;
mod permission;
mod progress;
mod receipt;
mod report;
mod run;
mod statement;
mod tenant;
mod unseen;
mod value;
mod written;

pub use argument::{ArgumentKind, ArgumentSpec, ArgumentValue, Choice, Origin, PathValue, ResolvedArgument};
pub use board::{Board, Piece, PieceStyle};
pub use clock::{Clock, FixedClock, SystemClock, Timestamp};
pub use damage::{Damage, DamageKind};
pub use description::{
    Constraint, Criticality, Description, Effect, Example, ExitCodeNote, HostFlag, Scope, WithoutTenant,
};
pub use disk::Lack;
pub use ended::{Ended, Failure, FailureKind};
pub use error::{CommandError, ErrorCode};
pub use exit::Exit;
pub use file_identity::FileIdentity;
pub use id::{Digest, RunId, next_id};
pub use language::{Language, Text, Worded};
pub use limits::{LimitUse, Limits, Tier};
pub use near::near_names;
pub use orphan::{Orphan, OrphanKind};
pub use permission::{ARGUMENTS, INSPECTIONS, Permission, RELATIONS, ROOTS, SERVICES, TableAction};
pub use progress::{Progress, Total};
pub use receipt::{FileChange, FileRecord, PageUse, Receipt, TableChange};
pub use report::{Action, Count, Outcome, Report, Table};
pub use run::{Artefact, LogLevel, LogLine, Run, RunStatus, Signal, Trigger};
pub use statement::{Latency, LoggedStatement, StatementUse};
pub use tenant::Tenant;
pub use unseen::is_unseen;
pub use value::{Batch, Blobs, Cells, Column, Kind, Texts, Value};
