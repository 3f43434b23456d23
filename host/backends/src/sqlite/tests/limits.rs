//! What a statement may take of the host: memory, temporary files, and time to compile.

use std::time::{Duration, Instant};

use encargo_model::{Batch, ErrorCode, Kind, Limits, Value};

use super::support::{Bench, code, integer_column, number, text, text_column};
use crate::{OnConflict, WriteSpec};

/// How long a statement may compile; those below took from 12 s to forever.
const BOUND: Duration = Duration::from_secs(3);

#[test]
fn memory_has_a_limit_that_ends_the_statement_and_nothing_else() {
    let bench = Bench::new();
    let limits = Limits { value_bytes: 4 << 20, sql_memory_bytes: 32 << 20, ..Limits::default() };
    let database = bench.open_within(limits);
    let large = text(&"a".repeat(3 << 20));
    let columns =
        |n: usize, each: &str| (0..n).map(|at| each.replace('@', &at.to_string())).collect::<Vec<_>>().join(", ");
    let endless = "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a WHERE n < 60000)";
    for sql in [
        format!("SELECT {}", columns(60, "$1 || '@'")),
        format!(
            "{endless} SELECT {} FROM a WHERE $1 <> ''",
            columns(60, "string_agg(n || 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@', ',')")
        ),
        format!(
            "SELECT count(*) FROM (SELECT {} UNION SELECT {})",
            columns(30, "upper($1 || '@')"),
            columns(30, "$1 || '@'")
        ),
    ] {
        crate::sqlite::forget_peaks();
        let error = database.execute(&sql, std::slice::from_ref(&large)).unwrap_err();
        assert!(matches!(error.code, ErrorCode::Quota | ErrorCode::TooLarge), "{sql}: {error}");
        assert!(crate::sqlite::peaks().memory <= 32 << 20);
        // The connection and others go on.
        assert_eq!(database.execute("SELECT length($1)", std::slice::from_ref(&large)), Ok(0));
    }
    let error = database.execute(&format!("SELECT {}", columns(60, "$1 || '@'")), &[large]).unwrap_err();
    assert_eq!(error.message.en, "the statement needs more than 33554432 bytes of memory");
}

#[test]
fn temporary_files_have_a_limit() {
    let bench = Bench::new();
    let limits = Limits { temporary_bytes: 8 << 20, sql_memory_bytes: 64 << 20, ..Limits::default() };
    let database = bench.open_within(limits);
    let filler = text(&"x".repeat(1_000));
    let numbers = |n: u32| format!("WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a WHERE n < {n})");
    for rest in [
        "SELECT n, $1 || n AS x FROM a ORDER BY x DESC",
        "SELECT count(*) FROM (SELECT DISTINCT n || $1 FROM a)",
        "SELECT count(*) FROM (SELECT n || $1 FROM a UNION SELECT $1 || n FROM a)",
    ] {
        crate::sqlite::forget_peaks();
        let error =
            database.execute(&format!("{} {rest}", numbers(10_000_000)), std::slice::from_ref(&filler)).unwrap_err();
        assert_eq!(error.code, ErrorCode::Quota, "{rest}: {error}");
        assert_eq!(error.message.en, "the statement needs more than 8388608 bytes of temporary files", "{rest}");
        let peak = crate::sqlite::peaks().temporary;
        assert!(peak > 0 && peak <= 8 << 20, "{peak}");
    }
    // What fits is sorted, and its file is given back.
    for _ in 0..3 {
        let sql = format!("{} SELECT count(*) FROM (SELECT n || $1 AS x FROM a ORDER BY x LIMIT 1000)", numbers(1_000));
        assert_eq!(database.execute(&sql, std::slice::from_ref(&filler)), Ok(0));
    }
}

#[test]
fn temporary_files_lie_beside_the_rows_under_no_name() {
    let bench = Bench::new();
    let database = bench.open(&[]);
    let numbers = "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a WHERE n < 20000)";
    let sql = format!("{numbers} SELECT n || $1 AS x FROM a ORDER BY x");
    let mut cursor = database.stream(&sql, &[text(&"x".repeat(1_000))], &[Kind::Text]).unwrap();
    assert!(cursor.next(1).unwrap().is_some());
    let folder = bench.platform.data().platform_db().parent().unwrap().join("tenants");
    let open =
        std::fs::read_dir("/proc/self/fd").unwrap().filter_map(|entry| std::fs::read_link(entry.unwrap().path()).ok());
    // Where the tests are threads of one process, those of others are open too.
    let sorted: Vec<_> = open.filter(|path| path.to_string_lossy().contains(".encargo-sort-")).collect();
    assert!(sorted.iter().any(|path| path.starts_with(&folder)), "{sorted:?}");
    let named = std::fs::read_dir(&folder)
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with(".encargo-sort-"));
    assert_eq!(named.count(), 0);
}

