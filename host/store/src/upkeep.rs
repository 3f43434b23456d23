//! When pieces of upkeep of tenants' rows were last done.

use encargo_model::Timestamp;

use crate::{Store, StoreError};

impl Store {
    /// When this piece of upkeep was last done to its end for the tenant of this id.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn upkeep_done_at(&self, tenant: i64, task: &str) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT done_at FROM tenant_upkeep WHERE tenant = $1 AND task = $2";
        let mut connection = self.connection().await;
        let found = sqlx::query_scalar(sql).bind(tenant).bind(task).fetch_optional(&mut *connection).await;
        found.map(|at: Option<i64>| at.map(Timestamp)).map_err(self.failed())
    }

    /// Remembers that it is done.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn upkeep_done(&self, tenant: i64, task: &str, now: Timestamp) -> Result<(), StoreError> {
        let sql = "INSERT INTO tenant_upkeep (tenant, task, done_at) VALUES ($1, $2, $3)
            ON CONFLICT (tenant, task) DO UPDATE SET done_at = excluded.done_at";
        let mut connection = self.connection().await;
        let written = sqlx::query(sql).bind(tenant).bind(task).bind(now.0).execute(&mut *connection).await;
        written.map(drop).map_err(self.failed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{Folder, block_on};

    #[test]
    fn each_tenants_upkeep_has_a_time_of_its_own() {
        block_on(async {
            let folder = Folder::new().await;
            let store = folder.open().await;
            store.upkeep_done(1, "analyze", Timestamp(5)).await.unwrap();
            store.upkeep_done(1, "analyze", Timestamp(7)).await.unwrap();
            store.upkeep_done(2, "analyze", Timestamp(6)).await.unwrap();
            for (tenant, task, at) in [(1, "analyze", Some(7)), (2, "analyze", Some(6)), (1, "else", None)] {
                assert_eq!(store.upkeep_done_at(tenant, task).await.unwrap(), at.map(Timestamp), "{tenant} {task}");
            }
        });
    }
}
