//! Which items the files have, for a run that deletes the others.

use encargo_sdk::error::{Error, ErrorCode, Result};
use encargo_sdk::text;
use xxhash_rust::xxh3::xxh3_64;

/// The most items that are remembered: 32 MB of their keys.
const MOST: usize = 4_000_000;

/// The ids of all items of the files, by their hashes.
#[derive(Debug, Default)]
pub(crate) struct Presence {
    keys: Vec<u64>,
}

impl Presence {
    /// An item of this id is there.
    ///
    /// # Errors
    /// `too-large` for more than are remembered.
    pub(crate) fn note(&mut self, id: &str) -> Result<()> {
        if self.keys.len() == MOST {
            let message = text!(
                "`--delete-missing` knows up to {MOST} items, and the files have more: import without it",
                "`--delete-missing` conoce hasta {MOST} elementos, y los archivos tienen más: importe sin él"
            );
            return Err(Error::new(ErrorCode::TooLarge, message));
        }
        self.keys.push(xxh3_64(id.as_bytes()));
        Ok(())
    }

    /// All are noted.
    pub(crate) fn settle(&mut self) {
        self.keys.sort_unstable();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether an item of this id was noted.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.keys.binary_search(&xxh3_64(id.as_bytes())).is_ok()
    }
}

/// How many wrong records are too many.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MostErrors {
    /// More than so many.
    Number(u64),
    /// More than such a share, in percent.
    Percent(f64),
}

impl MostErrors {
    /// Reads `10` or `2.5%`.
    ///
    /// # Errors
    /// `usage` for anything else.
    pub fn read(written: &str) -> Result<Self> {
        let number = written.trim().parse().ok().map(Self::Number);
        let percent = || {
            let percent: f64 = written.trim().strip_suffix('%')?.trim_end().parse().ok()?;
            (0.0..=100.0).contains(&percent).then_some(Self::Percent(percent))
        };
        number.or_else(percent).ok_or_else(|| {
            let message = text!(
                "`--max-errors={written}` is neither a number of records nor a share such as `5%`",
                "`--max-errors={written}` no es ni un número de registros ni una parte como `5%`"
            );
            Error::new(ErrorCode::Usage, message)
        })
    }

    /// Whether so many wrong records of so many are too many.
    pub(crate) fn are_exceeded(self, invalid: u64, read: u64) -> bool {
        match self {
            Self::Number(most) => invalid > most,
            Self::Percent(percent) => invalid as f64 * 100.0 > percent * read as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_or_a_share_of_wrong_records_is_too_many() {
        for (written, invalid, read, exceeded) in [
            ("0", 0, 5, false),
            ("0", 1, 5, true),
            ("3", 3, 5, false),
            ("3", 4, 5, true),
            ("20%", 1, 5, false),
            ("20%", 2, 5, true),
            ("0%", 1, 1_000_000, true),
            ("2.5 %", 1, 40, false),
        ] {
            let most = MostErrors::read(written).map_err(|error| error.message).expect("it is one");
            assert_eq!(most.are_exceeded(invalid, read), exceeded, "{written}: {invalid} of {read}");
        }
        for written in ["", "-1", "x", "101%", "%", "NaN%", "1.5"] {
            assert!(MostErrors::read(written).is_err(), "{written}");
        }
    }

    #[test]
    fn what_was_noted_is_there() {
        let mut presence = Presence::default();
        for id in 0..1_000 {
            presence.note(&format!("id {}", id * 7)).expect("they are few");
        }
        presence.settle();
        assert!((0..7_000).all(|id| presence.has(&format!("id {id}")) == (id % 7 == 0)));
    }
}