#[test]
fn a_row_is_not_copied_when_it_is_too_large() {
    let bench = Bench::new();
    let database = bench.open_within(Limits { value_bytes: 1 << 20, ..Limits::default() });
    let large = text(&"a".repeat(1_000_000));
    let kinds = [Kind::Text; 3];
    let two = database.rows("SELECT $1, $1", std::slice::from_ref(&large), &kinds[..2], 1).map(|batch| batch.rows);
    assert_eq!(two, Ok(1));
    let error = database.rows("SELECT $1, $1, $1", &[large], &kinds, 1).unwrap_err();
    assert_eq!(error.code, ErrorCode::TooLarge);
    assert_eq!(error.message.en, "row 1 has more than 2097152 bytes; read fewer of its columns");
}

#[test]
fn values_are_smaller_in_a_statement_of_many_instructions() {
    let bench = Bench::new();
    let database = bench.open(&[]);
    let large = text(&"a".repeat(8 << 20));
    assert_eq!(database.execute("SELECT $1 = $1 AND $1 = upper($1)", std::slice::from_ref(&large)), Ok(0));
    let many = format!("SELECT {}", vec!["$1 = $1"; 250].join(", "));
    let error = database.execute(&many, std::slice::from_ref(&large)).unwrap_err();
    assert_eq!(error.code, ErrorCode::TooLarge, "{error}");
    // The next statement has the whole size again.
    assert_eq!(database.execute("SELECT length($1)", &[large]), Ok(0));
}

#[test]
fn what_grows_without_end_when_it_is_compiled_is_refused_soon() {
    let bench = Bench::new();
    let database = bench.open_fully();
    let chain = |links: usize, first: &str, body: &str| {
        let links: Vec<_> =
            (1..=links).map(|n| format!("c{n} AS ({})", body.replace('@', &format!("c{}", n - 1)))).collect();
        format!("WITH c0 AS ({first}), {} SELECT count(*) FROM c{}", links.join(", "), links.len())
    };
    let nested =
        |n: usize| format!("SELECT 1 WHERE {}1{}", "(SELECT 1 WHERE (".repeat(n), ") BETWEEN 0 AND 2)".repeat(n));
    let tables = |n: usize| (0..n).map(|n| format!("logs t{n}")).collect::<Vec<_>>().join(", ");
    for sql in [
        chain(16, "SELECT 1 AS x", "SELECT a.x FROM @ a, @ b"),
        chain(20, "SELECT 1 AS x", "SELECT a.x FROM @ a, @ b"),
        chain(40, "SELECT id AS x FROM logs", "SELECT x + x AS x FROM @"),
        chain(12, "SELECT id AS x FROM logs", "SELECT x + x + x + x + x + x + x + x AS x FROM @ WHERE x > 1"),
        nested(11),
        format!("VALUES {}", vec!["(1, 2, 3)"; 90_000].join(", ")),
        format!("SELECT 1 WHERE 1 IN ({})", vec!["1"; 330_000].join(", ")),
        format!("SELECT {} FROM logs", vec![vec!["id"; 190].join(" + "); 250].join(", ")),
        format!(
            "INSERT INTO logs (id, level, message, created_at) VALUES {}",
            vec!["(1, 'info', 'message', 12345678)"; 5_000].join(", ")
        ),
        format!("SELECT count(*) FROM {}", tables(64)),
        format!("SELECT {}", vec![format!("(SELECT count(*) FROM {})", tables(30)); 200].join(", ")),
        format!("SELECT 1 FROM logs WHERE {}", vec!["(id = 1 OR created_at = 2 OR message = 'x')"; 150].join(" AND ")),
        format!(
            "SELECT 1 FROM {} WHERE {}",
            tables(20),
            (1..20).map(|n| format!("t{n}.id = t{}.id", n - 1)).collect::<Vec<_>>().join(" AND ")
        ),
    ] {
        let started_at = Instant::now();
        let _ = database.rows(&sql, &[], &[Kind::Integer; 9], 1);
        let took = started_at.elapsed();
        assert!(took < BOUND, "{sql} took {took:?}");
    }
}

/// It counts for ever.
const ENDLESS: &str = "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a) SELECT count(*) FROM a";
const ADD: &str = "INSERT INTO logs (id, level, message, created_at) VALUES ($1, 'info', 'x', 1)";

