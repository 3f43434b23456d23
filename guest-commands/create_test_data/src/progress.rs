//! How far a batch is, in its journal: committed with the rows that it speaks of, so that a run that was interrupted is gone
//! on with, by `--resume` or by the same line again.

use std::collections::BTreeMap;

use encargo_sdk::journal::Journal;
use encargo_sdk::prelude::*;
use serde::{Deserialize, Serialize};

use crate::batch::Batch;

/// The command that the journals belong to.
pub(crate) const COMMAND: &str = env!("CARGO_PKG_NAME");

/// What is being done to a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum State {
    Making,
    Made,
    Removing,
}

/// What the journal of a batch says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Details {
    pub(crate) batch: Batch,
    /// How much of each stage is made.
    pub(crate) made: BTreeMap<String, u64>,
}

impl Details {
    pub(crate) fn new(batch: Batch) -> Self {
        Self { batch, made: BTreeMap::new() }
    }

    pub(crate) fn of(journal: &Journal) -> Result<Self> {
        serde_json::from_str(&journal.details).map_err(|_| {
            let name = &journal.name;
            let message = text!(
                "the journal of the batch `{name}` is of another version of this command",
                "el diario del lote `{name}` es de otra versión de este comando"
            );
            Error::new(ErrorCode::Invalid, message)
        })
    }

    pub(crate) fn written(&self) -> Result<String> {
        serde_json::to_string(self).map_err(|error| Error::new(ErrorCode::Internal, error.to_string()))
    }

    /// How much of a stage is made.
    pub(crate) fn made(&self, stage: &str) -> u64 {
        self.made.get(stage).copied().unwrap_or(0)
    }
}

/// Whether the batch is to be made, to be gone on with, or is there.
pub(crate) fn begin(run: &Run, transaction: &Transaction, batch: Batch) -> Result<(Journal, Details)> {
    let name = batch.name();
    let Some(journal) = Journal::find(transaction, COMMAND, &name)? else {
        let details = Details::new(batch);
        let journal = Journal::begin(transaction, run, COMMAND, &name, State::Making.word(), &details.written()?)?;
        return Ok((journal, details));
    };
    let details = Details::of(&journal)?;
    ensure!(
        journal.state != State::Removing.word(),
        AlreadyExists,
        "the batch `{name}` is being removed; `--remove` goes on with it",
        "el lote `{name}` se está quitando; `--remove` sigue con ello"
    );
    ensure!(
        details.batch == batch,
        AlreadyExists,
        "the batch `{name}` is there with other counts or another `--until`; remove it with `--remove`, or take another `--seed`",
        "el lote `{name}` ya está, con otras cantidades u otro `--until`; quítelo con `--remove`, o elija otra `--seed`"
    );
    Ok((journal, details))
}
