//! The engine store, `engine.db`: runs with their attempts, logs and artefacts, locks, added commands, versions and grants.
//!
//! Every commit is an fsync, so what belongs together is one transaction: `begin_run` at a run's start, `end_run` at its
//! end. Rows of a run are fenced by its attempt, so that a process whose run was taken over cannot write to it. A transaction
//! that writes waits for its turn as long as others get theirs (`turn.rs`).
#![deny(missing_docs)]

mod adopt;
mod artefacts;
mod begin;
mod commands;
mod counting;
mod disk;
mod drills;
mod end;
mod error;
mod find;
mod grants;
mod locks;
mod logs;
mod lost;
mod mark;
mod open;
mod orphans;
mod retention;
mod row;
#[cfg(test)]
mod samples;
mod statements;
mod turn;
mod upkeep;
mod versions;

use std::path::PathBuf;
use std::sync::Arc;

use sqlx::SqliteConnection;
use tokio::sync::{Mutex, MutexGuard};

pub use begin::{Begin, Begun, Held, Started};
pub use commands::{AddedCommand, AddedVersion, NewVersion};
pub use counting::RunCount;
pub use disk::{holder_of, written_by_others};
pub use drills::Drill;
pub use error::StoreError;
pub use find::RunFilter;
pub use grants::GrantChanges;
pub use lost::{Liveness, Worker};
pub use open::ToRead;
pub use orphans::{Leftover, UnderWay};
pub use retention::Retention;
pub use versions::Version;

/// The engine store of one data directory; clones share one connection.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    connection: Mutex<SqliteConnection>,
}

impl Store {
    async fn connection(&self) -> MutexGuard<'_, SqliteConnection> {
        self.inner.connection.lock().await
    }

    /// Turns a driver's error into one that names this store's file.
    fn failed(&self) -> impl Fn(sqlx::Error) -> StoreError + '_ {
        |error| StoreError::of(&self.inner.path, &error)
    }
}
