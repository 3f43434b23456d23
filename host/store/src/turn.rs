//! Waits for the turn to write: one process writes at a time, and many may start at once.

use std::time::Duration;

use sqlx::SqliteConnection;
use tokio::time::{Instant, sleep};

/// The longest wait while others get their turns.
const PATIENCE: Duration = Duration::from_secs(120);
/// Between two tries. The driver's own wait comes on top of it, longer for whoever came earlier; after it all are equal.
pub(crate) const PAUSE: Duration = Duration::from_millis(5);

/// Begins a transaction that writes. A macro, because no function can hand a borrowed transaction out of a loop.
macro_rules! begin {
    ($store:expr, $connection:expr) => {{
        let mut turn = $crate::turn::Turn::new();
        loop {
            let error = match $connection.begin_with("BEGIN IMMEDIATE").await {
                Ok(transaction) => break transaction,
                Err(error) => error,
            };
            if !turn.comes(&error, &mut $connection).await {
                return Err($store.failed()(error));
            }
        }
    }};
}
pub(crate) use begin;

/// One transaction's wait.
#[derive(Debug)]
pub(crate) struct Turn {
    begun: Instant,
    /// The number that changes with every transaction of another process, as it was last seen.
    seen: Option<i64>,
}

impl Turn {
    pub(crate) fn new() -> Self {
        Self { begun: Instant::now(), seen: None }
    }

    /// Whether it is worth trying again after this error: others are writing one after the other. One that does not let
    /// go of the file for as long as the driver waits twice is another matter.
    pub(crate) async fn comes(&mut self, error: &sqlx::Error, connection: &mut SqliteConnection) -> bool {
        if !is_busy(error) || self.begun.elapsed() >= PATIENCE {
            return false;
        }
        let now = sqlx::query_scalar("PRAGMA data_version").fetch_one(connection).await.ok();
        let others_write = now.is_some() && self.seen != now;
        let comes = self.seen.is_none() || others_write;
        self.seen = now;
        if comes {
            sleep(PAUSE).await;
        }
        comes
    }
}

/// Whether SQLite said that another process holds the file.
pub(crate) fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == 5)
}

#[cfg(test)]
mod tests {
    use sqlx::Connection;

    use super::*;
    use crate::samples::{Folder, at, block_on, now, run_of};
    use crate::{Store, StoreError, Worker};

    /// A store whose driver hardly waits.
    async fn hasty(folder: &Folder) -> Store {
        let store = folder.open().await;
        sqlx::query("PRAGMA busy_timeout = 500").execute(&mut *store.connection().await).await.unwrap();
        store
    }

    #[test]
    fn a_file_that_one_process_does_not_let_go_of_is_held() {
        block_on(async {
            let folder = Folder::new().await;
            let (store, other) = (hasty(&folder).await, folder.open().await);
            let mut holding = other.connection().await;
            let transaction = holding.begin_with("BEGIN IMMEDIATE").await.unwrap();
            let refused = store.begin_run(&at(&run_of(1, "cleanup", None)), &now(0)).await.unwrap_err();
            let this = Some(std::process::id());
            assert!(matches!(refused, StoreError::Busy { holder, .. } if holder == this), "{refused:?}");
            assert_eq!(refused.exit(), encargo_model::Exit::LockHeld);
            transaction.rollback().await.unwrap();
            store.begin_run(&at(&run_of(1, "cleanup", None)), &now(0)).await.unwrap();
        });
    }

    #[test]
    fn a_turn_comes_after_a_busy_file_alone_once_and_then_while_others_write_and_not_for_ever() {
        block_on(async {
            let folder = Folder::new().await;
            let (store, other) = (hasty(&folder).await, folder.open().await);
            let (mut waiting, mut holding) = (store.connection().await, other.connection().await);
            let mut transaction = holding.begin_with("BEGIN IMMEDIATE").await.unwrap();
            let busy = waiting.begin_with("BEGIN IMMEDIATE").await.map(drop).unwrap_err();
            assert!(is_busy(&busy) && !is_busy(&sqlx::Error::RowNotFound));
            let comes = async |turn: &mut Turn, error: &sqlx::Error, waiting: &mut SqliteConnection| {
                turn.comes(error, waiting).await
            };
            assert!(!comes(&mut Turn::new(), &sqlx::Error::RowNotFound, &mut waiting).await);
            let mut late = Turn { begun: Instant::now() - PATIENCE, seen: None };
            assert!(!comes(&mut late, &busy, &mut waiting).await);
            let mut turn = Turn::new();
            assert!(comes(&mut turn, &busy, &mut waiting).await, "the first time");
            assert!(!comes(&mut turn, &busy, &mut waiting).await, "nobody wrote since");
            sqlx::query("DELETE FROM upkeep").execute(&mut *transaction).await.unwrap();
            sqlx::query("INSERT INTO upkeep VALUES ('x', 1)").execute(&mut *transaction).await.unwrap();
            transaction.commit().await.unwrap();
            assert!(comes(&mut turn, &busy, &mut waiting).await, "another one wrote");
            assert!(!comes(&mut turn, &busy, &mut waiting).await);
        });
    }

    #[test]
    fn whoever_waits_behind_many_gets_its_turn_however_long_that_takes() {
        block_on(async {
            let folder = Folder::new().await;
            let mut writing = tokio::task::JoinSet::new();
            for tenant in 0..24 {
                let store = hasty(&folder).await;
                writing.spawn(async move {
                    for _ in 0..10 {
                        let worker = Worker { host: "here".to_owned(), pid: tenant, started: None };
                        let run = run_of(1, "cleanup", Some(&tenant.to_string()));
                        let begun = store.begin_run(&crate::Begin { worker: &worker, ..at(&run) }, &now(0)).await;
                        let crate::Begun::Started(started) = begun.unwrap() else { panic!("the lock is held") };
                        let run = encargo_model::Run { id: started.run, ..run };
                        store.end_run(&run, &[], encargo_model::Timestamp(1)).await.unwrap();
                    }
                });
            }
            assert_eq!(writing.join_all().await.len(), 24);
            let all = crate::RunFilter { limit: 1_000, ..crate::RunFilter::default() };
            assert_eq!(folder.open().await.list_runs(&all).await.unwrap().len(), 240);
        });
    }
}
