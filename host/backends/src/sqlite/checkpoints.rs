//! Where each loop of a run stands, stored beside the rows that it changed and committed with them.

use encargo_model::{ErrorCode, Value, text};

use super::session::Session;
use super::words::named;
use crate::BackendError;

/// The longest checkpoint in bytes.
const LONGEST: usize = 64 << 10;
/// The longest name of a loop in characters.
const LONGEST_NAME: usize = 64;

pub(super) fn save(session: &Session, loop_name: &str, checkpoint: &str) -> Result<(), BackendError> {
    check_name(loop_name)?;
    if checkpoint.len() > LONGEST {
        let message = text!(
            "a checkpoint has at most {LONGEST} bytes, this one has {}",
            "un punto de control tiene como máximo {LONGEST} bytes, este tiene {}";
            checkpoint.len()
        );
        return Err(BackendError::new(ErrorCode::TooLarge, message));
    }
    let access = &session.access;
    let values = [
        Value::Text(access.checkpoint_key.clone()),
        Value::Text(loop_name.to_owned()),
        Value::Text(access.run.to_string()),
        Value::Text(checkpoint.to_owned()),
        Value::Integer(access.clock.now().0),
    ];
    session.run_own(
        "INSERT INTO checkpoints (resume_key, loop, run, checkpoint, saved_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (tenant_id, resume_key, loop) DO UPDATE
         SET run = excluded.run, checkpoint = excluded.checkpoint, saved_at = excluded.saved_at",
        &values,
    )?;
    Ok(())
}

pub(super) fn load(session: &Session, loop_name: &str) -> Result<Option<String>, BackendError> {
    check_name(loop_name)?;
    session.enter()?;
    let values = [Value::Text(session.access.checkpoint_key.clone()), Value::Text(loop_name.to_owned())];
    let found = session.run_own("SELECT checkpoint FROM checkpoints WHERE resume_key = ?1 AND loop = ?2", &values)?;
    Ok(found.and_then(|value| if let Value::Text(text) = value { Some(text) } else { None }))
}

/// Forgets the checkpoints of all loops.
pub(super) fn clear(session: &Session) -> Result<(), BackendError> {
    let key = Value::Text(session.access.checkpoint_key.clone());
    session.alone(|session| session.run_own("DELETE FROM checkpoints WHERE resume_key = ?1", &[key])).map(|_| ())
}

fn check_name(name: &str) -> Result<(), BackendError> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    if (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(plain) {
        return Ok(());
    }
    let message = text!(
        "{} is no name of a loop: it has 1 to {LONGEST_NAME} lower-case letters, digits, `-` and `_`",
        "{} no es el nombre de un bucle: tiene de 1 a {LONGEST_NAME} letras minúsculas, cifras, `-` y `_`";
        named(name)
    );
    Err(BackendError::new(ErrorCode::Invalid, message))
}
