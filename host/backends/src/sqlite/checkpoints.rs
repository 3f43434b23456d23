//! Where a run stands, stored beside the rows that it changed and committed with them.

use encargo_model::{CommandError, ErrorCode, Value};

use super::session::Session;

/// The longest checkpoint in bytes.
const LONGEST: usize = 64 << 10;

pub(super) fn save(session: &Session, checkpoint: &str) -> Result<(), CommandError> {
    if checkpoint.len() > LONGEST {
        let message = format!("a checkpoint has at most {LONGEST} bytes, this one has {}", checkpoint.len());
        return Err(CommandError::new(ErrorCode::TooLarge, message));
    }
    let access = &session.access;
    let values = [
        Value::Text(access.checkpoint_key.clone()),
        Value::Text(access.run.to_string()),
        Value::Text(checkpoint.to_owned()),
        Value::Integer(access.clock.now().0),
    ];
    session.run_own(
        "INSERT INTO checkpoints (resume_key, run, checkpoint, saved_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (tenant_id, resume_key) DO UPDATE
         SET run = excluded.run, checkpoint = excluded.checkpoint, saved_at = excluded.saved_at",
        &values,
    )?;
    Ok(())
}

pub(super) fn load(session: &Session) -> Result<Option<String>, CommandError> {
    session.enter()?;
    let key = Value::Text(session.access.checkpoint_key.clone());
    let found = session.run_own("SELECT checkpoint FROM checkpoints WHERE resume_key = ?1", &[key])?;
    Ok(found.and_then(|value| if let Value::Text(text) = value { Some(text) } else { None }))
}

pub(super) fn clear(session: &Session) -> Result<(), CommandError> {
    let key = Value::Text(session.access.checkpoint_key.clone());
    session.alone(|session| session.run_own("DELETE FROM checkpoints WHERE resume_key = ?1", &[key])).map(|_| ())
}
