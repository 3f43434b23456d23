//! Handles on rows, transactions, cursors and checkpoints, and what is kept from a guest.

use encargo_backends::BackendError;
use encargo_model::{ErrorCode, LogLevel, Permission, Text};
use wasmtime::component::Resource;

use super::{of, refused};
use crate::bindings::encargo::database::database::{
    Host, HostCursor, HostDatabase, HostTransaction, Mode, OnConflict, WriteSpec,
};
use crate::bindings::encargo::run::run::Host as Run;
use crate::bindings::encargo::types::types::{Batch, Cells, Column, Kind, Texts, Value};
use crate::capabilities::database::{OpenDatabase, OpenTransaction};
use crate::samples::{Attempt, FakeHost, tenant};
use crate::state::State;

const ON_LOGS: [&str; 4] = ["read:logs", "insert:logs", "update:logs", "delete:logs"];
const ADD: &str = "INSERT INTO logs (id, level, message, created_at) VALUES ($1, 'info', 'x', 1)";

/// The same handle once more.
fn same<T: 'static>(handle: &Resource<T>) -> Resource<T> {
    Resource::new_own(handle.rep())
}

fn open(state: &mut State) -> Resource<OpenDatabase> {
    of(Host::open(state)).unwrap()
}

fn begun(state: &mut State, database: &Resource<OpenDatabase>, mode: Mode) -> Resource<OpenTransaction> {
    of(state.begin(same(database), mode)).unwrap()
}

fn add(state: &mut State, transaction: &Resource<OpenTransaction>, id: i64) -> Result<u64, String> {
    of(HostTransaction::execute(state, same(transaction), ADD.to_owned(), vec![Value::Integer(id)]))
}

fn count(state: &mut State, database: &Resource<OpenDatabase>) -> i64 {
    let sql = "SELECT count(*) FROM logs".to_owned();
    let batch = of(state.rows(same(database), sql, vec![], vec![Kind::Integer], 1)).unwrap();
    match &batch.columns[0].cells {
        Cells::Integers(cells) => cells[0],
        _ => panic!("a number was asked for"),
    }
}

#[test]
fn a_transaction_is_of_use_until_it_ends() {
    for commits in [true, false] {
        let mut attempt = Attempt::inside(&ON_LOGS);
        let state = &mut attempt.state;
        let database = open(state);
        assert_eq!(state.dialect(same(&database)).unwrap(), "sqlite");
        let transaction = begun(state, &database, Mode::ReadWrite);
        assert_eq!((add(state, &transaction, 1), add(state, &transaction, 2)), (Ok(1), Ok(1)));
        assert_eq!(refused(state.begin(same(&database), Mode::ReadWrite)), "transaction-open");
        let end = if commits { State::commit } else { State::rollback };
        assert_eq!(of(end(state, same(&transaction))), Ok(()));
        assert_eq!(add(state, &transaction, 3), Err("invalid".to_owned()), "it has ended");
        assert_eq!(refused(state.commit(same(&transaction))), "invalid");
        assert_eq!(refused(state.rollback(same(&transaction))), "invalid");
        assert_eq!(count(state, &database), if commits { 2 } else { 0 });
        HostTransaction::drop(state, same(&transaction)).unwrap();
        assert!(state.commit(transaction).is_err(), "a handle that was let go of is none");
    }
}

#[test]
fn a_transaction_that_is_let_go_of_is_rolled_back_and_one_to_read_writes_nothing() {
    let mut attempt = Attempt::inside(&ON_LOGS);
    let state = &mut attempt.state;
    let database = open(state);
    let transaction = begun(state, &database, Mode::ReadWrite);
    add(state, &transaction, 1).unwrap();
    HostTransaction::drop(state, transaction).unwrap();
    let reading = begun(state, &database, Mode::ReadOnly);
    assert_eq!(add(state, &reading, 1), Err("read-only".to_owned()));
    HostTransaction::drop(state, reading).unwrap();
    assert_eq!(count(state, &database), 0);
    let sql = || ADD.to_owned();
    assert_eq!(of(HostDatabase::execute(state, same(&database), sql(), vec![Value::Integer(1)])), Ok(1));
    assert_eq!(count(state, &database), 1);
    HostDatabase::drop(state, same(&database)).unwrap();
    assert!(HostDatabase::execute(state, database, sql(), vec![Value::Integer(2)]).is_err());
}

