//! Ids that no row of the tenant has, however many processes take some.

use encargo_model::{ErrorCode, Value, next_id, text};

use super::cursor::read_only;
use super::session::{Scope, Session};
use crate::BackendError;

/// The most ids of one call.
const MOST: u32 = 1_000_000;

/// Refuses more ids than one call gives.
pub(crate) fn check_count(n: u32) -> Result<(), BackendError> {
    if n > MOST {
        return Err(BackendError::new(
            ErrorCode::Invalid,
            text!(
                "at most {MOST} ids are given at once, not {n}",
                "se dan como máximo {MOST} identificadores a la vez, no {n}"
            ),
        ));
    }
    Ok(())
}

/// Takes ids in the open transaction, or in one of their own.
pub(super) fn take(session: &Session, n: u32) -> Result<i64, BackendError> {
    session.enter()?;
    check_count(n)?;
    match session.open.get() {
        None => session.alone(|session| reserve(session, n)),
        Some((_, Scope::ReadWrite)) => reserve(session, n),
        Some(_) => Err(read_only()),
    }
}

/// Takes ids in the open transaction: its lock keeps other processes from the row until it ends.
pub(super) fn reserve(session: &Session, n: u32) -> Result<i64, BackendError> {
    let floor = match session.run_own("SELECT next_id FROM id_blocks WHERE name = 'rows'", &[])? {
        Some(Value::Integer(floor)) => floor,
        _ => 0,
    };
    let first = next_id(session.access.clock.now(), n, floor);
    session.run_own(
        "INSERT INTO id_blocks (name, next_id) VALUES ('rows', ?1)
         ON CONFLICT (tenant_id, name) DO UPDATE SET next_id = excluded.next_id",
        &[Value::Integer(first + i64::from(n))],
    )?;
    Ok(first)
}
