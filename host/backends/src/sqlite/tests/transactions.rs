//! Transactions, cursors in them, checkpoints, ids.

use encargo_model::{ErrorCode, Kind, TableChange, Value};

use super::support::{Bench, add_chat, code, number, text};
use crate::Database;

const LOG: &str = "INSERT INTO logs (id, level, message, created_at) VALUES ($1, 'info', '', 0)";

fn logs(database: &Database) -> i64 {
    number(database, "SELECT count(*) FROM logs")
}

fn changes(bench: &Bench) -> Vec<(String, u64, u64, u64)> {
    let of = |change: TableChange| {
        assert_eq!(change.tenant.as_deref(), Some("acme"));
        (change.table, change.inserted, change.updated, change.deleted)
    };
    bench.ledger.changes().into_iter().map(of).collect()
}

#[test]
fn only_what_is_committed_stays_and_is_counted() {
    let bench = Bench::new();
    let database = bench.open_fully();
    let transaction = database.begin(true).unwrap();
    assert_eq!(transaction.execute(LOG, &[Value::Integer(1)]), Ok(1));
    assert_eq!(code(database.begin(true).map(|_| ())), ErrorCode::TransactionOpen);
    assert_eq!(code(database.execute(LOG, &[Value::Integer(9)])), ErrorCode::TransactionOpen);
    assert_eq!(logs(&database), 1);
    drop(transaction);
    assert_eq!(logs(&database), 0);

    let transaction = database.begin(true).unwrap();
    transaction.execute(LOG, &[Value::Integer(1)]).unwrap();
    transaction.rollback().unwrap();
    assert_eq!((logs(&database), changes(&bench)), (0, vec![]));

    let transaction = database.begin(true).unwrap();
    transaction.execute(LOG, &[Value::Integer(1)]).unwrap();
    transaction.execute(LOG, &[Value::Integer(2)]).unwrap();
    let failed = "INSERT INTO logs (id, level, message, created_at) VALUES (3, 'info', '', 0), (1, 'info', '', 0)";
    assert_eq!(code(transaction.execute(failed, &[])), ErrorCode::Unique);
    transaction.execute("UPDATE logs SET message = 'x' WHERE id = 2", &[]).unwrap();
    assert_eq!(changes(&bench), []);
    transaction.commit().unwrap();
    assert_eq!(changes(&bench), [("logs".to_owned(), 2, 1, 0)]);
    assert_eq!(database.execute("DELETE FROM logs", &[]), Ok(2));
    assert_eq!(changes(&bench), [("logs".to_owned(), 2, 1, 2)]);
}

#[test]
fn rows_that_a_foreign_key_takes_along_are_counted_and_tombstones_are_not() {
    let bench = Bench::new();
    let database = bench.open_fully();
    add_chat(&database, 1, 3);
    let again = bench.open_fully();
    assert_eq!(again.execute("DELETE FROM chats", &[]), Ok(1));
    let deleted: Vec<_> = changes(&bench).into_iter().map(|(table, _, _, deleted)| (table, deleted)).collect();
    assert_eq!(deleted, [("chats".to_owned(), 1), ("messages".to_owned(), 3), ("sentiments".to_owned(), 3)]);
    assert_eq!(number(&again, "SELECT count(*) FROM deletions"), 4);
}

#[test]
fn a_read_only_transaction_is_a_snapshot_that_refuses_writes() {
    let bench = Bench::new();
    let database = bench.open_fully();
    let transaction = database.begin(false).unwrap();
    bench.open_fully().execute(LOG, &[Value::Integer(1)]).unwrap();
    let mut cursor = transaction.query("SELECT count(*) FROM logs", &[], &[Kind::Integer]).unwrap();
    let batch = cursor.next(1).unwrap().unwrap();
    assert_eq!(batch.columns[0].cells, encargo_model::Cells::Integers(vec![0]));
    for refused in [
        transaction.execute(LOG, &[Value::Integer(2)]).map(|_| ()),
        transaction.query("DELETE FROM logs RETURNING id", &[], &[Kind::Integer]).map(|_| ()),
        transaction.save_checkpoint("x", "x"),
        database.ids(1).map(|_| ()),
    ] {
        assert_eq!(code(refused), ErrorCode::ReadOnly);
    }
    transaction.commit().unwrap();
    assert_eq!(logs(&database), 1);
}

