//! Finds recorded runs.

use std::ops::Range;

use encargo_model::{Run, RunId, RunStatus, Timestamp};
use sqlx::sqlite::SqliteRow;

use crate::row::{self, run_columns};
use crate::{Store, StoreError};

/// What can be gone on with.
macro_rules! resumable {
    () => {
        "NOT dry_run AND settled_at IS NULL AND status IN ('interrupted', 'lost', 'timed-out', 'cancelled', 'failed')"
    };
}

/// Which runs are listed, newest first.
#[derive(Debug, Clone, Default)]
pub struct RunFilter {
    /// Of one command.
    pub command: Option<String>,
    /// Of one tenant.
    pub tenant: Option<String>,
    /// In one state.
    pub status: Option<RunStatus>,
    /// The shares of one run.
    pub parent: Option<RunId>,
    /// Only runs that are no share of another.
    pub top_level: bool,
    /// At most so many.
    pub limit: u32,
}

impl Store {
    /// The run with this id.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn run(&self, id: RunId) -> Result<Option<Run>, StoreError> {
        let by_id = concat!("SELECT ", run_columns!(), " FROM runs WHERE id = $1");
        let mut connection = self.connection().await;
        let row = sqlx::query(by_id).bind(id.0).fetch_optional(&mut *connection).await.map_err(self.failed())?;
        row.as_ref().map(row::run).transpose().map_err(self.failed())
    }

    /// The runs whose shown ids begin so, newest first, ten at most: none, the one, or enough to see that it is not unique.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn find_runs(&self, prefix: &str) -> Result<Vec<Run>, StoreError> {
        // An id's digits are its most significant bits first, so a prefix is a range of ids.
        let edge = |digit: char| format!("{prefix}{}", digit.to_string().repeat(11_usize.saturating_sub(prefix.len())));
        let (Ok(RunId(first)), Ok(RunId(last))) = (edge('0').parse(), edge('z').parse()) else {
            return Ok(Vec::new());
        };
        let in_range =
            concat!("SELECT ", run_columns!(), " FROM runs WHERE id BETWEEN $1 AND $2 ORDER BY id DESC LIMIT 10");
        let mut connection = self.connection().await;
        let rows = sqlx::query(in_range).bind(first).bind(last).fetch_all(&mut *connection).await;
        self.runs(&rows.map_err(self.failed())?)
    }

    /// The runs inside a tenant that began from a time on until before another and took longest, the longest first; dry
    /// runs, and those that have not ended, are left out.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn longest_runs(&self, tenant: &str, began: Range<Timestamp>, most: u32) -> Result<Vec<Run>, StoreError> {
        let longest = concat!(
            "SELECT ",
            run_columns!(),
            " FROM runs WHERE tenant = $1 AND NOT dry_run AND started_at >= $2 AND started_at < $3 AND ended_at IS NOT NULL
            ORDER BY ended_at - started_at DESC, id LIMIT $4"
        );
        let mut connection = self.connection().await;
        let rows = sqlx::query(longest)
            .bind(tenant)
            .bind(began.start.0)
            .bind(began.end.0)
            .bind(most)
            .fetch_all(&mut *connection)
            .await;
        self.runs(&rows.map_err(self.failed())?)
    }

    /// The runs of a filter, newest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn list_runs(&self, filter: &RunFilter) -> Result<Vec<Run>, StoreError> {
        let shares = concat!(
            "SELECT ",
            run_columns!(),
            " FROM runs WHERE parent = $1 AND NOT $2 AND ($3 IS NULL OR command = $3) AND ($4 IS NULL OR tenant = $4)
            AND ($5 IS NULL OR status = $5) ORDER BY id DESC LIMIT $6"
        );
        let all = concat!(
            "SELECT ",
            run_columns!(),
            " FROM runs WHERE $1 IS NULL AND (parent IS NULL OR NOT $2) AND ($3 IS NULL OR command = $3)
            AND ($4 IS NULL OR tenant = $4) AND ($5 IS NULL OR status = $5) ORDER BY id DESC LIMIT $6"
        );
        let mut connection = self.connection().await;
        let rows = sqlx::query(if filter.parent.is_some() { shares } else { all })
            .bind(filter.parent.map(|parent| parent.0))
            .bind(filter.top_level)
            .bind(&filter.command)
            .bind(&filter.tenant)
            .bind(filter.status.map(RunStatus::as_str))
            .bind(filter.limit)
            .fetch_all(&mut *connection)
            .await;
        self.runs(&rows.map_err(self.failed())?)
    }

    /// The run with this id when a resume may go on with it: it ended early, and its work was not finished since.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn resumable(&self, id: RunId) -> Result<Option<Run>, StoreError> {
        let by_id = concat!("SELECT ", run_columns!(), " FROM runs WHERE id = $1 AND ", resumable!());
        let mut connection = self.connection().await;
        let row = sqlx::query(by_id).bind(id.0).fetch_optional(&mut *connection).await.map_err(self.failed())?;
        row.as_ref().map(row::run).transpose().map_err(self.failed())
    }

    /// The newest run with this resume key that a resume may go on with; a dry run left nothing to go on with.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn newest_resumable(&self, resume_key: &str) -> Result<Option<Run>, StoreError> {
        let of_key = concat!(
            "SELECT ",
            run_columns!(),
            " FROM runs WHERE resume_key = $1 AND ",
            resumable!(),
            " ORDER BY id DESC LIMIT 1"
        );
        let mut connection = self.connection().await;
        let row = sqlx::query(of_key).bind(resume_key).fetch_optional(&mut *connection).await.map_err(self.failed())?;
        row.as_ref().map(row::run).transpose().map_err(self.failed())
    }

    fn runs(&self, rows: &[SqliteRow]) -> Result<Vec<Run>, StoreError> {
        rows.iter().map(row::run).collect::<Result<_, _>>().map_err(self.failed())
    }
}

