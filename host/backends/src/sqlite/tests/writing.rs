//! Bulk writes.

use encargo_model::{Batch, Cells, Column, ErrorCode, Kind, Value};

use super::support::{Bench, code, integer_column, number, text_column, texts};
use crate::{Database, OnConflict, WriteCounts, WriteSpec};

fn spec(on_conflict: OnConflict, same_when: Option<&str>) -> WriteSpec {
    WriteSpec {
        table: "knowledge_items".to_owned(),
        key: vec!["external_id".to_owned()],
        on_conflict,
        same_when: same_when.map(str::to_owned),
    }
}

/// Items by external id and title; the title is the content hash too.
fn items(items: &[(&str, &str)], at: i64) -> Batch {
    let column = |name, cells: Vec<&str>| text_column(name, &cells);
    let ids = items.iter().map(|item| item.0).collect();
    let titles: Vec<_> = items.iter().map(|item| item.1).collect();
    Batch {
        rows: items.len() as u32,
        columns: vec![
            column("external_id", ids),
            column("title", titles.clone()),
            column("body", vec![""; items.len()]),
            column("content_hash", titles),
            integer_column("created_at", &vec![at; items.len()]),
            integer_column("updated_at", &vec![at; items.len()]),
        ],
    }
}

fn write(database: &Database, spec: &WriteSpec, batch: &Batch) -> Result<WriteCounts, crate::BackendError> {
    let transaction = database.begin(true)?;
    let counts = transaction.write(spec, batch)?;
    transaction.commit()?;
    Ok(counts)
}

const fn counts(inserted: u64, updated: u64, unchanged: u64) -> WriteCounts {
    WriteCounts { inserted, updated, unchanged }
}

