//! Drills: backups that were restored elsewhere, to see whether they can be.

use encargo_model::Timestamp;
use sqlx::{Connection, Row};

use crate::turn::begin;
use crate::{Store, StoreError};

/// How many are kept.
const KEPT: i64 = 1_000;

/// One drill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drill {
    /// When it began.
    pub at: Timestamp,
    /// The backup, as it is listed.
    pub backup: String,
    /// `restored`, `problems` where what was restored has faults, `failed` where it could not be restored.
    pub outcome: String,
    /// How long the restore took, without the look at what was restored.
    pub milliseconds: u64,
    /// How many files were restored.
    pub files: u64,
    /// How many rows.
    pub rows: u64,
}

impl Store {
    /// Records a drill; the newest thousand are kept.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn record_drill(&self, drill: &Drill) -> Result<(), StoreError> {
        let signed = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let mut connection = self.connection().await;
        let mut transaction = begin!(self, connection);
        let insert = "INSERT OR REPLACE INTO drills (at, backup, outcome, milliseconds, files, rows)
            VALUES ($1, $2, $3, $4, $5, $6)";
        let insert = sqlx::query(insert).bind(drill.at.0).bind(&drill.backup).bind(&drill.outcome);
        let insert = insert.bind(signed(drill.milliseconds)).bind(signed(drill.files)).bind(signed(drill.rows));
        insert.execute(&mut *transaction).await.map_err(self.failed())?;
        let forget = "DELETE FROM drills WHERE at < (SELECT at FROM drills ORDER BY at DESC LIMIT 1 OFFSET $1)";
        sqlx::query(forget).bind(KEPT).execute(&mut *transaction).await.map_err(self.failed())?;
        transaction.commit().await.map_err(self.failed())
    }

    /// All drills, the newest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn drills(&self) -> Result<Vec<Drill>, StoreError> {
        let all = "SELECT at, backup, outcome, milliseconds, files, rows FROM drills ORDER BY at DESC, backup";
        let mut connection = self.connection().await;
        let rows = sqlx::query(all).fetch_all(&mut *connection).await.map_err(self.failed())?;
        let drill = |row: &sqlx::sqlite::SqliteRow| {
            let unsigned = |column: &str| row.try_get::<i64, _>(column).map(i64::unsigned_abs);
            Ok(Drill {
                at: Timestamp(row.try_get("at")?),
                backup: row.try_get("backup")?,
                outcome: row.try_get("outcome")?,
                milliseconds: unsigned("milliseconds")?,
                files: unsigned("files")?,
                rows: unsigned("rows")?,
            })
        };
        rows.iter().map(drill).collect::<Result<_, sqlx::Error>>().map_err(self.failed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{Folder, block_on};

    #[test]
    fn drills_are_listed_the_newest_first() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            let drill = |at| Drill {
                at: Timestamp(at),
                backup: "abc".to_owned(),
                outcome: "restored".to_owned(),
                milliseconds: 5,
                files: 2,
                rows: 70,
            };
            for at in [1, 3, 2] {
                store.record_drill(&drill(at)).await.unwrap();
            }
            assert_eq!(store.drills().await.unwrap(), [3, 2, 1].map(drill));
        });
    }
}
