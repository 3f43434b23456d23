//! The connection that runs statements: what it syncs, what it counts, what it denies.

use std::sync::Arc;

use encargo_model::Limits;

use super::super::connect::{self, Durability};
use super::super::tally::Tally;
use super::support::Bench;

#[test]
fn what_is_kept_is_on_the_disk_at_every_commit_and_a_dry_runs_copy_is_not() {
    let bench = Bench::new();
    let path = bench.platform.data().tenant_db(bench.tenant.id);
    for (durability, synchronous, query_only) in
        [(Durability::Kept, 2, 0), (Durability::Discarded, 0, 0), (Durability::Denied, 0, 1)]
    {
        let access = bench.access(&[], Limits::default());
        let connection = connect::main(&path, &access, durability, &Arc::new(Tally::default())).unwrap();
        let setting = |name| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0)).unwrap();
        assert_eq!((setting("synchronous"), setting("query_only")), (synchronous, query_only));
        for sql in ["ATTACH ':memory:' AS x", "DETACH main", "CREATE VIRTUAL TABLE temp.x USING fts5(a)"] {
            let refused = connection.execute_batch(sql).unwrap_err();
            assert_eq!(
                refused.sqlite_error_code(),
                Some(rusqlite::ErrorCode::AuthorizationForStatementDenied),
                "{sql}"
            );
        }
    }
}

#[test]
fn a_database_that_is_let_go_is_not_interrupted_any_more() {
    let bench = Bench::new();
    let database = bench.open_fully();
    assert!(bench.interrupt.registered() > 0);
    drop(database);
    assert_eq!(bench.interrupt.registered(), 0);
}
