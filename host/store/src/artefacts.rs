//! The files that a run published.

use encargo_model::{Artefact, Run, RunId};
use sqlx::sqlite::SqliteRow;
use sqlx::{Connection, Row, SqliteConnection};

use crate::turn::begin;
use crate::{Store, StoreError};

impl Store {
    /// What a run published, in its order.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn artefacts(&self, run: RunId) -> Result<Vec<Artefact>, StoreError> {
        let of_run = "SELECT name, path, bytes, sha256 FROM artefacts WHERE run = $1 ORDER BY position";
        let mut connection = self.connection().await;
        let rows = sqlx::query(of_run).bind(run.0).fetch_all(&mut *connection).await.map_err(self.failed())?;
        rows.iter().map(artefact).collect::<Result<_, _>>().map_err(self.failed())
    }

    /// Records that a run published a file, while the run goes on.
    ///
    /// # Errors
    /// `TakenOver` when the run is not this attempt's any more; the store cannot be written.
    pub async fn publish(&self, run: &Run, artefact: &Artefact) -> Result<(), StoreError> {
        let mut connection = self.connection().await;
        let mut transaction = begin!(self, connection);
        let own = "SELECT count(*) FROM runs WHERE id = $1 AND attempts = $2 AND status = 'running'";
        let own = sqlx::query_scalar::<_, bool>(own).bind(run.id.0).bind(run.attempts).fetch_one(&mut *transaction);
        if !own.await.map_err(self.failed())? {
            return Err(StoreError::TakenOver { run: run.id });
        }
        add(&mut transaction, run.id, std::slice::from_ref(artefact)).await.map_err(self.failed())?;
        let done = "DELETE FROM publishing WHERE path = $1 AND run IN (SELECT id FROM runs WHERE command = $2)";
        let done = sqlx::query(done).bind(&artefact.path).bind(&run.command).execute(&mut *transaction);
        done.await.map_err(self.failed())?;
        transaction.commit().await.map_err(self.failed())
    }

    /// Records what a run is about to publish at a path, since it may be killed before it can say that it did.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn announce(&self, run: &Run, path: &str, sha256: &str) -> Result<(), StoreError> {
        let own = "INSERT INTO publishing (run, path, sha256) SELECT id, $3, $4 FROM runs
            WHERE id = $1 AND attempts = $2 AND status = 'running' ON CONFLICT DO NOTHING";
        let mut connection = self.connection().await;
        let announced = sqlx::query(own).bind(run.id.0).bind(run.attempts).bind(path).bind(sha256);
        announced.execute(&mut *connection).await.map_err(self.failed())?;
        Ok(())
    }

    /// The SHA-256 in hexadecimal of what this command published at this path: what its last run did, and what runs were
    /// about to that could not say that it was done.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn published(&self, command: &str, path: &str) -> Result<Vec<String>, StoreError> {
        let known = "SELECT sha256 FROM (SELECT artefacts.sha256 FROM artefacts JOIN runs ON runs.id = artefacts.run
                WHERE artefacts.path = $1 AND runs.command = $2 ORDER BY runs.id DESC, artefacts.position DESC LIMIT 1)
            UNION SELECT publishing.sha256 FROM publishing JOIN runs ON runs.id = publishing.run
                WHERE publishing.path = $1 AND runs.command = $2";
        let mut connection = self.connection().await;
        let rows = sqlx::query_scalar(known).bind(path).bind(command).fetch_all(&mut *connection).await;
        rows.map_err(self.failed())
    }
}

/// Adds them behind those of earlier attempts.
pub(crate) async fn add(
    connection: &mut SqliteConnection,
    run: RunId,
    published: &[Artefact],
) -> Result<(), sqlx::Error> {
    let next = "INSERT INTO artefacts (run, position, name, path, bytes, sha256)
        SELECT $1, coalesce(max(position), 0) + 1, $2, $3, $4, $5 FROM artefacts WHERE run = $1";
    for Artefact { name, path, bytes, sha256 } in published {
        let bytes = i64::try_from(*bytes).unwrap_or(i64::MAX);
        sqlx::query(next).bind(run.0).bind(name).bind(path).bind(bytes).bind(sha256).execute(&mut *connection).await?;
    }
    Ok(())
}

fn artefact(row: &SqliteRow) -> Result<Artefact, sqlx::Error> {
    Ok(Artefact {
        name: row.try_get("name")?,
        path: row.try_get("path")?,
        bytes: row.try_get("bytes")?,
        sha256: row.try_get("sha256")?,
    })
}

#[cfg(test)]
mod tests {
    use encargo_model::{RunStatus, Timestamp};

    use super::*;
    use crate::samples::{Folder, at, block_on, now, run_of};

    fn artefact(path: &str, sha256: &str) -> Artefact {
        Artefact { name: "a".to_owned(), path: path.to_owned(), bytes: 1, sha256: sha256.to_owned() }
    }

    #[test]
    fn the_newest_record_of_the_same_command_says_what_was_published_at_a_path() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            let published = async |command: &str, path: &str| store.published(command, path).await.unwrap();
            for (id, command, sha256) in [(1, "export", "one"), (2, "export", "two"), (3, "other", "three")] {
                let run = run_of(id, command, None);
                store.begin_run(&at(&run), &now(0)).await.unwrap();
                // What is published is known before the run has ended, and stays when it is killed.
                store.announce(&run, "/a", "killed").await.unwrap();
                store.announce(&run, "/a", sha256).await.unwrap();
                assert!(published(command, "/a").await.contains(&sha256.to_owned()), "known before it is there");
                store.publish(&run, &artefact("/a", sha256)).await.unwrap();
                assert_eq!(published(command, "/a").await, [sha256]);
                let ended = Run { status: RunStatus::Succeeded, ..run.clone() };
                store.end_run(&ended, &[artefact("/b", sha256)], Timestamp(1)).await.unwrap();
                assert_eq!(store.artefacts(run.id).await.unwrap().len(), 2);
                let late = store.publish(&run, &artefact("/late", sha256)).await;
                assert!(matches!(late, Err(StoreError::TakenOver { .. })));
            }
            assert_eq!(published("export", "/a").await, ["two"]);
            assert_eq!(published("other", "/b").await, ["three"]);
            assert!(published("export", "/c").await.is_empty() && published("none", "/a").await.is_empty());
        });
    }
}
