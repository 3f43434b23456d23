//! The start of a run: lost runs cleared away, the lock taken, version, run and attempt recorded, in one transaction.

mod record;
#[cfg(test)]
mod tests;

use std::time::Duration;

use encargo_model::{Run, RunId, Tier, Timestamp};
use sqlx::{Connection, Row, SqliteConnection};

use crate::lost::mark_lost;
use crate::turn::begin;
use crate::{Liveness, Store, StoreError, Worker};

/// What begins.
#[derive(Debug, Clone, Copy)]
pub struct Begin<'a> {
    /// The run. The id of a fresh one is a proposal: it gets this one, or a later one where this is not above all others.
    pub run: &'a Run,
    /// Whose command it is.
    pub tier: Tier,
    /// Where the component came from: `packaged` or a file's path.
    pub source: &'a str,
    /// Who executes it.
    pub worker: &'a Worker,
    /// How long it counts as alive without a renewal.
    pub lease: Duration,
    /// Whether it takes the lock of its command and tenant; what only reads and the parent of a fan-out do not.
    pub locked: bool,
}

/// Whether a run began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// It is recorded and has its lock.
    Started(Started),
    /// Another run holds the lock; nothing of this one is recorded.
    Held(Held),
}

/// What was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// The run's id, which no other run has or had.
    pub run: RunId,
    /// The runs that were found to be lost.
    pub lost: Vec<RunId>,
}

/// Who holds a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The run.
    pub run: RunId,
    /// The process that executes it.
    pub worker: Worker,
    /// When it took the lock.
    pub since: Timestamp,
}

impl Store {
    /// Records a fresh run under an id of its own; it can never go on with another. A run that has ended already is
    /// recorded as that.
    ///
    /// # Errors
    /// `Busy` when another process does not let go of the store; it cannot be written.
    pub async fn begin_run(&self, begin: &Begin<'_>, liveness: &Liveness<'_>) -> Result<Begun, StoreError> {
        self.begin(begin, liveness, false).await
    }

    /// Goes on with a recorded run of this id that has ended, as its next attempt.
    ///
    /// # Errors
    /// `TakenOver` when it is under way, has had that attempt, or its work was finished by another; as [`Store::begin_run`].
    pub async fn resume_run(&self, begin: &Begin<'_>, liveness: &Liveness<'_>) -> Result<Begun, StoreError> {
        self.begin(begin, liveness, true).await
    }

    async fn begin(&self, begin: &Begin<'_>, liveness: &Liveness<'_>, goes_on: bool) -> Result<Begun, StoreError> {
        let mut connection = self.connection().await;
        let mut transaction = begin!(self, connection);
        let lost = mark_lost(&mut transaction, liveness).await.map_err(self.failed())?;
        if let Some(held) = held(&mut transaction, begin).await.map_err(self.failed())? {
            // What is lost is lost, whether or not this run begins.
            transaction.commit().await.map_err(self.failed())?;
            return Ok(Begun::Held(held));
        }
        let run = if !goes_on {
            record::fresh(&mut transaction, begin, liveness.now).await.map_err(self.failed())?
        } else if record::further(&mut transaction, begin, liveness.now).await.map_err(self.failed())? {
            begin.run.id
        } else {
            return Err(StoreError::TakenOver { run: begin.run.id });
        };
        transaction.commit().await.map_err(self.failed())?;
        Ok(Begun::Started(Started { run, lost }))
    }
}

/// Who holds the lock that the run needs.
async fn held(connection: &mut SqliteConnection, begin: &Begin<'_>) -> Result<Option<Held>, sqlx::Error> {
    if !begin.locked {
        return Ok(None);
    }
    let holder = "SELECT run, taken_at, worker_host, worker_pid, worker_started FROM locks
        JOIN runs ON runs.id = locks.run WHERE locks.command = $1 AND locks.tenant = $2";
    let tenant = begin.run.tenant.as_deref().unwrap_or_default();
    let row = sqlx::query(holder).bind(&begin.run.command).bind(tenant).fetch_optional(connection).await?;
    let held = |row| {
        let (run, since) = (RunId(Row::try_get(&row, "run")?), Timestamp(Row::try_get(&row, "taken_at")?));
        Ok(Held { run, worker: Worker::of(&row)?, since })
    };
    row.map(held).transpose()
}
