//! A command's SQL on a tenant's SQLite file.
//!
//! Two connections serve a run. The *gate* is an empty database that has the granted relations and nothing else; it only
//! compiles, with foreign keys and triggers off, so that it sees what the command wrote and not what the schema adds. The
//! *main* connection runs what passed the gate.

mod batches;
mod budget;
mod build;
mod busy;
mod cache;
mod candidates;
mod checkpoints;
mod connect;
mod cursor;
mod database;
mod error;
mod expansion;
mod fingerprint;
mod functions;
mod gate;
mod ids;
mod keeping;
mod pages;
mod placeholders;
mod portable;
mod rights;
mod session;
mod statement;
mod tally;
mod temporary;
mod tokens;
mod transaction;
mod words;
mod write;

pub use budget::{Peaks, bound_memory, forget_peaks, peaks};
pub use build::build_flags;
pub(crate) use candidates::{Columns, Stand, Wanted, stands, wanted};
pub(crate) use connect::{Durability, layer};
pub use cursor::Cursor;
pub use database::Database;
pub(crate) use error::{cancelled, error_of_host};
pub(crate) use fingerprint::{fingerprint, without_values};
pub(crate) use ids::check_count;
pub(crate) use keeping::Keeping;
pub use keeping::Work;
pub use transaction::Transaction;
pub use write::{OnConflict, WriteCounts, WriteSpec};

#[cfg(test)]
mod tests;
