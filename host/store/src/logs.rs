//! The lines of a run's log, many of them in one row.

mod page;

use encargo_model::{LogLine, Run, RunId};
use sqlx::{Connection, SqliteConnection};

use crate::turn::begin;
use crate::{Store, StoreError};

/// The most lines of one page: a reader that wants one of them reads it whole.
const PAGE: usize = 500;

impl Store {
    /// Adds lines behind those that a run has, in one transaction however many they are.
    ///
    /// # Errors
    /// `TakenOver` when the run is not this attempt's any more; the store cannot be written.
    pub async fn append_log(&self, run: &Run, lines: &[LogLine]) -> Result<(), StoreError> {
        if lines.is_empty() {
            return Ok(());
        }
        // Compressed before the transaction: nobody waits for that.
        let pages = lines.chunks(PAGE).map(|lines| Ok((lines.len(), page::write(lines)?)));
        let pages = pages.collect::<Result<Vec<_>, sqlx::Error>>().map_err(self.failed())?;
        let mut connection = self.connection().await;
        let mut transaction = begin!(self, connection);
        for (lines, page) in &pages {
            if !append(&mut transaction, run, *lines, page).await.map_err(self.failed())? {
                return Err(StoreError::TakenOver { run: run.id });
            }
        }
        transaction.commit().await.map_err(self.failed())
    }

    /// The lines with their numbers, from behind the line `after`, `limit` at most.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn logs(&self, run: RunId, after: Option<i64>, limit: u32) -> Result<Vec<(i64, LogLine)>, StoreError> {
        let mut connection = self.connection().await;
        let (mut after, limit) = (after.unwrap_or(0), limit as usize);
        let mut found = Vec::new();
        while found.len() < limit {
            let page = page_behind(&mut connection, run, after).await.map_err(self.failed())?;
            let Some((last, lines)) = page else { break };
            let first = last + 1 - i64::try_from(lines.len()).unwrap_or(i64::MAX);
            found.extend((first..).zip(lines).filter(|(number, _)| *number > after).take(limit - found.len()));
            after = last;
        }
        Ok(found)
    }
}

/// Adds a page; false when the run is not this attempt's any more.
async fn append(connection: &mut SqliteConnection, run: &Run, lines: usize, page: &[u8]) -> Result<bool, sqlx::Error> {
    let behind = "INSERT INTO run_logs (run, last, lines, page)
        SELECT $1, (SELECT coalesce(max(last), 0) FROM run_logs WHERE run = $1) + $3, $3, $4
        WHERE EXISTS (SELECT 1 FROM runs WHERE id = $1 AND attempts = $2 AND status = 'running')";
    let lines = i64::try_from(lines).unwrap_or(i64::MAX);
    let query = sqlx::query(behind).bind(run.id.0).bind(run.attempts).bind(lines).bind(page);
    Ok(query.execute(connection).await?.rows_affected() == 1)
}

/// The page with the line behind `after`, and the number of its last line.
async fn page_behind(
    connection: &mut SqliteConnection,
    run: RunId,
    after: i64,
) -> Result<Option<(i64, Vec<LogLine>)>, sqlx::Error> {
    let next = "SELECT last, page FROM run_logs WHERE run = $1 AND last > $2 ORDER BY last LIMIT 1";
    let row = sqlx::query_as::<_, (i64, Vec<u8>)>(next).bind(run.0).bind(after).fetch_optional(connection).await?;
    row.map(|(last, page)| Ok((last, page::read(&page)?))).transpose()
}

#[cfg(test)]
mod tests {
    use encargo_model::{LogLevel, Timestamp};

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
    fn a_long_log_takes_less_room_than_its_words_and_every_line_keeps_its_number() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            let run = run(1);
            store.begin_run(&at(&run), &now(0)).await.unwrap();
            let lines: Vec<_> = (1..=1_201).map(|n| line(&format!("item {n} of the import was imported"))).collect();
            store.append_log(&run, &lines[..1_100]).await.unwrap();
            store.append_log(&run, &lines[1_100..]).await.unwrap();
            for (after, limit) in [(None, 2_000), (None, 500), (Some(499), 2), (Some(500), 700), (Some(1_200), 9)] {
                let from = usize::try_from(after.unwrap_or(0)).unwrap();
                let expected = lines[from..].iter().take(limit as usize).cloned();
                let expected: Vec<_> = (after.unwrap_or(0) + 1..).zip(expected).collect();
                assert_eq!(store.logs(run.id, after, limit).await.unwrap(), expected, "{after:?} {limit}");
            }
            let stored = "SELECT count(*), sum(lines), sum(length(page)) FROM run_logs";
            let (pages, stored, bytes): (i64, i64, i64) =
                sqlx::query_as(stored).fetch_one(&mut *store.connection().await).await.unwrap();
            let words: usize = lines.iter().map(|line| line.message.len()).sum();
            assert_eq!((pages, stored), (4, 1_201));
            assert!(usize::try_from(bytes).unwrap() < words / 2, "{bytes} bytes for {words}");
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
