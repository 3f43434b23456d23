//! Long work in short transactions, along a key.

use crate::database::Database;
use crate::error::{Context, Error, ErrorCode, Result};
use crate::run::Run;
use crate::transaction::Transaction;

/// What one transaction did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The key that it came to; none at the end.
    pub next: Option<i64>,
    /// How many units it did.
    pub done: u64,
}

impl Run {
    /// Calls `step` with the key after which to go on, from 0, until it answers that there is no more.
    ///
    /// Each step is one transaction that commits together with its key, so an interrupted run loses no more than a
    /// step, and a resumed one goes on behind it. A run with several such loops names each; those that a resumed
    /// run had already finished are left out. Answers how many units were done, those before a resume included.
    ///
    /// # Errors
    /// What a step answers, and `cancelled` between two steps.
    pub fn by_key_range(
        &self,
        name: &str,
        database: &Database,
        unit: &str,
        mut step: impl FnMut(&Transaction, i64) -> Result<Step>,
    ) -> Result<u64> {
        let mut place = Place::of(self.checkpoint()?.as_deref(), name)?;
        while let Some(after) = place.after {
            self.check()?;
            let transaction = database.begin()?;
            let did = step(&transaction, after)?;
            place.after = did.next;
            place.done += did.done;
            transaction.save_checkpoint(&place.written(name))?;
            transaction.commit()?;
            self.progress(place.done, None, unit);
        }
        Ok(place.done)
    }
}

/// How far one loop is: written as `name after done`, with `end` for a loop that is over.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    after: Option<i64>,
    done: u64,
}

impl Place {
    fn of(checkpoint: Option<&str>, name: &str) -> Result<Self> {
        let start = Self { after: Some(0), done: 0 };
        let Some(words) = checkpoint.map(|text| text.split(' ').collect::<Vec<_>>()) else { return Ok(start) };
        match words[..] {
            [of, after, done] if of == name => {
                let number =
                    |text: &str| text.parse::<i64>().map_err(|error| Error::new(ErrorCode::Invalid, error.to_string()));
                let after = if after == "end" { None } else { Some(number(after).context("the checkpoint")?) };
                Ok(Self { after, done: u64::try_from(number(done)?).unwrap_or_default() })
            }
            _ => Ok(start),
        }
    }

    fn written(&self, name: &str) -> String {
        let after = self.after.map_or_else(|| "end".to_owned(), |key| key.to_string());
        format!("{name} {after} {}", self.done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loop_goes_on_from_its_own_checkpoint_and_from_no_other() {
        for place in [Place { after: Some(17), done: 5 }, Place { after: None, done: 9 }] {
            assert_eq!(Place::of(Some(&place.written("chats")), "chats"), Ok(place));
        }
        let start = Place { after: Some(0), done: 0 };
        assert_eq!(Place::of(Some("chats 17 5"), "logs"), Ok(Place { after: Some(0), done: 0 }));
        assert_eq!(Place::of(None, "logs"), Ok(start));
        assert!(Place::of(Some("chats x 5"), "chats").is_err());
    }
}
