//! Writes batches: an upsert made by the host, run once a row.

mod plan;

use std::rc::Rc;

use encargo_model::{Batch, Cells, Column, ErrorCode, text};

use super::ids;
use super::session::{Session, rolled_back};
use super::statement::{Cell, Fault};
use super::tally::Snapshot;
use crate::BackendError;
use plan::Plan;

/// Where and how rows are put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteSpec {
    /// A logical relation.
    pub table: String,
    /// The columns of a unique key, without the tenant's.
    pub key: Vec<String>,
    /// What happens to a row whose key is there already.
    pub on_conflict: OnConflict,
    /// A column whose equal value means that the row is unchanged; with `Update` it needs the permission to read.
    pub same_when: Option<String>,
}

/// What happens to a row whose key is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnConflict {
    /// The batch is refused with `unique`.
    Fail,
    /// The row that is there stays and counts as unchanged.
    Skip,
    /// The row that is there takes the values of the batch; `id` and `created_at` stay, and no `updated_at` that fits its
    /// row of the batch is before that.
    Update,
}

/// What a write did; the three add up to the rows of the batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WriteCounts {
    /// Rows added.
    pub inserted: u64,
    /// Rows changed.
    pub updated: u64,
    /// Rows left as they were.
    pub unchanged: u64,
}

/// Pages in memory while many rows are written, in KiB: with shuffled keys every index page is met again and again.
const BULK_CACHE_KIB: i64 = 48 << 10;
/// Pages of the log after which it is copied into the file: 64 MiB.
const BULK_CHECKPOINT_PAGES: i64 = 4_000;

pub(super) fn write(session: &Rc<Session>, spec: &WriteSpec, batch: &Batch) -> Result<WriteCounts, BackendError> {
    batch.check().map_err(|problem| {
        let code = if batch.is_too_large() { ErrorCode::TooLarge } else { ErrorCode::Invalid };
        BackendError::new(code, problem)
    })?;
    check_rows(session, batch)?;
    session.count_statement()?;
    let plan = Plan::new(session, spec, batch)?;
    if batch.rows == 0 {
        return Ok(WriteCounts::default());
    }
    set_up_for_bulk(session)?;
    let first_id = if plan.fills_ids { ids::reserve(session, batch.rows)? } else { 0 };

    let running = session.running();
    let mut adding = session.prepare_own(&plan.sql)?;
    let mut changing = plan.update.as_deref().map(|update| session.prepare_own(update)).transpose()?;
    let before = session.tally.snapshot();
    let written_before = session.tally.written(&spec.table);
    let given = batch.columns.len();
    let columns = given + usize::from(plan.fills_ids);
    let otherwise = changing.as_mut().map(|changing| &mut changing.statement);
    let done = adding.statement.run_rows(otherwise, batch.rows as usize, columns, |row, column| {
        if column == given { Cell::Integer(first_id + row as i64) } else { cell(&batch.columns[column], row) }
    });
    if adding.slot.is_none() {
        adding.slot = session.slot(&plan.sql);
    }
    adding.took = running.elapsed();
    adding.rows = u64::from(batch.rows);
    [Some(adding), changing].into_iter().flatten().for_each(|prepared| session.give_back(prepared));
    if let Err((row, fault)) = done {
        return Err(refuse(session, &plan, row, &fault, &before));
    }
    let written = session.tally.written(&spec.table);
    let (inserted, updated) = (written.0 - written_before.0, written.1 - written_before.1);
    Ok(WriteCounts { inserted, updated, unchanged: u64::from(batch.rows) - inserted - updated })
}

/// A run may be held to fewer rows than a batch can have.
fn check_rows(session: &Session, batch: &Batch) -> Result<(), BackendError> {
    let most = session.access.limits.batch_rows;
    if u64::from(batch.rows) > most {
        let message = text!(
            "a batch has at most {most} rows, the limit `batch_rows`; this one has {}",
            "un lote tiene como máximo {most} filas, el límite `batch_rows`; este tiene {}";
            batch.rows
        );
        return Err(BackendError::new(ErrorCode::TooLarge, message));
    }
    session.access.meter.count_rows(batch.rows);
    Ok(())
}

/// A batch is written whole or not at all, and so is its transaction: a savepoint for each batch would allow more, and
/// doubles the time of a write with shuffled keys (14.5 s for 6.9 s).
fn refuse(session: &Rc<Session>, plan: &Plan, row: usize, fault: &Fault, before: &Snapshot) -> BackendError {
    let failed = session.failed(fault, &plan.sql, before);
    let failed = if session.roll_back_open() { failed.reworded(rolled_back) } else { failed };
    failed.reworded(
        |problem| text!("row {} of the batch: {problem}", "fila {} del lote: {problem}", problem = problem; row + 1),
    )
}

fn cell(column: &Column, row: usize) -> Cell<'_> {
    if column.is_null(row) {
        return Cell::Null;
    }
    let within = |offsets: &[u32]| offsets[row] as usize..offsets[row + 1] as usize;
    match &column.cells {
        Cells::Integers(cells) => Cell::Integer(cells[row]),
        Cells::Reals(cells) => Cell::Real(cells[row]),
        Cells::Texts(texts) => Cell::Text(&texts.data.as_bytes()[within(&texts.offsets)]),
        Cells::Blobs(blobs) => Cell::Blob(&blobs.data[within(&blobs.offsets)]),
    }
}

fn set_up_for_bulk(session: &Session) -> Result<(), BackendError> {
    if !session.bulk.replace(true) {
        session.run_own(&format!("PRAGMA cache_size = -{BULK_CACHE_KIB}"), &[])?;
        session.run_own(&format!("PRAGMA wal_autocheckpoint = {BULK_CHECKPOINT_PAGES}"), &[])?;
    }
    Ok(())
}
