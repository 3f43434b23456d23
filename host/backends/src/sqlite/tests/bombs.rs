//! Statements that would take time or memory past the limits inside one call of SQLite's.

use std::sync::Arc;
use std::time::{Duration, Instant};

use encargo_model::{ErrorCode, Kind, Limits, Value};

use super::support::{Bench, text};

/// How long a call that cannot be interrupted may take; SQLite's own take 6 to 16 seconds.
const BOUND: Duration = Duration::from_secs(3);

#[test]
fn text_functions_take_time_by_the_sum_of_their_lengths() {
    let bench = Bench::new();
    let database = bench.open(&[]);
    let long = text(&"a".repeat(8 << 20));
    let pattern = text(&format!("{}b", "a".repeat(4 << 20)));
    let letters = text(&(0..1 << 20).filter_map(|n| char::from_u32(0x1_0000 + n % 0xf_0000)).collect::<String>());
    for (sql, values) in [
        ("SELECT length(replace($1, $2, 'x'))", vec![long.clone(), pattern]),
        ("SELECT length(trim($1, $2))", vec![long.clone(), letters.clone()]),
        ("SELECT length(ltrim($1, $2))", vec![letters.clone(), letters.clone()]),
        ("SELECT length(rtrim($1, $2))", vec![letters.clone(), letters]),
        ("SELECT $1 LIKE $2", vec![long, text(&"%a".repeat(490))]),
    ] {
        let started_at = Instant::now();
        assert_eq!(database.execute(sql, &values), Ok(0), "{sql}");
        assert!(started_at.elapsed() < BOUND, "{sql} took {:?}", started_at.elapsed());
    }
}

#[test]
fn what_makes_large_values_is_bounded() {
    let bench = Bench::new();
    let database = bench.open_within(Limits { value_bytes: 1 << 20, ..Limits::default() });
    let part = text(&"a".repeat(1_000));
    let endless = "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a WHERE n < 100000)";
    for sql in [
        format!("{endless} SELECT length(string_agg($1, '')) FROM a"),
        format!("{endless} SELECT length(string_agg($1, ',')) FROM a"),
        "SELECT replace(replace(replace($1, 'a', $1), 'a', $1), 'a', $1)".to_owned(),
        "WITH RECURSIVE a(x) AS (SELECT $1 UNION ALL SELECT x || x FROM a) SELECT max(length(x)) FROM a".to_owned(),
        format!("SELECT {}", ["replace($1, 'a', $1)"; 3].join(" || ")),
    ] {
        let error = database.execute(&sql, std::slice::from_ref(&part)).unwrap_err();
        assert!(matches!(error.code, ErrorCode::TooLarge | ErrorCode::Invalid), "{sql}: {error:?}");
    }
    let long = text(&"%_".repeat(501));
    let error = database.execute("SELECT 'a' LIKE $1", &[long]).unwrap_err();
    assert_eq!(error.message.en, "a LIKE pattern has at most 1000 bytes");
}

#[test]
fn long_statements_end_soon_after_the_flag_goes_up() {
    let bench = Bench::new();
    let database = bench.open_fully();
    let wide = format!(
        "SELECT count(*) FROM {}",
        (0..8)
            .map(|n| format!("(SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5) t{n}"))
            .collect::<Vec<_>>()
            .join(", ")
    );
    let numbers = "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a)";
    for (sql, values) in [
        (format!("{numbers} SELECT count(*) FROM a"), vec![]),
        (format!("{numbers} SELECT n FROM a ORDER BY n DESC"), vec![]),
        (format!("{numbers} SELECT count(DISTINCT n) FROM a"), vec![]),
        (format!("{wide}, {}", wide.trim_start_matches("SELECT count(*) FROM ").replace(" t", " u")), vec![]),
        (format!("{numbers} SELECT sum($1 LIKE '%a_b%') FROM a"), vec![text(&"a".repeat(4 << 20))]),
        (format!("{numbers} INSERT INTO logs (id, level, message, created_at) SELECT n, 'info', '', 0 FROM a"), vec![]),
    ] {
        let raised_at = std::thread::scope(|scope| {
            let interrupt = Arc::clone(&bench.interrupt);
            let raiser = scope.spawn(move || {
                interrupt.wait(Duration::from_millis(100));
                interrupt.raise();
                Instant::now()
            });
            let error = database.execute(&sql, &values).unwrap_err();
            assert_eq!(error.code, ErrorCode::Cancelled, "{sql}");
            raiser.join().unwrap()
        });
        assert!(raised_at.elapsed() < BOUND, "{sql} went on for {:?}", raised_at.elapsed());
        bench.interrupt.lower();
    }
    assert_eq!(database.execute("DELETE FROM logs WHERE id > $1", &[Value::Integer(0)]), Ok(0));
}

#[test]
fn a_wait_for_another_writer_ends_with_the_flag() {
    let bench = Bench::new();
    let (writer, waiter) = (bench.open_fully(), bench.open_fully());
    let transaction = writer.begin(true).unwrap();
    let started_at = Instant::now();
    std::thread::scope(|scope| {
        let interrupt = Arc::clone(&bench.interrupt);
        scope.spawn(move || {
            interrupt.wait(Duration::from_millis(100));
            interrupt.raise();
        });
        assert_eq!(waiter.begin(true).map(|_| ()).unwrap_err().code, ErrorCode::Cancelled);
    });
    assert!(started_at.elapsed() < BOUND);
    bench.interrupt.lower();
    drop(transaction);
    assert!(waiter.begin(true).is_ok());
}

#[test]
fn a_pattern_may_be_as_long_as_its_limit() {
    let bench = Bench::new();
    let database = bench.open(&[]);
    let found = |length: usize| {
        let like = [text(&"x".repeat(length)), text(&"x".repeat(length))];
        database.rows("SELECT $1 LIKE $2", &like, &[Kind::Integer], 1).map(|_| ()).map_err(|error| error.code)
    };
    assert_eq!(found(1_000), Ok(()));
    assert!(found(1_001).is_err());
}
