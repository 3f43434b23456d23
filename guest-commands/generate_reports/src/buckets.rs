//! The parts of a period that a chart has: hours, days, weeks or months, as they are in the report's time zone.

use encargo_sdk::prelude::*;
use jiff::Timestamp;

use crate::period::{Chosen, Period, Span, first_of, step};

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Unit {
    /// An hour: a day has 23 or 25 of them where clocks change.
    Hour,
    /// A day.
    Day,
    /// A week of ISO 8601; the first and the last may be shorter.
    Week,
    /// A month; the first and the last may be shorter.
    Month,
}

/// The parts of a period, one behind the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Buckets {
    pub(crate) unit: Unit,
    /// Where each begins, and where the last one ends.
    edges: Vec<i64>,
    /// What each is called: `2026-10-01`, `2026-10-01 14:00`, `2026-W43`, `2026-10`.
    pub(crate) names: Vec<String>,
}

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

impl Unit {
    /// What the parts of a period are: some dozens of them.
    pub(crate) fn of(period: Period, span: Span) -> Self {
        match (period, span.until - span.since) {
            (Period::Daily, _) => Self::Hour,
            (Period::Weekly | Period::Monthly, _) => Self::Day,
            (Period::Quarterly, _) => Self::Week,
            (Period::Yearly, _) => Self::Month,
            (Period::Custom, length) if length <= 2 * DAY + HOUR => Self::Hour,
            (Period::Custom, length) if length <= 62 * DAY => Self::Day,
            (Period::Custom, length) if length <= 366 * DAY => Self::Week,
            (Period::Custom, _) => Self::Month,
        }
    }
}

impl Buckets {
    /// The parts of a span of this period; none where the calendar has no such days.
    pub(crate) fn new(chosen: &Chosen, span: Span) -> Option<Self> {
        let unit = Unit::of(chosen.period, chosen.now);
        let mut edges = vec![span.since];
        let at = |micros| Timestamp::from_microsecond(micros).ok().map(|time| chosen.zone.to_datetime(time));
        if unit == Unit::Hour {
            // Hours begin where the minutes there are none, also where the offset has half an hour.
            let into = at(span.since)?;
            let past = (i64::from(into.minute()) * 60 + i64::from(into.second())) * 1_000_000
                + span.since.rem_euclid(1_000_000);
            let first = span.since - past + HOUR;
            edges.extend((0..).map(|n| first + n * HOUR).take_while(|&edge| edge < span.until));
        } else {
            let length = match unit {
                Unit::Week => Period::Weekly,
                Unit::Month => Period::Monthly,
                Unit::Hour | Unit::Day => Period::Daily,
            };
            let first = first_of(length, at(span.since)?.date())?;
            for n in 1.. {
                let edge = chosen.start_of(step(length, first, n)?)?;
                if edge >= span.until {
                    break;
                }
                // A day that the zone left out has no part.
                if edge > *edges.last()? {
                    edges.push(edge);
                }
            }
        }
        let names = edges.iter().map(|&edge| at(edge).map(|there| name(unit, there))).collect::<Option<Vec<_>>>()?;
        edges.push(span.until);
        Some(Self { unit, edges, names })
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The part that a time of the span lies in.
    pub(crate) fn find(&self, micros: i64) -> usize {
        self.edges.partition_point(|&edge| edge <= micros).clamp(1, self.len()) - 1
    }

    /// Where each begins.
    #[cfg(test)]
    pub(crate) fn starts(&self) -> &[i64] {
        &self.edges[..self.len()]
    }
}

fn name(unit: Unit, there: jiff::civil::DateTime) -> String {
    let date = there.date();
    match unit {
        Unit::Hour => format!("{date} {:02}:00", there.hour()),
        Unit::Day => date.to_string(),
        Unit::Week => {
            let week = date.iso_week_date();
            format!("{}-W{:02}", week.year(), week.week())
        }
        Unit::Month => format!("{}-{:02}", date.year(), date.month()),
    }
}

/// How far clocks are from UTC during a span, so that an hour of the day is found without a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clocks {
    /// From when on, and how many microseconds.
    offsets: Vec<(i64, i64)>,
}

