//! Rows: placeholders, kinds, sizes, cursors.

use encargo_model::{Batch, Cells, ErrorCode, Kind, Limits, Value};

use super::support::{Bench, add_chat, code, text, texts};

#[test]
fn placeholders_are_bound_by_their_number() {
    let bench = Bench::new();
    let database = bench.open(&[]);
    let batch = database.rows("SELECT $2 || $1 || $2", &[text("a"), text("b")], &[Kind::Text], 1).unwrap();
    assert_eq!(texts(&batch), ["bab"]);
    for (sql, values, message) in [
        ("SELECT $1, $3", 3, "the SQL has the placeholder `$3` and none for `$2`"),
        ("SELECT $2", 2, "the SQL has the placeholder `$2` and none for `$1`"),
        ("SELECT $1", 2, "the SQL has 1 placeholders and 2 values were given"),
        ("SELECT $1", 0, "the SQL has 1 placeholders and 0 values were given"),
        ("SELECT ?", 1, "`?` is no placeholder, they are written `$1`, `$2` and so on"),
        ("SELECT ?1", 1, "`?1` is no placeholder, they are written `$1`, `$2` and so on"),
        ("SELECT :a", 1, "`:a` is no placeholder, they are written `$1`, `$2` and so on"),
        ("SELECT @1", 1, "`@1` is no placeholder, they are written `$1`, `$2` and so on"),
        ("SELECT $01", 1, "`$01` is no placeholder, they are written `$1`, `$2` and so on"),
        ("SELECT $a", 1, "`$a` is no placeholder, they are written `$1`, `$2` and so on"),
        ("SELECT $1::text", 1, "`$1::text` is no placeholder, they are written `$1`, `$2` and so on"),
    ] {
        let error = database.execute(sql, &vec![Value::Null; values]).unwrap_err();
        assert_eq!((error.code, error.message.en.as_str()), (ErrorCode::Invalid, message), "{sql}");
    }
}

#[test]
fn a_cell_of_another_kind_is_named_by_row_and_column() {
    let bench = Bench::new();
    let database = bench.open(&[]);
    let sql = "SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, 3";
    let error = database.rows(sql, &[], &[Kind::Integer, Kind::Text], 9).unwrap_err();
    assert_eq!(
        (error.code, error.message.en.as_str()),
        (ErrorCode::TypeMismatch, "row 2: `b` is an integer, not a text")
    );
    assert_eq!(code(database.rows(sql, &[], &[Kind::Integer], 9)), ErrorCode::Invalid);
    let error = database.rows("SELECT CAST(x'ff' AS TEXT) AS c", &[], &[Kind::Text], 9).unwrap_err();
    assert_eq!((error.code, error.message.en.as_str()), (ErrorCode::TypeMismatch, "row 1: `c` is not UTF-8"));
    let batch =
        database.rows("SELECT 1, NULL, x'00ff', 0.5", &[], &[Kind::Real, Kind::Text, Kind::Blob, Kind::Real], 1);
    let batch = batch.unwrap();
    assert_eq!(batch.check(), Ok(()));
    assert_eq!(batch.columns[0].cells, Cells::Reals(vec![1.0]));
    assert!(batch.columns[1].is_null(0));
    let blobs = encargo_model::Blobs { offsets: vec![0, 2], data: vec![0, 0xff] };
    assert_eq!((&batch.columns[2].cells, &batch.columns[3].cells), (&Cells::Blobs(blobs), &Cells::Reals(vec![0.5])));
}

#[test]
fn more_rows_than_asked_for_are_too_large() {
    let bench = Bench::new();
    let database = bench.open(&[]);
    let numbers = "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a WHERE n < $1) SELECT n FROM a";
    let rows = |n, most| database.rows(numbers, &[Value::Integer(n)], &[Kind::Integer], most).map(|batch| batch.rows);
    assert_eq!(rows(3, 3), Ok(3));
    assert_eq!(code(rows(4, 3)), ErrorCode::TooLarge);
    assert_eq!(rows(4_000, 9_000), Ok(4_000));
    assert_eq!(code(rows(4_001, 9_000)), ErrorCode::TooLarge);
    assert_eq!(code(rows(1, 0)), ErrorCode::TooLarge);
    assert!(rows(4, 3).unwrap_err().message.en.contains("more than 3 rows"));
}

#[test]
fn a_row_may_have_twice_the_bytes_of_a_value_and_none_more() {
    let bench = Bench::new();
    let database = bench.open_within(Limits { value_bytes: 1_000, ..Limits::default() });
    // A text before the last one counts with its place, of four bytes.
    let row = |lengths: [usize; 3]| {
        let values = lengths.map(|length| text(&"x".repeat(length)));
        database.rows("SELECT $1, $2, $3", &values, &[Kind::Text; 3], 1)
    };
    assert_eq!(row([994, 994, 4]).unwrap().rows, 1);
    let error = row([994, 994, 5]).unwrap_err();
    assert_eq!(
        (error.code, error.message.en.as_str()),
        (ErrorCode::TooLarge, "row 1 has more than 2000 bytes; read fewer of its columns")
    );
}

