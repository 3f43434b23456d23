//! What statements of commands took, by their text without values.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// How many classes of latency there are: two for each power of 2, from a microsecond to 16 seconds.
const CLASSES: usize = 48;

/// How many calls took how long. Call class `i` took less than the square root of 2 to the power of `i + 1` microseconds;
/// the last class has whatever took longer, too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Latency(Vec<u64>);

impl Default for Latency {
    fn default() -> Self {
        Self(vec![0; CLASSES])
    }
}

impl Latency {
    /// Counts a call.
    pub fn add(&mut self, nanoseconds: u64) {
        let micros = u128::from((nanoseconds / 1_000).max(1));
        let power = micros.ilog2();
        // Above the middle, which is the square root of 2 times the power.
        let is_upper = micros * micros >= 2 << (2 * power);
        let class = 2 * power as usize + usize::from(is_upper);
        let last = self.0.len().saturating_sub(1);
        if let Some(calls) = self.0.get_mut(class.min(last)) {
            *calls += 1;
        }
    }

    /// Takes in another one.
    pub fn take_in(&mut self, other: &Self) {
        self.0.resize(self.0.len().max(other.0.len()), 0);
        for (calls, more) in self.0.iter_mut().zip(&other.0) {
            *calls += more;
        }
    }

    /// The nanoseconds below which 95 of 100 calls stayed, up to two fifths too many; 0 without calls.
    pub fn p95(&self) -> u64 {
        let all: u64 = self.0.iter().sum();
        let mut below = 0;
        for (class, calls) in self.0.iter().enumerate() {
            below += calls;
            if all > 0 && below * 100 >= all * 95 {
                return (2_f64.powf((class as f64 + 1.0) / 2.0) * 1_000.0) as u64;
            }
        }
        0
    }
}

/// What one statement took in one tenant's rows in one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementUse {
    /// The tenant's id.
    pub tenant: i64,
    /// What the statement is known by: of its text without values.
    pub fingerprint: String,
    /// The statement without values; it is a statement still.
    pub text: String,
    /// How often it was run.
    pub calls: u64,
    /// The rows that it read or changed.
    pub rows: u64,
    /// How long it worked in the database, in nanoseconds.
    pub total_ns: u64,
    /// The longest call, in nanoseconds.
    pub longest_ns: u64,
    /// All calls by how long they took.
    pub latency: Latency,
}

/// What one statement took in one tenant's rows in all runs that are remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedStatement {
    /// What it took.
    pub taken: StatementUse,
    /// The command that ran it last.
    pub command: String,
    /// The end of the first run that is remembered.
    pub first_at: Timestamp,
    /// The end of the last one.
    pub last_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_counted_below_its_bound_and_not_far_below() {
        for micros in [1_u64, 2, 3, 5, 6, 90, 91, 1_000, 1_500, 70_000, 11_000_000] {
            let mut latency = Latency::default();
            latency.add(micros * 1_000);
            let bound = latency.p95();
            assert!(bound > micros * 1_000 && bound <= micros * 1_500, "{micros}: {bound}");
        }
        let mut slow = Latency::default();
        slow.add(u64::MAX);
        assert!(slow.p95() > 16_000_000_000);
        assert_eq!(Latency::default().p95(), 0);
    }

    #[test]
    fn of_a_hundred_calls_the_five_longest_are_left_out() {
        let (mut latency, mut slow) = (Latency::default(), Latency::default());
        (0..95).for_each(|_| latency.add(10_000));
        (0..5).for_each(|_| slow.add(1_000_000_000));
        latency.take_in(&slow);
        assert!(latency.p95() < 20_000, "{}", latency.p95());
        latency.take_in(&slow);
        assert!(latency.p95() > 1_000_000_000, "{}", latency.p95());
        let text = serde_json::to_string(&latency).unwrap();
        assert_eq!(serde_json::from_str::<Latency>(&text).unwrap(), latency);
    }
}
