//! A batch: what one seed makes in one scenario, with ids that are known without asking.
//!
//! An id is 2^46, the seed in 14 bits, the scenario in 2 and the row's place in 30. The host's own ids are the milliseconds
//! since 2025 times 4,096, and all of those from 2^46 to 2^47 belong to the time from July 2025 to February 2026, when
//! there was no Encargo yet. So no row of a tenant's own has one, and neither has one of another batch.

use encargo_sdk::prelude::*;
use encargo_sdk::random::Random;
use serde::{Deserialize, Serialize};

use crate::volume::Counts;

const FIRST: i64 = 1 << 46;
/// How many places a batch has.
const PLACES: i64 = 1 << 30;
/// How many places the messages of a chat have.
pub(crate) const A_CHAT: i64 = 64;
/// The largest seed.
pub(crate) const LAST_SEED: u32 = (1 << 14) - 1;
/// Rows that were planted begin here, far behind those that were counted; for chats, before the factor of their messages.
pub(crate) const PLANTED: u64 = (1 << 24) - (1 << 16);

/// What is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice, Serialize, Deserialize)]
pub(crate) enum Scenario {
    /// What an ordinary shop has; it validates clean.
    #[choice(name = "normal")]
    Normal,
    /// Most of the chats in the last three days, slow answers, a backlog.
    #[choice(name = "high_load")]
    HighLoad,
    /// Odd texts, times and lengths that are allowed.
    #[choice(name = "edge_cases")]
    EdgeCases,
    /// Planted faults, with an answer key.
    #[choice(name = "faults")]
    Faults,
}

/// What one seed makes in one scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Batch {
    pub(crate) seed: u32,
    pub(crate) scenario: Scenario,
    /// The time up to which everything lies.
    pub(crate) until: i64,
    pub(crate) counts: Counts,
}

/// What rows there are; each has numbers of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    Agents = 1,
    Knowledge,
    Documents,
    Chats,
    Lengths,
    Logs,
    Events,
}

impl Batch {
    /// The name of its journal, and what its external ids begin with behind `test-`.
    pub(crate) fn name(&self) -> String {
        name(self.scenario, self.seed)
    }

    /// The ids of its rows, in every relation.
    pub(crate) fn ids(&self) -> std::ops::Range<i64> {
        let first = FIRST | i64::from(self.seed) << 32 | (self.scenario as i64) << 30;
        first..first + PLACES
    }

    /// The id at this place.
    pub(crate) fn id(&self, place: u64) -> i64 {
        self.ids().start + place as i64
    }

    /// The id of a message of a chat.
    pub(crate) fn message_id(&self, chat: u64, at: usize) -> i64 {
        self.ids().start + chat as i64 * A_CHAT + at as i64
    }

    /// The numbers that belong to a row.
    pub(crate) fn random(&self, stream: Stream, n: u64) -> Random {
        Random::of(&[u64::from(self.seed), self.scenario as u64, stream as u64, n])
    }

    /// A key that no other row has: `test-normal-1-chat-00000042`.
    pub(crate) fn key(&self, what: &str, n: u64) -> String {
        format!("test-{}-{what}-{n:08}", self.name())
    }
}

/// The name of a batch.
pub(crate) fn name(scenario: Scenario, seed: u32) -> String {
    format!("{}-{seed}", scenario.word())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::volume::Volume;

    #[test]
    fn no_two_batches_have_an_id_in_common_nor_one_with_the_host() {
        let mut ranges = Vec::new();
        for seed in [0, 1, 2, 4_095, LAST_SEED] {
            for &scenario in Scenario::ALL {
                ranges.push(Batch { seed, scenario, until: 0, counts: Volume::Small.counts() }.ids());
            }
        }
        assert!(ranges.windows(2).all(|pair| pair[0].end <= pair[1].start), "{ranges:?}");
        // February 2026, in milliseconds since 2025 times 4,096.
        assert!(ranges[0].start == 1 << 46 && ranges.last().unwrap().end == 1 << 47);
        let days_since_2025 = ranges.last().unwrap().end / 4_096 / 86_400_000;
        assert_eq!(days_since_2025, 397);
    }

    #[test]
    fn the_messages_of_every_chat_lie_in_the_batch() {
        let batch = Batch { seed: 7, scenario: Scenario::Faults, until: 0, counts: Volume::Stress.counts() };
        assert!(batch.counts.chats < PLANTED);
        let last = batch.message_id(PLANTED + (1 << 16) - 1, 63);
        assert_eq!(last, batch.ids().end - 1);
        assert_eq!(batch.key("chat", 42), "test-faults-7-chat-00000042");
    }
}