#[test]
fn a_cursor_hands_out_batches_that_are_small_enough() {
    let bench = Bench::new();
    let database = bench.open_fully();
    let sql = "INSERT INTO logs (id, level, message, created_at) VALUES ($1, 'info', $2, 0)";
    let sizes = [300_000, 300_000, 300_000, 300_000, 2_000_000, 10];
    for (id, size) in (1..).zip(sizes) {
        database.execute(sql, &[Value::Integer(id), text(&"x".repeat(size))]).unwrap();
    }
    let mut cursor = database.stream("SELECT message FROM logs ORDER BY id", &[], &[Kind::Text]).unwrap();
    let mut batches = Vec::new();
    while let Some(batch) = cursor.next(100).unwrap() {
        batches.push(texts(&batch).iter().map(|text| text.len()).collect::<Vec<_>>());
    }
    assert_eq!(batches, [vec![300_000; 3], vec![300_000], vec![2_000_000], vec![10]]);
    assert_eq!(cursor.next(100), Ok(None));
    drop(cursor);
    // Each text has four bytes besides for its place.
    for (more, rows) in [(0, [2, 1]), (1, [1, 2])] {
        let half = Batch::MOST_BYTES / 2 - 4;
        let values = [half, half + more, 10].map(|size| text(&"x".repeat(size)));
        let sql = "SELECT $1 AS x UNION ALL SELECT $2 UNION ALL SELECT $3";
        let mut cursor = database.stream(sql, &values, &[Kind::Text]).unwrap();
        let sizes = [(); 2].map(|()| cursor.next(100).unwrap().unwrap().rows);
        assert_eq!((sizes, cursor.next(100)), (rows, Ok(None)), "{more} bytes too many");
    }
    let small = bench.open_within(Limits { value_bytes: 1_000_000, ..Limits::default() });
    let mut cursor = small.stream("SELECT message FROM logs ORDER BY id DESC", &[], &[Kind::Text]).unwrap();
    assert_eq!(cursor.next(1).unwrap().map(|batch| batch.rows), Some(1));
    assert_eq!(code(cursor.next(1)), ErrorCode::TooLarge);
}

#[test]
fn a_batch_has_at_most_so_many_rows() {
    let bench = Bench::new();
    let database = bench.open(&[]);
    let sql = "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a WHERE n < 9000) SELECT n FROM a";
    let mut cursor = database.stream(sql, &[], &[Kind::Integer]).unwrap();
    let mut sizes = Vec::new();
    while let Some(batch) = cursor.next(u32::MAX).unwrap() {
        assert_eq!(batch.check(), Ok(()));
        sizes.push(batch.rows);
    }
    assert_eq!(sizes, [Batch::MOST_ROWS, Batch::MOST_ROWS, 1_000]);
    assert_eq!(cursor.next(0), Ok(None));
}

#[test]
fn a_stream_is_one_snapshot_and_stands_alone() {
    let bench = Bench::new();
    let database = bench.open_fully();
    add_chat(&database, 1, 0);
    let mut cursor = database.stream("SELECT id FROM chats", &[], &[Kind::Integer]).unwrap();
    add_chat(&bench.open_fully(), 2, 0);
    assert_eq!(code(database.begin(true).map(|_| ())), ErrorCode::TransactionOpen);
    assert_eq!(code(database.execute("DELETE FROM logs", &[])), ErrorCode::TransactionOpen);
    assert_eq!(code(database.ids(1)), ErrorCode::ReadOnly);
    assert_eq!(cursor.next(10).unwrap().map(|batch| batch.rows), Some(1));
    assert_eq!(cursor.next(10), Ok(None));
    assert_eq!(database.execute("DELETE FROM logs", &[]), Ok(0));
    assert_eq!(cursor.next(10), Ok(None));
    let dropped = database.stream("SELECT id FROM chats", &[], &[Kind::Integer]).unwrap();
    drop(dropped);
    let transaction = database.begin(true).unwrap();
    drop(cursor);
    transaction.commit().unwrap();
    let writing = database.stream("DELETE FROM logs RETURNING id", &[], &[Kind::Integer]);
    assert_eq!(code(writing.map(|_| ())), ErrorCode::ReadOnly);
    assert_eq!(code(database.rows("DELETE FROM logs RETURNING id", &[], &[Kind::Integer], 1)), ErrorCode::ReadOnly);
    assert!(database.begin(true).is_ok());
}

#[test]
fn like_tells_upper_from_lower_case_and_our_functions_agree_with_sqlites() {
    let bench = Bench::new();
    let database = bench.open(&[]);
    for (call, expected) in [
        ("'abc' LIKE 'A%'", "0"),
        ("'abc' LIKE 'a%'", "1"),
        ("'a%' LIKE 'a!%' ESCAPE '!'", "1"),
        ("NULL LIKE 'a'", "null"),
        ("replace('aXbX', 'X', 'yy')", "ayybyy"),
        ("replace('abc', '', 'x')", "abc"),
        ("replace('abc', NULL, 'x')", "null"),
        ("'[' || trim('  a ') || ']'", "[a]"),
        ("trim('xyaxy', 'xy')", "a"),
        ("ltrim('xxa', 'x')", "a"),
        ("rtrim('éaéé', 'é')", "éa"),
        ("replace(12, 1, 2)", "22"),
    ] {
        let sql = format!("SELECT coalesce(CAST({call} AS TEXT), 'null')");
        assert_eq!(texts(&database.rows(&sql, &[], &[Kind::Text], 1).unwrap()), [expected], "{call}");
    }
}

#[test]
fn a_value_that_does_not_fit_is_named_by_its_row_among_all_that_were_read() {
    let bench = Bench::new();
    let database = bench.open(&[]);
    let sql = "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a WHERE n < 9) \
               SELECT CASE WHEN n = 6 THEN 'x' ELSE n END FROM a";
    let mut numbers = database.stream(sql, &[], &[Kind::Integer]).unwrap();
    assert_eq!(numbers.next(2).unwrap().map(|batch| batch.rows), Some(2));
    assert_eq!(numbers.next(3).unwrap().map(|batch| batch.rows), Some(3));
    let error = numbers.next(3).unwrap_err();
    assert!(error.message.en.contains("row 6"), "{}", error.message.en);
}
