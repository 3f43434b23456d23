//! Deleting the items that no file has.

use encargo_sdk::error::{Error, ErrorCode, Result};
use encargo_sdk::text;

use super::{Phase, Watcher};
use crate::presence::Presence;
use crate::sink::{Checkpoint, KnowledgeSink};

/// Counts what would be deleted, and asks.
///
/// # Errors
/// `refused` when it may not be, or when all would be because the files have no item.
pub(super) fn confirm<K: KnowledgeSink, W: Watcher>(presence: &Presence, sink: &mut K, watcher: &mut W) -> Result<()> {
    let (mut missing, mut stored, mut after) = (0, 0, String::new());
    loop {
        let ids = sink.ids(&after)?;
        let Some(last) = ids.last() else { break };
        stored += ids.len() as u64;
        missing += ids.iter().filter(|id| !presence.has(id)).count() as u64;
        after.clone_from(last);
        watcher.progress(Phase::Comparing, stored, None)?;
    }
    if missing == 0 {
        return Ok(());
    }
    if presence.is_empty() {
        let message = text!(
            "the files have no item, so `--delete-missing` would delete all {stored}: nothing was changed",
            "los archivos no tienen ningún elemento, así que `--delete-missing` borraría los {stored}: no se cambió nada"
        );
        return Err(Error::new(ErrorCode::Refused, message));
    }
    watcher.confirm(missing, stored)
}

/// Deletes them, some at a time, and answers how many this run deleted.
///
/// # Errors
/// What the sink or the watcher answers.
pub(super) fn delete<K: KnowledgeSink, W: Watcher>(
    presence: &Presence,
    sink: &mut K,
    watcher: &mut W,
    checkpoint: &mut Checkpoint,
) -> Result<u64> {
    let mut after = String::new();
    loop {
        let ids = sink.ids(&after)?;
        let Some(last) = ids.last() else { return Ok(checkpoint.deleted) };
        let missing: Vec<&str> = ids.iter().map(String::as_str).filter(|id| !presence.has(id)).collect();
        if !missing.is_empty() {
            checkpoint.deleted += missing.len() as u64;
            sink.delete(&missing, checkpoint)?;
        }
        after.clone_from(last);
        watcher.progress(Phase::Deleting, checkpoint.deleted, None)?;
    }
}
