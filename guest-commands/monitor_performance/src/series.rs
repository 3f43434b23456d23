//! What a figure was over all samples, in memory that does not grow with them.

use std::collections::VecDeque;

use hdrhistogram::Histogram;

/// How many of the last samples are kept as they were.
pub(crate) const RECENT: usize = 20;

/// What a figure was over all samples.
#[derive(Debug)]
pub(crate) struct Series {
    count: u64,
    sum: f64,
    min: f64,
    max: f64,
    /// Of thousandths, with two digits that count.
    histogram: Histogram<u32>,
    recent: VecDeque<Option<f64>>,
}

/// What is told of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Summary {
    pub(crate) count: u64,
    pub(crate) min: f64,
    pub(crate) mean: f64,
    pub(crate) max: f64,
    pub(crate) p95: f64,
}

/// A histogram holds whole numbers.
const THOUSANDTHS: f64 = 1_000.0;
/// Beyond it a figure counts as this much: 2^53, in thousandths.
const MOST: u64 = 1 << 53;

impl Series {
    pub(crate) fn new() -> Self {
        let histogram = Histogram::new_with_bounds(1, MOST, 2).expect("these bounds can be had");
        Self { count: 0, sum: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY, histogram, recent: VecDeque::new() }
    }

    /// Adds a sample's figure; one that is not known has its place among the recent ones alone.
    pub(crate) fn add(&mut self, value: Option<f64>) {
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(value);
        let Some(value) = value else { return };
        self.count += 1;
        self.sum += value;
        (self.min, self.max) = (self.min.min(value), self.max.max(value));
        let scaled = (value * THOUSANDTHS).round().clamp(0.0, MOST as f64) as u64;
        self.histogram.saturating_record(scaled.min(MOST));
    }

    /// The last ones, the newest at the end.
    pub(crate) fn recent(&self) -> impl Iterator<Item = Option<f64>> {
        self.recent.iter().copied()
    }

    /// The last one, where it is known.
    pub(crate) fn last(&self) -> Option<f64> {
        self.recent.back().copied().flatten()
    }

    /// What it was in all; none where it was never known.
    pub(crate) fn summary(&self) -> Option<Summary> {
        let p95 = self.histogram.value_at_quantile(0.95) as f64 / THOUSANDTHS;
        (self.count > 0).then(|| Summary {
            count: self.count,
            min: self.min,
            mean: self.sum / self.count as f64,
            max: self.max,
            p95: p95.clamp(self.min, self.max),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_summed_up_exactly_and_its_percentile_within_a_hundredth() {
        let mut series = Series::new();
        assert_eq!(series.summary(), None);
        for value in 1..=1_000 {
            series.add(Some(f64::from(value) / 10.0));
            series.add(None);
        }
        let summary = series.summary().unwrap();
        assert_eq!((summary.count, summary.min, summary.max), (1_000, 0.1, 100.0));
        assert!((summary.mean - 50.05).abs() < 1e-9 && (summary.p95 - 95.0).abs() < 1.0, "{summary:?}");
        assert_eq!((series.recent().count(), series.last()), (RECENT, None));
    }

    #[test]
    fn figures_of_any_size_are_taken() {
        let mut series = Series::new();
        for value in [0.0, 1e-9, 4e15, f64::MAX] {
            series.add(Some(value));
        }
        let summary = series.summary().unwrap();
        assert_eq!((summary.min, summary.max), (0.0, f64::MAX));
        let mut one = Series::new();
        one.add(Some(33.3));
        assert_eq!(one.summary().unwrap().p95, 33.3);
    }

    #[test]
    fn an_hour_of_samples_takes_no_more_memory_than_a_minute() {
        let mut series = Series::new();
        let mut fill = |samples: u32| {
            for sample in 0..samples {
                series.add(Some(f64::from(sample % 1_000) / 7.0));
            }
            (series.histogram.len(), series.histogram.distinct_values(), series.recent.capacity())
        };
        let (_, buckets, capacity) = fill(1_000);
        let (count, after, capacity_after) = fill(360_000);
        assert_eq!((count, after, capacity_after), (361_000, buckets, capacity));
    }
}
