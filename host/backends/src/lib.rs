//! What commands touch: the platform's databases, the files of a run, and the services around them.
//!
//! Everything blocks. Nothing here knows who calls: permissions come in as data, and every error that a command may
//! see is a [`BackendError`] with a code and a sentence of our own.
#![deny(missing_docs)]

mod access;
pub mod backups;
mod data_dir;
mod error;
mod failure;
pub mod files;
pub mod held;
mod interrupt;
mod ledger;
pub mod made;
mod meter;
pub mod metrics;
mod platform;
pub mod probes;
mod replicas;
pub mod restores;
pub mod schema;
pub mod sqlite;
mod statement_log;

pub use access::Access;
pub use data_dir::DataDir;
pub use error::PlatformError;
pub use failure::BackendError;
pub use files::{
    Destination, Entry, Files, FilesConfig, FilesHost, PathProblem, Published, Sink, Source, StandardInput,
};
pub use interrupt::Interrupt;
pub use ledger::Ledger;
pub use made::MadeMedia;
pub use meter::Meter;
pub use platform::{Advice, Asked, Measures, Pending, Platform, Rebuilt, Registry, TenantFiles, User};
pub use replicas::{Readable, Replicas};
pub use sqlite::{Cursor, Database, OnConflict, Transaction, Work, WriteCounts, WriteSpec};
pub use statement_log::StatementLog;