#[test]
fn rows_are_inserted_updated_or_left_and_the_counts_add_up() {
    let bench = Bench::new();
    let database = bench.open_fully();
    let update = spec(OnConflict::Update, Some("content_hash"));
    assert_eq!(write(&database, &update, &items(&[("a", "1"), ("b", "2")], 10)), Ok(counts(2, 0, 0)));
    assert_eq!(write(&database, &update, &items(&[("a", "1"), ("b", "3"), ("c", "4")], 20)), Ok(counts(1, 1, 1)));
    let sql = "SELECT external_id || title || created_at || updated_at FROM knowledge_items ORDER BY external_id";
    let rows = |database: &Database| {
        texts(&database.rows(sql, &[], &[Kind::Text], 9).unwrap()).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(rows(&database), ["a11010", "b31020", "c42020"]);
    assert_eq!(
        write(&database, &spec(OnConflict::Skip, None), &items(&[("a", "9"), ("d", "5")], 30)),
        Ok(counts(1, 0, 1))
    );
    assert_eq!(write(&database, &spec(OnConflict::Update, None), &items(&[("a", "1")], 40)), Ok(counts(0, 1, 0)));
    assert_eq!(rows(&database), ["a11040", "b31020", "c42020", "d53030"]);
    let change = &bench.ledger.changes()[0];
    assert_eq!((change.inserted, change.updated, change.deleted), (4, 2, 0));
    assert_eq!(number(&database, "SELECT count(DISTINCT id) FROM knowledge_items WHERE id > 1000000"), 4);
}

#[test]
fn a_key_twice_in_a_batch_is_an_insert_and_an_update() {
    let bench = Bench::new();
    let database = bench.open_fully();
    let mut batch = items(&[("a", "1"), ("a", "2"), ("a", "2")], 10);
    let update = spec(OnConflict::Update, Some("content_hash"));
    assert_eq!(write(&database, &update, &batch), Ok(counts(1, 1, 1)));
    batch.columns.push(integer_column("id", &[7, 7, 7]));
    batch.columns[0] = text_column("external_id", &["z", "z", "z"]);
    assert_eq!(write(&database, &update, &batch), Ok(counts(1, 1, 1)));
    assert_eq!(number(&database, "SELECT id FROM knowledge_items WHERE external_id = 'z'"), 7);
}

#[test]
fn rows_are_written_one_after_the_other_whether_they_are_new_or_known() {
    let bench = Bench::new();
    let database = bench.open_fully();
    let by_id = WriteSpec { key: vec!["id".to_owned()], ..spec(OnConflict::Update, None) };
    let with_ids = |rows: &[(&str, &str)], ids: &[i64]| {
        let mut batch = items(rows, 10);
        batch.columns.push(integer_column("id", ids));
        batch
    };
    assert_eq!(write(&database, &by_id, &with_ids(&[("a", "1")], &[1])), Ok(counts(1, 0, 0)));
    // The second row takes what the first one, which is known, gave up before it.
    assert_eq!(write(&database, &by_id, &with_ids(&[("b", "1"), ("a", "2")], &[1, 2])), Ok(counts(1, 1, 0)));
    let sql = "SELECT id || external_id || title FROM knowledge_items ORDER BY id";
    assert_eq!(texts(&database.rows(sql, &[], &[Kind::Text], 9).unwrap()), ["1b1", "2a2"]);
}

#[test]
fn a_row_that_cannot_be_written_rolls_the_transaction_back() {
    let bench = Bench::new();
    let database = bench.open_fully();
    let fail = spec(OnConflict::Fail, None);
    assert_eq!(write(&database, &fail, &items(&[("a", "1")], 0)), Ok(counts(1, 0, 0)));
    for (batch, row, code, problem) in [
        (
            items(&[("b", "1"), ("c", "1"), ("a", "1")], 0),
            3,
            ErrorCode::Unique,
            "`knowledge_items` has a row with this `external_id` already",
        ),
        (items(&[("a", "1")], 0), 1, ErrorCode::Unique, "`knowledge_items` has a row with this `external_id` already"),
        (
            Batch { columns: items(&[("d", "1")], 0).columns.into_iter().take(4).collect(), rows: 1 },
            1,
            ErrorCode::NotNull,
            "`created_at` of `knowledge_items` needs a value",
        ),
    ] {
        let transaction = database.begin(true).unwrap();
        assert_eq!(transaction.write(&fail, &items(&[("x", "1")], 0)), Ok(counts(1, 0, 0)));
        let error = transaction.write(&fail, &batch).unwrap_err();
        assert_eq!(error.code, code);
        assert_eq!(error.message.en, format!("row {row} of the batch: {problem}; the transaction is rolled back"));
        assert_eq!(super::support::code(transaction.write(&fail, &items(&[("y", "1")], 0))), ErrorCode::Invalid);
        assert_eq!(super::support::code(transaction.commit()), ErrorCode::Invalid);
    }
    assert_eq!(number(&database, "SELECT count(*) FROM knowledge_items"), 1);
    assert_eq!(bench.ledger.changes()[0].inserted, 1);
}

#[test]
fn a_write_needs_its_permissions() {
    let bench = Bench::new();
    let batch = items(&[("a", "1")], 0);
    let update = spec(OnConflict::Update, None);
    for (permissions, missing) in [
        (&[][..], "insert:knowledge_items"),
        (&["read:knowledge_items", "update:knowledge_items"], "insert:knowledge_items"),
        (&["insert:knowledge_items"], "update:knowledge_items"),
    ] {
        let error = write(&bench.open(permissions), &update, &batch).unwrap_err();
        assert_eq!(error.code, ErrorCode::Denied);
        assert!(error.message.en.ends_with(&format!("it needs the permission `{missing}`")), "{error}");
    }
    // The counts of a write that leaves equal rows alone tell which values are there.
    let telling = spec(OnConflict::Update, Some("content_hash"));
    let error =
        write(&bench.open(&["insert:knowledge_items", "update:knowledge_items"]), &telling, &batch).unwrap_err();
    assert_eq!(error.code, ErrorCode::Denied);
    assert!(error.message.en.ends_with("it needs the permission `read:knowledge_items`"), "{error}");
    let enough = bench.open(&["insert:knowledge_items", "update:knowledge_items"]);
    assert_eq!(write(&enough, &update, &batch), Ok(counts(1, 0, 0)));
    let skip = spec(OnConflict::Skip, None);
    assert_eq!(write(&bench.open(&["insert:knowledge_items"]), &skip, &batch), Ok(counts(0, 0, 1)));
    for table in ["checkpoints", "sqlite_schema", "deletions; --", "Knowledge_Items"] {
        let of = WriteSpec { table: table.to_owned(), ..skip.clone() };
        let code = code(write(&bench.open_fully(), &of, &batch));
        assert!(matches!(code, ErrorCode::Denied | ErrorCode::NotFound), "{table}: {code:?}");
    }
}

#[test]
fn what_is_no_batch_of_the_table_is_refused() {
    let bench = Bench::new();
    let database = bench.open_fully();
    let good = items(&[("a", "1")], 0);
    let with = |column: Column| {
        let mut batch = good.clone();
        batch.columns.push(column);
        batch
    };
    let update = spec(OnConflict::Update, None);
    let keyless = WriteSpec { key: vec![], ..update.clone() };
    let odd_key = WriteSpec { key: vec!["title".to_owned()], ..update.clone() };
    let no_key = WriteSpec { key: vec!["source".to_owned()], ..update.clone() };
    let mut broken = good.clone();
    broken.columns[4] = integer_column("created_at", &[1, 2]);
    for (batch, spec, expected) in [
        (with(text_column("nothing", &["x"])), &update, ErrorCode::NotFound),
        (with(text_column("title\" = '', \"body", &["x"])), &update, ErrorCode::NotFound),
        (with(text_column("title", &["x"])), &update, ErrorCode::Invalid),
        (with(integer_column("tenant_id", &[1])), &update, ErrorCode::Invalid),
        (broken, &update, ErrorCode::Invalid),
        (Batch { rows: 4_001, columns: vec![] }, &update, ErrorCode::TooLarge),
        (Batch { rows: 1, columns: vec![] }, &update, ErrorCode::Invalid),
        (good.clone(), &keyless, ErrorCode::Invalid),
        (good.clone(), &no_key, ErrorCode::Invalid),
        (good.clone(), &odd_key, ErrorCode::Invalid),
    ] {
        assert_eq!(code(write(&database, spec, &batch)), expected);
    }
    let empty = items(&[], 0);
    assert_eq!(write(&database, &update, &empty), Ok(counts(0, 0, 0)));
}

#[test]
fn tables_without_an_id_and_nulls_are_written_too() {
    let bench = Bench::new();
    let database = bench.open_fully();
    let settings = WriteSpec {
        table: "settings".to_owned(),
        key: vec!["name".to_owned()],
        on_conflict: OnConflict::Update,
        same_when: Some("value".to_owned()),
    };
    let batch = |value: &str| Batch {
        rows: 1,
        columns: vec![text_column("name", &["a"]), text_column("value", &[value]), integer_column("updated_at", &[0])],
    };
    assert_eq!(write(&database, &settings, &batch("1")), Ok(counts(1, 0, 0)));
    assert_eq!(write(&database, &settings, &batch("1")), Ok(counts(0, 0, 1)));
    assert_eq!(write(&database, &settings, &batch("2")), Ok(counts(0, 1, 0)));

    let mut value = integer_column("expires_at", &[5, 0]);
    value.validity = Some(vec![0b01]);
    let logs = WriteSpec { table: "logs".to_owned(), key: vec!["id".to_owned()], ..settings };
    let logs = WriteSpec { same_when: None, ..logs };
    let batch = Batch {
        rows: 2,
        columns: vec![
            integer_column("id", &[1, 2]),
            text_column("level", &["info", "error"]),
            text_column("message", &["", "é"]),
            integer_column("created_at", &[0, 0]),
            value,
        ],
    };
    assert_eq!(write(&database, &logs, &batch), Ok(counts(2, 0, 0)));
    assert_eq!(write(&database, &logs, &batch), Ok(counts(0, 2, 0)));
    let rows = database.rows("SELECT expires_at FROM logs ORDER BY id", &[], &[Kind::Integer], 2).unwrap();
    assert_eq!(rows.columns[0].cells, Cells::Integers(vec![5, 0]));
    assert!(!rows.columns[0].is_null(0) && rows.columns[0].is_null(1));
    assert_eq!(database.execute("DELETE FROM logs WHERE message = $1", &[Value::Text("é".to_owned())]), Ok(1));
}

#[test]
fn each_write_of_a_transaction_counts_its_own_rows() {
    let bench = Bench::new();
    let database = bench.open_fully();
    let update = spec(OnConflict::Update, Some("content_hash"));
    let transaction = database.begin(true).unwrap();
    assert_eq!(transaction.write(&update, &items(&[("a", "1"), ("b", "1"), ("c", "1")], 1)), Ok(counts(3, 0, 0)));
    assert_eq!(transaction.write(&update, &items(&[("a", "2"), ("b", "1"), ("d", "1")], 2)), Ok(counts(1, 1, 1)));
    assert_eq!(transaction.write(&update, &items(&[("a", "3"), ("b", "3"), ("e", "1")], 3)), Ok(counts(1, 2, 0)));
    transaction.commit().unwrap();
}

#[test]
fn a_key_is_needed_to_recognise_rows_and_not_to_add_them() {
    for (on_conflict, expected) in [
        (OnConflict::Fail, None),
        (OnConflict::Skip, Some(ErrorCode::Invalid)),
        (OnConflict::Update, Some(ErrorCode::Invalid)),
    ] {
        let bench = Bench::new();
        let without = WriteSpec { key: vec![], ..spec(on_conflict, None) };
        let written = write(&bench.open_fully(), &without, &items(&[("a", "1")], 1));
        assert_eq!(written.as_ref().err().map(|error| error.code), expected, "{written:?}");
    }
}

#[test]
fn a_row_is_not_changed_before_it_was_made_by_a_run_that_began_later() {
    let bench = Bench::new();
    let database = bench.open_fully();
    let update = spec(OnConflict::Update, Some("content_hash"));
    let times = || {
        let sql = "SELECT created_at || ' ' || updated_at FROM knowledge_items";
        texts(&database.rows(sql, &[], &[Kind::Text], 1).unwrap()).concat()
    };
    // What is there was made at 50. A batch whose own times do not fit together is taken as it is, as one that puts
    // back what was there.
    for (at, changed, expected) in [(50, 50, "50 50"), (20, 20, "50 50"), (20, 70, "50 70"), (60, 30, "50 30")] {
        let mut batch = items(&[("a", &format!("{at} {changed}"))], at);
        batch.columns.pop();
        batch.columns.push(integer_column("updated_at", &[changed]));
        write(&database, &update, &batch).unwrap();
        assert_eq!(times(), expected, "made at {at} and changed at {changed}");
    }
}
