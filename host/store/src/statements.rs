//! What statements of commands took in tenants' rows, in a table that does not grow without bound.

use encargo_model::{Latency, LoggedStatement, StatementUse, Timestamp};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use crate::row::to_json;
use crate::{Store, StoreError};

/// How many statements of one tenant are remembered: those that took most.
const MOST: i64 = 1_000;

impl Store {
    /// The statements that took most in a tenant's rows, those that took most in all first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn statements(&self, tenant: i64, most: u32) -> Result<Vec<LoggedStatement>, StoreError> {
        let sql = "SELECT * FROM statements WHERE tenant = $1 ORDER BY total_ns DESC, fingerprint LIMIT $2";
        let mut connection = self.connection().await;
        let found = sqlx::query(sql).bind(tenant).bind(most).fetch_all(&mut *connection).await;
        found.and_then(|rows| rows.iter().map(logged).collect()).map_err(self.failed())
    }

    /// The statements of all tenants that runs used which ended at this time or later, those that took most in all first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn statements_since(&self, since: Timestamp, most: u32) -> Result<Vec<LoggedStatement>, StoreError> {
        let sql = "SELECT * FROM statements WHERE last_at >= $1 ORDER BY total_ns DESC, tenant, fingerprint LIMIT $2";
        let mut connection = self.connection().await;
        let found = sqlx::query(sql).bind(since.0).bind(most).fetch_all(&mut *connection).await;
        found.and_then(|rows| rows.iter().map(logged).collect()).map_err(self.failed())
    }
}

fn logged(row: &SqliteRow) -> Result<LoggedStatement, sqlx::Error> {
    let number = |name: &str| row.try_get::<i64, _>(name).map(i64::unsigned_abs);
    Ok(LoggedStatement {
        taken: StatementUse {
            tenant: row.try_get("tenant")?,
            fingerprint: row.try_get("fingerprint")?,
            text: row.try_get("text")?,
            calls: number("calls")?,
            rows: number("rows")?,
            total_ns: number("total_ns")?,
            longest_ns: number("longest_ns")?,
            latency: latency(row.try_get("latency")?),
        },
        command: row.try_get("command")?,
        first_at: Timestamp(row.try_get("first_at")?),
        last_at: Timestamp(row.try_get("last_at")?),
    })
}

/// What cannot be read is as if there were no calls: the sums stand beside it.
fn latency(text: &str) -> Latency {
    serde_json::from_str(text).unwrap_or_default()
}

/// Adds what a run's statements took, and forgets those of a tenant beyond its room that took least.
pub(crate) async fn add(
    connection: &mut SqliteConnection,
    command: &str,
    taken: &[StatementUse],
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    for one in taken {
        let known = "SELECT latency FROM statements WHERE tenant = $1 AND fingerprint = $2";
        let known: Option<String> =
            sqlx::query_scalar(known).bind(one.tenant).bind(&one.fingerprint).fetch_optional(&mut *connection).await?;
        let mut sum = one.latency.clone();
        sum.take_in(&known.as_deref().map(latency).unwrap_or_default());
        let sql = "INSERT INTO statements
                (tenant, fingerprint, text, command, calls, rows, total_ns, longest_ns, latency, first_at, last_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
            ON CONFLICT (tenant, fingerprint) DO UPDATE SET command = excluded.command, calls = calls + excluded.calls,
                rows = rows + excluded.rows, total_ns = total_ns + excluded.total_ns,
                longest_ns = max(longest_ns, excluded.longest_ns), latency = excluded.latency, last_at = excluded.last_at";
        sqlx::query(sql)
            .bind(one.tenant)
            .bind(&one.fingerprint)
            .bind(&one.text)
            .bind(command)
            .bind(signed(one.calls))
            .bind(signed(one.rows))
            .bind(signed(one.total_ns))
            .bind(signed(one.longest_ns))
            .bind(to_json(&sum)?)
            .bind(now.0)
            .execute(&mut *connection)
            .await?;
        if known.is_none() {
            let beyond =
                "DELETE FROM statements WHERE tenant = $1 AND fingerprint IN (SELECT fingerprint FROM statements
                WHERE tenant = $1 ORDER BY total_ns DESC LIMIT -1 OFFSET $2)";
            sqlx::query(beyond).bind(one.tenant).bind(MOST).execute(&mut *connection).await?;
        }
    }
    Ok(())
}

/// Forgets statements that were last run before a time.
pub(crate) async fn forget(connection: &mut SqliteConnection, before: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM statements WHERE last_at < $1").bind(before.0).execute(connection).await.map(drop)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{Folder, at, block_on, now, run};

    fn taken(tenant: i64, fingerprint: &str, nanoseconds: u64) -> StatementUse {
        let mut latency = Latency::default();
        latency.add(nanoseconds);
        let [fingerprint, text] = [fingerprint, "select ?"].map(str::to_owned);
        StatementUse {
            tenant,
            fingerprint,
            text,
            calls: 1,
            rows: 2,
            total_ns: nanoseconds,
            longest_ns: nanoseconds,
            latency,
        }
    }

    #[test]
    fn what_statements_took_is_added_up_by_tenant_and_forgotten_when_it_is_old() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            for (id, taken) in [
                (1, vec![taken(1, "a", 5_000), taken(2, "a", 9_000)]),
                (2, vec![taken(1, "a", 7_000), taken(1, "b", 70_000)]),
            ] {
                store.begin_run(&at(&run(id)), &now(0)).await.unwrap();
                store.end_run_with(&run(id), &[], &taken, Timestamp(id)).await.unwrap();
            }
            let of = async |tenant| {
                let found = store.statements(tenant, 9).await.unwrap();
                let told = |one: LoggedStatement| {
                    (one.taken.fingerprint, one.taken.calls, one.taken.total_ns, one.first_at.0, one.last_at.0)
                };
                found.into_iter().map(told).collect::<Vec<_>>()
            };
            assert_eq!(of(1).await, [("b".to_owned(), 1, 70_000, 2, 2), ("a".to_owned(), 2, 12_000, 1, 2)]);
            assert_eq!(of(2).await, [("a".to_owned(), 1, 9_000, 1, 1)]);
            assert_eq!(store.statements(1, 1).await.unwrap().len(), 1);
            forget(&mut *store.connection().await, Timestamp(2)).await.unwrap();
            assert_eq!((of(1).await.len(), of(2).await.len()), (2, 0));
        });
    }

    #[test]
    fn of_a_tenant_with_too_many_those_that_took_least_are_forgotten() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            let many: Vec<_> = (0..1_100).map(|n| taken(1, &n.to_string(), n * 1_000 + 1)).collect();
            let mut connection = store.connection().await;
            add(&mut connection, "export", &many, Timestamp(0)).await.unwrap();
            drop(connection);
            let left = store.statements(1, 2_000).await.unwrap();
            assert_eq!((left.len() as i64, left[999].taken.fingerprint.as_str()), (MOST, "100"));
        });
    }
}
