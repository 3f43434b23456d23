//! When the chats of a shop begin: more on Mondays than on Sundays, most before noon and in the evening, a little more each week.

use encargo_sdk::random::Random;

/// How many days the demo goes back.
pub(crate) const DAYS: i64 = 90;

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// How busy the days are, from Monday on, and the hours, from midnight on.
const OF_THE_WEEK: [u64; 7] = [125, 115, 110, 105, 100, 60, 45];
const OF_THE_DAY: [u64; 24] = [2, 1, 1, 1, 1, 2, 5, 9, 16, 24, 28, 27, 22, 17, 15, 18, 22, 24, 26, 28, 25, 18, 10, 5];

/// How busy the hour is in which this time lies.
fn busy(at: i64) -> u64 {
    // 1970 began on a Thursday.
    let weekday = (at.div_euclid(DAY) + 3).rem_euclid(7) as usize;
    let hour = at.rem_euclid(DAY) / HOUR;
    OF_THE_WEEK[weekday] * OF_THE_DAY[hour as usize]
}

/// `n` times within the days before `now`, in their order.
pub(crate) fn moments(now: i64, n: u64, random: &mut Random) -> Vec<i64> {
    let hours = DAYS * 24;
    let mut sums = Vec::new();
    let mut sum = 0;
    for hour in 0..hours {
        sum += busy(now - (hours - hour) * HOUR) * (4 * hours + hour) as u64;
        sums.push(sum);
    }
    let moment = |at: u64| {
        let share = (at as f64 + random.unit()) / n as f64;
        let hour = sums.partition_point(|&to| to as f64 <= share * sum as f64) as i64;
        now - (hours - hour.min(hours - 1)) * HOUR + random.between(0, HOUR)
    };
    let mut moments: Vec<_> = (0..n).map(moment).collect();
    moments.sort_unstable();
    moments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_lie_within_the_days_and_follow_the_week() {
        let now = 20_783 * DAY + 5 * HOUR;
        let moments = moments(now, 2_000, &mut Random::of(&[1]));
        assert!(moments.is_sorted() && moments[0] >= now - DAYS * DAY && moments[1_999] < now);
        let on = |weekday: i64| moments.iter().filter(|&at| (at.div_euclid(DAY) + 3).rem_euclid(7) == weekday).count();
        assert!(on(0) > 2 * on(6), "Mondays {} and Sundays {}", on(0), on(6));
        let at_night = moments.iter().filter(|&at| at.rem_euclid(DAY) < 6 * HOUR).count();
        assert!(at_night < 100, "{at_night}");
        let middle = now - DAYS / 2 * DAY;
        assert!(moments.partition_point(|&at| at < middle) < 1_000, "there is some growth");
    }
}
