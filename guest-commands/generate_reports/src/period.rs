//! Which time a report is about, and which time it is compared with.

use encargo_sdk::prelude::*;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span as Calendar, Timestamp, ToSpan as _};

use crate::moment;

/// How long a period is. Each begins and ends at the beginning of a day in the report's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Period {
    /// A day.
    Daily,
    /// A week of ISO 8601, from Monday on.
    Weekly,
    /// A month.
    Monthly,
    /// A quarter of a year.
    Quarterly,
    /// A year.
    Yearly,
    /// From `--since` to `--until`.
    Custom,
}

/// From when to when, in microseconds since 1970; the end belongs to it no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) since: i64,
    pub(crate) until: i64,
}

/// A period of a report with the one before it, which ends where this one begins.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chosen {
    pub(crate) period: Period,
    pub(crate) zone: TimeZone,
    pub(crate) now: Span,
    pub(crate) before: Span,
    /// What files are named after: `2026-10`, `2026-W43`, `2026-Q3`, `2026`, `2026-10-01-to-2026-10-15`.
    pub(crate) tag: String,
    /// Whether it has not ended yet.
    pub(crate) is_under_way: bool,
}

/// The longest time a report is about.
const MOST_YEARS: i64 = 100;

impl Chosen {
    /// The period that was asked for; without `--since` the last one that is complete at `now`.
    ///
    /// # Errors
    /// `usage` for times that no period can be made of.
    pub(crate) fn choose(
        period: Option<Period>,
        (since, until): (Option<&str>, Option<&str>),
        zone: &TimeZone,
        now: Instant,
    ) -> Result<Self> {
        let given = since.is_some() || until.is_some();
        let chosen = match period.unwrap_or(if given { Period::Custom } else { Period::Monthly }) {
            Period::Custom => custom((since, until), zone, now)?,
            named => {
                let word = named.word();
                ensure!(
                    until.is_none(),
                    Usage,
                    "`--period={word}` ends by itself; leave `--until` out, or say `--period=custom`",
                    "`--period={word}` termina por sí solo; quite `--until`, o indique `--period=custom`"
                );
                complete(named, since, zone, now).ok_or_else(out_of_calendar)??
            }
        };
        let is_under_way = chosen.now.until > now.micros();
        Ok(Self { is_under_way, ..chosen })
    }

    /// The beginning of the earlier of both periods.
    pub(crate) fn both(&self) -> Span {
        Span { since: self.before.since, until: self.now.until }
    }

    /// A time as people there write it: `2026-10-01`, `2026-10-01 14:30`.
    pub(crate) fn local(&self, micros: i64) -> String {
        let Ok(time) = Timestamp::from_microsecond(micros) else { return Instant::from_micros(micros).rfc3339() };
        let there = self.zone.to_datetime(time);
        match self.start_of(there.date()) == Some(micros) {
            true => there.date().to_string(),
            false => format!("{} {:02}:{:02}", there.date(), there.hour(), there.minute()),
        }
    }

    /// When a day begins here.
    pub(crate) fn start_of(&self, date: Date) -> Option<i64> {
        start_of(date, &self.zone)
    }
}

/// When a day begins in a zone, which is not always at midnight.
pub(crate) fn start_of(date: Date, zone: &TimeZone) -> Option<i64> {
    let first = date.at(0, 0, 0, 0).to_zoned_datetime(zone.clone()).ok()?;
    // A day that a zone left out begins where the next one does.
    let start = if first.date() == date { first.start_of_day().ok()? } else { first };
    Some(start.timestamp().as_microsecond())
}

fn out_of_calendar() -> Error {
    let message = text!(
        "this period lies outside of the calendar's years",
        "este período queda fuera de los años del calendario"
    );
    Error::new(ErrorCode::Usage, message)
}

