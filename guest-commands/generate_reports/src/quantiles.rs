//! Percentiles of any number of values in bounded memory.

use std::collections::BTreeMap;

/// So many values are kept as they are, and their percentiles are exact.
pub(crate) const EXACTLY: usize = 4_096;
/// Values below 1,024 keep their exact value for ever; larger ones their highest ten bits, which is within 0.1 %.
const BITS: u32 = 10;

/// How large values are, counted while they come.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Quantiles {
    held: Held,
    n: u64,
    longest: u64,
}

#[derive(Debug, Clone, PartialEq)]
enum Held {
    Exactly(Vec<u64>),
    /// How many values are in each interval, by the interval's number, which grows with the value.
    Nearly(BTreeMap<u32, u64>),
}

impl Default for Quantiles {
    fn default() -> Self {
        Self { held: Held::Exactly(Vec::new()), n: 0, longest: 0 }
    }
}

impl Quantiles {
    /// Takes in a value.
    pub(crate) fn add(&mut self, value: u64) {
        self.n += 1;
        self.longest = self.longest.max(value);
        if let Held::Exactly(values) = &mut self.held {
            if values.len() < EXACTLY {
                values.push(value);
                return;
            }
            let mut counts = BTreeMap::new();
            for value in values {
                *counts.entry(interval(*value)).or_insert(0) += 1;
            }
            self.held = Held::Nearly(counts);
        }
        if let Held::Nearly(counts) = &mut self.held {
            *counts.entry(interval(value)).or_insert(0) += 1;
        }
    }

    /// How many values there are.
    pub(crate) const fn n(&self) -> u64 {
        self.n
    }

    /// The largest value.
    pub(crate) fn longest(&self) -> Option<u64> {
        (self.n > 0).then_some(self.longest)
    }

    /// The smallest value that so many percent of all are not above; none where there are none.
    pub(crate) fn percentile(&self, percent: u64) -> Option<u64> {
        let rank = (self.n * percent).div_ceil(100).max(1);
        match &self.held {
            Held::Exactly(values) => {
                let mut sorted = values.clone();
                sorted.sort_unstable();
                sorted.get(usize::try_from(rank - 1).ok()?).copied()
            }
            Held::Nearly(counts) => {
                let mut below = 0;
                let (interval, _) = counts.iter().find(|(_, n)| {
                    below += **n;
                    below >= rank
                })?;
                Some(middle(*interval).min(self.longest))
            }
        }
    }
}

/// The number of the interval that a value is in.
fn interval(value: u64) -> u32 {
    let above = (u64::BITS - value.leading_zeros()).saturating_sub(BITS);
    // With its highest bit, each shift begins 512 intervals behind the one before.
    (above << (BITS - 1)) + u32::try_from(value >> above).unwrap_or(u32::MAX)
}

/// The value in the middle of an interval.
fn middle(interval: u32) -> u64 {
    let half = 1 << (BITS - 1);
    let above = (interval / half).saturating_sub(1);
    let lowest = u64::from(interval - above * half) << above;
    lowest + ((1 << above) >> 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: impl IntoIterator<Item = u64>) -> Quantiles {
        let mut quantiles = Quantiles::default();
        values.into_iter().for_each(|value| quantiles.add(value));
        quantiles
    }

    #[test]
    fn a_percentile_is_a_value_that_is_there() {
        let few = of([40, 10, 30, 20]);
        let asked = [1, 25, 26, 50, 75, 76, 99, 100].map(|percent| few.percentile(percent).unwrap());
        assert_eq!(asked, [10, 10, 20, 20, 30, 40, 40, 40]);
        assert_eq!((of([]).percentile(50), of([]).longest(), of([7]).percentile(99)), (None, None, Some(7)));
    }

    #[test]
    fn intervals_follow_each_other_and_are_narrow() {
        let mut last = 0;
        for value in (0..5_000).chain((13..63).flat_map(|bit| [(1_u64 << bit) - 1, 1 << bit, (1 << bit) + 1])) {
            let number = interval(value);
            assert!(number == last || number == last + 1 || value >= 5_000 && number > last, "{value}");
            last = number;
            assert!(middle(number).abs_diff(value) <= value / 1_000, "{value} is {}", middle(number));
        }
        assert_eq!(interval(middle(interval(u64::MAX))), interval(u64::MAX));
    }

    #[test]
    fn many_values_are_within_a_tenth_of_a_percent_in_any_order() {
        let values: Vec<u64> = (1..=100_000).map(|n| n * 7).collect();
        let (up, down) = (of(values.iter().copied()), of(values.iter().rev().copied()));
        for percent in [50, 90, 95, 99, 100] {
            let (found, exact) = (up.percentile(percent).unwrap(), percent * 7_000);
            assert!(found.abs_diff(exact) <= exact / 1_000 + 7, "{percent}: {found}");
            assert_eq!(Some(found), down.percentile(percent));
        }
        assert_eq!(up.longest(), Some(700_000));
    }
}
