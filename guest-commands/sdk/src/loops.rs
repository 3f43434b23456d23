//! Long work in short transactions: loops that a resumed run goes on with.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::database::Database;
use crate::error::{Error, ErrorCode, Result};
use crate::phase::Phase;
use crate::run::Run;
use crate::text;
use crate::transaction::Transaction;

/// What one transaction did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step<K = i64> {
    /// The key that it came to; none at the end.
    pub next: Option<K>,
    /// How many units it did.
    pub done: u64,
}

/// One of the run's loops, from its start or from where the run that is resumed left it.
///
/// Its totals are kept with its key, so a resumed run reports what it did before it was interrupted too. A loop that had
/// come to its end stays there.
#[derive(Debug)]
pub struct Loop<'a, T, K = i64> {
    run: &'a Run,
    name: &'a str,
    place: Place<T, K>,
}

/// How far a loop is: its checkpoint, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Place<T, K> {
    /// The key after which to go on; none at the end.
    after: Option<K>,
    /// How many units were done.
    done: u64,
    totals: T,
}

impl Run {
    /// Takes up a loop by its name, which no other one of the run has. A fresh one goes on after `start`, and `totals`
    /// is asked what to count from.
    ///
    /// # Errors
    /// What `totals` answers, `invalid` for a name that is none or a checkpoint of another version of the command.
    pub fn take_up<'a, T: DeserializeOwned, K: DeserializeOwned>(
        &'a self,
        name: &'a str,
        start: K,
        totals: impl FnOnce() -> Result<T>,
    ) -> Result<Loop<'a, T, K>> {
        let place = match self.checkpoint(name)? {
            Some(text) => read(&text)?,
            None => Place { after: Some(start), done: 0, totals: totals()? },
        };
        Ok(Loop { run: self, name, place })
    }
}

impl<T: Clone + Serialize, K: Clone + Serialize> Loop<'_, T, K> {
    /// The key after which to go on; none at the end.
    pub fn after(&self) -> Option<&K> {
        self.place.after.as_ref()
    }

    /// What was counted in the transactions that were committed.
    pub fn totals(&self) -> &T {
        &self.place.totals
    }

    /// Calls `step` with the key after which to go on and the totals to add to, until it answers that there is no more.
    ///
    /// Each step is one transaction that commits together with its key and its totals, so an interrupted run loses no
    /// more than a step, and a resumed one goes on behind it.
    ///
    /// # Errors
    /// What a step answers, and `cancelled` between two steps.
    pub fn each_transaction(
        &mut self,
        database: &Database,
        phase: &Phase,
        mut step: impl FnMut(&Transaction, &K, &mut T) -> Result<Step<K>>,
    ) -> Result<()> {
        self.run.progress(phase, self.place.done);
        while let Some(after) = &self.place.after {
            self.run.check()?;
            let transaction = database.begin()?;
            let mut totals = self.place.totals.clone();
            let did = step(&transaction, after, &mut totals)?;
            let place = Place { after: did.next, done: self.place.done + did.done, totals };
            transaction.save_checkpoint(self.name, &written(&place)?)?;
            transaction.commit()?;
            self.place = place;
            self.run.progress(phase, self.place.done);
        }
        Ok(())
    }

    /// Keeps how far the loop is, for work that is not in the database.
    ///
    /// # Errors
    /// What the database says.
    pub fn save(&mut self, database: &Database, did: Step<K>, totals: T) -> Result<()> {
        let place = Place { after: did.next, done: self.place.done + did.done, totals };
        let transaction = database.begin()?;
        transaction.save_checkpoint(self.name, &written(&place)?)?;
        transaction.commit()?;
        self.place = place;
        Ok(())
    }
}

fn written<T: Serialize, K: Serialize>(place: &Place<T, K>) -> Result<String> {
    serde_json::to_string(place).map_err(|error| Error::new(ErrorCode::Internal, error.to_string()))
}

fn read<T: DeserializeOwned, K: DeserializeOwned>(checkpoint: &str) -> Result<Place<T, K>> {
    serde_json::from_str(checkpoint).map_err(|_| {
        let message = text!(
            "the checkpoint is of another version of this command: begin again with `--restart`",
            "el punto de control es de otra versión de este comando: empieza de nuevo con `--restart`"
        );
        Error::new(ErrorCode::Invalid, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loop_is_read_back_where_it_was_with_what_it_had_counted() {
        for after in [Some(17), None] {
            let place = Place { after, done: 5, totals: (3_u64, "x".to_owned()) };
            assert_eq!(read(&written(&place).unwrap()), Ok(place));
        }
        let by_name = Place { after: Some("a.txt".to_owned()), done: 1, totals: 2_u64 };
        assert_eq!(read(&written(&by_name).unwrap()), Ok(by_name));
        for other in ["", "chats 17 5", r#"{"after": "x", "done": 1, "totals": 2}"#] {
            assert_eq!(read::<u64, i64>(other).unwrap_err().code(), ErrorCode::Invalid, "{other}");
        }
    }
}