/// The period of this length that `since` lies in, else the last one that is complete; none outside of the calendar.
fn complete(period: Period, since: Option<&str>, zone: &TimeZone, now: Instant) -> Option<Result<Chosen>> {
    let asked = match since.map(|since| moment::read("since", since, zone, now)).transpose() {
        Ok(asked) => asked,
        Err(refused) => return Some(Err(refused)),
    };
    let at = Timestamp::from_microsecond(asked.unwrap_or(now).micros()).ok()?;
    let inside = first_of(period, zone.to_datetime(at).date())?;
    let first = if asked.is_some() { inside } else { step(period, inside, -1)? };
    let (earlier, next) = (step(period, first, -1)?, step(period, first, 1)?);
    let starts = [earlier, first, next].map(|date| start_of(date, zone));
    let [Some(before), Some(since), Some(until)] = starts else { return None };
    Some(Ok(Chosen {
        period,
        zone: zone.clone(),
        now: Span { since, until },
        before: Span { since: before, until: since },
        tag: tag(period, first),
        is_under_way: false,
    }))
}

/// The first day of the period that a day lies in.
pub(crate) fn first_of(period: Period, date: Date) -> Option<Date> {
    match period {
        Period::Daily | Period::Custom => Some(date),
        Period::Weekly => date.checked_sub(i64::from(date.weekday().to_monday_zero_offset()).days()).ok(),
        Period::Monthly => Some(date.first_of_month()),
        Period::Quarterly => Date::new(date.year(), (date.month() - 1) / 3 * 3 + 1, 1).ok(),
        Period::Yearly => Some(date.first_of_year()),
    }
}

/// The first day of a later period.
pub(crate) fn step(period: Period, first: Date, n: i64) -> Option<Date> {
    let by: Calendar = match period {
        Period::Daily | Period::Custom => n.days(),
        Period::Weekly => n.weeks(),
        Period::Monthly => n.months(),
        Period::Quarterly => (3 * n).months(),
        Period::Yearly => n.years(),
    };
    first.checked_add(by).ok()
}

fn tag(period: Period, first: Date) -> String {
    let year = first.year();
    match period {
        Period::Daily | Period::Custom => first.to_string(),
        Period::Weekly => {
            let week = first.iso_week_date();
            format!("{}-W{:02}", week.year(), week.week())
        }
        Period::Monthly => format!("{year}-{:02}", first.month()),
        Period::Quarterly => format!("{year}-Q{}", (first.month() - 1) / 3 + 1),
        Period::Yearly => year.to_string(),
    }
}

/// From `since` to `until`; the period before it is as long: as many days where both are beginnings of days.
fn custom((since, until): (Option<&str>, Option<&str>), zone: &TimeZone, now: Instant) -> Result<Chosen> {
    let Some(since) = since else {
        bail!(
            Usage,
            "`--period=custom` needs to know from when on: `--since=2026-01-31`, and `--until` for its end",
            "`--period=custom` tiene que saber desde cuándo: `--since=2026-01-31`, y `--until` para su final"
        );
    };
    let since = moment::read("since", since, zone, now)?;
    let until = until.map_or(Ok(now), |until| moment::read("until", until, zone, now))?;
    ensure!(
        since < until,
        Usage,
        "`--since` ({since}) is not before `--until` ({until}), so nothing lies between them",
        "`--since` ({since}) no es anterior a `--until` ({until}), así que no hay nada entre ambos"
    );
    let (since, until) = (since.micros(), until.micros());
    ensure!(
        until - since <= MOST_YEARS * 366 * 86_400_000_000,
        Usage,
        "a report is about a hundred years at most; name a shorter time",
        "un informe trata de cien años como máximo; indique un tiempo más corto"
    );
    let date = |micros: i64| Timestamp::from_microsecond(micros).map(|time| zone.to_datetime(time).date()).ok();
    let (Some(first), Some(last)) = (date(since), date(until - 1)) else { return Err(out_of_calendar()) };
    let whole_days = start_of(first, zone) == Some(since)
        && last.tomorrow().ok().and_then(|next| start_of(next, zone)) == Some(until);
    let days = first.until(last).map(|span| i64::from(span.get_days()) + 1).map_err(|_| out_of_calendar())?;
    let earlier =
        if whole_days { first.checked_sub(days.days()).ok().and_then(|date| start_of(date, zone)) } else { None };
    Ok(Chosen {
        period: Period::Custom,
        zone: zone.clone(),
        now: Span { since, until },
        before: Span { since: earlier.unwrap_or(since - (until - since)), until: since },
        tag: if first == last { first.to_string() } else { format!("{first}-to-{last}") },
        is_under_way: false,
    })
}

#[cfg(test)]
mod tests;
