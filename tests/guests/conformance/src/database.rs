//! `database`: each call once as it should be, and with the errors that it can answer.

use encargo_sdk::bindings::encargo::database::database::{self as wit, Mode, OnConflict, WriteSpec};
use encargo_sdk::bindings::encargo::run::run;
use encargo_sdk::bindings::encargo::types::types::{Batch, Cells, Column, Kind, Texts, Value};
use encargo_sdk::error::Result;

use crate::Calls;

const ONE: &str = "SELECT 1";
const INSERT: &str = "INSERT INTO chats (id, status, created_at, updated_at) VALUES ($1, $2, $3, 1)";

fn chat(id: i64, status: &str) -> [Value; 3] {
    [Value::Integer(id), Value::Text(status.to_owned()), Value::Integer(1)]
}

pub(crate) fn call(calls: &mut Calls) -> Result<()> {
    calls.told("database.open", wit::open());
    let rows = wit::open()?;
    assert_eq!(rows.dialect(), "sqlite");
    calls.told("database.database.dialect", Ok(()));
    let id = run::ids(10)?;

    for (sql, parameters, kind, most) in [
        (ONE, &[][..], Kind::Integer, 1),
        ("SELEC 1", &[], Kind::Integer, 1),
        ("SELECT 1 FROM agents", &[], Kind::Integer, 1),
        ("SELECT 1 FROM nowhere", &[], Kind::Integer, 1),
        ("SELECT 'x'", &[], Kind::Integer, 1),
        ("SELECT 1 UNION ALL SELECT 2", &[], Kind::Integer, 1),
        ("SELECT $2", &[Value::Integer(1)], Kind::Integer, 1),
    ] {
        calls.told("database.database.rows", rows.rows(sql, parameters, &[kind], most));
    }
    for parameters in
        [chat(id, "open"), chat(id, "open"), chat(id + 1, "nonsense"), chat(id + 1, "open").map(|_| Value::Null)]
    {
        calls.told("database.database.execute", rows.execute(INSERT, &parameters));
    }
    let orphan = "INSERT INTO messages (id, chat_id, role, body, created_at) VALUES ($1, 5, 'user', '', 1)";
    calls.told("database.database.execute", rows.execute(orphan, &[Value::Integer(id + 2)]));

    let reading = calls.told("database.database.begin", rows.begin(Mode::ReadOnly));
    calls.told("database.database.begin", rows.begin(Mode::ReadWrite));
    if let Some(reading) = reading {
        calls.told("database.transaction.execute", reading.execute(INSERT, &chat(id + 3, "open")));
        calls.told("database.transaction.save-checkpoint", reading.save_checkpoint("loop", "1"));
        calls.told("database.transaction.rollback", reading.rollback());
        calls.told("database.transaction.rollback", reading.rollback());
    }
    let writing = rows.begin(Mode::ReadWrite)?;
    calls.told("database.transaction.execute", writing.execute(INSERT, &chat(id + 3, "open")));
    let cursor = calls.told("database.transaction.query", writing.query(ONE, &[], &[Kind::Integer]));
    if let Some(cursor) = &cursor {
        calls.told("database.cursor.next", cursor.next(10));
        calls.told("database.cursor.next", cursor.next(0));
    }
    calls.told("database.transaction.write", writing.write(&spec("chats"), &batch(id + 4, "closed")));
    calls.told("database.transaction.write", writing.write(&spec("agents"), &batch(id + 5, "closed")));
    calls.told("database.transaction.save-checkpoint", writing.save_checkpoint("loop", "2"));
    calls.told("database.transaction.save-checkpoint", writing.save_checkpoint("No Name", "2"));
    calls.told("database.transaction.commit", writing.commit());
    calls.told("database.transaction.commit", writing.commit());
    calls.told("database.transaction.query", writing.query(ONE, &[], &[Kind::Integer]));
    calls.told("database.transaction.write", writing.write(&spec("chats"), &batch(id + 6, "closed")));
    if let Some(cursor) = &cursor {
        calls.told("database.cursor.next", cursor.next(10));
    }
    drop((cursor, writing));
    calls.told("database.database.stream", rows.stream(ONE, &[], &[Kind::Integer]));
    calls.told("database.database.stream", rows.stream("SELEC 1", &[], &[Kind::Integer]));
    Ok(())
}

fn spec(table: &str) -> WriteSpec {
    let key = vec!["id".to_owned()];
    WriteSpec { table: table.to_owned(), key, on_conflict: OnConflict::Skip, same_when: None }
}

fn batch(id: i64, status: &str) -> Batch {
    let integers = |name: &str, cell| column(name, Cells::Integers(vec![cell]));
    let offsets = vec![0, u32::try_from(status.len()).unwrap_or(u32::MAX)];
    let status = column("status", Cells::Texts(Texts { offsets, data: status.to_owned() }));
    Batch { rows: 1, columns: vec![integers("id", id), status, integers("created_at", 1), integers("updated_at", 1)] }
}

fn column(name: &str, cells: Cells) -> Column {
    Column { name: name.to_owned(), cells, validity: None }
}