#[test]
fn rows_are_written_as_the_conflict_says_and_counted() {
    let texts = |text: &str, rows: u32| Texts {
        offsets: (0..=rows).map(|row| row * text.len() as u32).collect(),
        data: text.repeat(rows as usize),
    };
    let batch = |ids: Vec<i64>, message: &str| {
        let rows = ids.len() as u32;
        let column = |name: &str, cells| Column { name: name.to_owned(), cells, validity: None };
        let columns = vec![
            column("id", Cells::Integers(ids)),
            column("level", Cells::Texts(texts("info", rows))),
            column("message", Cells::Texts(texts(message, rows))),
            column("created_at", Cells::Integers(vec![1; rows as usize])),
        ];
        Batch { rows, columns }
    };
    let spec =
        |on_conflict| WriteSpec { table: "logs".to_owned(), key: vec!["id".to_owned()], on_conflict, same_when: None };
    for (on_conflict, written) in [
        (OnConflict::Fail, Err("unique".to_owned())),
        (OnConflict::Skip, Ok((1, 0, 1))),
        (OnConflict::Update, Ok((1, 1, 0))),
    ] {
        let mut attempt = Attempt::inside(&ON_LOGS);
        let state = &mut attempt.state;
        let database = open(state);
        let transaction = begun(state, &database, Mode::ReadWrite);
        add(state, &transaction, 1).unwrap();
        let counts = of(state.write(same(&transaction), spec(on_conflict), batch(vec![1, 2], "new")));
        assert_eq!(counts.map(|counts| (counts.inserted, counts.updated, counts.unchanged)), written);
    }
}

#[test]
fn a_cursor_is_read_to_its_end_and_at_least_a_row_at_a_time() {
    let mut attempt = Attempt::inside(&ON_LOGS);
    let state = &mut attempt.state;
    let database = open(state);
    let transaction = begun(state, &database, Mode::ReadWrite);
    (1..=3).for_each(|id| assert_eq!(add(state, &transaction, id), Ok(1)));
    let sql = || "SELECT id FROM logs WHERE id > $1 ORDER BY id".to_owned();
    let (parameters, kinds) = (|| vec![Value::Integer(1)], || vec![Kind::Integer]);
    let queried = of(state.query(same(&transaction), sql(), parameters(), kinds())).unwrap();
    assert_eq!(of(state.next(same(&queried), 9)).unwrap().unwrap().rows, 2);
    HostCursor::drop(state, same(&queried)).unwrap();
    assert!(state.next(queried, 1).is_err());
    of(state.commit(transaction)).unwrap();
    let cursor = of(state.stream(same(&database), sql(), parameters(), kinds())).unwrap();
    assert_eq!(refused(state.next(same(&cursor), 0)), "invalid");
    let mut read = || of(state.next(same(&cursor), 1)).unwrap().map(|batch| batch.rows);
    assert_eq!([read(), read(), read()], [Some(1), Some(1), None]);
}

