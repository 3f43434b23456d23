//! The lines of a run's log.

use encargo_model::{LogLevel, LogLine, Run, RunId, Timestamp};
use serde_json::json;
use sqlx::sqlite::SqliteRow;
use sqlx::{Connection, Row};

use crate::row::{from_json, to_json, word};
use crate::turn::begin;
use crate::{Store, StoreError};

impl Store {
    /// Adds lines behind those that a run has, in one statement however many they are.
    ///
    /// # Errors
    /// `TakenOver` when the run is not this attempt's any more; the store cannot be written.
    pub async fn append_log(&self, run: &Run, lines: &[LogLine]) -> Result<(), StoreError> {
        if lines.is_empty() {
            return Ok(());
        }
        let behind = "INSERT INTO run_logs (run, line, logged_at, level, message, fields)
            SELECT $1, (SELECT coalesce(max(line), 0) FROM run_logs WHERE run = $1) + 1 + key,
                value ->> 0, value ->> 1, value ->> 2, value ->> 3
            FROM json_each($2)
            WHERE EXISTS (SELECT 1 FROM runs WHERE id = $1 AND attempts = $3 AND status = 'running')";
        let line = |line: &LogLine| Ok(json!([line.at, line.level.as_str(), line.message, to_json(&line.fields)?]));
        let lines =
            lines.iter().map(line).collect::<Result<serde_json::Value, sqlx::Error>>().map_err(self.failed())?;
        let mut connection = self.connection().await;
        let mut transaction = begin!(self, connection);
        let query = sqlx::query(behind).bind(run.id.0).bind(lines.to_string()).bind(run.attempts);
        let added = query.execute(&mut *transaction).await.map_err(self.failed())?.rows_affected();
        transaction.commit().await.map_err(self.failed())?;
        if added == 0 { Err(StoreError::TakenOver { run: run.id }) } else { Ok(()) }
    }

    /// The lines with their numbers, from behind the line `after`, `limit` at most.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn logs(&self, run: RunId, after: Option<i64>, limit: u32) -> Result<Vec<(i64, LogLine)>, StoreError> {
        let page = "SELECT line, logged_at, level, message, fields FROM run_logs
            WHERE run = $1 AND line > $2 ORDER BY line LIMIT $3";
        let mut connection = self.connection().await;
        let rows = sqlx::query(page)
            .bind(run.0)
            .bind(after.unwrap_or(0))
            .bind(limit)
            .fetch_all(&mut *connection)
            .await
            .map_err(self.failed())?;
        rows.iter().map(numbered).collect::<Result<_, _>>().map_err(self.failed())
    }
}

fn numbered(row: &SqliteRow) -> Result<(i64, LogLine), sqlx::Error> {
    let line = LogLine {
        at: Timestamp(row.try_get("logged_at")?),
        level: word(row, "level", LogLevel::from_word)?,
        message: row.try_get("message")?,
        fields: from_json("fields", row.try_get("fields")?)?,
    };
    Ok((row.try_get("line")?, line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{Folder, at, block_on, dead, now, run, run_of};

    fn line(message: &str) -> LogLine {
        let fields = vec![("rows".to_owned(), "3".to_owned()), ("é\"".to_owned(), "\\u{1b}".to_owned())];
        LogLine { at: Timestamp(1_795_000_000_123_456), level: LogLevel::Warning, message: message.to_owned(), fields }
    }

    #[test]
    fn a_log_is_read_page_by_page_and_as_it_was_written() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            let (one, other) = (run(1), run_of(2, "other", None));
            for run in [&one, &other] {
                store.begin_run(&at(run), &now(0)).await.unwrap();
            }
            store.append_log(&one, &[]).await.unwrap();
            store.append_log(&one, &[line("a"), line("'b\n\"")]).await.unwrap();
            store.append_log(&other, &[line("x")]).await.unwrap();
            store.append_log(&one, &[line("c")]).await.unwrap();

            let first = store.logs(one.id, None, 2).await.unwrap();
            assert_eq!(first, [(1, line("a")), (2, line("'b\n\""))]);
            let rest = store.logs(one.id, Some(2), 2).await.unwrap();
            assert_eq!(rest, [(3, line("c"))]);
            assert_eq!(store.logs(one.id, Some(3), 2).await.unwrap(), []);
        });
    }

    #[test]
    fn a_log_is_written_by_the_attempt_that_has_the_run_and_by_no_other() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            let refused = async |run: &Run| {
                let added = store.append_log(run, &[line("a")]).await;
                matches!(added, Err(StoreError::TakenOver { run: of }) if of == run.id)
            };
            let first = run(1);
            assert!(refused(&first).await, "nobody began it");
            store.begin_run(&at(&first), &now(0)).await.unwrap();
            assert!(!refused(&first).await);
            store.mark_lost(&dead(1)).await.unwrap();
            assert!(refused(&first).await, "it is lost");
            let second = Run { attempts: 2, ..first.clone() };
            store.resume_run(&at(&second), &now(2)).await.unwrap();
            assert!(refused(&first).await && !refused(&second).await);
            assert_eq!(store.logs(first.id, None, 9).await.unwrap().len(), 2);
        });
    }
}
