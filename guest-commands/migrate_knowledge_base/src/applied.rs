//! Which steps a tenant's knowledge has taken: a journal, in which each has its checksum, its time, its run and its count.

use encargo_sdk::journal::Journal;
use encargo_sdk::prelude::*;
use serde::{Deserialize, Serialize};

use crate::steps::{STEPS, Step};
use crate::version::Version;

/// The journal's command and name.
const COMMAND: &str = "migrate_knowledge_base";
const NAME: &str = "steps";

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Applied {
    /// The version that it leads to.
    pub(crate) to: String,
    pub(crate) checksum: String,
    /// In RFC 3339.
    pub(crate) applied_at: String,
    pub(crate) run: String,
}

/// Reads the steps that were taken.
///
/// # Errors
/// What the database says; `invalid` for a journal that is none of this command's.
pub(crate) fn read(transaction: &Transaction) -> Result<Vec<Applied>> {
    let Some(journal) = Journal::find(transaction, COMMAND, NAME)? else { return Ok(Vec::new()) };
    serde_json::from_str(&journal.details).map_err(|error| {
        let message = text!(
            "the journal of the steps cannot be read: {error}",
            "el diario de los pasos no se puede leer: {error}"
        );
        Error::new(ErrorCode::Invalid, message)
    })
}

/// Refuses to go on over a step that was edited since it was taken: its way back would be another one.
///
/// # Errors
/// `refused`, with the way out.
pub(crate) fn check_unedited(applied: &[Applied]) -> Result<()> {
    let edited = |step: &&Step| {
        let taken = applied.iter().find(|taken| taken.to == step.to.word());
        taken.is_some_and(|taken| taken.checksum != step.checksum())
    };
    let Some(step) = STEPS.iter().find(edited) else { return Ok(()) };
    let to = step.to.word();
    let message = text!(
        "the step to {to} was edited since it was applied; go back with the version of the command that applied it, or accept \
         the new one with `--accept-edited`",
        "el paso a {to} se editó después de aplicarse; vuelva atrás con la versión del comando que lo aplicó, o acepte el nuevo \
         con `--accept-edited`"
    );
    Err(Error::new(ErrorCode::Refused, message))
}

/// Notes that the knowledge is in a version now: the steps up to it are taken, later ones are not.
///
/// # Errors
/// What the database says.
pub(crate) fn note(transaction: &Transaction, run: &Run, mut applied: Vec<Applied>, version: Version) -> Result<()> {
    applied.retain(|taken| STEPS.iter().any(|step| step.to.word() == taken.to && step.to <= version));
    for step in STEPS.iter().filter(|step| step.to <= version) {
        let (to, checksum) = (step.to.word(), step.checksum());
        if applied.iter().any(|taken| taken.to == to && taken.checksum == checksum) {
            continue;
        }
        applied.retain(|taken| taken.to != to);
        let (applied_at, run) = (run.started_at().rfc3339(), run.id().to_owned());
        applied.push(Applied { to: to.to_owned(), checksum, applied_at, run });
    }
    let details =
        serde_json::to_string(&applied).map_err(|error| Error::new(ErrorCode::Internal, error.to_string()))?;
    match Journal::find(transaction, COMMAND, NAME)? {
        Some(mut journal) => journal.change(transaction, run, version.word(), &details),
        None => Journal::begin(transaction, run, COMMAND, NAME, version.word(), &details).map(drop),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_was_edited_is_told_with_the_way_out() {
        let mut applied: Vec<_> = STEPS
            .iter()
            .map(|step| Applied {
                to: step.to.word().to_owned(),
                checksum: step.checksum(),
                applied_at: String::new(),
                run: String::new(),
            })
            .collect();
        assert_eq!(check_unedited(&applied), Ok(()));
        assert_eq!(check_unedited(&[]), Ok(()));
        applied[1].checksum = "other".to_owned();
        let error = check_unedited(&applied).unwrap_err();
        assert!(error.code() == ErrorCode::Refused && error.message.contains("2.1"), "{error:?}");
    }
}