#[test]
fn a_cursor_ends_with_its_transaction() {
    let bench = Bench::new();
    let database = bench.open_fully();
    for id in 1..=3 {
        database.execute(LOG, &[Value::Integer(id)]).unwrap();
    }
    let query = "SELECT id FROM logs ORDER BY id";
    let transaction = database.begin(true).unwrap();
    let mut cursors: Vec<_> = (0..4).map(|_| transaction.query(query, &[], &[Kind::Integer]).unwrap()).collect();
    assert_eq!(code(transaction.query(query, &[], &[Kind::Integer]).map(|_| ())), ErrorCode::Invalid);
    assert_eq!(cursors[0].next(1).unwrap().map(|batch| batch.rows), Some(1));
    cursors.pop();
    cursors.push(transaction.query(query, &[], &[Kind::Integer]).unwrap());
    transaction.commit().unwrap();
    for cursor in &mut cursors {
        assert_eq!(code(cursor.next(1)), ErrorCode::Invalid);
    }
    let transaction = database.begin(true).unwrap();
    let mut cursor = transaction.query(query, &[], &[Kind::Integer]).unwrap();
    assert_eq!(code(cursors[0].next(1)), ErrorCode::Invalid);
    assert_eq!(cursor.next(10).unwrap().map(|batch| batch.rows), Some(3));
    let mut deleting = transaction.query("DELETE FROM logs RETURNING id", &[], &[Kind::Integer]).unwrap();
    assert_eq!(deleting.next(1).unwrap().map(|batch| batch.rows), Some(1));
    transaction.commit().unwrap();
    assert_eq!((logs(&database), changes(&bench)), (0, vec![("logs".to_owned(), 3, 0, 3)]));
}

#[test]
fn a_transaction_that_sqlite_gave_up_is_over() {
    let bench = Bench::new();
    let database = bench.open_fully();
    let transaction = database.begin(true).unwrap();
    transaction.execute(LOG, &[Value::Integer(1)]).unwrap();
    std::thread::scope(|scope| {
        let interrupt = std::sync::Arc::clone(&bench.interrupt);
        scope.spawn(move || {
            interrupt.wait(std::time::Duration::from_millis(50));
            interrupt.raise();
        });
        let endless = "WITH RECURSIVE a(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM a)
                       INSERT INTO logs (id, level, message, created_at) SELECT n, 'info', '', 0 FROM a";
        assert_eq!(code(transaction.execute(endless, &[])), ErrorCode::Cancelled);
    });
    bench.interrupt.lower();
    assert_eq!(code(transaction.execute(LOG, &[Value::Integer(2)])), ErrorCode::Invalid);
    assert_eq!(code(transaction.commit()), ErrorCode::Invalid);
    assert_eq!((logs(&database), changes(&bench)), (0, vec![]));
    database.execute(LOG, &[Value::Integer(3)]).unwrap();
}

#[test]
fn each_loop_has_a_checkpoint_of_its_own() {
    let bench = Bench::new();
    let database = bench.open_fully();
    for (name, checkpoint) in [("chats", "end"), ("logs", "17"), ("logs", "18")] {
        let transaction = database.begin(true).unwrap();
        transaction.save_checkpoint(name, checkpoint).unwrap();
        transaction.commit().unwrap();
    }
    for (name, checkpoint) in [("chats", Some("end")), ("logs", Some("18")), ("files", None)] {
        assert_eq!(database.checkpoint(name), Ok(checkpoint.map(str::to_owned)), "{name}");
    }
    database.clear_checkpoints().unwrap();
    assert_eq!((database.checkpoint("chats"), database.checkpoint("logs")), (Ok(None), Ok(None)));
    let transaction = database.begin(true).unwrap();
    assert_eq!(transaction.save_checkpoint(&"a-1_".repeat(16), ""), Ok(()));
    for name in ["", "Chats", "a b", "a;", "\u{e9}", &"x".repeat(65)] {
        assert_eq!(code(transaction.save_checkpoint(name, "")), ErrorCode::Invalid, "{name}");
        assert_eq!(code(database.checkpoint(name)), ErrorCode::Invalid, "{name}");
    }
}

#[test]
fn all_handles_of_a_tenant_write_into_one_ledger_at_their_commits() {
    let bench = Bench::new();
    let (one, other) = (bench.open_fully(), bench.open_fully());
    one.execute(LOG, &[Value::Integer(1)]).unwrap();
    let transaction = other.begin(true).unwrap();
    transaction.execute(LOG, &[Value::Integer(2)]).unwrap();
    assert_eq!(changes(&bench), [("logs".to_owned(), 1, 0, 0)]);
    transaction.commit().unwrap();
    assert_eq!(changes(&bench), [("logs".to_owned(), 2, 0, 0)]);
    drop(one);
    assert_eq!(changes(&bench), [("logs".to_owned(), 2, 0, 0)]);
}

