//! What a command is written with: a struct with `derive(Args)`, a `run`, and `export_command!`.
//!
//! Everything here also compiles natively, so that a command's own logic is tested without Wasm. Only the
//! calls that reach the host need one.
#![deny(missing_docs)]

pub mod args;
pub mod batch;
#[expect(missing_docs, reason = "generated from the WIT, which is documented itself")]
pub mod bindings;
pub mod board;
pub mod choice;
pub mod command;
pub mod database;
pub mod description;
pub mod error;
pub mod files;
pub mod fingerprint;
pub mod formula;
pub mod journal;
pub mod knowledge;
pub mod language;
pub mod log;
pub mod loops;
pub mod maintenance;
pub mod media;
pub mod metrics;
pub mod pages;
pub mod phase;
pub mod probes;
pub mod random;
pub mod report;
pub mod row;
pub mod run;
pub mod secrets;
pub mod settings;
pub mod shape;
pub mod sql;
pub mod stream;
pub mod table;
pub mod tally;
pub mod tenants;
pub mod time;
pub mod transaction;
pub mod upkeep;
pub mod users;
pub mod value;
pub mod writer;

pub use choice::Choice;
pub use encargo_sdk_macros::{Args, Choice, FromRow, ToRow};

// What the derives write names this crate, also in here.
extern crate self as encargo_sdk;

/// What nearly every command uses.
pub mod prelude {
    pub use crate::args::{InputFile, InputFolder, Output, Repository};
    pub use crate::choice::Choices;
    pub use crate::command::Command;
    pub use crate::database::Database;
    pub use crate::error::{Context, Error, ErrorCode, Result};
    pub use crate::language::Language;
    pub use crate::loops::{Loop, Step};
    pub use crate::phase::Phase;
    pub use crate::report::{Action, Outcome, Report};
    pub use crate::row::FromRow;
    pub use crate::run::Run;
    pub use crate::stream::Stream;
    pub use crate::tally::Tally;
    pub use crate::time::{Duration, Instant};
    pub use crate::transaction::Transaction;
    pub use crate::value::{Kind, ToValue, Value};
    pub use crate::writer::{BulkWriter, ToRow, WriteCounts, Writer};
    pub use crate::{
        Args, Choice, FromRow, ToRow, bail, debug, ensure, error, export_command, files, info, statements, table, text,
        warn,
    };
}