impl Clocks {
    /// The clocks of the zone.
    pub(crate) fn new(chosen: &Chosen) -> Option<Self> {
        let span = chosen.both();
        let first = Timestamp::from_microsecond(span.since).ok()?;
        let offset = |time| i64::from(chosen.zone.to_offset(time).seconds()) * 1_000_000;
        let mut offsets = vec![(i64::MIN, offset(first))];
        for change in chosen.zone.following(first) {
            let at = change.timestamp();
            if at.as_microsecond() >= span.until {
                break;
            }
            offsets.push((at.as_microsecond(), offset(at)));
        }
        Some(Self { offsets })
    }

    /// Which hour of the day it is, from 0 to 23.
    pub(crate) fn hour(&self, micros: i64) -> usize {
        let at = self.offsets.partition_point(|&(since, _)| since <= micros) - 1;
        let into_day = micros.saturating_add(self.offsets[at].1).rem_euclid(DAY);
        usize::try_from(into_day / HOUR).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment;

    fn chosen(period: Period, since: &str, zone: &str) -> Chosen {
        let now = Instant::from_micros(1_800_000_000_000_000);
        Chosen::choose(Some(period), (Some(since), None), &moment::zone(zone).unwrap(), now).unwrap()
    }

    fn buckets(period: Period, since: &str, zone: &str) -> Buckets {
        let chosen = chosen(period, since, zone);
        Buckets::new(&chosen, chosen.now).unwrap()
    }

    #[test]
    fn a_day_on_which_clocks_change_has_another_number_of_hours() {
        for (day, zone, hours, hour, times) in [
            ("2026-03-29", "Europe/Madrid", 23, "2026-03-29 02:00", 0),
            ("2026-10-25", "Europe/Madrid", 25, "2026-10-25 02:00", 2),
            ("2026-03-08", "America/New_York", 23, "2026-03-08 02:00", 0),
            ("2026-11-01", "America/New_York", 25, "2026-11-01 01:00", 2),
            ("2026-06-01", "Asia/Kolkata", 24, "2026-06-01 02:00", 1),
        ] {
            let buckets = buckets(Period::Daily, day, zone);
            assert_eq!(buckets.len(), hours, "{day}");
            assert_eq!(buckets.names.iter().filter(|name| *name == hour).count(), times, "{day}");
        }
    }

    #[test]
    fn every_time_of_a_period_lies_in_one_part() {
        for (period, since, parts, first, last) in [
            (Period::Monthly, "2026-10-01", 31, "2026-10-01", "2026-10-31"),
            (Period::Weekly, "2026-01-01", 7, "2025-12-29", "2026-01-04"),
            (Period::Quarterly, "2026-10-01", 14, "2026-W40", "2026-W53"),
            (Period::Yearly, "2026-10-01", 12, "2026-01", "2026-12"),
        ] {
            let chosen = chosen(period, since, "Europe/Madrid");
            let buckets = Buckets::new(&chosen, chosen.now).unwrap();
            assert_eq!(
                (buckets.len(), buckets.names[0].as_str(), buckets.names[parts - 1].as_str()),
                (parts, first, last)
            );
            assert_eq!((buckets.find(chosen.now.since), buckets.find(chosen.now.until - 1)), (0, parts - 1));
            for (at, &start) in buckets.starts().iter().enumerate().skip(1) {
                assert_eq!((buckets.find(start - 1), buckets.find(start)), (at - 1, at));
            }
        }
    }

    #[test]
    fn a_day_that_the_zone_left_out_has_no_part() {
        // Samoa went from the 29th to the 31st.
        let december = buckets(Period::Monthly, "2011-12-01", "Pacific/Apia");
        assert_eq!(december.len(), 30);
        assert_eq!(&december.names[28..], ["2011-12-29", "2011-12-31"]);
    }

    #[test]
    fn the_hour_of_the_day_follows_the_clocks() {
        let chosen = chosen(Period::Monthly, "2026-03-01", "Europe/Madrid");
        let clocks = Clocks::new(&chosen).unwrap();
        let hour = |written: &str| {
            clocks.hour(moment::read("since", written, &chosen.zone, Instant::from_micros(0)).unwrap().micros())
        };
        assert_eq!(
            [hour("2026-03-29T00:59:59Z"), hour("2026-03-29T01:00:00Z"), hour("2026-02-01T23:30:00Z")],
            [1, 3, 0]
        );
    }
}