#[test]
fn a_checkpoint_is_there_when_its_transaction_was_committed() {
    let bench = Bench::new();
    let database = bench.open_fully();
    assert_eq!(database.checkpoint("chats"), Ok(None));
    let transaction = database.begin(true).unwrap();
    transaction.execute(LOG, &[Value::Integer(1)]).unwrap();
    transaction.save_checkpoint("chats", "one").unwrap();
    drop(transaction);
    assert_eq!((database.checkpoint("chats"), logs(&database)), (Ok(None), 0));
    for checkpoint in ["one", "two"] {
        let transaction = database.begin(true).unwrap();
        transaction.save_checkpoint("chats", checkpoint).unwrap();
        transaction.commit().unwrap();
    }
    let mut other = bench.access(&[], encargo_model::Limits::default());
    other.checkpoint_key = "another".to_owned();
    assert_eq!(bench.platform.files().open(&bench.tenant, other).unwrap().checkpoint("chats"), Ok(None));
    assert_eq!(bench.open(&[]).checkpoint("chats"), Ok(Some("two".to_owned())));
    database.clear_checkpoints().unwrap();
    assert_eq!(bench.open(&[]).checkpoint("chats"), Ok(None));
    let transaction = database.begin(true).unwrap();
    assert_eq!(code(transaction.save_checkpoint("chats", &"x".repeat(1 << 20))), ErrorCode::TooLarge);
    drop(transaction);
    assert_eq!(changes(&bench), []);
}

#[test]
fn ids_are_never_given_twice() {
    let bench = Bench::new();
    let (one, other) = (bench.open(&[]), bench.open(&[]));
    let first = one.ids(10).unwrap();
    let second = other.ids(1).unwrap();
    assert!(second >= first + 10);
    let transaction = one.begin(true).unwrap();
    let third = one.ids(5).unwrap();
    transaction.commit().unwrap();
    assert!(third > second && other.ids(1).unwrap() >= third + 5);
    assert!(third < 1 << 53);
    assert_eq!(code(one.ids(2_000_000)), ErrorCode::Invalid);
}

#[test]
fn a_setting_is_read_without_a_permission() {
    let bench = Bench::new();
    let full = bench.open_fully();
    let sql = "INSERT INTO settings (name, value, updated_at) VALUES ($1, $2, 0)";
    full.execute(sql, &[text("retention"), text("{\"days\":30}")]).unwrap();
    let database = bench.open(&[]);
    assert_eq!(database.setting("retention"), Ok(Some("{\"days\":30}".to_owned())));
    assert_eq!(database.setting("nothing"), Ok(None));
}

#[test]
fn a_database_is_idle_when_neither_a_transaction_nor_a_stream_is_open() {
    let bench = Bench::new();
    let database = bench.open_fully();
    assert_eq!(database.check_idle(), Ok(()));
    for read_write in [true, false] {
        let transaction = database.begin(read_write).unwrap();
        assert_eq!(code(database.check_idle()), ErrorCode::TransactionOpen);
        transaction.rollback().unwrap();
        assert_eq!(database.check_idle(), Ok(()));
    }
    let stream = database.stream("SELECT 1", &[], &[Kind::Integer]).unwrap();
    assert_eq!(code(database.check_idle()), ErrorCode::TransactionOpen);
    drop(stream);
    assert_eq!(database.check_idle(), Ok(()));
}

#[test]
fn a_checkpoint_may_have_64_kib_and_none_more() {
    let bench = Bench::new();
    let database = bench.open_fully();
    let transaction = database.begin(true).unwrap();
    let most = 64 << 10;
    assert_eq!(transaction.save_checkpoint("loop", &"x".repeat(most)), Ok(()));
    assert_eq!(code(transaction.save_checkpoint("loop", &"x".repeat(most + 1))), ErrorCode::TooLarge);
}

#[test]
fn ids_go_on_behind_those_of_another_process_whatever_the_clock_says() {
    let bench = Bench::new();
    let database = bench.open_fully();
    let file = rusqlite::Connection::open(bench.platform.data().tenant_db(bench.tenant.id)).unwrap();
    let stored = || file.query_row("SELECT next_id FROM id_blocks WHERE name = 'rows'", [], |row| row.get::<_, i64>(0));
    let first = database.ids(10).unwrap();
    assert_eq!(stored().unwrap(), first + 10);
    let later = first + (1 << 40);
    file.execute("UPDATE id_blocks SET next_id = ?1", [later]).unwrap();
    let next = database.ids(3).unwrap();
    assert!(next >= later);
    assert_eq!(stored().unwrap(), next + 3);
}

#[test]
fn what_a_failed_statement_counted_is_taken_back_also_when_its_rows_are_read() {
    let bench = Bench::new();
    let database = bench.open_fully();
    database.execute(LOG, &[Value::Integer(3)]).unwrap();
    let transaction = database.begin(true).unwrap();
    let sql = "INSERT INTO logs (id, level, message, created_at) \
               WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a WHERE n < 3) SELECT n, 'info', '', 0 FROM a RETURNING id";
    let mut adding = transaction.query(sql, &[], &[Kind::Integer]).unwrap();
    assert_eq!(code(adding.next(10)), ErrorCode::Unique);
    transaction.execute(LOG, &[Value::Integer(9)]).unwrap();
    transaction.commit().unwrap();
    assert_eq!((logs(&database), changes(&bench)), (2, vec![("logs".to_owned(), 2, 0, 0)]));
}