#[test]
fn a_statement_has_its_time_and_the_run_goes_on() {
    let bench = Bench::new();
    let database = bench.open_within(Limits { statement_seconds: Duration::from_millis(100), ..Limits::default() });
    let late = "the statement took longer than 0.1 s, its limit `statement_seconds`";
    let refused = |error: crate::BackendError| {
        assert_eq!((error.code, error.message.en.as_str()), (ErrorCode::Quota, late));
    };
    refused(database.execute(ENDLESS, &[]).unwrap_err());
    refused(database.rows(ENDLESS, &[], &[Kind::Integer], 1).unwrap_err());
    refused(database.stream(ENDLESS, &[], &[Kind::Integer]).unwrap().next(1).unwrap_err());
    let transaction = database.begin(true).unwrap();
    assert_eq!(transaction.execute(ADD, &[Value::Integer(1)]), Ok(1));
    let error = transaction.execute(&format!("DELETE FROM logs WHERE id > ({ENDLESS})"), &[]).unwrap_err();
    assert_eq!(error.message.en, format!("{late}; the transaction is rolled back"));
    drop(transaction);
    assert_eq!(number(&database, "SELECT count(*) FROM logs"), 0);
    let longest = bench.meter.longest_statement();
    assert!(longest >= Duration::from_millis(100) && longest < BOUND, "{longest:?}");
}

#[test]
fn what_was_open_for_too_long_is_not_committed() {
    let bench = Bench::new();
    let database = bench.open_within(Limits { transaction_seconds: Duration::ZERO, ..Limits::default() });
    let transaction = database.begin(true).unwrap();
    assert_eq!(transaction.execute(ADD, &[Value::Integer(1)]), Ok(1));
    let error = transaction.commit().unwrap_err();
    let words = "the transaction was open for longer than 0 s, its limit `transaction_seconds`; \
                 the transaction is rolled back";
    assert_eq!((error.code, error.message.en.as_str()), (ErrorCode::Quota, words));
    assert_eq!(code(database.execute(ADD, &[Value::Integer(1)])), ErrorCode::Quota);
    assert_eq!(number(&database, "SELECT count(*) FROM logs"), 0);
    assert!(bench.ledger.changes().is_empty());
}

#[test]
fn a_wait_for_another_writer_is_of_no_transaction_and_of_no_statement() {
    let bench = Bench::new();
    let database = bench.open_fully();
    let path = bench.platform.data().platform_db().parent().unwrap().join("tenants/1.db");
    let other = rusqlite::Connection::open(path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let interrupt = std::sync::Arc::clone(&bench.interrupt);
    let writer = std::thread::spawn(move || {
        interrupt.wait(Duration::from_millis(300));
        other.execute_batch("ROLLBACK").unwrap();
    });
    let began = Instant::now();
    let transaction = database.begin(true).unwrap();
    let waited = began.elapsed();
    transaction.rollback().unwrap();
    writer.join().unwrap();
    let longest = bench.meter.longest_transaction(Instant::now());
    assert!(longest > Duration::ZERO && longest < waited, "{longest:?} of {waited:?}");
    assert!(bench.meter.longest_statement() < waited);
}

#[test]
fn a_run_has_so_many_statements_in_all_its_databases_and_batches_of_so_many_rows() {
    let bench = Bench::new();
    let limits = || Limits { statements: 4, batch_rows: 2, ..Limits::default() };
    let [one, two] = [bench.open_within(limits()), bench.open_within(limits())];
    let spec = WriteSpec {
        table: "logs".to_owned(),
        key: vec!["id".to_owned()],
        on_conflict: OnConflict::Fail,
        same_when: None,
    };
    let batch = |ids: &[i64]| Batch {
        rows: u32::try_from(ids.len()).unwrap(),
        columns: vec![
            integer_column("id", ids),
            text_column("level", &vec!["info"; ids.len()]),
            text_column("message", &vec!["x"; ids.len()]),
            integer_column("created_at", &vec![1; ids.len()]),
        ],
    };
    let transaction = one.begin(true).unwrap();
    let error = transaction.write(&spec, &batch(&[1, 2, 3])).unwrap_err();
    let words = "a batch has at most 2 rows, the limit `batch_rows`; this one has 3";
    assert_eq!((error.code, error.message.en.as_str()), (ErrorCode::TooLarge, words));
    assert_eq!(transaction.write(&spec, &batch(&[1, 2])).map(|counts| counts.inserted), Ok(2));
    transaction.commit().unwrap();
    assert_eq!(two.execute("SELECT 1", &[]), Ok(0));
    assert_eq!([number(&one, "SELECT count(*) FROM logs"), number(&two, "SELECT 7")], [2, 7]);
    for database in [&one, &two] {
        let error = database.execute("SELECT 1", &[]).unwrap_err();
        assert_eq!(error.message.en, "the run has had 4 statements, its limit `statements`");
        assert_eq!(error.code, ErrorCode::Quota);
    }
    assert_eq!((bench.meter.statements(), bench.meter.batch_rows()), (4, 2));
}
