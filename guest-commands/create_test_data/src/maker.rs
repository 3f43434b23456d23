//! Makes rows from a batch and a place alone, so that any part of a batch can be made again without the rest.

mod chat;
mod groups;
mod rest;

use encargo_sdk::random::Random;

use crate::batch::{Batch, Scenario, Stream};
use crate::edges;
use crate::shape::{Calendar, LogNormal, Zipf};
use crate::words::{LANGUAGES, Words};

pub(crate) use chat::{Message, Told};
pub(crate) use groups::{A_GROUP, Group};
pub(crate) use rest::content_hash;

/// Makes the rows of one batch.
#[derive(Debug)]
pub(crate) struct Maker {
    pub(crate) batch: Batch,
    zipf: Zipf,
    spread: LogNormal,
    calendar: Calendar,
}

impl Maker {
    pub(crate) fn new(batch: Batch) -> Self {
        Self {
            batch,
            zipf: Zipf::new(batch.counts.agents),
            spread: LogNormal::new(),
            calendar: Calendar::new(batch.until, batch.scenario),
        }
    }

    fn is(&self, scenario: Scenario) -> bool {
        self.batch.scenario == scenario
    }

    /// The numbers of a row, and the language that it is in.
    fn row(&self, stream: Stream, n: u64) -> (Random, &'static Words) {
        let mut random = self.batch.random(stream, n);
        let words = LANGUAGES[random.below(2) as usize];
        (random, words)
    }

    /// In the scenario of odd things, one time in three an odd text in the place of this one.
    fn odd(&self, text: &mut String, from: usize, random: &mut Random) {
        if self.is(Scenario::EdgeCases) && random.percent(33) {
            text.truncate(from);
            edges::text(random, text);
        }
    }

    /// How many sentences there are, seldom many.
    fn sentences(&self, median: i64, random: &mut Random) -> u64 {
        self.spread.around(median * 4, random).div_euclid(4).clamp(1, 24).unsigned_abs()
    }
}

#[cfg(test)]
mod tests;