#[test]
fn a_checkpoint_is_saved_inside_a_tenant_and_read_by_a_resume() {
    let mut attempt = Attempt::of(&["list:tenants"], FakeHost::default(), |job| {
        (job.tenant, job.resume) = (Some(tenant("acme")), true);
    });
    let state = &mut attempt.state;
    let database = open(state);
    let transaction = begun(state, &database, Mode::ReadWrite);
    assert!(!state.checkpoint_saved);
    let save = |state: &mut State| of(state.save_checkpoint(same(&transaction), "loop".to_owned(), "at 7".to_owned()));
    assert_eq!((save(state), state.checkpoint_saved), (Ok(()), true));
    of(state.commit(same(&transaction))).unwrap();
    assert_eq!(of(state.checkpoint("loop".to_owned())), Ok(Some("at 7".to_owned())));
    assert_eq!(of(state.checkpoint("other".to_owned())), Ok(None));
    state.job.resume = false;
    assert_eq!(of(state.checkpoint("loop".to_owned())), Ok(None), "nobody asked to go on");
    state.job.resume = true;
    assert_eq!((save(state), state.checkpoint_saved), (Err("invalid".to_owned()), true));

    let mut system = Attempt::new(&["list:tenants"]);
    let state = &mut system.state;
    let database = of(crate::bindings::encargo::tenants::tenants::Host::open(state, "acme".to_owned())).unwrap();
    let transaction = begun(state, &database, Mode::ReadWrite);
    assert_eq!(refused(state.save_checkpoint(transaction, "loop".to_owned(), "x".to_owned())), "invalid");
    assert!(!state.checkpoint_saved);
}

#[test]
fn what_has_to_be_over_touches_no_row() {
    let mut attempt = Attempt::inside(&ON_LOGS);
    let database = open(&mut attempt.state);
    let transaction = begun(&mut attempt.state, &database, Mode::ReadWrite);
    attempt.end();
    let state = &mut attempt.state;
    let sql = || "SELECT 1".to_owned();
    assert!(Host::open(state).is_err() && state.dialect(same(&database)).is_err());
    assert!(state.rows(same(&database), sql(), vec![], vec![], 1).is_err());
    assert!(HostDatabase::execute(state, same(&database), sql(), vec![]).is_err());
    assert!(state.begin(same(&database), Mode::ReadOnly).is_err());
    assert!(state.stream(same(&database), sql(), vec![], vec![]).is_err());
    assert!(state.query(same(&transaction), sql(), vec![], vec![]).is_err());
    assert!(HostTransaction::execute(state, same(&transaction), sql(), vec![]).is_err());
    assert!(state.save_checkpoint(same(&transaction), sql(), sql()).is_err() && !state.checkpoint_saved);
    assert!(state.commit(same(&transaction)).is_err() && state.rollback(transaction).is_err());
}

#[test]
fn the_cause_of_an_error_is_for_the_operator_and_a_denial_names_the_way_out() {
    let attempt = Attempt::inside(&["read:logs"]);
    let error = |code| BackendError::new(code, Text::quoted("it failed"));
    for (code, level) in [(ErrorCode::Internal, LogLevel::Warning), (ErrorCode::Cancelled, LogLevel::Debug)] {
        let answer = attempt.state.answer(Err::<(), _>(error(code).because("the system said so"))).unwrap_err();
        assert_eq!((answer.code.as_str(), answer.message.as_str()), (code.as_str(), "it failed"));
        let line = attempt.host.lines.lock().unwrap().pop().unwrap();
        assert_eq!((line.level, line.message.as_str()), (level, "it failed"));
        let of_error = [("code", code.as_str()), ("cause", "the system said so")];
        assert_eq!(line.fields, of_error.map(|(key, value)| (key.to_owned(), value.to_owned())));
    }
    attempt.state.answer(Err::<(), _>(error(ErrorCode::Internal))).unwrap_err();
    assert_eq!(attempt.host.messages(), Vec::<String>::new(), "there is no cause to tell");
    let permission: Permission = "update:logs".parse().unwrap();
    let denied = attempt.state.may(&permission).unwrap_err();
    assert_eq!((denied.code, attempt.state.may(&"read:logs".parse().unwrap())), (ErrorCode::Denied, Ok(())));
    let answer = attempt.state.answer(Err::<(), _>(denied)).unwrap_err();
    assert!(answer.message.contains("`update:logs`") && answer.message.contains("permissions(..)"), "{answer:?}");
}
