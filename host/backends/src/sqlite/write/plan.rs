//! The statement that writes a batch. Names are checked against the table, so nothing of a command's becomes SQL.

use std::rc::Rc;

use encargo_model::{Batch, ErrorCode, TableAction, Text, Value, text};

use super::{OnConflict, WriteSpec};
use crate::BackendError;
use crate::schema::RELATIONS;
use crate::sqlite::session::Session;
use crate::sqlite::statement::Cell;

/// Columns that an update leaves as they were.
const KEPT: [&str; 2] = ["id", "created_at"];

pub(super) struct Plan {
    /// Adds a row; one whose key is there stays, unless there is another statement for it. Takes the batch's columns in their
    /// order, then an id when `fills_ids`.
    pub(super) sql: String,
    /// Changes a row whose key is there, with the same parameters. It is a statement of its own because a table with a trigger
    /// for updates would keep what every row did for a return, new ones too, which takes as long as adding them.
    pub(super) update: Option<String>,
    /// Whether the batch has no `id` and the table has.
    pub(super) fills_ids: bool,
}

impl Plan {
    pub(super) fn new(session: &Session, spec: &WriteSpec, batch: &Batch) -> Result<Self, BackendError> {
        let table = spec.table.as_str();
        session.rights.check(TableAction::Insert, table)?;
        if spec.on_conflict == OnConflict::Update {
            session.rights.check(TableAction::Update, table)?;
            // The counts tell which rows have this value already.
            if spec.same_when.is_some() {
                session.rights.check(TableAction::Read, table)?;
            }
        }
        // A name that only differs in case would pass the check above and be counted as nobody's.
        if !RELATIONS.contains(&table) {
            return Err(BackendError::new(
                ErrorCode::NotFound,
                text!("there is no table `{table}`", "no existe la tabla `{table}`"),
            ));
        }
        let known = columns(session, table)?;
        let given: Vec<_> = batch.columns.iter().map(|column| column.name.as_str()).collect();
        check_columns(spec, &known, &given)?;
        let fills_ids = known.iter().any(|column| column == "id") && !given.contains(&"id");
        let (sql, update) = sql(spec, &given, fills_ids);
        Ok(Self { sql, update, fills_ids })
    }
}

fn check_columns(spec: &WriteSpec, known: &[String], given: &[&str]) -> Result<(), BackendError> {
    let invalid = |message: Text| Err(BackendError::new(ErrorCode::Invalid, message));
    for (at, column) in given.iter().enumerate() {
        if *column == "tenant_id" {
            return invalid(text!(
                "`tenant_id` is filled by the database and not written",
                "`tenant_id` lo rellena la base de datos y no se escribe"
            ));
        }
        if !known.iter().any(|known| known == column) {
            let message = text!(
                "there is no column `{column}` in `{}`",
                "no existe la columna `{column}` en `{}`";
                spec.table
            );
            return Err(BackendError::new(ErrorCode::NotFound, message));
        }
        if given[..at].contains(column) {
            return invalid(text!(
                "the batch has the column `{column}` twice",
                "el lote tiene la columna `{column}` dos veces"
            ));
        }
    }
    if given.is_empty() {
        return invalid(text!("the batch has no columns", "el lote no tiene columnas"));
    }
    if spec.on_conflict != OnConflict::Fail && spec.key.is_empty() {
        return invalid(text!(
            "rows can only be recognised by a key, and none was given",
            "las filas solo se reconocen por una clave, y no se dio ninguna"
        ));
    }
    match spec.key.iter().chain(&spec.same_when).find(|column| !given.contains(&column.as_str())) {
        Some(column) => invalid(text!(
            "the batch has no column `{column}`, which rows are recognised by",
            "el lote no tiene la columna `{column}`, por la que se reconocen las filas"
        )),
        None => Ok(()),
    }
}

fn sql(spec: &WriteSpec, given: &[&str], fills_ids: bool) -> (String, Option<String>) {
    let quoted = |name: &str| format!("\"{name}\"");
    let columns: Vec<_> = given.iter().copied().chain(fills_ids.then_some("id")).map(quoted).collect();
    let values: Vec<_> = (1..=columns.len()).map(|number| format!("?{number}")).collect();
    let table = quoted(&spec.table);
    let mut sql = format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), values.join(", "));
    if spec.on_conflict == OnConflict::Fail {
        return (sql, None);
    }
    // An id alone is unique in a file that holds one tenant; other keys begin with the tenant.
    let tenant = (spec.key != ["id"]).then_some("tenant_id");
    let key: Vec<_> = tenant.into_iter().chain(spec.key.iter().map(String::as_str)).map(quoted).collect();
    sql.push_str(&format!(" ON CONFLICT ({})", key.join(", ")));
    let is_kept = |column: &str| KEPT.contains(&column) || spec.key.iter().any(|key| key == column);
    let updates: Vec<_> = given
        .iter()
        .filter(|column| !is_kept(column))
        .map(|column| match *column == "updated_at" && given.contains(&"created_at") {
            true => changed_when(&table),
            false => format!("{0} = excluded.{0}", quoted(column)),
        })
        .collect();
    if spec.on_conflict == OnConflict::Skip || updates.is_empty() {
        return (sql + " DO NOTHING", None);
    }
    let mut update = format!("{sql} DO UPDATE SET {}", updates.join(", "));
    if let Some(same) = &spec.same_when {
        update.push_str(&format!(" WHERE {table}.{0} IS NOT excluded.{0}", quoted(same)));
    }
    (sql + " DO NOTHING", Some(update))
}

/// The time of a change. A run's now is that of its start, and a row may be of a run that began later and ended sooner:
/// a row whose times fit together in the batch is not to be changed before it was made.
fn changed_when(table: &str) -> String {
    format!(
        "\"updated_at\" = CASE WHEN excluded.\"updated_at\" >= excluded.\"created_at\" \
         THEN max(excluded.\"updated_at\", {table}.\"created_at\") ELSE excluded.\"updated_at\" END"
    )
}

/// The table's columns, read once.
fn columns(session: &Session, table: &str) -> Result<Rc<[String]>, BackendError> {
    if let Some(columns) = session.columns.borrow().get(table) {
        return Ok(Rc::clone(columns));
    }
    let sql = "SELECT name FROM pragma_table_info(?1)";
    let mut prepared = session.prepare_own(sql)?;
    let mut names = Vec::new();
    let read = prepared.bind(&[Value::Text(table.to_owned())]).and_then(|()| {
        while prepared.statement.step()? {
            if let Cell::Text(name) = prepared.statement.cell(0) {
                names.push(String::from_utf8_lossy(name).into_owned());
            }
        }
        Ok(())
    });
    session.give_back(prepared);
    read.map_err(|fault| session.error_of(&fault, sql))?;
    let columns: Rc<[String]> = names.into();
    session.columns.borrow_mut().insert(table.to_owned(), Rc::clone(&columns));
    Ok(columns)
}