#[cfg(test)]
mod tests {
    use encargo_model::Timestamp;

    use super::*;
    use crate::samples::{Folder, at, block_on, now, run_of};

    async fn record(store: &Store, run: &Run) {
        store.begin_run(&at(run), &now(0)).await.unwrap();
        let ended = Run { status: RunStatus::Succeeded, ended_at: Some(Timestamp(1)), ..run.clone() };
        store.end_run(&ended, &[], Timestamp(1)).await.unwrap();
    }

    #[test]
    fn a_run_is_found_by_the_beginning_of_its_shown_id() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            let [one, near, far] = ["0abcdefghjk", "0abcdefghjm", "0bbbbbbbbbb"].map(|id| id.parse::<RunId>().unwrap());
            for id in [one, near, far] {
                record(&store, &run_of(id.0, "cleanup", None)).await;
            }
            for (prefix, found) in [
                ("0abcdefghjk", &[one][..]),
                ("0ABCDEFGHJM", &[near]),
                ("0a", &[near, one]),
                ("", &[far, near, one]),
                ("1", &[]),
                ("0abcdefghjk0", &[]),
                ("latest", &[]),
                ("%", &[]),
            ] {
                let ids: Vec<_> = store.find_runs(prefix).await.unwrap().iter().map(|run| run.id).collect();
                assert_eq!(ids, found, "{prefix}");
            }
        });
    }

    #[test]
    fn runs_are_listed_by_what_is_asked() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            record(&store, &run_of(1, "cleanup", None)).await;
            for (id, tenant) in [(2, "a"), (3, "b")] {
                record(&store, &Run { parent: Some(RunId(1)), ..run_of(id, "cleanup", Some(tenant)) }).await;
            }
            store.begin_run(&at(&run_of(4, "import", Some("a"))), &now(0)).await.unwrap();

            let all = RunFilter { limit: 10, ..RunFilter::default() };
            let text = |text: &str| Some(text.to_owned());
            for (filter, found) in [
                (all.clone(), &[4, 3, 2, 1][..]),
                (RunFilter { limit: 2, ..all.clone() }, &[4, 3]),
                (RunFilter { top_level: true, ..all.clone() }, &[4, 1]),
                (RunFilter { parent: Some(RunId(1)), ..all.clone() }, &[3, 2]),
                (RunFilter { parent: Some(RunId(1)), tenant: text("b"), ..all.clone() }, &[3]),
                (RunFilter { tenant: text("a"), ..all.clone() }, &[4, 2]),
                (RunFilter { command: text("cleanup"), top_level: true, ..all.clone() }, &[1]),
                (RunFilter { status: Some(RunStatus::Running), ..all.clone() }, &[4]),
            ] {
                let ids: Vec<_> = store.list_runs(&filter).await.unwrap().iter().map(|run| run.id.0).collect();
                assert_eq!(ids, found, "{filter:?}");
            }
        });
    }

    #[test]
    fn the_newest_run_that_can_go_on_is_found_by_its_key() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            for (id, status) in (1..).step_by(2).zip(RunStatus::ALL) {
                let key = format!("of {status}");
                let run = Run { resume_key: key.clone(), ..run_of(id, "cleanup", None) };
                store.begin_run(&at(&run), &now(0)).await.unwrap();
                store.end_run(&Run { status, ..run.clone() }, &[], Timestamp(1)).await.unwrap();
                let dry = Run { id: RunId(id + 1), dry_run: true, ..run };
                if status != RunStatus::Running {
                    store.begin_run(&at(&dry), &now(0)).await.unwrap();
                    store.end_run(&Run { status, ..dry }, &[], Timestamp(1)).await.unwrap();
                }
                assert_eq!(store.resumable(RunId(id)).await.unwrap().is_some(), status.is_resumable(), "{status}");
                assert_eq!(store.resumable(RunId(id + 1)).await.unwrap(), None, "{status}");
                let found = store.newest_resumable(&key).await.unwrap().map(|run| run.id);
                assert_eq!(found, status.is_resumable().then_some(RunId(id)), "{status}");
            }
        });
    }
}
