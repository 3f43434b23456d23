//! The shapes of what is made, in integer arithmetic alone, so that every machine makes the same: who is busy (Zipf), when
//! it is busy (days and hours), how long things take and are (log-normal).

use encargo_sdk::random::Random;

use crate::batch::Scenario;

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// How many days the chats lie in; the last day is for what is said in those that begin last.
const DAYS: i64 = 90;

/// One of `n`, the first most often: the k-th comes a k-th as often as it.
#[derive(Debug)]
pub(crate) struct Zipf(Vec<u64>);

impl Zipf {
    pub(crate) fn new(n: u64) -> Self {
        let mut sum = 0;
        let add = |k: u64| {
            sum += (1 << 32) / k;
            sum
        };
        Self((1..=n).map(add).collect())
    }

    /// Which one; none where there are none.
    pub(crate) fn pick(&self, random: &mut Random) -> Option<u64> {
        let at = random.below(*self.0.last()?);
        Some(self.0.partition_point(|&to| to <= at) as u64)
    }
}

/// Numbers around a median whose logarithms are spread normally.
#[derive(Debug)]
pub(crate) struct LogNormal {
    /// Powers of e, from -96/32 to 96/32 of the spread, times 2^32.
    powers: Vec<u64>,
}

/// e to a 32nd of the spread 0.8, and its inverse, times 2^32.
const STEP: u64 = 4_403_694_911;
const BACK: u64 = 4_188_924_176;
const MOST: i64 = 96;

impl LogNormal {
    pub(crate) fn new() -> Self {
        let times = |power: u64, step: u64| ((u128::from(power) * u128::from(step)) >> 32) as u64;
        let mut powers = vec![1 << 32];
        for _ in 0..MOST {
            powers.insert(0, times(powers[0], BACK));
        }
        for _ in 0..MOST {
            powers.push(times(powers[powers.len() - 1], STEP));
        }
        Self { powers }
    }

    /// A number around `median`.
    pub(crate) fn around(&self, median: i64, random: &mut Random) -> i64 {
        // The sum of four numbers of 16 bits is nearly normal; 37,837 is its deviation.
        let bits = random.bits();
        let sum: i64 = (0..4).map(|at| ((bits >> (16 * at)) & 0xffff) as i64).sum();
        let at = ((sum - 131_070) * 32 / 37_837).clamp(-MOST, MOST) + MOST;
        ((u128::from(self.powers[at as usize]) * median as u128) >> 32) as i64
    }
}

/// When chats begin.
#[derive(Debug)]
pub(crate) struct Calendar {
    first: i64,
    /// How much comes up to the end of each hour.
    sums: Vec<u64>,
}

/// How busy the days are, from Monday on, and the hours, from midnight on.
const OF_THE_WEEK: [u64; 7] = [125, 115, 110, 105, 100, 60, 45];
const OF_THE_DAY: [u64; 24] = [2, 1, 1, 1, 1, 2, 5, 9, 16, 24, 28, 27, 22, 17, 15, 18, 22, 24, 26, 28, 25, 18, 10, 5];

impl Calendar {
    pub(crate) fn new(until: i64, scenario: Scenario) -> Self {
        let (first, hours) = (until - (DAYS + 1) * DAY, DAYS * 24);
        let mut sum = 0;
        let add = |hour: i64| {
            let at = first + hour * HOUR;
            // 1970 began on a Thursday.
            let weekday = (at.div_euclid(DAY) + 3).rem_euclid(7) as usize;
            let busy = OF_THE_WEEK[weekday] * OF_THE_DAY[(at.rem_euclid(DAY) / HOUR) as usize];
            let rushes = scenario == Scenario::HighLoad && hour >= hours - 72;
            sum += if rushes { busy * 80 } else { busy };
            sum
        };
        Self { first, sums: (0..hours).map(add).collect() }
    }

    /// When the n-th of so many begins: they come in the order of the hours.
    pub(crate) fn moment(&self, n: u64, of: u64, random: &mut Random) -> i64 {
        let all = u128::from(self.sums[self.sums.len() - 1]);
        let share = (u128::from(n) << 20) + u128::from(random.below(1 << 20));
        let at = share * all / (u128::from(of.max(n + 1)) << 20);
        let hour = self.sums.partition_point(|&to| u128::from(to) <= at) as i64;
        self.first + hour * HOUR + random.between(0, HOUR)
    }

    /// A time before the first chat.
    pub(crate) fn before(&self, random: &mut Random) -> i64 {
        self.first - random.between(HOUR, 60 * DAY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_agent_has_twice_as_much_as_the_second_and_ten_times_as_much_as_the_tenth() {
        let (zipf, mut random) = (Zipf::new(10), Random::of(&[1]));
        let mut seen = [0_u32; 10];
        for _ in 0..100_000 {
            seen[zipf.pick(&mut random).unwrap() as usize] += 1;
        }
        let times = |k: usize| f64::from(seen[0]) / f64::from(seen[k - 1]);
        assert!((times(2) - 2.0).abs() < 0.1 && (times(10) - 10.0).abs() < 1.0, "{seen:?}");
        assert_eq!(Zipf::new(0).pick(&mut random), None);
    }

    #[test]
    fn the_median_is_the_median_and_the_long_tail_is_at_the_upper_end() {
        let (spread, mut random) = (LogNormal::new(), Random::of(&[2]));
        let mut drawn: Vec<_> = (0..20_001).map(|_| spread.around(1_000, &mut random)).collect();
        drawn.sort_unstable();
        assert!((950..1_050).contains(&drawn[10_000]), "{}", drawn[10_000]);
        // A deviation of 0.8 puts the upper sixth at e^0.8 times the median and the lower one at its inverse.
        assert!((2_050..2_400).contains(&drawn[16_827]), "{}", drawn[16_827]);
        assert!((415..485).contains(&drawn[3_173]), "{}", drawn[3_173]);
    }

    #[test]
    fn chats_begin_in_working_hours_and_before_the_last_day() {
        let until = 20_454 * DAY;
        let calendar = Calendar::new(until, Scenario::Normal);
        let mut random = Random::of(&[3]);
        let moments: Vec<_> = (0..5_000).map(|n| calendar.moment(n, 5_000, &mut random)).collect();
        assert!(moments.iter().all(|at| (until - 91 * DAY..until - DAY).contains(at)));
        let at_night = moments.iter().filter(|&at| at.rem_euclid(DAY) < 6 * HOUR).count();
        assert!(at_night < 250, "{at_night}");
        let hours: Vec<_> = moments.iter().map(|at| at / HOUR).collect();
        assert!(hours.is_sorted(), "later ones begin later");
        let rush = Calendar::new(until, Scenario::HighLoad);
        let late = (0..5_000).map(|n| rush.moment(n, 5_000, &mut random)).filter(|&at| at > until - 4 * DAY).count();
        assert!(late > 3_000, "{late} in the last three days");
    }
}
