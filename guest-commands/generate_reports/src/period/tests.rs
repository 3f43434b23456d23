//! Periods in zones whose clocks change, and times that make none.

use super::*;

fn zone(name: &str) -> TimeZone {
    moment::zone(name).unwrap()
}

/// 2026-11-26T22:30Z, a Thursday; in Madrid it is 23:30, in Auckland the next day.
const NOW: Instant = Instant::from_micros(1_795_732_200_000_000);

fn chosen(period: Period, since: Option<&str>, zone_name: &str) -> (String, [String; 3]) {
    let chosen = Chosen::choose(Some(period), (since, None), &zone(zone_name), NOW).unwrap();
    let times = [chosen.before.since, chosen.now.since, chosen.now.until];
    assert_eq!(chosen.before.until, chosen.now.since);
    (chosen.tag, times.map(|micros| Instant::from_micros(micros).rfc3339()))
}

#[test]
fn the_last_complete_period_is_meant() {
    for (period, zone, tag, times) in [
        (Period::Daily, "Europe/Madrid", "2026-11-25", ["2026-11-23T23", "2026-11-24T23", "2026-11-25T23"]),
        (Period::Daily, "Pacific/Auckland", "2026-11-26", ["2026-11-24T11", "2026-11-25T11", "2026-11-26T11"]),
        (Period::Weekly, "Europe/Madrid", "2026-W47", ["2026-11-08T23", "2026-11-15T23", "2026-11-22T23"]),
        // October ends after the clocks went back.
        (Period::Monthly, "Europe/Madrid", "2026-10", ["2026-08-31T22", "2026-09-30T22", "2026-10-31T23"]),
        (Period::Monthly, "UTC", "2026-10", ["2026-09-01T00", "2026-10-01T00", "2026-11-01T00"]),
        (Period::Quarterly, "UTC", "2026-Q3", ["2026-04-01T00", "2026-07-01T00", "2026-10-01T00"]),
        (Period::Yearly, "UTC", "2025", ["2024-01-01T00", "2025-01-01T00", "2026-01-01T00"]),
    ] {
        assert_eq!(
            chosen(period, None, zone),
            (tag.to_owned(), times.map(|hour| format!("{hour}:00:00Z"))),
            "{period:?}"
        );
    }
}

#[test]
fn a_time_names_the_period_that_it_lies_in() {
    for (period, since, tag) in [
        (Period::Daily, "2026-03-29", "2026-03-29"),
        (Period::Weekly, "2027-01-03", "2026-W53"),
        (Period::Monthly, "2024-02-29", "2024-02"),
        (Period::Quarterly, "2026-12-31", "2026-Q4"),
        (Period::Yearly, "2026-01-01", "2026"),
        // Half past eleven in the evening in London is the next year in Madrid.
        (Period::Yearly, "2025-12-31T23:30:00Z", "2026"),
    ] {
        assert_eq!(chosen(period, Some(since), "Europe/Madrid").0, tag);
    }
}

#[test]
fn a_time_of_ones_own_is_compared_with_one_that_is_as_long() {
    let custom =
        |since: &str, until: Option<&str>| Chosen::choose(None, (Some(since), until), &zone("Europe/Madrid"), NOW);
    // Two days of 24 and 23 hours, behind two of 24 each.
    let days = custom("2026-03-28", Some("2026-03-30")).unwrap();
    assert_eq!(days.before.since, moment::read("since", "2026-03-26", &days.zone, NOW).unwrap().micros());
    let shown = (days.period, days.tag.as_str(), days.is_under_way);
    assert_eq!(shown, (Period::Custom, "2026-03-28-to-2026-03-29", false));
    let hours = custom("2026-03-28T12:00", Some("2026-03-28T15:00")).unwrap();
    assert_eq!(hours.now.since - hours.before.since, 3 * 3_600_000_000);
    assert_eq!(hours.local(hours.now.since), "2026-03-28 12:00");
    let open = custom("1d", None).unwrap();
    assert_eq!((open.now.until, open.is_under_way), (NOW.micros(), false));
    assert!(custom("1d", Some("2030-01-01")).unwrap().is_under_way);
}

#[test]
fn times_that_make_no_period_are_refused() {
    let usage = |period, since, until| {
        let refused = Chosen::choose(period, (since, until), &zone("UTC"), NOW);
        let refused = refused.map(|chosen| chosen.tag).map_err(|error| error.code());
        assert_eq!(refused, Err(ErrorCode::Usage), "{since:?} {until:?}");
    };
    usage(Some(Period::Custom), None, None);
    usage(None, None, Some("2026-01-01"));
    usage(Some(Period::Monthly), None, Some("2026-01-01"));
    usage(Some(Period::Monthly), Some("soon"), None);
    usage(None, Some("2026-01-02"), Some("2026-01-01"));
    usage(None, Some("2026-01-01"), Some("2026-01-01"));
    usage(None, Some("1500-01-01"), Some("2026-01-01"));
    usage(Some(Period::Yearly), Some("-009999-01-01T00:00"), None);
    usage(Some(Period::Daily), Some("9999-12-31"), None);
}
