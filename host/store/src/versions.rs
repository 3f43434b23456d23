//! The versions of a command that ever ran.

use encargo_model::{Digest, Tier, Timestamp};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use crate::row::word;
use crate::{Store, StoreError};

/// A component that ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// What identifies it.
    pub digest: Digest,
    /// What its author calls it.
    pub version: String,
    /// Whose it was.
    pub tier: Tier,
    /// Where it came from: `packaged` or a file's path.
    pub source: String,
    /// When a run of it first began.
    pub first_seen_at: Timestamp,
}

impl Store {
    /// The versions of a command that ever ran, newest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn versions(&self, command: &str) -> Result<Vec<Version>, StoreError> {
        let of_command = "SELECT digest, version, tier, source, first_seen_at FROM versions WHERE command = $1
            ORDER BY first_seen_at DESC, digest";
        let mut connection = self.connection().await;
        let rows = sqlx::query(of_command).bind(command).fetch_all(&mut *connection).await.map_err(self.failed())?;
        rows.iter().map(version).collect::<Result<_, _>>().map_err(self.failed())
    }
}

fn version(row: &SqliteRow) -> Result<Version, sqlx::Error> {
    Ok(Version {
        digest: Digest(row.try_get("digest")?),
        version: row.try_get("version")?,
        tier: word(row, "tier", Tier::from_word)?,
        source: row.try_get("source")?,
        first_seen_at: Timestamp(row.try_get("first_seen_at")?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{Folder, at, block_on, now, run_of};

    #[test]
    fn every_component_that_ran_is_known_from_its_first_run_on() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            for (id, digest) in [(1, "aa"), (2, "bb"), (3, "aa")] {
                let mut run = run_of(id, "cleanup", None);
                run.digest = Digest(digest.to_owned());
                store.begin_run(&at(&run), &now(id)).await.unwrap();
                store.end_run(&run_ended(run), &[], Timestamp(id)).await.unwrap();
            }
            let seen = store.versions("cleanup").await.unwrap();
            let seen: Vec<_> =
                seen.iter().map(|version| (version.digest.0.as_str(), version.first_seen_at.0)).collect();
            assert_eq!(seen, [("bb", 2), ("aa", 1)]);
        });
    }

    fn run_ended(run: encargo_model::Run) -> encargo_model::Run {
        encargo_model::Run { status: encargo_model::RunStatus::Succeeded, ..run }
    }
}
